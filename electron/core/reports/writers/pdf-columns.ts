/** How wide the columns of a table are in a PDF without a browser. Called by pdf-pages.ts. */
import type { ReportTable } from '#shared/model/report.ts';

/** Points on either side of what stands in a cell. */
export const padding = 4;

/** Figures get what they need, words share what is left by how long they are. Points. */
export function columnWidths({ columns, rows }: ReportTable, width: number, fontSize: number): number[] {
  const free = width - padding * 2 * (columns.length - 1);
  const longest = (index: number, words: (text: string) => number): number =>
    Math.max(words(columns[index]?.title ?? ''), ...rows.map((row) => words(row[index]?.text ?? '')));
  const longestWord = (text: string): number => Math.max(0, ...text.split(/\s/).map((word) => word.length));
  const wanted = columns.map(({ align }, index) => {
    // A title of several words may stand in several lines; a figure never does.
    const figure = Math.max(
      longestWord(columns[index]?.title ?? ''),
      ...rows.map((row) => row[index]?.text.length ?? 0),
    );
    const letters =
      align === 'right'
        ? figure
        : Math.min(
            60,
            Math.max(
              6,
              longest(index, (text) => text.length),
            ),
          );
    return letters * fontSize * 0.56 + 2;
  });
  const figures = wanted.reduce((all, one, index) => (columns[index]?.align === 'left' ? all : all + one), 0);
  const open = columns.flatMap(({ align }, index) => (align === 'left' ? [index] : []));
  let rest = free - figures;
  // So many figures that words would have no room: then everything shrinks alike.
  if (open.length === 0 || rest < open.length * 30) {
    const sum = wanted.reduce((all, one) => all + one, 0);
    return wanted.map((one) => (one * free) / sum);
  }
  // Whoever needs less than an equal share gets what it needs, the shortest first; the others share what is left.
  const widths = [...wanted];
  open.sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
  open.forEach((index, done) => {
    const share = rest / (open.length - done);
    const last = done === open.length - 1;
    widths[index] = last ? share : Math.min(wanted[index] ?? share, share);
    rest -= widths[index] ?? 0;
  });
  return widths;
}
