/** Charts on paper: what is where, that nothing covers anything, and that no name can break out of its text. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReportChart } from '#shared/model/report.ts';
import { textWidth } from '#core/reports/writers/plain-text.ts';
import { chartSvg } from '#core/reports/writers/svg.ts';
import { gib, hostile, sampleChart, sampleTo } from '../../../../support/report-sample.ts';

interface Box {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function texts(svg: string): Box[] {
  return [...svg.matchAll(/<text x="([-\d.]+)" y="([-\d.]+)" text-anchor="(\w+)"[^>]*>([^<]*)<\/text>/g)].map(
    ([, x, y, anchor, raw = '']) => {
      const text = raw.replace(/&\w+;|&#\d+;/g, 'x');
      // The estimate is on the wide side: what is asked of the layout is asked of the text as it comes out.
      const width = textWidth(text, 10) * 0.93;
      const left = Number(x) - (anchor === 'middle' ? width / 2 : anchor === 'end' ? width : 0);
      return { text, left, right: left + width, top: Number(y) - 7, bottom: Number(y) + 1.5 };
    },
  );
}

function overlaps(boxes: readonly Box[]): string[] {
  return boxes.flatMap((one, index) =>
    boxes
      .slice(index + 1)
      .filter(
        (other) => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom,
      )
      .map((other) => `${one.text} covers ${other.text}`),
  );
}

const pathsWith = (svg: string, stroke: string): string[] =>
  [...svg.matchAll(/<path d="([^"]*)"([^>]*)>/g)]
    .filter(([, , rest = '']) => rest.includes(`stroke="${stroke}"`))
    .map(([, d = '']) => d);

const simple = (
  changes: Partial<ReportChart>,
  values: (number | null)[],
  unit: ReportChart['panes'][0]['unit'] = 'bytes',
): ReportChart => ({
  id: 'x',
  title: 'X',
  from: 0,
  to: (values.length - 1) * 60_000,
  resolution: 'means of 1 minute',
  panes: [{ id: 'a', title: 'A', unit }],
  lines: [{ title: 'L', look: 'harm-swap', pane: 'a', at: values.map((_, i) => i * 60_000), values }],
  markers: [],
  ...changes,
});

describe('a chart', () => {
  it('has no text over another, from an hour to ten years', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 24 * 3650 }), fc.integer({ min: 0, max: 86_400_000 }), (hours, shift) => {
        const chart = sampleChart(Math.min(hours, 400), sampleTo + shift);
        const from = chart.to - hours * 3_600_000;
        expect(overlaps(texts(chartSvg({ ...chart, from }, 'c')))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('keeps its text within the drawing and readable in print', () => {
    const svg = chartSvg(sampleChart(), 'c');
    const [, width] = /viewBox="0 0 (\d+)/.exec(svg) ?? [];
    // A4 leaves 180 mm, which is 680 px of 1/96 inch.
    const scale = 680 / Number(width);
    expect(Number(/font-size="(\d+)"/.exec(svg)?.[1]) * scale).toBeGreaterThanOrEqual(9);
    expect(svg).not.toMatch(/<text[^>]*font-size/);
    for (const { left, right, text } of texts(svg)) {
      expect([text, left >= 0]).toEqual([text, true]);
      expect([text, right <= Number(width)]).toEqual([text, true]);
    }
  });

  it('grows upwards when upright and downwards when mirrored, on one time axis', () => {
    const values = [1, 2, 3, 4].map((one) => one * 10);
    const at = [0, 1, 2, 3].map((i) => i * 60_000);
    const line = (look: string, pane: string) => ({ title: look, look, pane, at, values });
    const svg = chartSvg(
      {
        ...simple({}, values),
        panes: [
          { id: 'up', title: 'Up', unit: 'count' },
          { id: 'down', title: 'Down', unit: 'count', mirrored: true },
        ],
        lines: [line('harm-swap', 'up'), line('harm-rejects', 'down')],
      },
      'c',
    );
    const points = (stroke: string): [number, number][] =>
      (pathsWith(svg, stroke).at(-1) ?? '')
        .slice(1)
        .split('L')
        .map((point) => point.split(' ').map(Number) as [number, number]);
    const [up, down] = [points('#6e3410'), points('#8c2f5b')];
    expect(up.map(([x]) => x)).toEqual(down.map(([x]) => x));
    expect(up.map(([, y]) => y)).toEqual([...up.map(([, y]) => y)].sort((a, b) => b - a));
    expect(down.map(([, y]) => y)).toEqual([...down.map(([, y]) => y)].sort((a, b) => a - b));
    expect(Math.min(...down.map(([, y]) => y))).toBeGreaterThan(Math.max(...up.map(([, y]) => y)));
  });

  it('breaks a line at a gap, keeps a lone reading as a dot, and hatches the silence', () => {
    const svg = chartSvg(simple({}, [1, 2, null, null, null, 3, null, null, null, 4, 5]), 'c');
    // The legend's own stroke is the first.
    expect(pathsWith(svg, '#6e3410').length).toBe(1 + 2);
    expect(svg.match(/<circle /g)?.length).toBe(1);
    expect(svg).toContain('No readings');
    expect(chartSvg(simple({}, [1, 2, 3, 4]), 'c')).not.toContain('No readings');
  });

  it('stacks: the upper area stands on the lower one', () => {
    const at = [0, 60_000];
    const svg = chartSvg(
      {
        ...simple({}, [0, 0]),
        lines: [
          { title: 'a', look: 'compressed', pane: 'a', stacked: true, at, values: [2 * gib, 2 * gib] },
          { title: 'b', look: 'merged', pane: 'a', stacked: true, at, values: [1 * gib, 1 * gib] },
        ],
      },
      'c',
    );
    const top = (stroke: string): number => Number((pathsWith(svg, stroke).at(-1) ?? '').split(/[ML ]/)[2]);
    const zero = Number(/>0<\/text>/.test(svg) ? /y="([\d.]+)"[^>]*>0<\/text>/.exec(svg)?.[1] : NaN) - 3.5;
    expect(zero - top('#a06900')).toBeCloseTo((zero - top('#0b7a75')) * 1.5, 0);
    expect(svg).toMatch(/>3\u00a0GiB<|>2\u00a0GiB</);
  });

  it('tells areas apart without colour', () => {
    const svg = chartSvg(sampleChart(), 'c');
    const clips = [...svg.matchAll(/<clipPath id="(c-l\d+)">/g)].map(([, id]) => id);
    expect(clips).toEqual(['c-l1', 'c-l2', 'c-l3', 'c-l6']);
    const [cache, rejects] = ['#1f6fb5', '#8c2f5b'].map(
      (stroke) => new RegExp(`stroke="${stroke}"[^>]*stroke-dasharray="([^"]*)"`).exec(svg)?.[1],
    );
    expect(cache).not.toBe(rejects);
  });

  it('writes names as text, asks for nothing from outside, and has no inline style', () => {
    const all = Object.values(hostile);
    const base = sampleChart(48);
    const svg = chartSvg(
      {
        ...base,
        title: hostile.script,
        lines: base.lines.map((line, i) => ({ ...line, title: all[i] ?? '' })),
        panes: base.panes.map((pane) => ({ ...pane, title: hostile.script })),
        markers: [{ at: base.from + 3_600_000, letter: '<b>"', title: hostile.script }],
      },
      'c',
    );
    expect(svg).not.toMatch(/<script|<img|<b>|style=|href|url\((?!#)|\u202e|\u0007/);
    expect(svg).toContain('&lt;script&gt;');
    // Whatever is a tag is one of ours.
    const tags = new Set([...svg.matchAll(/<\/?([^\s/>]+)/g)].map(([, name]) => name));
    expect([...tags].sort()).toEqual(
      ['circle', 'clipPath', 'g', 'path', 'rect', 'svg', 'text'].filter((tag) => tags.has(tag)),
    );
  });

  it('draws an empty chart, a single reading, and figures below zero', () => {
    for (const values of [[], [null], [5], [-3 * gib, -1 * gib, 2 * gib], [0, 0]]) {
      const svg = chartSvg({ ...simple({}, values), to: 600_000 }, 'c');
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
      expect(overlaps(texts(svg))).toEqual([]);
    }
  });

  it('draws of two years of hours no more than paper shows', () => {
    expect(chartSvg(sampleChart(24 * 730), 'c').length).toBeLessThan(400_000);
  });
});
