/** The pure parts of the Host page. */
import { describe, expect, it } from 'vitest';
import type { CatalogueEntry } from '#shared/contract/samples.ts';
import type { CurrentValue, HostReading } from '#shared/model/reading.ts';
import { bytes, epochMs } from '#shared/units.ts';
import { hostSignals } from '../../../../renderer/pages/host/host-signals.ts';
import { hostVerdict } from '../../../../renderer/pages/host/host-verdict.ts';
import { docAddress, metricGroups, twoColumns } from '../../../../renderer/pages/host/metric-groups.ts';
import { poolCharts } from '../../../../renderer/pages/host/pool-lines.ts';
import { rawEntries } from '../../../../renderer/pages/host/raw-search.ts';
import { verdictText } from '../../../../renderer/parts/verdict.ts';
import { GiB, hostView, noon, states } from '../../../support/host-view.ts';

const entry = (id: string, more: Partial<CatalogueEntry> = {}): CatalogueEntry => ({
  id,
  title: id,
  unit: 'bytes',
  kind: 'level',
  instance: 'host',
  help: `What ${id} means.`,
  charted: true,
  platform: 'plain',
  ...more,
});
const value = (metric: string, amount: number | string = 1, instance = ''): CurrentValue => ({
  metric,
  instance,
  value: amount,
  source: `/file/${metric}`,
  at: epochMs(noon),
});

describe('a host in one sentence', () => {
  const says = (...given: Parameters<typeof hostView>) =>
    verdictText(hostVerdict(hostView(...given), noon)).replace(/\u00a0/g, ' ');
  const signals = { 'memory.total': 128 * GiB, 'saved.compressed': 12 * GiB, 'harm.psi-some': 0.3 } as const;

  it('says what is saved, who waits, and who is largest', () => {
    expect(
      says('a', { signals, summary: { guests: 41, worstGuest: { key: 'k', name: 'ora', pays: bytes(9 * GiB) } } }),
    ).toBe('Saves 12.0 of 128 GiB; nobody waits for memory; 41 guests, the largest ora with 9.00 GiB.');
  });
  it('says harm where there is some', () => {
    expect(says('a', { signals: { ...signals, 'harm.psi-some': 14, 'harm.swap-in': 220, 'harm.oom-kills': 1 } })).toBe(
      'Saves 12.0 of 128 GiB; some tasks waited for memory 14 % of the last 10 s; the kernel is killing processes for memory; 220 pages/s come back from swap.',
    );
  });
  it('says how old the figures are when they are', () => {
    expect(says('a', { signals, state: states.stale, summary: { at: epochMs(noon - 180_000) } })).toMatch(
      /^Last heard 3 min ago\. Saves 12.0 of 128 GiB;/,
    );
  });
  it('says what is missing before there is a figure', () => {
    expect(says('a')).toBe('Connected; the first figures are on their way.');
    expect(says('a', { state: states.refused })).toBe('db-1 refused the key.');
    expect(says('a', { signals: { 'memory.total': GiB } })).toContain('nothing tells what is saved');
  });
});

describe('metric groups', () => {
  const catalogue = [
    entry('plain.saved'),
    entry('meminfo.MemTotal'),
    entry('zram.orig_data_size', { instance: 'device' }),
    entry('zram.algorithm', { kind: 'setting', instance: 'device' }),
    entry('cgroup.memory', { instance: 'guest' }),
  ];
  const values = [
    value('plain.saved'),
    value('meminfo.MemTotal'),
    value('zram.orig_data_size', 1, 'zram0'),
    value('zram.orig_data_size', 2, 'zram1'),
    value('cgroup.memory', 1, 'g'),
    value('nobody.knows', 1),
  ];
  it('put what can be switched before what is only counted, and keep guests out', () => {
    const groups = metricGroups(catalogue, values, ({ kind }) => kind !== 'setting');
    expect(groups.map(({ name, computed, instances }) => [name, computed, instances])).toEqual([
      ['plain', true, ['']],
      ['zram', false, ['zram0', 'zram1']],
      ['meminfo', false, ['']],
    ]);
  });
  it('leave out groups without a value', () => {
    expect(metricGroups(catalogue, [], () => true)).toEqual([]);
  });
  it('stand in two columns of about the same height', () => {
    const group = (name: string, rows: number) => ({
      name,
      computed: false,
      rows: Array(rows).fill(undefined),
      instances: [''],
    });
    const columns = twoColumns([group('a', 18), group('b', 5), group('c', 5), group('d', 2)]);
    expect(columns.map((column) => column.map(({ name }) => name))).toEqual([
      ['a', 'd'],
      ['b', 'c'],
    ]);
  });
  it('lead to the kernel’s own pages', () => {
    expect(docAddress('admin-guide/mm/zswap.html')).toBe('https://docs.kernel.org/admin-guide/mm/zswap.html');
    expect(docAddress('https://example.org/x')).toBe('https://example.org/x');
    expect(docAddress(undefined)).toBeUndefined();
  });
});

