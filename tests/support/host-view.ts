/** Hosts as the core would tell of them, for tests of pages: live and calm unless said otherwise. */
import type { ConnectionState, HostConfig, HostSummary, HostView, SignalValues } from '#shared/model/host.ts';
import { problem } from '#shared/problem.ts';
import { epochMs } from '#shared/units.ts';

export const GiB = 1024 ** 3;
export const noon = Date.UTC(2026, 0, 15, 12);

export function hostView(
  name: string,
  given: {
    readonly config?: Partial<HostConfig>;
    readonly state?: ConnectionState;
    readonly signals?: SignalValues;
    readonly summary?: Partial<HostSummary>;
  } = {},
): HostView {
  const state = given.state ?? { kind: 'live', since: epochMs(noon - 60_000), missing: [] };
  return {
    config: {
      id: `id-${name}`,
      name,
      address: `${name}.example.net`,
      port: 22,
      user: 'root',
      login: { method: 'agent' },
      group: '',
      tags: [],
      jumps: [],
      agent: 'pushed',
      sudo: 'when-allowed',
      guestGroups: [],
      connect: true,
      ...given.config,
    },
    state,
    platforms: [],
    ...(given.signals === undefined
      ? {}
      : { summary: { at: epochMs(noon), signals: given.signals, guests: 0, pressure: [], ...given.summary } }),
  };
}

/** One of every state a connection can be in. */
export const states = {
  off: { kind: 'off' },
  connecting: { kind: 'connecting', since: epochMs(noon - 2000), step: 'logging in as root' },
  'unknown-key': {
    kind: 'unknown-key',
    offer: { host: '[db-1]:2222', keyType: 'ssh-ed25519', fingerprint: 'SHA256:abc' },
  },
  'changed-key': {
    kind: 'changed-key',
    offer: { host: 'db-1', keyType: 'ssh-ed25519', fingerprint: 'SHA256:new' },
    problem: problem(
      'host-key-changed',
      'db-1 shows another key than the one known from line 14 of known_hosts.',
      'known before: ssh-ed25519 SHA256:old\nshows now:    ssh-ed25519 SHA256:new',
    ),
  },
  'needs-secret': {
    kind: 'needs-secret',
    request: { id: 'r1', kind: 'password', forWhom: 'root@db-1', prompts: [{ text: 'Password', echo: false }] },
  },
  refused: {
    kind: 'refused',
    problem: problem('auth-refused', 'db-1 refused the key.', 'Permission denied (publickey).'),
  },
  live: { kind: 'live', since: epochMs(noon), missing: [] },
  stale: { kind: 'stale', since: epochMs(noon - 180_000), problem: problem('host-gone', 'db-1 does not answer.') },
  waiting: {
    kind: 'waiting',
    until: epochMs(noon + 102_000),
    attempt: 4,
    problem: problem('host-unreachable', 'db-1 cannot be reached.'),
  },
} as const satisfies { readonly [kind in ConnectionState['kind']]: ConnectionState };
