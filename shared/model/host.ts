/** Hosts: how one is reached, what is known of its connection, and the short summary every page shows. */
import type { EpochMs, Bytes } from '#shared/units.ts';
import type { Problem } from '#shared/problem.ts';
import type { SignalId } from '#shared/model/metric.ts';

/** Made by the console when the host is added; never reused. */
export type HostId = string;

/** How to prove who we are. Secrets are never part of it. */
export type Login =
  | { readonly method: 'agent' }
  | { readonly method: 'key'; readonly keyFile: string }
  | { readonly method: 'password' }
  | { readonly method: 'keyboard-interactive' };

/** A machine on the way. It is reached through the ones before it, with a login of its own. */
export interface Hop {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly login: Login;
  /** Also take what servers from before about 2014 need: SHA-1 key exchange, CBC ciphers, DSA host keys. Weak now. */
  readonly oldAlgorithms?: boolean | undefined;
}

export interface HostConfig extends Hop {
  readonly id: HostId;
  readonly name: string;
  readonly group: string;
  readonly tags: readonly string[];
  /** From the console outwards; empty for a direct connection. */
  readonly jumps: readonly Hop[];
  /** Send the agent along each time, or use the root-owned copy installed on the host. */
  readonly agent: 'pushed' | 'installed';
  /** Run it through `sudo -n`: never, or when it is allowed. */
  readonly sudo: 'never' | 'when-allowed';
  /** Watch only, or change settings too; watch only where it is left out. The host's own sudoers decide in the end. */
  readonly role?: 'viewer' | 'operator' | undefined;
  /** Further control groups to treat as guests, below /sys/fs/cgroup, `*` for one directory name. */
  readonly guestGroups: readonly string[];
  /** Connect by itself when the console starts and after a loss. */
  readonly connect: boolean;
}

/** What a person fills in; the console adds the id. */
export type HostDraft = Omit<HostConfig, 'id'>;

export interface HostKeyOffer {
  /** As it stands in known_hosts: `[10.0.0.7]:2222` or `host-07`. */
  readonly host: string;
  readonly keyType: string;
  /** `SHA256:…`, as ssh-keygen prints it. */
  readonly fingerprint: string;
}

/** A line the other side, or a key file, wants answered. */
export interface SecretPrompt {
  readonly text: string;
  /** Shown while it is typed, or hidden. */
  readonly echo: boolean;
}

export interface SecretRequest {
  readonly id: string;
  readonly kind: 'password' | 'passphrase' | 'keyboard-interactive';
  /** Whom or what it is for: `root@host-07`, or the key file's path. */
  readonly forWhom: string;
  readonly prompts: readonly SecretPrompt[];
}

/** A reading that the login is not allowed to take. */
export interface MissingRight {
  readonly path: string;
  readonly words: string;
}

export type ConnectionState =
  | { readonly kind: 'off' }
  | { readonly kind: 'connecting'; readonly since: EpochMs; readonly step: string }
  | { readonly kind: 'unknown-key'; readonly offer: HostKeyOffer }
  | { readonly kind: 'changed-key'; readonly offer: HostKeyOffer; readonly problem: Problem }
  | { readonly kind: 'needs-secret'; readonly request: SecretRequest }
  /** Waits for a person: a refused login is never repeated by itself. */
  | { readonly kind: 'refused'; readonly problem: Problem }
  | { readonly kind: 'live'; readonly since: EpochMs; readonly missing: readonly MissingRight[] }
  /** Was live; the last figures stand, with their age. */
  | { readonly kind: 'stale'; readonly since: EpochMs; readonly problem: Problem }
  | { readonly kind: 'waiting'; readonly until: EpochMs; readonly attempt: number; readonly problem: Problem };

/** What the agent said of the host when it started. */
export interface HostFacts {
  readonly kernel: string;
  readonly hostname: string;
  readonly os: string;
  readonly pageSize: number;
  readonly bootId: string;
  readonly uid: number;
  readonly user: string;
  /** Whether the agent runs as root, and how that came about. */
  readonly rights: 'root' | 'sudo' | 'user';
  /** What the agent was started for: an operator's agent takes changes too. Watch only where it is left out. */
  readonly grade?: 'viewer' | 'operator' | undefined;
}

export interface PlatformPresence {
  readonly id: string;
  readonly title: string;
  readonly presence: 'full' | 'partial' | 'none';
  readonly because: readonly string[];
}

/** The newest value of every signal the host has; a signal nobody can tell is left out. */
export type SignalValues = { readonly [signal in SignalId]?: number };

export interface HostSummary {
  /** The console's clock at the end of the round. */
  readonly at: EpochMs;
  readonly signals: SignalValues;
  readonly guests: number;
  /** Recent `harm.psi-some`, oldest first, at most 60, null for a gap: the spark in the grid. */
  readonly pressure: readonly (number | null)[];
  readonly worstGuest?: { readonly key: string; readonly name: string; readonly pays: Bytes };
}

export interface HostView {
  readonly config: HostConfig;
  readonly state: ConnectionState;
  readonly facts?: HostFacts;
  readonly platforms: readonly PlatformPresence[];
  readonly summary?: HostSummary;
}
