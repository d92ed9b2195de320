/**
 * Live series of the hosts on screen. A page watches a host while it is mounted; the ring is filled from what the core
 * remembers and goes on with its ticks. Readers depend on `moved(host)` and then read the ring.
 */
import { defineStore } from 'pinia';
import { computed, getCurrentScope, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue';
import type { HostId } from '#shared/model/host.ts';
import type { SeriesKey } from '#shared/model/sample.ts';
import type { Problem } from '#shared/problem.ts';
import { problemOf } from '#shared/problem.ts';
import { useConsole } from '../console.ts';
import { useCatalogue } from './catalogue.ts';
import { pixelMs, reloadMs } from './series-pace.ts';
import { SeriesRings, type Line } from './series-rings.ts';
import { useSettings } from './settings.ts';

interface Watched {
  readonly rings: SeriesRings;
  /** Goes up when there is something new to draw. */
  readonly moved: Ref<number>;
  readonly problem: Ref<Problem | undefined>;
  readonly loaded: Ref<boolean>;
  /** Each use of the host on screen, with the keys it wants beyond the host-level ones. */
  readonly uses: Map<symbol, readonly SeriesKey[]>;
  /** From then on a tick has it loaded anew, so that means take the place of readings. */
  reloadAt: number;
}

/** A little more than charts are wide, twice: minimum and maximum per pixel. */
const pointsAsked = 3000;
export const signalPrefix = 'signal.';

export const useSeries = defineStore('series', () => {
  const link = useConsole();
  const catalogue = useCatalogue();
  const settings = useSettings();
  const watched = new Map<HostId, Watched>();

  const tellCore = (): void => {
    void link.call('samples.watch', { hosts: [...watched.keys()].slice(0, 16) }).catch(() => undefined);
  };

  async function load(host: HostId, on: Watched): Promise<void> {
    const extra = [...on.uses.values()].flat();
    const ask = { host, spanSeconds: settings.spanSeconds, points: pointsAsked };
    on.reloadAt = Date.now() + reloadMs(ask.spanSeconds);
    try {
      const answers = await Promise.all([
        link.call('samples.series', ask),
        ...(extra.length === 0 ? [] : [link.call('samples.series', { ...ask, keys: extra.slice(0, 200) })]),
      ]);
      // Another span was chosen meanwhile: its answer is on the way.
      if (ask.spanSeconds !== settings.spanSeconds) return;
      for (const series of answers) on.rings.fill(series);
      on.problem.value = undefined;
      on.loaded.value = true;
      on.moved.value += 1;
    } catch (error) {
      on.problem.value = problemOf(error);
      if (on.problem.value === undefined) throw error;
    }
  }

  link.on('samples.tick', (tick) => {
    const on = watched.get(tick.host);
    if (on === undefined) return;
    const hostLevel = (metric: string): boolean => {
      // The core sends a host's signals as series of their own, beside its metrics.
      if (metric.startsWith(signalPrefix)) return true;
      const entry = catalogue.byId.get(metric);
      return entry !== undefined && entry.instance !== 'guest';
    };
    on.rings.push(
      tick,
      {
        millis: settings.spanSeconds * 1000,
        intervalMs: settings.current.intervalSeconds * 1000,
        pixelMs: pixelMs(settings.spanSeconds),
      },
      hostLevel,
    );
    on.moved.value += 1;
    if (Date.now() >= on.reloadAt) void load(tick.host, on);
  });
  link.onOpen(() => {
    if (watched.size === 0) return;
    tellCore();
    for (const [host, on] of watched) {
      on.rings.clear();
      void load(host, on);
    }
  });
  // The pages of these hosts go in the same moment; nothing is asked about hosts that are no longer shown.
  link.on('lab.switched', () => {
    for (const on of watched.values()) {
      on.rings.clear();
      on.loaded.value = false;
      on.moved.value += 1;
    }
  });
  watch(
    () => settings.spanSeconds,
    () => {
      for (const [host, on] of watched) {
        on.rings.clear();
        void load(host, on);
      }
    },
  );

  /**
   * Watches a host until the calling scope is disposed.
   * @param keys series of guests that are wanted as well; host-level ones always come.
   */
  function watchHost(host: HostId, keys: readonly SeriesKey[] = []) {
    const use = Symbol(host);
    const on: Watched = watched.get(host) ?? {
      rings: new SeriesRings(),
      moved: ref(0),
      problem: shallowRef<Problem>(),
      loaded: ref(false),
      uses: new Map(),
      reloadAt: Infinity,
    };
    const isNew = !watched.has(host);
    watched.set(host, on);
    on.uses.set(use, keys);
    if (isNew) tellCore();
    if (isNew || keys.length > 0) void load(host, on);
    const stop = (): void => {
      on.uses.delete(use);
      if (on.uses.size > 0 || watched.get(host) !== on) return;
      watched.delete(host);
      tellCore();
    };
    if (getCurrentScope() !== undefined) onScopeDispose(stop);
    return {
      /** Depend on this to be told of new points. */
      moved: computed(() => on.moved.value),
      loaded: computed(() => on.loaded.value),
      problem: computed(() => on.problem.value),
      line: (metric: string, instance = ''): Line => on.rings.line(metric, instance),
      instances: (metric: string): readonly string[] => on.rings.instances(metric),
      stop,
    };
  }

  return { watchHost };
});

export type WatchedHost = ReturnType<ReturnType<typeof useSeries>['watchHost']>;
