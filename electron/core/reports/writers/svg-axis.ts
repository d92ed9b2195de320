/** The time axis of a chart and the changes marked on it. Called by svg.ts. */
import { chartWidth, left, right, textSize, type PaneBox } from './chart-layout.ts';
import { timeTicks } from './chart-time.ts';
import { tint } from './looks.ts';
import { textWidth } from './plain-text.ts';
import { ink, px, tag, words, type Drawing } from './svg-parts.ts';

/** Through the panes only: their titles stand between them. */
const upright = (panes: readonly PaneBox[], x: number, first?: number): string =>
  panes.map(({ top, bottom }, index) => `M${px(x)} ${px(index === 0 ? (first ?? top) : top)}V${px(bottom)}`).join('');

export function timeAxis({ chart, xOf, panes, height }: Drawing): string[] {
  const ticks = timeTicks(chart.from, chart.to, Math.floor((right - left) / 58));
  const y = height - 18;
  let free = 0;
  return ticks.flatMap(({ at, words: text, below }, index) => {
    const x = xOf(at);
    const place = (shown: string): number => {
      const half = textWidth(shown, textSize) / 2;
      return Math.min(Math.max(x, half), chartWidth - half);
    };
    const parts = [
      tag('path', { d: upright(panes, x), stroke: ink.grid, 'stroke-width': 0.7, fill: 'none' }),
      words(place(text), y, text, 'middle', ink.muted),
    ];
    if (below !== '') {
      const half = textWidth(below, textSize) / 2;
      // The day of the first tick gives way to the next one where both have no room.
      const next = ticks.slice(index + 1).find((tick) => tick.below !== '');
      const crowded = next !== undefined && xOf(next.at) - x < half * 2 + 4;
      if (x - half >= free && !(index === 0 && crowded)) {
        parts.push(words(place(below), y + 13, below, 'middle', ink.text));
        free = x + half + 4;
      }
    }
    return parts;
  });
}

/** Markers nearer than this would cover each other's letters. */
const leastApart = 24;

export function markers({ chart, xOf, markersY, panes }: Drawing): string[] {
  if (markersY === undefined) return [];
  const groups: { x: number; letters: string[] }[] = [];
  const within = chart.markers.filter(({ at }) => at >= chart.from && at <= chart.to);
  for (const { at, letter } of [...within].sort((a, b) => a.at - b.at)) {
    const x = xOf(at);
    const last = groups.at(-1);
    if (last !== undefined && x - last.x < leastApart) last.letters.push(letter);
    else groups.push({ x, letters: [letter] });
  }
  return groups.flatMap(({ x, letters }) => {
    const distinct = [...new Set(letters)];
    const text = distinct.length < 2 ? (distinct[0] ?? '') : `${distinct[0] ?? ''}–${distinct.at(-1) ?? ''}`;
    const width = textWidth(text, textSize) + 6;
    const from = Math.min(Math.max(x - width / 2, 0), chartWidth - width);
    return [
      tag('path', {
        d: upright(panes, x, markersY + 13),
        stroke: ink.text,
        'stroke-width': 0.9,
        'stroke-dasharray': '2 2',
        fill: 'none',
      }),
      tag('rect', {
        x: from,
        y: markersY,
        width,
        height: 13,
        rx: 2,
        fill: tint(ink.text, 0.08),
        stroke: ink.text,
        'stroke-width': 0.7,
      }),
      words(from + width / 2, markersY + 10, text, 'middle', ink.text, 'bold'),
    ];
  });
}
