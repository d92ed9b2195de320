/** Rates from the lab's history are those of the hosts' own time, however fast the lab runs. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { openHistory } from '#core/history/history.ts';
import type { History } from '#core/history/history.ts';
import { inHostTime } from '#core/lab-time.ts';
import { epochMs } from '#shared/units.ts';
import { silentLog } from '../../support/scripted-link.ts';
import { TestClock } from '../../support/test-clock.ts';

const columns = [
  { metric: 'host.uptime', instance: '', kind: 'counter' },
  { metric: 'vmstat.pswpin', instance: '', kind: 'counter' },
  { metric: 'level', instance: '', kind: 'level' },
] as const;
const start = Date.UTC(2026, 2, 1, 12);

function lab(): History {
  const history = inHostTime(
    openHistory({
      file: undefined,
      clock: new TestClock(),
      log: silentLog,
      settings: () => ({ rawDays: 14, minuteDays: 90, hourDays: 730, diskMiB: 512 }),
      notify: () => undefined,
      dismiss: () => undefined,
      onStatus: () => undefined,
    }),
  );
  onTestFinished(() => history.close());
  return history;
}

/** A second of the console each; 7 pages read in each second of the host. */
function run(history: History, from: number, count: number, speed: number): number {
  for (let second = from; second < from + count; second++) {
    const values = [speed, 7 * speed, 42];
    history.record({
      host: 'h',
      hostName: 'h',
      at: epochMs(start + second * 1000),
      intervalMs: 1000,
      rows: [
        { guest: '', name: 'h', columns, values: Float64Array.from(values) },
        { guest: 'g', name: 'g', columns: columns.slice(1), values: Float64Array.from(values.slice(1)) },
      ],
    });
  }
  return from + count;
}

const ratesOf = async (history: History, guest: string, seconds: number, points: number) => {
  const key = { host: 'h', guest, metric: 'vmstat.pswpin', instance: '' };
  const { series } = await history.series([key], start, start + seconds * 1000, points);
  return series[0];
};

describe('rates of the lab', () => {
  it('are the same at every speed, as points and as steps, of hosts and of guests', async () => {
    const history = lab();
    let second = run(history, 0, 100, 1);
    second = run(history, second, 100, 60);
    second = run(history, second, 100, 0);
    second = run(history, second, 100, 10);
    for (const guest of ['', 'g']) {
      const fine = await ratesOf(history, guest, second, 1000);
      const told = (from: number, to: number) =>
        fine?.values.filter((_, index) => {
          const seconds = ((fine.at[index] ?? 0) - start) / 1000;
          return seconds >= from && seconds < to;
        }) ?? [];
      const moving = [...told(1, 200), ...told(300, 400)];
      expect(moving).toHaveLength(299);
      for (const value of moving) expect(value).toBeCloseTo(7, 6);
      expect(told(200, 300)).toEqual(Array(100).fill(0));
      const coarse = await ratesOf(history, guest, second, 40);
      expect(coarse?.low).toBeDefined();
      for (const [index, value] of (coarse?.values ?? []).entries())
        if ((value ?? 0) > 0 && index > 0) expect(value).toBeCloseTo(7, 0);
    }
  });

  it('leave levels and what was counted as they are', async () => {
    const history = lab();
    run(history, 0, 100, 60);
    const metrics = ['vmstat.pswpin', 'level'];
    const { totals } = await history.totals({ hosts: [], guests: false, metrics, from: start, to: start + 100_000 });
    expect(totals).toMatchObject([
      { kind: 'counter', increase: 7 * 60 * 100 },
      { kind: 'level', mean: 42 },
    ]);
    expect(totals[0]?.peak).toBeCloseTo(7, 1);
  });
});
