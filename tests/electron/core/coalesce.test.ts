import { describe, expect, it } from 'vitest';
import { coalesce } from '#core/coalesce.ts';
import { TestClock } from '../../support/test-clock.ts';

function gather() {
  const clock = new TestClock();
  const sent: (readonly string[])[] = [];
  return { clock, sent, events: coalesce<string>(clock, 1000, (keys) => sent.push(keys)) };
}

describe('what changed', () => {
  it('is sent together, soon at first and then once a period', async () => {
    const { clock, sent, events } = gather();
    events.add('a');
    events.add('b');
    events.add('a');
    await clock.pass(40);
    expect(sent).toEqual([['a', 'b']]);
    events.add('c');
    await clock.pass(900);
    expect(sent.length).toBe(1);
    await clock.pass(100);
    expect(sent).toEqual([['a', 'b'], ['c']]);
  });

  it('goes out of turn when somebody waits for it', async () => {
    const { clock, sent, events } = gather();
    events.add('a');
    await clock.pass(40);
    events.add('b');
    events.add('c', true);
    await clock.pass(40);
    expect(sent).toEqual([['a'], ['b', 'c']]);
    expect(clock.waiting).toBe(0);
  });

  it('waits no longer than a period when the clock is set back', async () => {
    const { clock, sent, events } = gather();
    events.add('a');
    await clock.pass(40);
    clock.jump(-3_600_000);
    events.add('b');
    await clock.pass(1000);
    expect(sent).toEqual([['a'], ['b']]);
  });

  it('is not sent any more after the end', async () => {
    const { clock, sent, events } = gather();
    events.add('a');
    events.close();
    events.add('b', true);
    await clock.pass(5000);
    expect(sent).toEqual([]);
    expect(clock.waiting).toBe(0);
  });
});