describe('pool charts', () => {
  const chartsOf = (entries: CatalogueEntry[], line: (metric: string) => (number | null)[]) => {
    const [group] = metricGroups(
      entries,
      entries.map(({ id }) => value(id)),
      () => true,
    );
    if (group === undefined) return [];
    return poolCharts(group, (metric) => ({ at: [1, 2], values: line(metric) }));
  };
  it('share a chart where they share a unit, counters apart from levels', () => {
    const entries = [
      entry('m.a'),
      entry('m.b'),
      entry('m.c', { unit: 'pages', kind: 'counter' }),
      entry('m.d', { unit: 'pages' }),
    ];
    expect(chartsOf(entries, () => [1, 2]).map(({ title, lines }) => [title, lines.length])).toEqual([
      ['Memory', 2],
      ['Pages per second', 1],
      ['Pages', 1],
    ]);
  });
  it('leave what stood at zero, is unknown or is not charted to the table', () => {
    const entries = [entry('m.zero'), entry('m.unknown'), entry('m.uncharted', { charted: false }), entry('m.moves')];
    const lines = chartsOf(entries, (metric) =>
      metric === 'm.zero' ? [0, 0] : metric === 'm.unknown' ? [null, null] : [0, 3],
    );
    expect(lines.flatMap((chart) => chart.lines.map(({ title }) => title))).toEqual(['m.moves']);
  });
  it('split before colours repeat', () => {
    const entries = Array.from({ length: 8 }, (_, i) => entry(`m.${i}`));
    const charts = chartsOf(entries, () => [1, 2]);
    expect(charts.map(({ lines }) => lines.length)).toEqual([6, 2]);
    for (const { lines } of charts) expect(new Set(lines.map(({ color }) => color)).size).toBe(lines.length);
  });
});

describe('host signals', () => {
  it('say where they come from, and leave out what nobody tells', () => {
    const catalogue = [
      entry('zswap.saved', { signal: 'saved.compressed' }),
      entry('zram.saved', { signal: 'saved.compressed' }),
    ];
    const signals = hostSignals(
      (signal) => ({ at: [1], values: signal === 'saved.compressed' ? [5] : [null] }),
      catalogue,
      [value('zswap.saved'), value('zram.saved')],
    );
    expect(signals).toEqual({
      'saved.compressed': { at: [1], values: [5], source: '/file/zswap.saved + /file/zram.saved' },
    });
  });
});

describe('the raw reading', () => {
  const reading: HostReading = {
    host: 'h',
    at: epochMs(noon),
    values: [],
    pools: [],
    files: [
      { source: '$ virsh list', text: 'one', at: epochMs(noon) },
      { source: '/proc/vmstat', text: 'pswpin 3', at: epochMs(noon) },
    ],
    unread: [{ source: '/sys/kernel/debug/zswap', why: 'refused', words: 'Permission denied' }],
    troubles: [],
  };
  it('lists files by path, then commands, with what could not be read', () => {
    expect(rawEntries(reading, '').map(({ source, why }) => [source, why])).toEqual([
      ['/proc/vmstat', undefined],
      ['/sys/kernel/debug/zswap', 'refused'],
      ['$ virsh list', undefined],
    ]);
  });
  it('searches names and text', () => {
    expect(rawEntries(reading, 'PSWPIN').map(({ source }) => source)).toEqual(['/proc/vmstat']);
    expect(rawEntries(reading, 'permission').map(({ source }) => source)).toEqual(['/sys/kernel/debug/zswap']);
    expect(rawEntries(reading, 'nowhere')).toEqual([]);
  });
});
