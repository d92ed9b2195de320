/**
 * Markers on charts: moments at which somebody changed something. Whoever owns the page's subject provides them, every
 * chart below takes them; a chart with none drawn is as it was. Pure but for provide and inject.
 */
import { computed, inject, provide, type InjectionKey, type Ref } from 'vue';
import type { RouteLocationRaw } from 'vue-router';

export interface ChartMarker {
  readonly key: string;
  readonly at: number;
  /** A letter or two, at the top of the line. */
  readonly letter: string;
  readonly title: string;
  readonly who: string;
  readonly stateWords: string;
  /** The moment it was taken back: drawn hollow. */
  readonly ended: boolean;
  /** Said instead of title, person and state, where more is not known. */
  readonly words?: string;
  /** What a click opens. */
  readonly to: RouteLocationRaw;
}

type Markers = Readonly<Ref<readonly ChartMarker[]>>;
const key: InjectionKey<Markers> = Symbol('chart markers');
const none: Markers = computed(() => []);

export const provideMarkers = (markers: Markers): void => provide(key, markers);
export const useMarkers = (): Markers => inject(key, none);

export const markersWithin = <Marker extends ChartMarker>(
  markers: readonly Marker[],
  from: number,
  to: number,
): readonly Marker[] => markers.filter(({ at }) => at >= from && at <= to);

/** One line on the chart: mostly one marker, several where they would lie on top of each other. */
export interface MarkerFlag {
  readonly key: string;
  readonly px: number;
  /** `A`, `A–C`. */
  readonly letters: string;
  readonly markers: readonly ChartMarker[];
  readonly hollow: boolean;
}

/** Flags nearer than this would cover each other's letters. */
const leastPx = 22;

/** @param markers ascending in time. */
export function markerFlags(markers: readonly ChartMarker[], pixelOf: (at: number) => number): readonly MarkerFlag[] {
  const groups: { px: number; markers: ChartMarker[] }[] = [];
  for (const marker of markers) {
    const px = pixelOf(marker.at);
    const last = groups.at(-1);
    if (last !== undefined && px - last.px < leastPx) last.markers.push(marker);
    else groups.push({ px, markers: [marker] });
  }
  return groups.map(({ px, markers: those }) => {
    const letters = [...new Set(those.map(({ letter }) => letter))];
    return {
      key: those[0]?.key ?? '',
      px,
      letters: letters.length < 2 ? (letters[0] ?? '') : `${letters[0]}–${letters.at(-1)}`,
      markers: those,
      hollow: those.every(({ ended }) => ended),
    };
  });
}

/** `A: Compress swapped pages, by ann@desk, kept`. */
export function markerWords({ letter, title, who, stateWords, ended, words }: ChartMarker): string {
  if (words !== undefined) return `${letter}: ${words}`;
  return ended ? `${letter}: ${title}, taken back here` : `${letter}: ${title}, by ${who}, ${stateWords.toLowerCase()}`;
}
