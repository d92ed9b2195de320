/** Hosts: inventory, keys, logins, connections. */
import * as z from 'zod';
import type {
  HostConfig,
  HostFacts,
  HostId,
  HostKeyOffer,
  HostView,
  MissingRight,
  PlatformPresence,
  SecretRequest,
} from '#shared/model/host.ts';
import type { HostReading } from '#shared/model/reading.ts';
import type { Problem } from '#shared/problem.ts';
import { event, request } from './wire.ts';
import { hop, hostDraft, id, nothing } from './schemas.ts';

/** What the other end showed when it was asked for its key, and what the console knows about it. */
export type KeyCheck =
  | { readonly verdict: 'known'; readonly offer: HostKeyOffer; readonly knownFrom: string }
  | { readonly verdict: 'unknown'; readonly offer: HostKeyOffer }
  | { readonly verdict: 'changed' | 'revoked'; readonly offer: HostKeyOffer; readonly problem: Problem };

/** One step of a connection test, in the order they happen. */
export interface TestStep {
  readonly title: string;
  readonly outcome: 'done' | 'failed' | 'skipped';
  readonly detail: string;
  readonly millis?: number;
}

export interface TestReport {
  readonly steps: readonly TestStep[];
  readonly problem?: Problem;
  /** What stopped the test and would let it go on when answered. */
  readonly needs?:
    { readonly kind: 'key'; readonly check: KeyCheck } | { readonly kind: 'secret'; readonly request: SecretRequest };
  readonly facts?: HostFacts;
  readonly platforms: readonly PlatformPresence[];
  readonly missing: readonly MissingRight[];
  readonly guests: number;
}

export interface ImportableHost {
  readonly alias: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly keyFile?: string;
  /** The ProxyJump chain as it stands in the file, outermost first. */
  readonly jumps: readonly string[];
  /** Why it cannot be taken over as it is, as a sentence. */
  readonly obstacle?: string;
  readonly present: boolean;
}

export interface RightsAdvice {
  /** Lines for /etc/sudoers.d/tmem-console, for the account this host logs in with. */
  readonly sudoers: readonly string[];
  /** Shell lines that install the root-owned copy of the agent. */
  readonly install: readonly string[];
  /** What `sudo -n` said when it was tried, and whether the root-owned copy is there and current. */
  readonly checked: readonly { readonly title: string; readonly ok: boolean; readonly detail: string }[];
}

/** Answers to a secret request, in the order of its prompts. Kept in memory only, dropped after use. */
const answers = z.array(z.string().max(4096)).max(16);

export const hosts = {
  'hosts.list': request(nothing).answering<readonly HostView[]>(),
  /** Fetches the host key without logging in. */
  'hosts.checkKey': request(z.strictObject({ target: hop, jumps: z.array(hop).max(8) })).answering<KeyCheck>(),
  /** Writes the key that was last offered by that host, if its fingerprint is the one that was shown, to the console's own known hosts. */
  'hosts.trustKey': request(
    z.strictObject({ host: z.string().max(300), fingerprint: z.string().max(200) }),
  ).answering<null>(),
  /** Takes away a key the console itself had stored, so that a host that was really rebuilt can be confirmed anew. */
  'hosts.forgetKey': request(z.strictObject({ host: z.string().max(300) })).answering<null>(),
  'hosts.test': request(z.strictObject({ draft: hostDraft, answers: answers.optional() })).answering<TestReport>(),
  'hosts.add': request(z.strictObject({ draft: hostDraft, answers: answers.optional() })).answering<HostConfig>(),
  'hosts.edit': request(z.strictObject({ host: id, draft: hostDraft })).answering<HostConfig>(),
  'hosts.remove': request(z.strictObject({ hosts: z.array(id).max(10_000) })).answering<null>(),
  'hosts.connect': request(z.strictObject({ host: id })).answering<null>(),
  'hosts.disconnect': request(z.strictObject({ host: id })).answering<null>(),
  'hosts.answer': request(z.strictObject({ host: id, request: id, answers })).answering<null>(),
  'hosts.importable': request(nothing).answering<readonly ImportableHost[]>(),
  'hosts.import': request(z.strictObject({ aliases: z.array(z.string().max(255)).max(1000) })).answering<
    readonly HostConfig[]
  >(),
  'hosts.reading': request(z.strictObject({ host: id })).answering<HostReading | null>(),
  /** Asks the host at once, outside the interval. */
  'hosts.refresh': request(z.strictObject({ host: id })).answering<null>(),
  'hosts.rights': request(z.strictObject({ host: id })).answering<RightsAdvice>(),
};

export const hostEvents = {
  /** At most once a second: every host whose state, configuration or summary changed since the last one. */
  'hosts.changed': event<readonly HostView[]>(),
  'hosts.removed': event<readonly HostId[]>(),
};
