/** Reports in words: what each kind answers, formats, states, and what a request is about. Pure. */
import type {
  ReportFile,
  ReportFormat,
  ReportInfo,
  ReportKind,
  ReportRequest,
  ReportSchedule,
} from '#shared/model/report.ts';
import { spanWords } from '../savings/span.ts';

export const kinds: readonly { readonly id: ReportKind; readonly title: string; readonly answers: string }[] = [
  { id: 'savings', title: 'Savings', answers: 'What did we save, what did it cost, and what should we do next.' },
  {
    id: 'host-health',
    title: 'Host health',
    answers: 'Which hosts are short of memory, how often guests waited, and where it got worse.',
  },
  { id: 'guest', title: 'Guests', answers: 'What each guest was promised, used and paid, and where it can be helped.' },
  {
    id: 'change-impact',
    title: 'Change impact',
    answers: 'What each change did to memory saved and to pressure, before and after.',
  },
  {
    id: 'inventory',
    title: 'Inventory',
    answers: 'Which hosts and guests there are, with kernel, memory and what is switched on.',
  },
];
export const kindTitle = (id: ReportKind): string => kinds.find((kind) => kind.id === id)?.title ?? id;

export const formats: readonly { readonly id: ReportFormat; readonly title: string; readonly about: string }[] = [
  { id: 'pdf', title: 'PDF', about: 'to print and to send' },
  { id: 'html', title: 'HTML', about: 'one file for a browser, without scripts' },
  { id: 'xlsx', title: 'XLSX', about: 'every figure as a number in a sheet' },
  { id: 'csv', title: 'CSV', about: 'the tables as plain text' },
  { id: 'json', title: 'JSON', about: 'everything, for programs' },
];
export const formatTitle = (id: ReportFormat): string => formats.find((format) => format.id === id)?.title ?? id;

export interface FormatFiles {
  readonly format: ReportFormat;
  readonly files: readonly ReportFile[];
}
/** By format: tables as plain text are several files. */
export const byFormat = (files: readonly ReportFile[]): readonly FormatFiles[] =>
  formats.flatMap(({ id }) => {
    const mine = files.filter(({ format }) => format === id);
    return mine.length === 0 ? [] : [{ format: id, files: mine }];
  });
/** `hosts` of `savings-2026-11-24-hosts.csv`. */
export const tableWord = (name: string): string => name.replace(/^.*\d{4}-\d\d-\d\d-/, '').replace(/\.[a-z]+$/, '');

export const stateWords: { readonly [state in ReportInfo['state']]: string } = {
  waiting: 'Waits for its turn',
  making: 'Being made',
  done: 'Made',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

const many = (size: number, one: string): string => (size === 1 ? `1 ${one}` : `${size} ${one}s`);

/** `Savings of all hosts, the last 30 days`. */
export function requestWords({ kind, span, hosts, guests, plans }: ReportRequest): string {
  const of =
    plans.length > 0
      ? many(plans.length, 'change')
      : guests.length > 0
        ? many(guests.length, 'guest')
        : hosts.length > 0
          ? many(hosts.length, 'host')
          : 'all hosts';
  return `${kindTitle(kind)} of ${of}, ${spanWords(span)}`;
}

export const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

/** `09:05` for 545. */
export const clockOf = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

export function everyWords({ every, weekday, minute }: Pick<ReportSchedule, 'every' | 'weekday' | 'minute'>): string {
  const at = `at ${clockOf(minute)}`;
  if (every === 'day') return `Every day ${at}`;
  if (every === 'month') return `On the first of each month ${at}`;
  return `Every ${weekdays[weekday - 1] ?? ''} ${at}`;
}
