/** A pattern per mechanism, so that a grey print or an eye that sees colours otherwise can tell areas apart. */
import type { PatternName } from './chart-lines.ts';

const size = 8;

/** Made once: a chart asks for its fills at every drawing. */
const made = new Map<string, CanvasPattern>();

/** @param ground fills the area, `ink` draws the pattern on it; both are colours a canvas understands. */
export function areaFill(pattern: PatternName, ground: string, ink: string, ratio: number): string | CanvasPattern {
  if (pattern === 'plain') return ground;
  const key = [pattern, ground, ink, ratio].join(' ');
  const known = made.get(key);
  if (known !== undefined) return known;
  const tile = document.createElement('canvas');
  tile.width = tile.height = size * ratio;
  const pen = tile.getContext('2d');
  if (pen === null) return ground;
  pen.scale(ratio, ratio);
  pen.fillStyle = ground;
  pen.fillRect(0, 0, size, size);
  pen.strokeStyle = pen.fillStyle = ink;
  pen.lineWidth = 1;
  draw[pattern](pen);
  const fill = pen.createPattern(tile, 'repeat');
  if (fill === null) return ground;
  fill.setTransform(new DOMMatrix().scale(1 / ratio));
  // Themes and zoom steps are few; a cache that grew beyond them is dropped.
  if (made.size > 200) made.clear();
  made.set(key, fill);
  return fill;
}

const lines = (pen: CanvasRenderingContext2D, ...from: [number, number, number, number][]): void => {
  pen.beginPath();
  for (const [x1, y1, x2, y2] of from) {
    pen.moveTo(x1, y1);
    pen.lineTo(x2, y2);
  }
  pen.stroke();
};

const draw: Record<Exclude<PatternName, 'plain'>, (pen: CanvasRenderingContext2D) => void> = {
  diagonal: (pen) => lines(pen, [-1, 1, 1, -1], [0, size, size, 0], [size - 1, size + 1, size + 1, size - 1]),
  dots: (pen) => {
    for (const [x, y] of [
      [2, 2],
      [6, 6],
    ] as const)
      pen.fillRect(x - 0.75, y - 0.75, 1.5, 1.5);
  },
  grid: (pen) => lines(pen, [0, 0.5, size, 0.5], [0.5, 0, 0.5, size]),
  horizontal: (pen) => lines(pen, [0, 2.5, size, 2.5], [0, 6.5, size, 6.5]),
};
