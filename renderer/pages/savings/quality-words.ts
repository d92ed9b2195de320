/** How much of a span is known, in sentences beside those of the ledger itself. Pure. */
import type { LedgerQuality } from '#shared/model/ledger.ts';
import { formatDuration } from '../../format/duration.ts';
import { formatShare } from '#shared/format/percent.ts';
import { momentWords } from './span.ts';

/** Never 100 % while something is missing. */
export function coveredWords(covered: number): string {
  if (covered >= 1) return 'all of the time';
  return covered > 0.99 ? 'more than 99\u00a0% of the time' : `${formatShare(covered)} of the time`;
}

export const qualitySentences = ({ notes }: LedgerQuality): readonly string[] =>
  notes.length > 0 ? notes : ['No gap, no reboot, and no counter that began anew.'];

/** Less than this of a span is missing at its beginning: nobody would say so. */
const hardlyAny = 0.02;

/** `the 2 h recorded so far`, where recording began well within the span. */
export function recordedWords(recordsSince: number | undefined, from: number, to: number): string | undefined {
  if (recordsSince === undefined || recordsSince >= to || recordsSince - from < (to - from) * hardlyAny)
    return undefined;
  return `the ${formatDuration(to - recordsSince)} recorded so far`;
}

/** Where recording began within the span: the figures are those of the time since. */
export function sinceSentence(recordsSince: number | undefined, from: number, now: number): string | undefined {
  if (recordsSince === undefined || recordsSince <= from) return undefined;
  return `Recording began at ${momentWords(recordsSince)}, ${formatDuration(now - recordsSince)} ago: the figures are those of the time since.`;
}
