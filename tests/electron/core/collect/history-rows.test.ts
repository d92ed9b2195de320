/** What the history is given of a tick: rows, their columns, and sums of counters that are what was counted. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogueOf } from '#core/collect/catalogue.ts';
import { HistoryRows } from '#core/collect/history-rows.ts';
import type { HistoryLimits } from '#core/collect/history-rows.ts';
import { observe } from '#core/collect/observe.ts';
import { Rates } from '#core/collect/rates.ts';
import type { Platform } from '#core/platforms/platform.ts';
import { held } from '#core/ports.ts';
import type { HistoryRow } from '#core/ports.ts';
import type { MetricDef, MetricValue } from '#shared/model/metric.ts';
import { epochMs } from '#shared/units.ts';

const metric = (id: string, more: Partial<MetricDef>): MetricDef => ({
  id,
  title: id,
  unit: 'count',
  kind: 'level',
  instance: 'host',
  help: '',
  charted: true,
  ...more,
});

/** Every file is `name[ instance]=value …` words of the host, or of the guest that its path ends with. */
const platform: Platform = {
  id: 'small',
  title: 'Small',
  sets: [],
  commands: [],
  catalogue: [
    metric('level', { signal: 'saved.compressed' }),
    metric('dev', { instance: 'device' }),
    metric('dev2', { instance: 'device' }),
    metric('hidden', { charted: false }),
    metric('count', { kind: 'counter', signal: 'harm.swap-in' }),
    metric('g.level', { instance: 'guest' }),
    metric('g.count', { instance: 'guest', kind: 'counter' }),
  ],
  detect: () => ({ presence: 'full', because: [] }),
  read: ({ files }) => {
    const valuesOf = (path: string, text: string, own: string): MetricValue[] =>
      text
        .split(' ')
        .filter((word) => word !== '')
        .map((word) => {
          const [name = '', value = ''] = word.split('=');
          const [id = '', instance = own] = name.split('@');
          return { metric: id, instance, value: Number(value), source: path };
        });
    const host = files.get('host')?.text ?? '';
    const guests = [...files.keys()].filter((path) => path.startsWith('guest/'));
    return {
      values: valuesOf('host', host, ''),
      guests: guests.map((path) => ({
        key: path.slice(6),
        name: `name of ${path.slice(6)}`,
        kind: 'cgroup' as const,
        pays: {},
        unknown: [],
        values: valuesOf(path, files.get(path)?.text ?? '', path.slice(6)),
      })),
      troubles: [],
    };
  },
};

const roomy: HistoryLimits = { hostColumns: 5000, guestColumns: 50, guests: 1000 };

/** A host that says `texts`, by path; each of them read at the uptime that stands beside it. */
function scripted(limits = roomy, shared = new Map<string, never>()) {
  const rates = new Rates();
  const rows = new HistoryRows(limits, shared);
  const catalogue = catalogueOf([platform]);
  let now = 0;
  return (texts: Record<string, string>, { boot = 'boot-1', uptimes = {} as Record<string, number> } = {}) => {
    now += 1;
    const uptime = now;
    // The moment of arrival is told as the uptime itself, so that a text that stands keeps its own.
    const files = new Map(
      Object.entries(texts).map(([path, text]) => [
        path,
        { path, text, line: 1, at: epochMs(uptimes[path] ?? uptime) },
      ]),
    );
    const evidence = { files, commands: new Map(), unread: new Map(), pageSize: 4096 };
    const moment = { at: epochMs(now), bootId: boot, evidence, uptimeAt: (at: number | undefined) => at ?? uptime };
    const seen = observe(moment, [platform], catalogue, rates);
    return { rows: rows.of('web-1', seen), seen };
  };
}

const named = (row: HistoryRow | undefined) =>
  Object.fromEntries(
    (row?.columns ?? []).map((column, index) => [
      column.instance === '' ? column.metric : `${column.metric}@${column.instance}`,
      row?.values[index],
    ]),
  );

describe('rows', () => {
  it('are the host with its signals and devices, and each guest under its key', () => {
    const tell = scripted();
    tell({ host: 'level=5 dev@sda=1 hidden=9 count=100', 'guest/g1': 'g.level=7 g.count=10' });
    const { rows } = tell({ host: 'level=6 dev@sda=2 hidden=9 count=130', 'guest/g1': 'g.level=8 g.count=14' });
    expect(rows.map(({ guest, name }) => [guest, name])).toEqual([
      ['', 'web-1'],
      ['g1', 'name of g1'],
    ]);
    expect(named(rows[0])).toEqual({
      'signal.saved.compressed': 6,
      'signal.harm.swap-in': 30,
      level: 6,
      'dev@sda': 2,
      count: 30,
    });
    expect(rows[0]?.columns.find(({ metric: id }) => id === 'dev')).toEqual({
      metric: 'dev',
      instance: 'sda',
      kind: 'level',
    });
    expect(rows[1]?.columns).toEqual([
      { metric: 'g.level', instance: '', kind: 'level' },
      { metric: 'g.count', instance: '', kind: 'counter' },
    ]);
    expect([...(rows[1]?.values ?? [])]).toEqual([8, 4]);
  });

  it('leave out a guest of whom nothing is told', () => {
    const { rows } = scripted()({ host: 'level=5', 'guest/g1': '' });
    expect(rows.map(({ guest }) => guest)).toEqual(['']);
  });

  it('take no figure that is none', () => {
    const { rows } = scripted()({ host: 'level=5 dev@a=Infinity dev2@a=NaN' });
    expect(named(rows[0])).toEqual({ 'signal.saved.compressed': 5, level: 5 });
  });
});

