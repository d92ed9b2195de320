/** From what was read to what is on the page: charts, chips, markers, words, and the same as a file. */
import { computed, type Ref } from 'vue';
import type { HistoryEntity, HistoryKey } from '#shared/model/history.ts';
import { provideMarkers } from '../../parts/chart-markers.ts';
import { provideTicks } from '../../parts/chart-ticks.ts';
import { useCatalogue } from '../../stores/catalogue.ts';
import { useHosts } from '../../stores/hosts.ts';
import { usePlans } from '../../stores/plans.ts';
import { fileWord, saveFile } from '../../parts/save-file.ts';
import { csvOf, unitOf, type CsvLine } from './csv.ts';
import { chartColumns, entitiesOf, resolutionWords } from './history-charts.ts';
import { entityName } from './history-entities.ts';
import { markersOfEvents, ticksOfEvents } from './history-events.ts';
import { metricInfo, withInstance } from './history-metrics.ts';
import { entityId, seriesId, type HistoryView } from './history-query.ts';
import { follows } from './history-span.ts';
import { historyVerdict } from './history-words.ts';
import type { useHistorySeries } from './use-history-series.ts';

export function useShownCharts(
  view: Readonly<Ref<HistoryView>>,
  byId: Readonly<Ref<ReadonlyMap<string, HistoryEntity>>>,
  history: ReturnType<typeof useHistorySeries>,
) {
  const catalogue = useCatalogue();
  const plans = usePlans();
  const hosts = useHosts();
  const { answer, earlier, events, shown, now } = history;

  const hostName = (host: string): string =>
    byId.value.get(entityId({ host, guest: '' }))?.name ?? hosts.byId.get(host)?.config.name ?? host;
  const nameOf = (key: Pick<HistoryKey, 'host' | 'guest'>): string =>
    key.guest === '' && key.host !== '' ? hostName(key.host) : entityName(key, byId.value);

  provideMarkers(computed(() => markersOfEvents(events.value, plans.markers)));
  provideTicks(computed(() => ticksOfEvents(events.value, hostName)));

  const titled = computed(() =>
    view.value.series.map((key) => ({
      key,
      info: metricInfo(key.metric, catalogue.byId),
      title: withInstance(metricInfo(key.metric, catalogue.byId).title, key.instance),
      name: nameOf(key),
    })),
  );
  const chips = computed(() =>
    titled.value.map(({ key, title, name }) => ({
      key,
      title,
      name,
      silent: history.loaded.value && !answer.value.lines.has(seriesId(key)),
    })),
  );
  const columns = computed(() =>
    chartColumns({ view: view.value, answer: answer.value, earlier: earlier.value, catalogue: catalogue.byId, nameOf }),
  );
  const banded = computed(() => [...answer.value.lines.values()].some(({ low }) => low !== undefined));
  const verdict = computed(() =>
    historyVerdict({
      names: entitiesOf(view.value.series).map(nameOf),
      series: view.value.series.length,
      shown: shown.value,
      live: follows(view.value, now.value) && view.value.zoom === undefined,
      resolution: resolutionWords([...answer.value.lines.values()]),
      events: events.value,
    }),
  );

  function save(): void {
    const lines = titled.value.flatMap(({ key, info, title, name }): CsvLine[] => {
      const id = seriesId(key);
      const [line, before] = [answer.value.lines.get(id), earlier.value?.lines.get(id)];
      const of = { unit: unitOf(info.measure) };
      return [
        ...(line === undefined ? [] : [{ ...of, title: `${name}: ${title}`, line }]),
        ...(before === undefined
          ? []
          : [
              {
                ...of,
                title: `${name}: ${title}, ${earlier.value?.words ?? ''}`,
                // Drawn without a band, so written without one.
                line: { at: before.at, values: before.values },
              },
            ]),
      ];
    });
    const [first = 'history'] = entitiesOf(view.value.series).map(nameOf);
    const day = new Date(shown.value.from).toISOString().slice(0, 10);
    saveFile(`history-${fileWord(first) || 'figures'}-${day}.csv`, 'text/csv', csvOf(lines, shown.value));
  }

  return { nameOf, chips, columns, banded, verdict, save };
}
