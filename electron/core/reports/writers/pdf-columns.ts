/** How wide the columns of a table are in a PDF without a browser. Called by pdf-pages.ts. */
import type { ReportTable } from '#shared/model/report.ts';

/** Points on either side of what stands in a cell. */
export const padding = 4;

/** A line of words is broken where it is longer than this. */
const longestLine = 160;

/** Figures get what they need, words share what is left by how long their lines are. Points. */
export function columnWidths({ columns, rows }: ReportTable, width: number, fontSize: number): number[] {
  const free = width - padding * 2 * (columns.length - 1);
  const longest = (index: number, words: (text: string) => number): number =>
    Math.max(words(columns[index]?.title ?? ''), ...rows.map((row) => words(row[index]?.text ?? '')));
  const longestWord = (text: string): number => Math.max(0, ...text.split(/\s/).map((word) => word.length));
  const wanted = columns.map(({ align }, index) => {
    // A title of several words may stand in several lines; a figure never does.
    const figure = Math.max(
      // In bold, which is wider.
      longestWord(columns[index]?.title ?? '') * 1.1,
      ...rows.map((row) => row[index]?.text.length ?? 0),
    );
    const letters =
      align === 'right'
        ? figure
        : Math.min(
            longestLine,
            Math.max(
              6,
              longest(index, (text) => Math.max(...text.split('\n').map((line) => line.length))),
            ),
          );
    return letters * fontSize * 0.56 + 2;
  });
  const figures = wanted.reduce((all, one, index) => (columns[index]?.align === 'left' ? all : all + one), 0);
  const open = columns.flatMap(({ align }, index) => (align === 'left' ? [index] : []));
  let rest = free - figures;
  // So many figures that words would have no room: then everything shrinks alike.
  if (open.length === 0 || rest < open.length * 30) {
    // A long name is broken sooner than a figure.
    const least = wanted.map((one, index) => (columns[index]?.align === 'left' ? Math.min(one, fontSize * 9) : one));
    const sum = least.reduce((all, one) => all + one, 0);
    return least.map((one) => (one * free) / sum);
  }
  // Whoever needs less than its share gets what it needs, the shortest first; the others share what is left. Twice as
  // long is not twice as wide: a short column would be broken into single words beside a paragraph.
  const widths = [...wanted];
  const weight = (index: number): number => Math.sqrt(wanted[index] ?? 0);
  open.sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
  open.forEach((index, done) => {
    const weights = open.slice(done).reduce((sum, one) => sum + weight(one), 0);
    const share = (rest * weight(index)) / weights;
    const last = done === open.length - 1;
    widths[index] = last ? share : Math.min(wanted[index] ?? share, share);
    rest -= widths[index] ?? 0;
  });
  return widths;
}
