/**
 * `tmem-console report KIND`: a report from the history alone, without a display and without connecting to anything;
 * also while a console writes that history.
 */
import { resolve } from 'node:path';
import { reportFormats, reportKinds } from '#shared/model/report.ts';
import type { ReportFormat, ReportKind } from '#shared/model/report.ts';
import type { Command } from './command.ts';
import { UsageError } from './command.ts';
import { lastSpan, spanOf, type Span } from './span-words.ts';
import { dataDirOf, parsed, untilInterrupted } from './words.ts';

export const report: Command = {
  name: 'report',
  usage: 'tmem-console report KIND',
  summary: 'write a report from the history, without a display',
  options: [
    { words: 'KIND', summary: reportKinds.join(', ') },
    { words: '--last SPAN', summary: 'up to now: 12h, 30d (the default), 4w, 6mo, 1y' },
    { words: '--from TIME', summary: 'instead: from there, as 2026-11-01 or 2026-11-01T14:00, local time' },
    { words: '--to TIME', summary: 'up to there; now, when left out' },
    { words: '--format LIST', summary: `${reportFormats.join(', ')}; several with commas; pdf when left out` },
    { words: '--out DIR', summary: 'the folder it is written to; made when it is not there; this one when left out' },
    { words: '--host NAME', summary: 'only this host; may be given again for more' },
    { words: '--data-dir DIR', summary: "the console's directory" },
  ],
  run: (words) => {
    const asked = readWords(words, Date.now());
    // Only now the history is loaded: a help text should not wait for it.
    return untilInterrupted(async (signal) => (await import('./write-report.ts')).writeAsked(asked, signal));
  },
};

export interface Asked {
  readonly kind: ReportKind;
  readonly span: Span;
  readonly formats: readonly ReportFormat[];
  readonly out: string;
  readonly hosts: readonly string[];
  readonly dataDir: string;
  readonly now: number;
}

export function readWords(words: readonly string[], now: number): Asked {
  const { values, positionals } = parsed({
    args: [...words],
    allowPositionals: true,
    options: {
      last: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      format: { type: 'string', default: 'pdf' },
      out: { type: 'string', default: '.' },
      host: { type: 'string', multiple: true, default: [] as string[] },
      'data-dir': { type: 'string' },
    },
  });
  const kind = reportKinds.find((one) => one === positionals[0]);
  if (positionals.length !== 1 || kind === undefined)
    throw new UsageError(`report wants one kind: ${reportKinds.join(', ')}.`);
  return {
    kind,
    span: spanOf(values, now) ?? lastSpan('30d', now),
    formats: formatsOf(values.format),
    out: resolve(values.out),
    hosts: values.host,
    dataDir: dataDirOf(values['data-dir']),
    now,
  };
}

function formatsOf(list: string): readonly ReportFormat[] {
  const formats = list.split(',').map((word) => {
    const format = reportFormats.find((one) => one === word.trim().toLowerCase());
    if (format === undefined)
      throw new UsageError(`--format takes ${reportFormats.join(', ')}, several with commas, not "${word}".`);
    return format;
  });
  return [...new Set(formats)];
}
