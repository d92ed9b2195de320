/** A report asked for from a shell: the same request as on the page, word by word. Pure. */
import { reportFormats } from '#shared/model/report.ts';
import type { ReportFormat, ReportRequest } from '#shared/model/report.ts';

/** Names that need no quotes stay without. */
export const shellWord = (word: string): string =>
  /^[A-Za-z0-9_./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

const units = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
] as const;
function lastWord(seconds: number): string {
  for (const [size, unit] of units) if (seconds % size === 0) return `${seconds / size}${unit}`;
  return `${Math.ceil(seconds / 60)}min`;
}

export interface CommandPlace {
  /** What a host is called, as the command takes it; its id stands for one that has no name any more. */
  nameOf(host: string): string | undefined;
  /** Of this console; undefined until it is known. */
  readonly dataDir: string | undefined;
}

/** Of guests and changes the command takes all: see `takesMore`. */
export function commandLine({ kind, span, hosts, formats }: ReportRequest, { nameOf, dataDir }: CommandPlace): string {
  const words = ['npx', 'tmem-console', 'report', kind];
  if ('lastSeconds' in span) words.push('--last', lastWord(span.lastSeconds));
  else words.push('--from', new Date(span.from).toISOString(), '--to', new Date(span.to).toISOString());
  for (const host of hosts) words.push('--host', shellWord(nameOf(host) ?? host));
  words.push('--format', formats.join(','), '--out', 'DIR');
  if (dataDir !== undefined) words.push('--data-dir', shellWord(dataDir));
  return words.join(' ');
}

/** What the command’s report has more of than the one that is asked for here. */
export function takesMore({ guests, plans }: ReportRequest): string | undefined {
  if (guests.length > 0) return 'The command takes all guests of these hosts.';
  return plans.length > 0 ? 'The command takes all changes within the span.' : undefined;
}

/** The formats that stand in it, also where none is chosen yet; in the order of the list. */
export const formatsOr = (formats: readonly ReportFormat[]): readonly ReportFormat[] =>
  formats.length === 0 ? ['pdf'] : reportFormats.filter((format) => formats.includes(format));
