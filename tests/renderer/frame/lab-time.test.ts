import { describe, expect, it } from 'vitest';
import { labClock } from '../../../renderer/frame/lab-time.ts';

describe('the time of day in the lab', () => {
  it.each([
    [0, 8, '08:00'],
    [900, 8.25, '08:15'],
    [60, 8 + 1 / 60, '08:01'],
    [16 * 3600, 0, 'day 2, 00:00'],
    [40 * 3600 + 1800, 0.5, 'day 3, 00:30'],
  ])('after %i seconds', (elapsed, hour, clock) => expect(labClock({ elapsed, hour })).toBe(clock));
  it('tells of moments before, also across midnight', () => {
    expect(labClock({ elapsed: 900, hour: 8.25 }, 0)).toBe('08:00');
    expect(labClock({ elapsed: 3600, hour: 0.5 }, 60)).toBe('23:31');
  });
});
