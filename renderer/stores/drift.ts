/** What drifted from what is written down on the hosts. Fetched when a page asks with `ensure()`, then kept by events. */
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { DriftItem } from '#shared/model/drift.ts';
import type { HostId } from '#shared/model/host.ts';
import type { Problem } from '#shared/problem.ts';
import { problemOf } from '#shared/problem.ts';
import { useConsole } from '../console.ts';
import { usePlans } from './plans.ts';

export const useDrift = defineStore('drift', () => {
  const link = useConsole();
  const plans = usePlans();
  const items = shallowRef<readonly DriftItem[]>([]);
  const loaded = ref(false);
  const problem = shallowRef<Problem>();
  let wanted = false;
  let world = 0;

  async function load(): Promise<void> {
    const of = world;
    try {
      const answer = await link.call('drift.list', {});
      if (of !== world) return;
      items.value = answer;
      problem.value = undefined;
      loaded.value = true;
    } catch (error) {
      if (of !== world) return;
      problem.value = problemOf(error);
      if (problem.value === undefined) throw error;
    }
  }

  link.on('drift.changed', (now) => {
    items.value = now;
    loaded.value = true;
  });
  link.on('lab.switched', () => {
    world += 1;
    items.value = [];
    loaded.value = false;
    if (wanted) void load();
  });
  link.onOpen(() => {
    if (wanted) void load();
  });

  /** Starts keeping the list current; calling it again costs nothing. */
  function ensure(): void {
    if (wanted) return;
    wanted = true;
    if (link.state.value === 'open') void load();
  }
  /** The draft that writes the wanted values again. */
  async function putBack(host: HostId): Promise<string> {
    const of = world;
    const view = await link.call('drift.putBack', { host });
    if (of === world) plans.take([view]);
    return view.plan.id;
  }
  async function accept(host: HostId): Promise<void> {
    await link.call('drift.accept', { host });
    items.value = items.value.filter((item) => item.host !== host);
  }

  return { items, loaded, problem, ensure, putBack, accept };
});
