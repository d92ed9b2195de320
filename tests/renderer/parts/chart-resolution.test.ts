import { describe, expect, it } from 'vitest';
import { meansWords, stepOf } from '../../../renderer/parts/chart-resolution.ts';
import { tickGroups } from '../../../renderer/parts/chart-ticks.ts';
import { measuredCharts } from '../../../renderer/parts/measure-charts.ts';
import { noon } from '../../support/host-view.ts';

const every = (stepMs: number, count: number, from = noon) => {
  const at = Array.from({ length: count }, (_, i) => from + i * stepMs);
  return { at, values: at.map(() => 1) };
};
const stepIn = (...lines: Parameters<typeof stepOf>[0][number][]) => stepOf(lines, noon, noon + 1e9);

describe('how fine points are', () => {
  it('is said of means, which come with their extremes', () => {
    const means = every(15_000, 20);
    expect(stepIn({ ...means, low: means.values, high: means.values })).toBe(15_000);
  });
  it('is said of sums on whole minutes, with a few readings after them', () => {
    const sums = every(300_000, 40);
    expect(stepIn({ at: [...sums.at, noon + 12_000_123], values: [...sums.values, 2] })).toBe(300_000);
  });
  it('is not said of readings', () => {
    expect(stepIn(every(5000, 100))).toBeUndefined();
    expect(stepIn(every(60_000, 100, noon + 1234))).toBeUndefined();
    expect(stepIn(every(60_000, 1))).toBeUndefined();
    expect(stepIn()).toBeUndefined();
  });
  it('is said in words', () => expect(meansWords(300_000)).toBe('means of 5\u00a0min'));
});

describe('ticks at the foot of a chart', () => {
  const tick = (at: number) => ({ key: `${at}`, at, words: `It happened ${at}.` });
  it('share a mark where they would lie on each other, and are counted where they are many', () => {
    const groups = tickGroups([...Array.from({ length: 12 }, (_, i) => tick(i / 2)), tick(50)], (at) => at, String);
    expect(groups.map(({ px }) => px)).toEqual([0, 50]);
    expect(groups[0]?.words.split('\n')).toHaveLength(9);
    expect(groups[0]?.words).toContain('and 4 more');
    expect(groups[1]?.words).toBe('50: It happened 50.');
  });
});

describe('charts by measure', () => {
  const line = (key: string, unit: 'bytes' | 'microseconds', kind: 'level' | 'counter' = 'level') => ({
    key,
    title: key,
    metric: { unit, kind },
    line: { at: [1], values: [1] },
  });
  it('hold lines of one measure, and never more than there are colours', () => {
    const charts = measuredCharts([
      ...Array.from({ length: 9 }, (_, i) => line(`b${i}`, 'bytes')),
      line('p', 'microseconds', 'counter'),
    ]);
    expect(charts.map(({ title, lines }) => [title, lines.length])).toEqual([
      ['Memory', 7],
      ['Memory (2)', 2],
      ['Share of time', 1],
    ]);
    for (const { lines } of charts) expect(new Set(lines.map(({ color }) => color)).size).toBe(lines.length);
  });
});
