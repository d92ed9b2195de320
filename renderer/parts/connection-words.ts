/** Every state of a connection in words: a short badge, its weight, and the sentence that says what to do next. */
import type { ConnectionState } from '#shared/model/host.ts';
import { formatAge, formatCountdown } from '../format/duration.ts';

export type Weight = 'quiet' | 'busy' | 'ask' | 'warn' | 'bad';

export interface ConnectionWords {
  readonly badge: string;
  readonly weight: Weight;
  readonly sentence: string;
}

export function connectionWords(state: ConnectionState, now: number): ConnectionWords {
  switch (state.kind) {
    case 'off':
      return { badge: 'Not connected', weight: 'quiet', sentence: 'Not connected. Connect it to see its figures.' };
    case 'connecting':
      return { badge: 'Connecting', weight: 'busy', sentence: `Connecting: ${state.step}.` };
    case 'unknown-key':
      return {
        badge: 'New host key',
        weight: 'ask',
        sentence: `First meeting with ${state.offer.host}. Compare its key with what the host itself says, then trust it.`,
      };
    case 'changed-key':
      return {
        badge: 'Host key changed',
        weight: 'bad',
        sentence: 'The host shows another key than before. The console stopped before it sent anything.',
      };
    case 'needs-secret':
      return {
        badge: state.request.kind === 'passphrase' ? 'Passphrase needed' : 'Login needed',
        weight: 'ask',
        sentence: `Waits for ${secretWord[state.request.kind]} for ${state.request.forWhom}.`,
      };
    case 'refused':
      return { badge: 'Refused', weight: 'bad', sentence: state.problem.sentence };
    case 'live':
      return state.missing.length === 0
        ? { badge: 'Live', weight: 'quiet', sentence: 'Live.' }
        : {
            badge: 'Live',
            weight: 'quiet',
            sentence: `Live; ${state.missing.length === 1 ? 'one reading needs' : `${state.missing.length} readings need`} more rights.`,
          };
    case 'stale':
      return {
        badge: `Stale, ${formatAge(state.since, now)}`,
        weight: 'warn',
        sentence: `Last heard ${formatAge(state.since, now)}. ${state.problem.sentence}`,
      };
    case 'waiting':
      return {
        badge: `Retry in ${formatCountdown(state.until, now)}`,
        weight: 'warn',
        sentence: `${state.problem.sentence} Attempt ${state.attempt} begins in ${formatCountdown(state.until, now)}.`,
      };
  }
}

const secretWord = {
  password: 'the password',
  passphrase: 'the passphrase',
  'keyboard-interactive': 'answers',
} as const;
