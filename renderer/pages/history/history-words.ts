/** Sentences of the history page: what it shows, and what is the matter with the recording. Pure. */
import type { HistoryEvent, HistoryStatus } from '#shared/model/history.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { formatShare } from '#shared/format/percent.ts';
import type { TimeSpan } from '../../parts/time-view.ts';
import { eventCounts } from './history-events.ts';
import { dayWords, spanWords } from './history-span.ts';

export interface ViewWords {
  /** Hosts and guests that are shown. */
  readonly names: readonly string[];
  readonly series: number;
  readonly shown: TimeSpan;
  readonly live: boolean;
  readonly resolution: string | undefined;
  readonly events: readonly HistoryEvent[];
}

/** `4 figures of Fleet, the last 7 d, in means of 5 min; 2 changes and 1 reboot meanwhile.` */
export function historyVerdict(view: ViewWords): string {
  const { names, series, shown, live, resolution, events } = view;
  if (series === 0)
    return 'Nothing is chosen yet: any figure of any host, guest or the fleet can be followed back here.';
  const [first = '', second = ''] = names;
  const of =
    names.length < 2
      ? first
      : names.length === 2
        ? `${first} and ${second}`
        : `${first} and ${names.length - 1} others`;
  const figures = `${series} ${series === 1 ? 'figure' : 'figures'} of ${of}, ${spanWords(shown, live)}`;
  const fine = resolution === undefined ? '' : `, ${resolution.startsWith('means') ? `in ${resolution}` : resolution}`;
  const counts = eventCounts(events);
  const happened = counts.length === 0 ? '' : `; ${listed(counts)} meanwhile`;
  return `${figures}${fine}${happened}.`;
}

export const bandWords = 'The light band reaches from the lowest to the highest reading within each mean.';

/** `a`, `a and b`, `a, b and c`. */
const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;

export interface StatusWords {
  /** What has to be known to read the charts; undefined while it is recording. */
  readonly warning?: string;
  /** How far back it reaches and what it takes. */
  readonly kept: string;
}

export function statusWords(status: HistoryStatus): StatusWords {
  const because = status.because ?? '';
  const kept = keptWords(status);
  switch (status.state) {
    case 'recording':
      return { kept };
    case 'paused':
      return {
        kept,
        warning: sentences('Nothing is being recorded at the moment. What was recorded before can be seen.', because),
      };
    case 'opening': {
      const far = status.progress === undefined ? '' : ` ${formatShare(status.progress)} of it is done.`;
      return {
        kept,
        warning: sentences(`The history is being opened.${far} Older figures appear when it is done.`, because),
      };
    }
    case 'off':
      return {
        kept,
        warning: sentences('There is no history: nothing is recorded, and nothing from before can be read.', because),
      };
  }
}

const sentences = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(' ');

const tierWords = { raw: 'readings', minute: 'means of a minute', hour: 'means of an hour' } as const;

function keptWords({ tiers, bytes, budgetBytes, file }: HistoryStatus): string {
  if (tiers.length === 0) return '';
  const reach = listed(tiers.map(({ tier, from }) => `${tierWords[tier]} since ${dayWords(from)}`));
  const size =
    file === ''
      ? 'in memory only, until the console ends'
      : `${formatBytes(bytes)} of ${formatBytes(budgetBytes)} on the disk`;
  return `Kept: ${reach}; ${size}.`;
}
