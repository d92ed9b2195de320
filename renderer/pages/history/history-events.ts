/** What happened meanwhile, for charts: changes as lettered markers, what befell a host by itself as small ticks. Pure. */
import type { HistoryEvent } from '#shared/model/history.ts';
import type { ChartMarker } from '../../parts/chart-markers.ts';
import type { ChartTick } from '../../parts/chart-ticks.ts';
import type { PlanMarker } from '../../stores/plan-markers.ts';

const isChange = ({ kind }: HistoryEvent): boolean => kind === 'change' || kind === 'change-undone';

/** @param known what the console still knows of its plans says more than the history does. */
export function markersOfEvents(events: readonly HistoryEvent[], known: readonly PlanMarker[]): readonly ChartMarker[] {
  return inTime(
    events.filter(isChange).map((event): ChartMarker => {
      const ended = event.kind === 'change-undone';
      const marker = known.find(({ plan, ended: isEnd }) => plan === event.plan && isEnd === ended);
      return (
        marker ?? {
          key: `${event.plan ?? ''} ${event.kind} ${event.at}`,
          at: event.at,
          letter: event.letter ?? '•',
          title: 'Change',
          who: '',
          stateWords: '',
          words: event.words,
          ended,
          to: event.plan === undefined ? { name: 'changes' } : { name: 'plan', params: { plan: event.plan } },
        }
      );
    }),
  );
}

export function ticksOfEvents(
  events: readonly HistoryEvent[],
  hostName: (host: string) => string,
): readonly ChartTick[] {
  return inTime(
    events
      .filter((event) => !isChange(event))
      .map(({ at, kind, host, words }) => ({
        key: `${kind} ${host} ${at}`,
        at,
        words: host === '' || words.includes(hostName(host)) ? words : `${hostName(host)}: ${words}`,
      })),
  );
}

const inTime = <One extends { readonly at: number }>(all: readonly One[]): readonly One[] =>
  [...all].sort((a, b) => a.at - b.at);

/** `2 changes`, `1 reboot`: what is worth saying aloud about a span. */
export function eventCounts(events: readonly HistoryEvent[]): readonly string[] {
  const count = (kind: HistoryEvent['kind'], one: string, many: string): string[] => {
    const number = events.filter((event) => event.kind === kind).length;
    return number === 0 ? [] : [`${number} ${number === 1 ? one : many}`];
  };
  return [
    ...count('change', 'change', 'changes'),
    ...count('change-undone', 'change taken back', 'changes taken back'),
    ...count('reboot', 'reboot', 'reboots'),
    ...count('paused', 'pause of the recording', 'pauses of the recording'),
  ];
}
