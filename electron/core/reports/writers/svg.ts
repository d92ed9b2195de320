/**
 * A chart of a report as SVG, for print: vector areas with a colour and a pattern each, harm hanging below the zero
 * line on the same time axis, gaps hatched, changes marked by letters. No style attributes and nothing from outside,
 * so that it may stand in a page with the strictest policy. Called by html.ts and by the PDF without a browser.
 */
import type { ReportChart } from '#shared/model/report.ts';
import type { AreaPoint, DrawnLine } from './chart-areas.ts';
import { silences } from './chart-areas.ts';
import { chartWidth, layoutOf, left, right, textSize, type Layout, type PaneBox } from './chart-layout.ts';
import { diagonals, hatchOf, type Box } from './hatch.ts';
import { groundOf, inkOf, type Look } from './looks.ts';
import { escaped } from './plain-text.ts';
import { markers, timeAxis } from './svg-axis.ts';
import { ink, px, tag, words, type Drawing } from './svg-parts.ts';

/** @param id unique among the charts of a document. */
export function chartSvg(chart: ReportChart, id: string): string {
  const silent = silences(chart.lines, chart.from, chart.to, leastSilence(chart));
  const layout = layoutOf(chart, silent.length > 0);
  const drawing: Drawing = { ...layout, chart, id };
  const parts = [
    ...legend(drawing),
    ...timeAxis(drawing),
    ...silent.flatMap((gap) => {
      const x = drawing.xOf(gap.from);
      const width = drawing.xOf(gap.to) - x;
      return drawing.panes.map(({ top, bottom }) => silence({ x, y: top, width, height: bottom - top }));
    }),
    ...drawing.panes.flatMap((pane) => paneSvg(drawing, pane)),
    ...markers(drawing),
  ];
  const label = `${chart.title}, ${chart.resolution}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${chartWidth} ${px(layout.height)}" width="${chartWidth}" height="${px(layout.height)}" role="img" aria-label="${escaped(label)}" font-family="system-ui, Roboto, sans-serif" font-size="${textSize}">${parts.join('')}</svg>`;
}

/** Twice the usual distance of two points, and wide enough to be seen. */
function leastSilence({ lines, from, to }: ReportChart): number {
  const steps = lines.flatMap(({ at }) => at.slice(1).map((moment, i) => moment - (at[i] ?? moment)));
  steps.sort((a, b) => a - b);
  return Math.max((steps[Math.floor(steps.length / 2)] ?? 0) * 1.9, (to - from) / 400);
}

const silence = (box: Box): string =>
  tag('rect', { ...box, fill: '#ffffff' }) +
  tag('path', { d: diagonals(box, 4), stroke: ink.silence, 'stroke-width': 0.6, fill: 'none' });

function hatching(look: Look, box: Box, clip?: string): string {
  const hatch = hatchOf(look.pattern, box);
  if (hatch === undefined) return '';
  const { d, width, dash } = hatch;
  const path = tag('path', { d, stroke: inkOf(look), 'stroke-width': width, 'stroke-dasharray': dash, fill: 'none' });
  return clip === undefined ? path : `<g clip-path="url(#${clip})">${path}</g>`;
}

const hasArea = (drawn: DrawnLine['line'], look: Look): boolean => drawn.stacked === true || look.filled === true;

function dashOf(line: DrawnLine['line'], look: Look): string | undefined {
  if (hasArea(line, look)) return undefined;
  return line.dashed === true ? (look.dash ?? '5 3') : look.dash;
}

function legend({ legend: items, chart, looks }: Drawing): string[] {
  return items.flatMap(({ x, y, title, line: index }) => {
    const [line, look] = index === undefined ? [] : [chart.lines[index], looks[index]];
    const text = words(x + 22, y + 10, title);
    const frame = { x: x + 0.5, y: y + 1.5, width: 16, height: 9 };
    if (index === undefined)
      return [silence(frame), tag('rect', { ...frame, fill: 'none', stroke: ink.silence }), text];
    if (line === undefined || look === undefined) return [];
    return [
      hasArea(line, look)
        ? tag('rect', { ...frame, fill: groundOf(look) }) +
          hatching(look, frame) +
          tag('rect', { ...frame, fill: 'none', stroke: look.color })
        : tag('path', {
            d: `M${px(x)} ${px(y + 6)}H${px(x + 17)}`,
            stroke: look.color,
            'stroke-width': 1.6,
            'stroke-dasharray': dashOf(line, look),
            fill: 'none',
          }),
      text,
    ];
  });
}

