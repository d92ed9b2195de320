/** The ledger of several hosts: sums, the worst, money, and how much of the span is known. */
import { describe, expect, test } from 'vitest';
import { evaluate, parseFormula, replaceNames } from '#core/ledger/formula.ts';
import type { TotalsQuery } from '#core/ports.ts';
import type { HistoryEntity, HistoryTotals } from '#shared/model/history.ts';
import type { Ledger, LedgerFigure } from '#shared/model/ledger.ts';
import { epochMs } from '#shared/units.ts';
import { listRecordings } from '../../../support/recordings.ts';
import { between, entryIn, has, hostIn, hour, ledger, stateOf, told, together } from './span.ts';

const gib = 2 ** 30;
const harmIn = (found: Ledger, harm: string) => found.harm.find((entry) => entry.harm === harm);

describe('every figure opens to its formula', () => {
  const printed = (value: number): string => (value < 0 ? `(−${String(-value)})` : String(value));
  const figuresOf = (found: Ledger): readonly LedgerFigure[] => [
    ...found.hosts
      .flatMap((host) => [host, ...host.guests])
      .flatMap(({ entries, harm }) => [
        ...entries.flatMap(({ gross, overhead, net }) => [gross, net, overhead ?? []].flat()),
        ...harm.map(({ figure }) => figure),
      ]),
    ...found.hosts.flatMap(({ overcommit, effective }) => [overcommit ?? [], effective ?? []].flat()),
    ...found.harm.map(({ figure }) => figure),
    ...[found.overcommit ?? [], found.effective ?? []].flat(),
  ];

  test('printing the raw counters in and doing the sum gives the figure, on every recorded kernel', async () => {
    let seen = 0;
    for (const { name } of listRecordings()) {
      const state = stateOf(name);
      for (const figure of figuresOf(await ledger(between(name, state, state)))) {
        const values = new Map(figure.terms.map((term) => [term.name, term.value]));
        const text = replaceNames(parseFormula(figure.formula), (term) => printed(values.get(term) ?? NaN));
        expect(
          evaluate(parseFormula(text), () => undefined),
          figure.formula,
        ).toBe(figure.value + 0);
        for (const { source, title } of figure.terms) expect(`${source}|${title}`).toMatch(/^.+\|.+$/);
        seen += 1;
      }
    }
    expect(seen).toBeGreaterThan(500);
  });
});

describe('several hosts', async () => {
  const zswap = (host: string, kept: number, pool: number): HistoryTotals =>
    told(host, {
      'meminfo.MemTotal': 8 * gib,
      'meminfo.Zswapped': kept * gib,
      'meminfo.Zswap': pool * gib,
      'mainline.guests.promised': 12 * gib,
    });
  const found = await ledger(
    together(
      zswap('north', 3, 1),
      zswap('south', 5, 2),
      told('west', {
        'ksm.pages_sharing': 5,
        'ksm.general_profit': -gib,
        'host.page-size': 4096,
        'meminfo.MemTotal': gib,
      }),
    ),
  );

  test('sums over hosts; a loss is a loss', () => {
    expect(found.sums.saved).toBe((2 + 3 - 1) * gib);
    expect(found.sums.byMechanism).toEqual({ zswap: 5 * gib, ksm: -gib });
    expect(found.sums.capacity).toBeUndefined();
    expect(found.ram).toBe(17 * gib);
    expect(entryIn(hostIn(found, 'west'), 'ksm', 'saved').net.formula).toBe('general_profit');
  });

  test('overcommit: promised against RAM, of the hosts where both are known', () => {
    expect(hostIn(found, 'north').overcommit).toMatchObject({
      value: 1.5,
      unit: 'ratio',
      formula: 'promised ÷ MemTotal',
    });
    expect(hostIn(found, 'west').overcommit).toBeUndefined();
    expect(found.overcommit).toMatchObject({ value: 24 / 16, formula: 'promised ÷ RAM' });
    expect(found.overcommit?.terms[0]?.source).toContain('2 hosts');
  });

  test('of a Xen host RAM is what Domain-0 leaves, and Domain-0’s own MemTotal is not the host’s', async () => {
    const host = hostIn(
      await ledger(
        told('x', {
          'xen-tmem.guests.promised': 6,
          'xen.info.total_memory': 10,
          'xen.list.dom0.Mem': 2,
          'meminfo.MemTotal': 2,
        }),
      ),
      'x',
    );
    expect(host.overcommit).toMatchObject({ value: 0.75, formula: 'promised ÷ (total_memory − Domain_0)' });
    expect(host.ram).toBe(10);
  });

  test('guests are asked for and shown only when wanted; a guest is part of its host', async () => {
    const group = (zswapped: number, zswap: number) => ({
      'cgroup.memory.stat.zswapped': zswapped,
      'cgroup.memory.stat.zswap': zswap,
      'guest.promised': 100,
      'guest.allowed': 60,
    });
    const known = together(
      told('h', { 'meminfo.Zswapped': 9, 'meminfo.Zswap': 4 }),
      told('h', group(7, 3), 'g1'),
      told('h', group(2, 1), 'g2'),
    );
    const queries: TotalsQuery[] = [];
    const withGuests = hostIn(await ledger(known, { queries }), 'h');
    expect(withGuests.guests.map(({ name, sums }) => [name, sums.saved])).toEqual([
      ['g1', 44],
      ['g2', 41],
    ]);
    expect(withGuests.sums.saved).toBe(5);
    const without = hostIn(await ledger(known, { query: { guests: false }, queries }), 'h');
    expect(without.guests).toEqual([]);
    expect(queries.map(({ guests }) => guests)).toEqual([true, false]);
  });
});

