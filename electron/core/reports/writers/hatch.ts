/**
 * The patterns of a chart's areas, as lines: a few long ones over the whole box, which the area's outline cuts out.
 * SVG's own pattern tiles show their seams in some PDF writers and are spelled out tile by tile, by the megabyte, in
 * others. Called by svg.ts.
 */
import type { PatternName } from './looks.ts';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Hatch {
  readonly d: string;
  readonly width: number;
  readonly dash?: string;
}

const px = (value: number): string => String(Math.round(value * 100) / 100);

/** Within the box; undefined for the pattern without one. */
export function hatchOf(pattern: PatternName, box: Box): Hatch | undefined {
  switch (pattern) {
    case 'plain':
      return undefined;
    case 'diagonal':
      return { d: diagonals(box, 7), width: 1 };
    case 'dots':
      return { d: rows(box, 3.5, 3), width: 1.5, dash: '1.5 4.5' };
    case 'grid':
      return { d: `${rows(box, 8)}${columns(box, 8)}`, width: 0.9 };
    case 'horizontal':
      return { d: rows(box, 4), width: 0.9 };
  }
}

/** @param shift every other row begins so much further right. */
function rows({ x, y, width, height }: Box, step: number, shift = 0): string {
  let d = '';
  // From multiples of the step, so that the lines of two areas meet.
  for (let row = Math.ceil((y + 0.5) / step); row * step < y + height; row++)
    d += `M${px(x + (row % 2 === 0 ? 0 : Math.min(shift, width)))} ${px(row * step)}H${px(x + width)}`;
  return d;
}

function columns({ x, y, width, height }: Box, step: number): string {
  let d = '';
  for (let column = Math.ceil((x + 0.5) / step); column * step < x + width; column++)
    d += `M${px(column * step)} ${px(y)}V${px(y + height)}`;
  return d;
}

/** Rising to the right, each cut at the edges of the box. */
export function diagonals({ x, y, width, height }: Box, step: number): string {
  let d = '';
  for (let line = Math.ceil((x + y) / step); line * step < x + width + y + height; line++) {
    const sum = line * step;
    const from = Math.max(x, sum - (y + height));
    const to = Math.min(x + width, sum - y);
    if (to > from) d += `M${px(from)} ${px(sum - from)}L${px(to)} ${px(sum - to)}`;
  }
  return d;
}