describe('columns', () => {
  it('are one array as long as they are the same, and one for guests that have the same', () => {
    const shared = new Map<string, never>();
    const [tell, other] = [scripted(roomy, shared), scripted(roomy, shared)];
    const texts = { host: 'level=1', 'guest/g1': 'g.level=1 g.count=2', 'guest/g2': 'g.level=3 g.count=4' };
    const first = tell(texts).rows;
    const second = tell(texts).rows;
    expect(second[0]?.columns).toBe(first[0]?.columns);
    expect(first[2]?.columns).toBe(first[1]?.columns);
    expect(other(texts).rows[1]?.columns).toBe(first[1]?.columns);
    expect(second[1]?.columns).toBe(first[1]?.columns);
  });

  it('stay where a value is not told for a while, as a gap', () => {
    const tell = scripted();
    const before = tell({ host: 'level=1 dev@a=1 dev@b=2 dev2@a=3' }).rows[0];
    const gap = tell({ host: 'level=1 dev@b=2 dev2@a=3' }).rows[0];
    const after = tell({ host: 'level=1 dev@a=1 dev@b=2 dev2@a=3' }).rows[0];
    expect(gap?.columns).toBe(before?.columns);
    expect(after?.columns).toBe(before?.columns);
    expect(named(gap)).toMatchObject({ 'dev@a': NaN, 'dev@b': 2, 'dev2@a': 3 });
    expect(named(after)).toMatchObject({ 'dev@a': 1, 'dev@b': 2 });
  });

  it('follow what is new, and in the end what is gone', () => {
    const tell = scripted();
    tell({ host: 'level=1 dev@a=1' });
    expect(named(tell({ host: 'level=1 dev@a=1 dev@b=2' }).rows[0])).toMatchObject({ 'dev@a': 1, 'dev@b': 2 });
    for (let tick = 0; tick < 200; tick++) tell({ host: 'level=1 dev@b=2' });
    expect(Object.keys(named(tell({ host: 'level=1 dev@b=2' }).rows[0]))).toEqual([
      'signal.saved.compressed',
      'level',
      'dev@b',
    ]);
  });

  it('stand once, also when a value is told twice', () => {
    const tell = scripted();
    const first = tell({ host: 'level=1 dev@a=1 dev@a=2 dev@b=3' }).rows[0];
    const second = tell({ host: 'level=1 dev@a=1 dev@a=2 dev@b=3' }).rows[0];
    expect(first?.columns.length).toBe(4);
    expect(second?.columns).toBe(first?.columns);
    expect(named(second)).toMatchObject({ 'dev@a': 1, 'dev@b': 3 });
  });

  it('are no more than may be, nor are guests', () => {
    const tell = scripted({ hostColumns: 3, guestColumns: 1, guests: 2 });
    const texts = {
      host: 'level=1 dev@a=1 dev@b=2 dev@c=3',
      ...Object.fromEntries(['g1', 'g2', 'g3'].map((key) => [`guest/${key}`, 'g.level=1 g.count=2'])),
    };
    const first = tell(texts).rows;
    const second = tell(texts).rows;
    expect(first.map(({ guest, columns }) => [guest, columns.length])).toEqual([
      ['', 3],
      ['g1', 1],
      ['g2', 1],
    ]);
    expect(second[0]?.columns).toBe(first[0]?.columns);
    expect(named(second[0])).toEqual({ 'signal.saved.compressed': 1, level: 1, 'dev@a': 1 });
  });
});

describe('a counter in the history', () => {
  /** One tick: what happened to the counter before it, and whether its file was read anew. */
  const step = fc.record({
    grew: fc.nat(1000),
    what: fc.constantFrom('read', 'read', 'read', 'held', 'held', 'reset', 'reboot', 'absent'),
  });

  it('sums up to what was counted between readings of one boot, never less than nothing, never a spike', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.nat(1e9), (steps, start) => {
        const tell = scripted();
        let counter = start;
        let boot = 1;
        /** What the console read last, while the next reading can be compared with it. */
        let known: { value: number; text: string; uptime: number } | undefined;
        let expected = 0;
        let summed = 0;
        steps.forEach(({ grew, what }, index) => {
          const uptime = index + 1;
          counter = what === 'reset' || what === 'reboot' ? grew : counter + grew;
          if (what === 'reboot') {
            boot += 1;
            known = undefined;
          }
          let texts: Record<string, string> = { host: 'level=1', 'guest/g': `g.count=${counter}` };
          let read = uptime;
          if (what === 'absent') texts = { host: 'level=1' };
          else if (what === 'held' && known !== undefined) {
            texts = { host: 'level=1', 'guest/g': known.text };
            read = known.uptime;
          } else if (known !== undefined && counter >= known.value) expected += counter - known.value;
          const { rows } = tell(texts, { boot: `boot-${boot}`, uptimes: { 'guest/g': read } });
          const told = named(rows.find(({ guest }) => guest === 'g'))['g.count'];
          if (what === 'absent') {
            expect(told).toBeUndefined();
            known = undefined;
            return;
          }
          if (known !== undefined && read === known.uptime) expect(told).toBe(held);
          else known = { value: counter, text: `g.count=${counter}`, uptime: read };
          if (told === undefined || !Number.isFinite(told)) return;
          expect(told).toBeGreaterThanOrEqual(0);
          // Whatever the counter stood at, it cannot have grown by more than it did.
          expect(told).toBeLessThanOrEqual(steps.slice(0, index + 1).reduce((sum, one) => sum + one.grew, 0));
          summed += told;
        });
        expect(summed).toBe(expected);
      }),
      { numRuns: 300 },
    );
  });
});
