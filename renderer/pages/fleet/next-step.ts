/** The one thing a person can do about a connection, as a button. Pure. */
import type { ConnectionState } from '#shared/model/host.ts';

export interface NextStep {
  /** `open` leads to the host's page, where it is done; `connect` is done at once. */
  readonly kind: 'open' | 'connect';
  readonly words: string;
}

export function nextStep(state: ConnectionState): NextStep | undefined {
  switch (state.kind) {
    case 'live':
    case 'connecting':
      return undefined;
    case 'off':
      return { kind: 'connect', words: 'Connect' };
    case 'unknown-key':
      return { kind: 'open', words: 'Compare the key' };
    case 'changed-key':
      return { kind: 'open', words: 'See both facts' };
    case 'needs-secret':
      return { kind: 'open', words: 'Answer' };
    case 'refused':
      return { kind: 'connect', words: 'Try once more' };
    case 'stale':
    case 'waiting':
      return { kind: 'connect', words: 'Try now' };
  }
}
