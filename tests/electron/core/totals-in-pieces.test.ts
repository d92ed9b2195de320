/** Totals asked for in pieces are those that come in one. */
import { expect, it } from 'vitest';
import type { HistoryEntity, HistoryEvent, HistoryTotals } from '#shared/model/history.ts';
import { epochMs } from '#shared/units.ts';
import type { TotalsQuery } from '#core/ports.ts';
import { inPieces } from '#core/totals-in-pieces.ts';

const hosts = Array.from({ length: 90 }, (_, index) => `h${index}`);
const guestsOf = (host: string): string[] => Array.from({ length: 20 }, (_, index) => `${host}-g${index}`);
const at = epochMs(1_000_000);
const entities: HistoryEntity[] = hosts.flatMap((host) =>
  ['', ...guestsOf(host)].map((guest) => ({ host, guest, name: guest, hostName: host, firstAt: at, lastAt: at })),
);
const events: HistoryEvent[] = [
  { at: epochMs(3), kind: 'paused', host: '', words: 'The disk is full.' },
  ...hosts.map((host, index) => ({ at: epochMs(10 - index), kind: 'reboot' as const, host, words: 'Booted.' })),
];

function world() {
  const asked: TotalsQuery[] = [];
  const totals = async (query: TotalsQuery): Promise<HistoryTotals> => {
    asked.push(query);
    const mine = (host: string): boolean => query.hosts.length === 0 || query.hosts.includes(host);
    const of = entities.filter(({ host, guest }) => mine(host) && (guest === '' || query.guests));
    return {
      totals: of.map(({ host, guest }) => ({
        ...{ host, guest, metric: 'm', instance: '', kind: 'level' as const, coveredMs: 1, mean: 1 },
      })),
      coverage: of.map(({ host, guest, name }) => ({ host, guest, name, coveredMs: 1, gaps: 0, longestGapMs: 0 })),
      events: events.filter(({ host }) => host === '' || mine(host)).sort((a, b) => a.at - b.at),
      damaged: of.length,
    };
  };
  return { asked, totals, entities: async () => entities };
}

it.each([
  ['all hosts with their guests', { hosts: [], guests: true }],
  ['all hosts alone', { hosts: [], guests: false }],
  ['a few', { hosts: ['h3', 'h80'], guests: true }],
])('%s', async (_, query) => {
  const history = world();
  const whole = { ...query, metrics: ['m'], from: 0, to: 100 };
  const answer = await inPieces(history).totals(whole);
  expect(answer).toEqual(await world().totals(whole));
  for (const { hosts: some, guests } of history.asked) {
    expect(some.length).toBeGreaterThan(0);
    expect(some.length * (guests ? 21 : 1)).toBeLessThanOrEqual(90);
  }
});

it('a host that the history does not know is asked for all the same', async () => {
  const history = world();
  await inPieces(history).totals({ hosts: ['gone'], guests: true, metrics: [], from: 0, to: 1 });
  expect(history.asked.map(({ hosts: some }) => some)).toEqual([['gone']]);
});

it('ends between two pieces when it is told to', async () => {
  const history = world();
  const stopped = inPieces(history, () => Promise.reject(new Error('not wanted')));
  await expect(stopped.totals({ hosts: [], guests: true, metrics: [], from: 0, to: 1 })).rejects.toThrow('not wanted');
  expect(history.asked).toHaveLength(1);
});