describe('harm of several hosts', () => {
  const pressed = (host: string, seconds: number, avg10: number): HistoryTotals =>
    told(host, {
      'host.uptime': 3600,
      'pressure.memory.some.total': seconds * 1_000_000,
      'pressure.memory.some.avg10': { mean: 1, high: avg10 },
      'vmstat.oom_kill': { increase: 1, peak: 0.1 },
    });

  test('of pressure the worst host counts and is named; counts are summed', async () => {
    const found = await ledger(together(pressed('calm', 36, 40), pressed('hurt', 720, 25)));
    const some = harmIn(found, 'psi-some');
    expect(some?.figure.value).toBe(20);
    expect(some?.peak).toBe(40);
    expect(some?.notes.slice(0, 2)).toEqual(['The worst of 2 hosts, hurt.', 'The worst short spell was on calm.']);
    const kills = harmIn(found, 'oom-kills');
    expect(kills?.figure).toMatchObject({ value: 2, formula: 'oom_kill' });
    expect(kills?.figure.terms[0]).toMatchObject({ value: 2, source: '/proc/vmstat, oom_kill, summed over 2 hosts' });
    expect(kills?.notes[0]).toBe('The sum over 2 hosts.');
  });

  test('kernels that count otherwise are added with their own formula', async () => {
    const found = await ledger(
      together(
        told('new', { 'vmstat.workingset_refault_anon': 5, 'vmstat.workingset_refault_file': 7 }),
        told('newer', { 'vmstat.workingset_refault_anon': 1, 'vmstat.workingset_refault_file': 1 }),
        told('old', { 'vmstat.workingset_refault': 30 }),
      ),
    );
    expect(harmIn(found, 'refaults')?.figure).toMatchObject({
      value: 44,
      formula: 'workingset_refault_anon + workingset_refault_file + workingset_refault_2',
    });
  });

  test('refusals of two platforms on one host are one figure', async () => {
    const found = await ledger(told('x', { 'xen-tmem.refused': 4, 'frontswap.failed_stores': 3 }));
    const entries = hostIn(found, 'x').harm.filter(({ harm }) => harm === 'rejects');
    expect(entries.map(({ figure }) => [figure.value, figure.formula])).toEqual([[7, 'px + failed_stores_2']]);
    expect(entries[0]?.notes.join(' ')).not.toContain('hosts');
  });
});

