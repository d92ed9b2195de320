/** Values over time of one guest: watches its host with the guest's charted metrics while the page is open. */
import { computed, onScopeDispose, shallowRef, watch, type Ref } from 'vue';
import type { CurrentValue } from '#shared/model/reading.ts';
import { shownSpan } from '../../parts/shown-span.ts';
import { useCatalogue } from '../../stores/catalogue.ts';
import { useSeries, type WatchedHost } from '../../stores/series.ts';
import { useSettings } from '../../stores/settings.ts';

export function useGuestSeries(host: Ref<string>, key: Ref<string>, values: Ref<readonly CurrentValue[]>) {
  const catalogue = useCatalogue();
  const series = useSeries();
  const settings = useSettings();
  const watched = shallowRef<WatchedHost>();

  /** What is kept over time of this guest, as the catalogue declares it. */
  const charted = computed(() => {
    const ids = new Set(values.value.filter(({ instance }) => instance === key.value).map(({ metric }) => metric));
    return catalogue.entries.filter(({ id, charted, instance }) => charted && instance === 'guest' && ids.has(id));
  });
  const keys = computed(() => charted.value.map(({ id }) => id).join('\n'));

  watch(
    [host, key, keys],
    () => {
      const before = watched.value;
      watched.value =
        charted.value.length === 0
          ? undefined
          : series.watchHost(
              host.value,
              charted.value.map(({ id }) => ({ metric: id, instance: key.value })),
            );
      // After the new one has begun, so that what the host already sent is kept.
      before?.stop();
    },
    { immediate: true },
  );
  onScopeDispose(() => watched.value?.stop());

  const read = (metric: string) => watched.value?.line(metric, key.value) ?? { at: [], values: [] };
  const moved = computed(() => watched.value?.moved.value ?? 0);
  const span = computed(() => {
    void moved.value;
    return shownSpan(
      charted.value.map(({ id }) => read(id)),
      settings.spanSeconds,
      Date.now(),
    );
  });
  const problem = computed(() => watched.value?.problem.value);

  return { charted, read, moved, span, problem };
}
