/** Shares of time across a silence of the console: a real store, a host that counts on, a guest that is born after it. */
import { expect, onTestFinished, test } from 'vitest';
import { HistoryStore } from '#core/history/store.ts';
import { ledgerOf } from '#core/ledger/ledger.ts';
import { platforms } from '#core/platforms/index.ts';
import type { HistoryRow } from '#core/ports.ts';
import type { LedgerScope } from '#shared/model/ledger.ts';
import { epochMs } from '#shared/units.ts';

const start = Date.UTC(2026, 2, 1, 12);
const hour = 3_600_000;
const step = 10_000;
const hostColumns = ['host.uptime', 'pressure.memory.some.total'].map((metric) => counter(metric));
const guestColumns = [counter('cgroup.memory.pressure.some.total')];

function counter(metric: string) {
  return { metric, instance: '', kind: 'counter' } as const;
}

const row = (guest: string, columns: HistoryRow['columns'], values: readonly number[]): HistoryRow => ({
  guest,
  name: guest,
  columns,
  values: Float64Array.from(values),
});

/** Everybody waits for memory 20 % of the time, read or not. */
const waited = (ms: number): number => ms * 1000 * 0.2;

test('a host waits as much as it did, and so does each guest, however much of the silence it lived through', async () => {
  const store = new HistoryStore({
    file: undefined,
    settings: { rawDays: 14, minuteDays: 90, hourDays: 730, diskMiB: 512 },
  });
  onTestFinished(() => store.close());
  let before: number | undefined;
  const read = (at: number, guests: readonly string[], born: readonly string[]): void => {
    const passed = before === undefined ? NaN : at - before;
    before = at;
    store.record([
      {
        host: 'h',
        hostName: 'h',
        at: epochMs(at),
        intervalMs: step,
        rows: [
          row('', hostColumns, [passed / 1000, waited(passed)]),
          ...guests.map((guest) => row(guest, guestColumns, [born.includes(guest) ? NaN : waited(passed)])),
        ],
      },
    ]);
  };
  const end = start + 12 * hour;
  for (let at = start; at < start + hour; at += step) read(at, ['old'], []);
  // Nothing is read for ten hours; the host does not reboot.
  const again = start + 11 * hour;
  for (let at = again; at < end; at += step) read(at, ['old', 'young'], at === again ? ['young'] : []);

  const waits = async (): Promise<readonly (number | undefined)[]> => {
    const { hosts } = await ledgerOf(
      { hosts: [], guests: true, from: start, to: end },
      {
        history: { totals: async (query) => store.totals(query), entities: async () => store.entities() },
        platforms,
        money: { pricePerGiBMonth: 0, currency: 'EUR' },
        lab: false,
        hostName: () => undefined,
        wanted: () => [],
      },
    );
    const [host] = hosts;
    const scopes: readonly (LedgerScope | undefined)[] = [host, ...(host?.guests ?? [])];
    return scopes.map((one) => one?.harm.find(({ harm }) => harm === 'psi-some')?.figure.value);
  };
  const check = async (): Promise<void> => {
    const found = await waits();
    expect(found).toHaveLength(3);
    for (const value of found) expect(value).toBeCloseTo(20, 1);
  };
  await check();
  while (store.work(end + hour));
  await check();
});