function paneSvg(drawing: Drawing, pane: PaneBox): string[] {
  const { chart, looks } = drawing;
  const indexOf = (drawn: DrawnLine): number => chart.lines.indexOf(drawn.line);
  const lookAt = (index: number): Look => looks[index] ?? { color: ink.text, pattern: 'plain' };
  const areas = pane.drawn.filter((drawn) => hasArea(drawn.line, lookAt(indexOf(drawn))));
  const lines = pane.drawn.filter((drawn) => !areas.includes(drawn));
  // Areas that are no stack begin at zero and would hide each other: the larger one lies behind.
  const peak = ({ pieces }: DrawnLine): number => Math.max(0, ...pieces.flat().map(({ high }) => high));
  areas.sort((a, b) => (a.line.stacked === true || b.line.stacked === true ? 0 : peak(b) - peak(a)));
  const zero = pane.yOf(0);
  const hint = pane.mirrored ? ' (growing downwards)' : '';
  return [
    words(left, pane.titleY, `${pane.title}${hint}`, 'start', ink.muted, 'bold'),
    ...pane.scale.ticks.flatMap((tick) => {
      const y = pane.yOf(tick);
      const line = tag('path', {
        d: `M${left} ${px(y)}H${right}`,
        stroke: ink.grid,
        'stroke-width': 0.7,
        fill: 'none',
      });
      if (tick === 0 && pane.sharesZero) return [];
      return [...(tick === 0 ? [] : [line]), words(left - 6, y + 3.5, pane.scale.words(tick), 'end', ink.muted)];
    }),
    ...areas.flatMap((drawn) => area(drawing, pane, drawn, indexOf(drawn), lookAt(indexOf(drawn)))),
    ...lines.flatMap((drawn) => stroke(drawing, pane, drawn, lookAt(indexOf(drawn)))),
    tag('path', { d: `M${left} ${px(zero)}H${right}`, stroke: ink.axis, 'stroke-width': 1, fill: 'none' }),
  ];
}

function area({ xOf, id }: Drawing, pane: PaneBox, drawn: DrawnLine, index: number, look: Look): string[] {
  // One reading between two gaps has no width: a dot keeps it visible.
  const [wide, single] = [drawn.pieces.filter(isWide), drawn.pieces.filter((piece) => !isWide(piece))];
  const edges = wide.map((piece) => pathOf(piece.map(({ at, high }) => `${px(xOf(at))} ${px(pane.yOf(high))}`)));
  const outline = wide
    .map((piece, i) => {
      const back = piece.toReversed().map(({ at, low }) => `${px(xOf(at))} ${px(pane.yOf(low))}`);
      return `${edges[i] ?? ''}L${back.join('L')}Z`;
    })
    .join('');
  const dots = single.map((piece) => dot(xOf, pane, piece[0], look));
  if (outline === '') return dots;
  const clip = `${id}-l${index}`;
  const box = { x: left, y: pane.top, width: right - left, height: pane.bottom - pane.top };
  return [
    look.pattern === 'plain' ? '' : `<clipPath id="${clip}">${tag('path', { d: outline })}</clipPath>`,
    tag('path', { d: outline, fill: groundOf(look) }),
    hatching(look, box, clip),
    tag('path', { d: edges.join(''), stroke: look.color, 'stroke-width': 1, fill: 'none' }),
    ...dots,
  ];
}

const isWide = (piece: readonly AreaPoint[]): boolean => piece.length > 1;

function stroke({ xOf }: Drawing, pane: PaneBox, drawn: DrawnLine, look: Look): string[] {
  return drawn.pieces.map((piece) => {
    if (piece.length === 1) return dot(xOf, pane, piece[0], look);
    return tag('path', {
      d: pathOf(piece.map(({ at, high }) => `${px(xOf(at))} ${px(pane.yOf(high))}`)),
      stroke: look.color,
      'stroke-width': 1.4,
      'stroke-linejoin': 'round',
      'stroke-dasharray': dashOf(drawn.line, look),
      fill: 'none',
    });
  });
}

function dot(xOf: Layout['xOf'], pane: PaneBox, point: AreaPoint | undefined, look: Look): string {
  if (point === undefined) return '';
  return tag('circle', { cx: xOf(point.at), cy: pane.yOf(point.high), r: 1.4, fill: look.color });
}

const pathOf = (points: readonly string[]): string => `M${points.join('L')}`;
