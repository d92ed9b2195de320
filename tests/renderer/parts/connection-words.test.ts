import { describe, expect, it } from 'vitest';
import { connectionWords } from '../../../renderer/parts/connection-words.ts';
import { noon, states } from '../../support/host-view.ts';

const plain = (text: string): string => text.replace(/\u00a0/g, ' ');

describe('connection states in words', () => {
  it.each([
    ['off', 'Not connected', 'quiet', 'Not connected. Connect it to see its figures.'],
    ['connecting', 'Connecting', 'busy', 'Connecting: logging in as root.'],
    [
      'unknown-key',
      'New host key',
      'ask',
      'First meeting with [db-1]:2222. Compare its key with what the host itself says, then trust it.',
    ],
    [
      'changed-key',
      'Host key changed',
      'bad',
      'The host shows another key than before. The console stopped before it sent anything.',
    ],
    ['needs-secret', 'Login needed', 'ask', 'Waits for the password for root@db-1.'],
    ['refused', 'Refused', 'bad', 'db-1 refused the key.'],
    ['live', 'Live', 'quiet', 'Live.'],
    ['stale', 'Stale, 3 min ago', 'warn', 'Last heard 3 min ago. db-1 does not answer.'],
    ['waiting', 'Retry in 1:42', 'warn', 'db-1 cannot be reached. Attempt 4 begins in 1:42.'],
  ] as const)('%s', (kind, badge, weight, sentence) => {
    const words = connectionWords(states[kind], noon);
    expect({ ...words, badge: plain(words.badge), sentence: plain(words.sentence) }).toEqual({
      badge,
      weight,
      sentence,
    });
  });
  it('counts the readings a live login may not take', () => {
    const one = { path: '/x', words: 'denied' };
    expect(connectionWords({ ...states.live, missing: [one] }, noon).sentence).toBe(
      'Live; one reading needs more rights.',
    );
    expect(connectionWords({ ...states.live, missing: [one, one] }, noon).sentence).toBe(
      'Live; 2 readings need more rights.',
    );
  });
});
