/**
 * What is marked on the charts of the page on screen: the changes of the host that its address names, elsewhere those
 * of all. Provided once here, so that no page and no chart has to pass it on.
 */
import { computed } from 'vue';
import { useRoute } from 'vue-router';
import type { ChartMarker } from '../parts/chart-markers.ts';
import { provideMarkers } from '../parts/chart-markers.ts';
import { usePlans } from '../stores/plans.ts';

export function usePageMarkers(): void {
  const route = useRoute();
  const plans = usePlans();
  provideMarkers(
    computed((): readonly ChartMarker[] => {
      const { host } = route.params;
      return typeof host === 'string' ? (plans.markersByHost.get(host) ?? []) : plans.markers;
    }),
  );
}
