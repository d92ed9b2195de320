/** `tmem-console history export`: what was seen over time, as CSV or Parquet for other programs. */
import { resolve } from 'node:path';
import { tiers, type Tier } from '#shared/model/history.ts';
import type { Command } from './command.ts';
import { UsageError } from './command.ts';
import { spanOf, type Span } from './span-words.ts';
import { dataDirOf, parsed, untilInterrupted } from './words.ts';

export const exportFormats = ['csv', 'parquet'] as const;

export const history: Command = {
  name: 'history',
  usage: 'tmem-console history export',
  summary: 'write the history as CSV or Parquet',
  options: [
    { words: '--out FILE', summary: 'a file that is not there yet' },
    { words: '--format FORMAT', summary: `${exportFormats.join(' or ')}; by the ending of FILE when left out` },
    { words: '--tier TIER', summary: 'raw: each reading; minute (the default) or hour: means, and rates of counters' },
    { words: '--last SPAN', summary: 'up to now: 12h, 30d, 4w, 6mo, 1y; all there is when no span is given' },
    { words: '--from TIME', summary: 'from there, as 2026-11-01 or 2026-11-01T14:00, local time' },
    { words: '--to TIME', summary: 'up to there; now, when left out' },
    { words: '--host NAME', summary: 'only this host; may be given again for more' },
    { words: '--data-dir DIR', summary: "the console's directory" },
  ],
  run: (words) => {
    const asked = readWords(words, Date.now());
    return untilInterrupted(async (signal) => (await import('./export-history.ts')).exportHistory(asked, signal));
  },
};

export interface AskedHistory {
  readonly out: string;
  readonly format: (typeof exportFormats)[number];
  readonly tier: Tier;
  readonly span: Span | undefined;
  readonly hosts: readonly string[];
  readonly dataDir: string;
}

export function readWords(words: readonly string[], now: number): AskedHistory {
  const { values, positionals } = parsed({
    args: [...words],
    allowPositionals: true,
    options: {
      out: { type: 'string' },
      format: { type: 'string' },
      tier: { type: 'string', default: 'minute' },
      last: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      host: { type: 'string', multiple: true, default: [] as string[] },
      'data-dir': { type: 'string' },
    },
  });
  if (positionals.length !== 1 || positionals[0] !== 'export')
    throw new UsageError('history knows one thing to do: export.');
  const { out } = values;
  if (out === undefined || out === '') throw new UsageError('history export wants --out FILE.');
  const ending = out.slice(out.lastIndexOf('.') + 1).toLowerCase();
  const format = exportFormats.find((one) => one === (values.format ?? ending));
  if (format === undefined) throw new UsageError(`--format takes ${exportFormats.join(' or ')}.`);
  const tier = tiers.find((one) => one === values.tier);
  if (tier === undefined) throw new UsageError(`--tier takes ${tiers.join(', ')}, not "${values.tier}".`);
  return {
    out: resolve(out),
    format,
    tier,
    span: spanOf(values, now),
    hosts: values.host,
    dataDir: dataDirOf(values['data-dir']),
  };
}
