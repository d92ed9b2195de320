/**
 * The plans of this console: loaded after every connection, kept current by events. What an action answers is taken
 * in at once; what becomes of it is told by events, whichever page is open.
 */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { HostId } from '#shared/model/host.ts';
import type { PlanId, PlanView, Waves } from '#shared/model/plan.ts';
import type { WishTarget } from '#shared/model/wish.ts';
import type { Problem } from '#shared/problem.ts';
import { problemOf } from '#shared/problem.ts';
import { useConsole } from '../console.ts';
import { isRunning, planAt } from '../parts/plan-words.ts';
import { markersOf } from './plan-markers.ts';

export const usePlans = defineStore('plans', () => {
  const link = useConsole();
  const byId = shallowRef<ReadonlyMap<PlanId, PlanView>>(new Map());
  const loaded = ref(false);
  const problem = shallowRef<Problem>();
  /** Goes up when the hosts are other ones: answers about those before are dropped. */
  let world = 0;

  /** Newest first. */
  const all = computed(() => [...byId.value.values()].sort((a, b) => planAt(b) - planAt(a)));
  const running = computed(() => all.value.filter(({ state }) => isRunning(state)));
  /** Of all hosts, oldest first. */
  const markers = computed(() => all.value.flatMap(markersOf).sort((a, b) => a.at - b.at));
  const markersByHost = computed(() => {
    const byHost = new Map<HostId, (typeof markers.value)[number][]>();
    for (const marker of markers.value)
      for (const host of marker.hosts) {
        const had = byHost.get(host);
        if (had === undefined) byHost.set(host, [marker]);
        else had.push(marker);
      }
    return byHost;
  });

  function take(views: readonly PlanView[]): void {
    const next = new Map(byId.value);
    for (const view of views) next.set(view.plan.id, view);
    byId.value = next;
  }
  function drop(gone: readonly PlanId[]): void {
    const next = new Map(byId.value);
    for (const id of gone) next.delete(id);
    byId.value = next;
  }

  async function load(): Promise<void> {
    const of = world;
    try {
      const views = await link.call('plans.list', {});
      if (of !== world) return;
      byId.value = new Map(views.map((view) => [view.plan.id, view]));
      problem.value = undefined;
      loaded.value = true;
    } catch (error) {
      if (of !== world) return;
      problem.value = problemOf(error);
      if (problem.value === undefined) throw error;
    }
  }

  /** Takes the answer in, unless the hosts became other ones meanwhile. */
  async function taking(asking: Promise<PlanView>): Promise<PlanView> {
    const of = world;
    const view = await asking;
    if (of === world) take([view]);
    return view;
  }
  const apply = (plan: PlanId): Promise<PlanView> => taking(link.call('plans.apply', { plan }));
  const keep = (plan: PlanId): Promise<PlanView> => taking(link.call('plans.keep', { plan }));
  const undo = (plan: PlanId): Promise<PlanView> => taking(link.call('plans.undo', { plan }));
  const reverse = (plan: PlanId): Promise<PlanView> => taking(link.call('plans.reverse', { plan }));
  const replay = (plan: PlanId, targets: readonly WishTarget[], waves: Waves): Promise<PlanView> =>
    taking(link.call('plans.replay', { plan, targets: [...targets], waves }));
  const importText = (text: string): Promise<PlanView> => taking(link.call('plans.import', { text }));
  const exportText = (plan: PlanId): Promise<string> => link.call('plans.export', { plan });
  async function remove(plan: PlanId): Promise<void> {
    await link.call('plans.remove', { plan });
    drop([plan]);
  }

  link.on('plans.changed', take);
  link.on('plans.removed', drop);
  link.on('lab.switched', () => {
    world += 1;
    byId.value = new Map();
    loaded.value = false;
    void load();
  });
  link.onOpen(() => void load());

  return {
    byId,
    all,
    running,
    markers,
    markersByHost,
    loaded,
    problem,
    load,
    take,
    apply,
    keep,
    undo,
    reverse,
    replay,
    importText,
    exportText,
    remove,
  };
});
