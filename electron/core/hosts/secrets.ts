/**
 * Passwords and passphrases, in memory only and only for this run. Hosts share one store, so that a jump host's
 * password is asked once; but a secret nobody has logged in with yet is seen only by the host that was answered for,
 * so that a wrong one is tried once and not by every host behind that jump host.
 */
import type { HostId, SecretPrompt, SecretRequest } from '#shared/model/host.ts';
import { ProblemError, problem } from '#shared/problem.ts';

export type HeldKind = 'password' | 'passphrase';

/** Where a login gets its secrets from: a person's answers to come, or what is held already. */
export interface SecretSource {
  held(kind: HeldKind, forWhom: string): string | undefined;
  keep(kind: HeldKind, forWhom: string, value: string): void;
  /** Throws SecretNeeded when none is held. */
  take(kind: HeldKind, forWhom: string): string;
  /** Answers in the order of the prompts. The connection is kept open meanwhile, so it may end before the answer. */
  interact(forWhom: string, prompts: readonly SecretPrompt[]): Promise<readonly string[]>;
  proved(kind: HeldKind, forWhom: string): void;
  refused(kind: HeldKind, forWhom: string): void;
}

/** A login cannot go on until a person answers. */
export class SecretNeeded extends ProblemError {
  readonly request: SecretRequest;

  constructor(request: SecretRequest) {
    super(problem('secret-needed', `${wanted(request)} is needed. Connect the host and answer when it is asked for.`));
    this.name = 'SecretNeeded';
    this.request = request;
  }
}

function wanted(request: SecretRequest): string {
  if (request.kind === 'passphrase') return `The passphrase of ${request.forWhom}`;
  return request.kind === 'password' ? `The password of ${request.forWhom}` : `An answer for ${request.forWhom}`;
}

export function promptFor(kind: HeldKind, forWhom: string): SecretPrompt {
  return { text: kind === 'password' ? `Password of ${forWhom}` : `Passphrase of ${forWhom}`, echo: false };
}

interface Held {
  readonly kind: HeldKind;
  readonly forWhom: string;
  readonly value: string;
  proved: boolean;
  readonly users: Set<HostId>;
}

export interface SecretStore {
  find(host: HostId, kind: HeldKind, forWhom: string): string | undefined;
  put(host: HostId, kind: HeldKind, forWhom: string, value: string): void;
  /** A login with it went through: other hosts may use it now. Tells whether that is news. */
  proved(host: HostId, kind: HeldKind, forWhom: string): boolean;
  refused(kind: HeldKind, forWhom: string): void;
  /** The host was disconnected or removed: what only it used is gone. */
  drop(host: HostId): void;
  clear(): void;
}

/** @param onGone is told of every secret that is held no more */
export function createSecretStore(onGone: (kind: HeldKind, forWhom: string) => void): SecretStore {
  const all = new Map<string, Held>();
  const keyOf = (kind: HeldKind, forWhom: string) => `${kind} ${forWhom}`;
  const drop = (key: string, { kind, forWhom }: Held) => {
    all.delete(key);
    onGone(kind, forWhom);
  };
  return {
    find: (host, kind, forWhom) => {
      const held = all.get(keyOf(kind, forWhom));
      if (held === undefined || !(held.proved || held.users.has(host))) return undefined;
      held.users.add(host);
      return held.value;
    },
    put: (host, kind, forWhom, value) => {
      all.set(keyOf(kind, forWhom), { kind, forWhom, value, proved: false, users: new Set([host]) });
    },
    proved: (host, kind, forWhom) => {
      const held = all.get(keyOf(kind, forWhom));
      if (held === undefined || held.proved || !held.users.has(host)) return false;
      held.proved = true;
      return true;
    },
    refused: (kind, forWhom) => {
      const held = all.get(keyOf(kind, forWhom));
      if (held !== undefined) drop(keyOf(kind, forWhom), held);
    },
    drop: (host) => {
      for (const [key, held] of all) {
        held.users.delete(host);
        if (held.users.size === 0) drop(key, held);
      }
    },
    clear: () => all.forEach((held, key) => drop(key, held)),
  };
}

/** Secrets from answers given beforehand, used once each, in order: for a connection test. */
export function answersAsSecrets(answers: readonly string[], newId: () => string, held: SecretSource): SecretSource {
  const left = [...answers];
  return {
    ...held,
    take: (kind, forWhom) => left.shift() ?? held.take(kind, forWhom),
    interact: (forWhom, prompts) => {
      if (left.length < prompts.length)
        return Promise.reject(new SecretNeeded({ id: newId(), kind: 'keyboard-interactive', forWhom, prompts }));
      return Promise.resolve(left.splice(0, prompts.length));
    },
  };
}

/** What a host that nobody looks at may use: secrets that are held, and no person to ask. */
export function heldSecrets(store: SecretStore, host: HostId, newId: () => string): SecretSource {
  return {
    held: (kind, forWhom) => store.find(host, kind, forWhom),
    keep: (kind, forWhom, value) => store.put(host, kind, forWhom, value),
    take: (kind, forWhom) => {
      const value = store.find(host, kind, forWhom);
      if (value !== undefined) return value;
      throw new SecretNeeded({ id: newId(), kind, forWhom, prompts: [promptFor(kind, forWhom)] });
    },
    interact: (forWhom, prompts) =>
      Promise.reject(new SecretNeeded({ id: newId(), kind: 'keyboard-interactive', forWhom, prompts })),
    proved: (kind, forWhom) => {
      store.proved(host, kind, forWhom);
    },
    refused: (kind, forWhom) => store.refused(kind, forWhom),
  };
}
