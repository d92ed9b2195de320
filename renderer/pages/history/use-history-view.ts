/** The page's address as a view, and the ways to change it. A new span can be gone back from; a ticked figure cannot. */
import { computed, watch } from 'vue';
import { useRoute, useRouter, type LocationQuery } from 'vue-router';
import type { HistoryKey } from '#shared/model/history.ts';
import type { TimeSpan, TimeView } from '../../parts/time-view.ts';
import { queryOf, readView, seriesId, type HistoryView } from './history-query.ts';

export function useHistoryView(charts: TimeView) {
  const route = useRoute();
  const router = useRouter();
  /** The address goes on to that of the next page before this one is gone. */
  let query: LocationQuery = route.query;
  const view = computed((): HistoryView => {
    if (route.name === 'history') query = route.query;
    return readView(query);
  });

  function change(part: Partial<HistoryView>, keep: 'push' | 'replace' = 'push'): void {
    void router[keep]({ name: 'history', query: queryOf({ ...view.value, ...part }) });
  }
  /** Another span is seen as a whole first. */
  const go = (span: HistoryView['span']): void => change({ span, zoom: undefined });

  function toggle(key: HistoryKey): void {
    const { series } = view.value;
    const rest = series.filter((one) => seriesId(one) !== seriesId(key));
    change({ series: rest.length < series.length ? rest : [...series, key] }, 'replace');
  }
  function add(keys: readonly HistoryKey[]): void {
    const all = new Map([...view.value.series, ...keys].map((key) => [seriesId(key), key]));
    change({ series: [...all.values()] }, 'replace');
  }

  // What was marked on a chart becomes part of the address, and what the address says is what the charts show.
  watch(
    () => view.value.zoom,
    (zoom) => {
      if (!same(zoom, charts.zoom.value)) charts.zoom.value = zoom;
    },
    { immediate: true },
  );
  watch(charts.zoom, (zoom) => {
    if (!same(zoom, view.value.zoom)) change({ zoom: zoom === undefined ? undefined : whole(zoom) });
  });

  return { view, change, go, toggle, add };
}

/** The address holds milliseconds. */
const whole = ({ from, to }: TimeSpan): TimeSpan => ({ from: Math.round(from), to: Math.round(to) });

const same = (a: TimeSpan | undefined, b: TimeSpan | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && Math.abs(a.from - b.from) < 1 && Math.abs(a.to - b.to) < 1);
