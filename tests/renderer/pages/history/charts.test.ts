import { describe, expect, it } from 'vitest';
import { chartColumns, resolutionWords } from '../../../../renderer/pages/history/history-charts.ts';
import { entityName, findEntities } from '../../../../renderer/pages/history/history-entities.ts';
import { eventCounts, markersOfEvents, ticksOfEvents } from '../../../../renderer/pages/history/history-events.ts';
import { metricChoices, metricInfo } from '../../../../renderer/pages/history/history-metrics.ts';
import { entityId, seriesId } from '../../../../renderer/pages/history/history-query.ts';
import { historyVerdict, statusWords } from '../../../../renderer/pages/history/history-words.ts';
import type { HistoryLine } from '../../../../renderer/pages/history/read-history.ts';
import type { PlanMarker } from '../../../../renderer/stores/plan-markers.ts';
import type { HistoryEvent, HistoryEventKind, HistoryKey } from '#shared/model/history.ts';
import { epochMs } from '#shared/units.ts';
import { noon } from '../../../support/host-view.ts';
import { day, entity, entries, recording } from './history-support.ts';

const catalogue = new Map(entries.map((entry) => [entry.id, entry]));
const key = (host: string, metric: string, instance = ''): HistoryKey => ({ host, guest: '', metric, instance });
const line = (values: (number | null)[], more: Partial<HistoryLine> = {}): HistoryLine => ({
  at: values.map((_, i) => noon + i * 60_000),
  values,
  resolution: { tier: 'minute', stepMs: 60_000 },
  ...more,
});
const nameOf = ({ host }: Pick<HistoryKey, 'host'>): string => host;
const inputOf = (lines: readonly (readonly [HistoryKey, HistoryLine])[], apart = false) => ({
  view: { series: lines.map(([one]) => one), apart },
  answer: { lines: new Map(lines.map(([one, drawn]) => [seriesId(one), drawn])), damaged: 0 },
  earlier: undefined,
  catalogue,
  nameOf,
});

describe('charts', () => {
  it('are one for each way of measuring, and name the host where there are several', () => {
    const [all] = chartColumns(
      inputOf([
        [key('a', 'zswap.stored'), line([1])],
        [key('b', 'signal.saved.merged'), line([2])],
        [key('a', 'vmstat.pswpin'), line([3])],
        [key('a', 'signal.harm.psi-some'), line([4])],
      ]),
    );
    expect(all?.charts.map((chart) => [chart?.title, chart?.lines.map(({ title }) => title)])).toEqual([
      ['Memory', ['Title of zswap.stored, a', 'Saved by merging, b']],
      ['Pages per second', ['Title of vmstat.pswpin, a']],
      ['Percent', ['Some tasks wait for memory, a']],
    ]);
    expect(all?.charts.map((chart) => chart?.resolution)).toEqual(Array(3).fill('means of 1\u00a0min'));
  });
  it('stay where a series has nothing to draw, so that nobody wonders where it went', () => {
    const input = inputOf([[key('a', 'zswap.stored'), line([1])]]);
    const [all] = chartColumns({ ...input, answer: { lines: new Map(), damaged: 0 } });
    expect(all?.charts.map((chart) => [chart?.title, chart?.lines[0]?.at, chart?.resolution])).toEqual([
      ['Memory', [], undefined],
    ]);
  });
  it('side by side have the same rows and the same scale', () => {
    const columns = chartColumns(
      inputOf(
        [
          [key('a', 'zswap.stored'), line([10], { low: [1], high: [500] })],
          [key('b', 'zswap.stored'), line([70])],
          [key('b', 'vmstat.pswpin'), line([3])],
        ],
        true,
      ),
    );
    expect(columns.map(({ name, charts }) => [name, charts.map((chart) => chart?.title)])).toEqual([
      ['a', ['Memory', undefined]],
      ['b', ['Memory', 'Pages per second']],
    ]);
    expect(columns.map(({ charts }) => charts[0]?.pane.atLeast)).toEqual([500, 500]);
  });
  it('draw the earlier span dashed in the same colour, with nothing where there was nothing', () => {
    const [a, b] = [key('a', 'zswap.stored'), key('a', 'signal.saved.merged')];
    const then = new Map([[seriesId(a), line([9], { low: [8], high: [10] })]]);
    const earlier = { span: { from: 0, to: 1 }, shiftMs: 1, words: 'a day before', sentence: '', lines: then };
    const [all] = chartColumns({
      ...inputOf([
        [a, line([1])],
        [b, line([2])],
      ]),
      earlier,
    });
    const drawn = all?.charts[0]?.lines ?? [];
    expect(drawn.map(({ title, dashed }) => [title, dashed ?? false])).toEqual([
      ['Title of zswap.stored', false],
      ['Title of zswap.stored, a day before', true],
      ['Saved by merging', false],
    ]);
    expect(drawn[1]?.color).toBe(drawn[0]?.color);
    expect(drawn[1]?.low).toBeUndefined();
  });
  it('say how fine they are by their coarsest line, readings as readings', () => {
    const raw = line([1], { resolution: { tier: 'raw', stepMs: 5000 } });
    expect(resolutionWords([raw])).toBe('a reading every 5\u00a0s');
    expect(resolutionWords([raw, line([1])])).toBe('means of 1\u00a0min');
    expect(resolutionWords([{ ...raw, low: [1], high: [1] }])).toBe('means of 5\u00a0s');
    expect(resolutionWords([])).toBeUndefined();
  });
});