const since = (host: string, firstAt: number): HistoryEntity => ({
  host,
  guest: '',
  name: host,
  hostName: host,
  firstAt: epochMs(firstAt),
  lastAt: epochMs(firstAt),
});

describe('money', () => {
  const known = told('h', { 'meminfo.Zswapped': 5 * gib, 'meminfo.Zswap': 1 * gib });
  const month = (365.25 / 12) * 24 * hour;

  test('mean net GiB × months × price', async () => {
    const { money } = await ledger(known, {
      query: { to: 3 * month },
      money: { pricePerGiBMonth: 2.5, currency: '$' },
    });
    expect(money).toMatchObject({ perMonth: 10, currency: '$', pricePerGiBMonth: 2.5 });
    expect(money?.amount).toBeCloseTo(30, 9);
    expect(money?.assumption).toMatch(/2\.5 \$.+settings.+net.+mean over the time that is known.+are not in it/s);
  });

  test('of a host that was added within the span only for as long as it is recorded', async () => {
    const { money } = await ledger(known, {
      query: { to: 3 * month },
      money: { pricePerGiBMonth: 2.5, currency: '$' },
      wanted: () => ['h'],
      entities: [since('h', 2 * month)],
    });
    expect(money?.perMonth).toBe(10);
    expect(money?.amount).toBeCloseTo(10, 9);
  });

  test('nobody said what memory costs, or nothing is known: no money', async () => {
    expect((await ledger(known)).money).toBeUndefined();
    const priced = { money: { pricePerGiBMonth: 2.5, currency: '$' } };
    expect((await ledger(told('h', { 'vmstat.oom_kill': 0 }), priced)).money).toBeUndefined();
  });
});

