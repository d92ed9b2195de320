/** What the console records, in sentences. Pure. */
import type { HistoryStatus, Tier } from '#shared/model/history.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { formatDuration } from '../../format/duration.ts';
import { count } from '#shared/format/number.ts';
import { formatShare } from '#shared/format/percent.ts';
import { momentWords } from '../savings/span.ts';
import { rawDaysThatFit } from './settings-forms.ts';

export interface StateSentence {
  readonly words: string;
  readonly tone?: 'warn' | 'bad';
}
const tierWords: { readonly [tier in Tier]: string } = { raw: 'readings', minute: 'minutes', hour: 'hours' };

export function recordingSentences(
  status: HistoryStatus,
  budgetBytes: number,
  since: number | undefined,
  lab: boolean,
): readonly StateSentence[] {
  const sentences: StateSentence[] = [stateSentence(status, since, lab)];
  if (status.state === 'off') return sentences;
  const share = budgetBytes > 0 ? ` ${formatShare(status.bytes / budgetBytes)} of the budget of` : ' of';
  const held = status.tiers.map(
    ({ tier, from, to, bytes }) => `${formatDuration(to - from)} of ${tierWords[tier]} (${formatBytes(bytes)})`,
  );
  sentences.push({
    words: `It takes ${formatBytes(status.bytes)},${share} ${formatBytes(budgetBytes)}${held.length === 0 ? '' : `: ${held.join(', ')}`}.`,
  });
  const fit = rawDaysThatFit(status, budgetBytes);
  const raw = status.tiers.find(({ tier }) => tier === 'raw');
  if (fit !== undefined && raw !== undefined)
    sentences.push({
      words: `At the pace of the last ${formatDuration(raw.to - raw.from)}, about ${fit === 1 ? '1 day' : `${count(fit)} days`} of every reading fit.`,
    });
  return sentences;
}

function stateSentence(
  { state, because, progress, file }: HistoryStatus,
  since: number | undefined,
  lab: boolean,
): StateSentence {
  const why = because === undefined ? '' : ` ${because}`;
  switch (state) {
    case 'off':
      return { words: `Nothing is recorded.${why}`, tone: 'bad' };
    case 'paused':
      return { words: `Recording is paused.${why}`, tone: 'warn' };
    case 'opening':
      return {
        words: `The history is being opened${progress === undefined ? '' : `: ${formatShare(progress)} is brought up to date`}.${why}`,
      };
    case 'recording': {
      const begun = since === undefined ? '' : ` since ${momentWords(since)}`;
      // What a lab shows is kept only as long as it is open.
      if (lab) return { words: `Records the lab${begun}, in memory: it goes when the lab is left.${why}` };
      if (file === '')
        return { words: `Records${begun}, in memory only: it ends with the console.${why}`, tone: 'warn' };
      return { words: `Records${begun}.${why}` };
    }
  }
}