describe('figures to pick from', () => {
  it('come by group, signals first, and are found by every word', () => {
    const columns = [
      { metric: 'zram.used', instance: 'zram10', kind: 'level' as const },
      { metric: 'zram.used', instance: 'zram2', kind: 'level' as const },
      { metric: 'gone.metric', instance: '', kind: 'counter' as const },
      { metric: 'signal.harm.swap-in', instance: '', kind: 'level' as const },
    ];
    const found = (search: string) =>
      metricChoices(columns, catalogue, search).map(({ group, choices }) => [group, choices.map(({ title }) => title)]);
    expect(found('')).toEqual([
      ['Savings, cost and memory', ['Pages back from swap']],
      ['zram', ['Title of zram.used zram2', 'Title of zram.used zram10']],
      ['gone', ['gone.metric']],
    ]);
    expect(found('zram10 title')).toEqual([['zram', ['Title of zram.used zram10']]]);
    expect(found('nothing')).toEqual([]);
  });
  it('are measured as what they are, also where the catalogue does not know them', () => {
    expect(metricInfo('signal.harm.psi-full', catalogue).measure).toEqual({ unit: 'percent', kind: 'level' });
    expect(metricInfo('signal.harm.swap-in', catalogue).measure).toEqual({ unit: 'pages', kind: 'counter' });
    expect(metricInfo('signal.memory.total', catalogue).measure).toEqual({ unit: 'bytes', kind: 'level' });
    expect(metricInfo('x.y', catalogue, 'counter')).toMatchObject({ title: 'x.y', measure: { kind: 'counter' } });
  });
});

describe('hosts and guests', () => {
  const all = [
    entity('id-db-1', 'g1', 'web', noon),
    entity('id-db-1', '', 'db-1', noon),
    entity('id-old-1', '', 'web-host', noon - 9 * day),
  ];
  it('are found by every word, hosts first', () => {
    expect(findEntities(all, 'web').shown.map(({ name }) => name)).toEqual(['web-host', 'web']);
    expect(findEntities(all, 'web db-1').shown.map(({ name }) => name)).toEqual(['web']);
  });
  it('are cut where there are thousands, and counted', () => {
    const many = Array.from({ length: 5000 }, (_, i) => entity('id-db-1', `g${i}`, `vm-${i}`, noon));
    const found = findEntities(many, 'vm');
    expect([found.shown.length, found.more]).toEqual([60, 4940]);
    expect(found.shown[2]?.name).toBe('vm-2');
  });
  it('are called as they were last, by their key where nobody told', () => {
    const byId = new Map(all.map((one) => [entityId(one), one]));
    expect(entityName({ host: '', guest: '' }, byId)).toBe('Fleet');
    expect(entityName({ host: 'id-db-1', guest: 'g1' }, byId)).toBe('web on db-1');
    expect(entityName({ host: 'x', guest: 'g9' }, byId)).toBe('g9 on x');
  });
});

describe('what happened', () => {
  const event = (kind: HistoryEventKind, minutes: number, more: Partial<HistoryEvent> = {}): HistoryEvent => ({
    at: epochMs(noon + minutes * 60_000),
    kind,
    host: 'h1',
    words: 'It happened.',
    ...more,
  });
  it('is a lettered marker where somebody did it, with what is still known of the plan', () => {
    const known = { plan: 'p1', ended: false, key: 'p1', at: noon, letter: 'A', title: 'Compress' } as PlanMarker;
    const markers = markersOfEvents(
      [
        event('change-undone', 9, { plan: 'p1', letter: 'A', words: 'Compress was undone.' }),
        event('change', 1, { plan: 'p1', letter: 'A' }),
        event('reboot', 2),
      ],
      [known],
    );
    expect(markers.map(({ letter, ended, title, words }) => [letter, ended, title, words])).toEqual([
      ['A', false, 'Compress', undefined],
      ['A', true, 'Change', 'Compress was undone.'],
    ]);
    expect(markers[1]?.to).toEqual({ name: 'plan', params: { plan: 'p1' } });
  });
  it('is a small tick where a host did it by itself, in order of time', () => {
    const ticks = ticksOfEvents(
      [event('reset', 5, { words: 'Counters of db-1 began anew.' }), event('reboot', 2), event('change', 1)],
      () => 'db-1',
    );
    expect(ticks.map(({ words }) => words)).toEqual(['db-1: It happened.', 'Counters of db-1 began anew.']);
  });
  it('is counted in words', () => {
    expect(eventCounts([event('change', 1), event('change', 2), event('reboot', 1), event('reset', 1)])).toEqual([
      '2 changes',
      '1 reboot',
    ]);
  });
});

describe('sentences', () => {
  const shown = { from: noon - 3_600_000, to: noon };
  it('say what is shown', () => {
    const view = {
      names: ['a', 'b', 'c'],
      series: 5,
      shown,
      live: true,
      resolution: 'a reading every 5 s',
      events: [],
    };
    expect(historyVerdict(view)).toBe('5 figures of a and 2 others, the last 1\u00a0h, a reading every 5 s.');
    expect(historyVerdict({ ...view, names: ['a', 'b'], series: 2, resolution: 'means of 1 min' })).toBe(
      '2 figures of a and b, the last 1\u00a0h, in means of 1 min.',
    );
  });
  it('say how the recording is doing', () => {
    expect(statusWords(recording)).toEqual({
      kept: expect.stringContaining('1.00\u00a0MiB of 2.00\u00a0GiB on the disk') as string,
    });
    expect(statusWords({ ...recording, state: 'off', because: 'Another console has it.', tiers: [] })).toEqual({
      kept: '',
      warning: 'There is no history: nothing is recorded, and nothing from before can be read. Another console has it.',
    });
    expect(statusWords({ ...recording, file: '' }).kept).toContain('in memory only, until the console ends');
  });
});