describe('what is known of the span', () => {
  const part = (host: string, coveredMs: number, gaps: number, longestGapMs: number): HistoryTotals => {
    const known = told(host, { 'meminfo.Zswapped': 4, 'meminfo.Zswap': 1 }, '', coveredMs);
    return { ...known, coverage: known.coverage.map((one) => ({ ...one, gaps, longestGapMs })) };
  };

  test('gaps, missing hosts and damage are told, and the missing count as not known', async () => {
    const known = { ...together(part('a', hour, 0, 0), part('b', hour / 2, 3, 600_000)), damaged: 2 };
    const { quality } = await ledger(known, {
      wanted: () => ['a', 'b', 'c'],
      hostName: (host) => (host === 'c' ? 'charlie' : undefined),
    });
    expect(quality).toMatchObject({
      covered: 0.5,
      gaps: 3,
      longestGapMs: 600_000,
      missing: ['charlie'],
      damaged: 2,
    });
    expect(quality.notes).toEqual([
      expect.stringContaining('cover 50 % of the time'),
      'There were 3 gaps without readings, the longest of 10 minutes.',
      'Without any reading in this span, and in none of the sums: charlie.',
      '2 pieces of the history on the disk could not be read, and are left out.',
    ]);
  });

  test('a host that was added within the span is said to be recorded since then, and nothing to be lost', async () => {
    const added = Date.UTC(2026, 2, 1, 12);
    const { quality } = await ledger(part('a', hour, 0, 0), {
      query: { from: added - 9 * hour, to: added + hour },
      wanted: () => ['a'],
      entities: [since('a', added)],
    });
    expect(quality).toMatchObject({ covered: 0.1, coveredSince: 1 });
    expect(quality.notes).toEqual([
      'Recorded for a part of the span only, and the figures are of that part: a since 2026-03-01 12:00 UTC.',
    ]);
    const broken = await ledger(part('a', hour / 4, 2, hour / 2), {
      query: { from: added - 9 * hour, to: added + hour },
      wanted: () => ['a'],
      entities: [since('a', added)],
    });
    expect(broken.quality.notes[1]).toContain('cover 25 % of the recorded time');
  });

  test('a host that was taken out and added again is worth its money once, and it is said how the sum came about', async () => {
    const saving = { 'meminfo.Zswapped': 2 * gib, 'meminfo.Zswap': gib };
    const month = (365.25 / 12) * 24 * hour;
    const { money, quality } = await ledger(together(told('old', saving), told('new', saving)), {
      query: { from: 0, to: 2 * month },
      hostName: () => 'web-1',
      wanted: () => ['new'],
      money: { pricePerGiBMonth: 3, currency: '$' },
      entities: [
        { ...since('old', 0), lastAt: epochMs(month) },
        { ...since('new', month), lastAt: epochMs(2 * month) },
      ],
    });
    expect(money?.amount).toBeCloseTo(6, 6);
    expect(quality.notes[0]).toBe(
      'Recorded for a part of the span only, and the figures are of that part: web-1 since 1970-01-31 10:30 UTC, ' +
        'web-1 until 1970-01-31 10:30 UTC. Sums over hosts add what each had in its own part, as if all had run side by side.',
    );
  });

  test('complete: nothing to say', async () => {
    expect((await ledger(part('a', hour, 0, 0))).quality).toMatchObject({ covered: 1, missing: [], notes: [] });
  });

  test('nobody at all', async () => {
    const found = await ledger(together());
    expect(found).toMatchObject({ hosts: [], sums: { byMechanism: {} }, harm: [], quality: { covered: 0 } });
    expect(found.quality.notes).toEqual(['No host has readings in this span.']);
  });

  test('a selection leaves other hosts out, also as missing', async () => {
    const known = together(part('a', hour, 0, 0), part('b', hour, 0, 0));
    const found = await ledger(known, { query: { hosts: ['b'] }, wanted: () => ['a', 'b', 'c'] });
    expect(found.hosts.map(({ name }) => name)).toEqual(['b']);
    expect(found.quality).toMatchObject({ covered: 1, missing: [] });
  });

  test('hosts that are gone from the inventory still count', async () => {
    const found = await ledger(part('gone', hour, 0, 0), { wanted: () => ['a'] });
    expect(found.sums.saved).toBe(3);
    expect(found.quality.missing).toEqual(['a']);
  });

  test('an entry is known as long as the shortest of its terms, and says when that is little', async () => {
    const short = { mean: 4, coveredMs: hour / 3 };
    const some = await ledger(told('h', { 'meminfo.Zswapped': short, 'meminfo.Zswap': 1 }));
    const saved = entryIn(hostIn(some, 'h'), 'zswap', 'saved');
    expect(saved.coveredMs).toBe(hour / 3);
    expect(saved.notes.at(-1)).toContain('Known for 20 minutes of the 1 hour with readings');
    const enough = await ledger(
      told('h', { 'meminfo.Zswapped': { mean: 4, coveredMs: hour / 2 }, 'meminfo.Zswap': 1 }),
    );
    expect(entryIn(hostIn(enough, 'h'), 'zswap', 'saved').notes.join(' ')).not.toContain('Known for');
  });
});

describe('what a kernel does not tell', () => {
  test('no overhead: the figure is gross and says so', async () => {
    const found = await ledger(told('h', { 'meminfo.Zswapped': 4 }));
    const saved = entryIn(hostIn(found, 'h'), 'zswap', 'saved');
    expect(saved.overhead).toBeUndefined();
    expect(saved.net).toEqual(saved.gross);
    expect(saved.notes.at(-1)).toContain('the figure is gross');
    expect(found.sums.overhead).toBeUndefined();
  });

  test('zcache that was never switched on says nothing', async () => {
    const host = hostIn(
      await ledger(told('h', { 'zcache.pers_zpages': 0, 'zcache.pers_pageframes': 0, 'host.page-size': 4096 })),
      'h',
    );
    expect(has(host, 'zcache', 'saved')).toBe(false);
  });

  test('pages away count as moved only while the target is not known to be lost', async () => {
    const away = { 'ramster.away': 10, 'host.page-size': 4096 };
    expect((await ledger(told('h', away))).sums.moved).toBeUndefined();
    expect((await ledger(told('h', { ...away, 'ramster.saved.remote': 40_960 }))).sums.moved).toBe(40_960);
  });
});
