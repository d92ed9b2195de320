/**
 * What is on the screen as CSV: one row for each moment, one column for each line, with the lowest and highest beside
 * means. Times in UTC, figures in full. Names come from hosts, and a spreadsheet would run one that looks like a
 * formula: such text is made plain. Pure.
 */
import { cut, momentsOf } from '../../parts/chart-data.ts';
import type { TimeLine } from '../../parts/chart-lines.ts';
import type { Measure } from '../../parts/measure-charts.ts';
import type { TimeSpan } from '../../parts/time-view.ts';

export interface CsvLine {
  readonly title: string;
  /** `bytes`, `pages per second`. */
  readonly unit: string;
  readonly line: TimeLine;
}

/** A counter is shown as its rate. */
export const unitOf = ({ unit, kind }: Measure): string => (kind === 'counter' ? `${unit} per second` : unit);

export function csvOf(lines: readonly CsvLine[], { from, to }: TimeSpan): string {
  const parts = lines.map(({ title, unit, line }) => ({ head: `${title} (${unit})`, line: cut(line, from, to) }));
  const columns = parts.flatMap(({ head, line: { at, values, low, high } }) => {
    const column = (name: string, of: readonly (number | null)[]) => ({
      head: name,
      values: new Map(at.map((moment, i) => [moment, of[i] ?? null])),
    });
    return [
      column(head, values),
      ...(low === undefined || high === undefined
        ? []
        : [column(`${head}, lowest`, low), column(`${head}, highest`, high)]),
    ];
  });
  const moments = momentsOf(
    parts.map(({ line }) => line),
    from,
    to,
  ).filter((at) => at >= from && at <= to);
  const rows = [
    ['time', ...columns.map(({ head }) => textCell(head))],
    ...moments.map((at) => [
      new Date(at).toISOString(),
      ...columns.map(({ values }) => numberCell(values.get(at) ?? null)),
    ]),
  ];
  return rows.map((row) => `${row.join(',')}\r\n`).join('');
}

/** A gap is an empty cell, never a zero. */
const numberCell = (value: number | null): string => (value === null || !Number.isFinite(value) ? '' : String(value));

/** Quoted where a comma or a quote would break the row; an apostrophe keeps a spreadsheet from running it. */
export function textCell(text: string): string {
  const plain = /^[\s]*[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
