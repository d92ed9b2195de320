/**
 * What the history page draws: the chosen series over the visible span, finer when it is zoomed to, the earlier span
 * it is compared with, and what happened meanwhile. Kept current while the span ends now.
 */
import { computed, onScopeDispose, shallowRef, watch, type Ref } from 'vue';
import type { HistoryEvent } from '#shared/model/history.ts';
import type { Problem } from '#shared/problem.ts';
import { problemOf } from '#shared/problem.ts';
import { useConsole } from '../../console.ts';
import type { TimeSpan } from '../../parts/time-view.ts';
import { paceMs } from '../../stores/series-pace.ts';
import { useSettings } from '../../stores/settings.ts';
import { earlierSpan, shifted, type Earlier } from './compare.ts';
import { isFleet, seriesId, type HistoryView } from './history-query.ts';
import { baseSpan, follows, visibleSpan } from './history-span.ts';
import { readHistory, type HistoryAnswer, type HistoryLine } from './read-history.ts';

const nothing: HistoryAnswer = { lines: new Map(), damaged: 0 };

export interface EarlierLines extends Earlier {
  /** On the axis of the span shown. */
  readonly lines: ReadonlyMap<string, HistoryLine>;
}

export function useHistorySeries(view: Readonly<Ref<HistoryView>>) {
  const link = useConsole();
  const settings = useSettings();
  const answer = shallowRef(nothing);
  const earlier = shallowRef<EarlierLines>();
  const events = shallowRef<readonly HistoryEvent[]>([]);
  const problem = shallowRef<Problem>();
  const loaded = shallowRef(false);
  const loading = shallowRef(false);
  /** The present, as far as it has been drawn. */
  const now = shallowRef(Date.now());
  const shown = computed((): TimeSpan => visibleSpan(view.value, now.value));
  let timer: ReturnType<typeof setTimeout> | undefined;
  let round = 0;

  async function load(): Promise<void> {
    clearTimeout(timer);
    const mine = ++round;
    const wanted = view.value;
    const moment = Date.now();
    loading.value = true;
    try {
      const span = visibleSpan(wanted, moment);
      const before = wanted.compare === undefined ? undefined : earlierSpan(wanted.compare, span);
      const none = wanted.series.length === 0;
      const [main, then, happened] = await Promise.all([
        none ? nothing : readHistory(link, wanted.series, span),
        none || before === undefined ? undefined : readHistory(link, wanted.series, before.span),
        none ? [] : link.call('history.events', { hosts: hostsOf(wanted), ...whole(span) }),
      ]);
      if (mine !== round) return;
      now.value = moment;
      answer.value = main;
      earlier.value =
        before === undefined || then === undefined ? undefined : { ...before, lines: moveAll(then, before) };
      events.value = happened;
      problem.value = undefined;
    } catch (error) {
      if (mine !== round) return;
      problem.value = problemOf(error);
      if (problem.value === undefined) throw error;
    } finally {
      if (mine === round) {
        loading.value = false;
        loaded.value = true;
        const span = baseSpan(wanted.span, moment);
        const pace = paceMs((span.to - span.from) / 1000, settings.current.intervalSeconds);
        if (wanted.series.length > 0 && follows(wanted, moment)) timer = setTimeout(() => void load(), pace);
      }
    }
  }

  // A span that moved is drawn at once from what is there; finer figures follow.
  watch(
    () => JSON.stringify(view.value),
    () => {
      now.value = Date.now();
      void load();
    },
  );
  watch(
    () => settings.current.intervalSeconds,
    () => void load(),
  );
  link.onOpen(() => void load());
  onScopeDispose(() => {
    round += 1;
    clearTimeout(timer);
  });

  return { shown, now, answer, earlier, events, problem, loaded, loading, load };
}

const whole = ({ from, to }: TimeSpan): TimeSpan => ({ from: Math.floor(from), to: Math.ceil(to) });

/** The fleet is all hosts. */
const hostsOf = ({ series }: HistoryView): string[] =>
  series.some(isFleet) ? [] : [...new Set(series.map(({ host }) => host))];

function moveAll({ lines }: HistoryAnswer, { shiftMs }: Earlier): ReadonlyMap<string, HistoryLine> {
  return new Map([...lines].map(([id, line]) => [id, { ...shifted(line, shiftMs), resolution: line.resolution }]));
}

/** Chosen series that have no figure in the span. */
export const silentSeries = (view: HistoryView, { lines }: HistoryAnswer) =>
  view.series.filter((key) => !lines.has(seriesId(key)));
