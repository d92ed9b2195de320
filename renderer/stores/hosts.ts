/** The hosts as the core last told of them. Loaded after every connection, kept current by events. */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { HostId, HostView } from '#shared/model/host.ts';
import type { Problem } from '#shared/problem.ts';
import { problemOf } from '#shared/problem.ts';
import { useConsole } from '../console.ts';

export const useHosts = defineStore('hosts', () => {
  const link = useConsole();
  const byId = shallowRef<ReadonlyMap<HostId, HostView>>(new Map());
  const loaded = ref(false);
  const problem = shallowRef<Problem>();
  /** Goes up when the hosts are other ones: answers about those before are dropped. */
  let world = 0;

  /** By name, as people list them. */
  const all = computed(() => [...byId.value.values()].sort((a, b) => byName.compare(a.config.name, b.config.name)));

  async function load(): Promise<void> {
    const of = world;
    try {
      const views = await link.call('hosts.list', {});
      if (of !== world) return;
      byId.value = new Map(views.map((view) => [view.config.id, view]));
      problem.value = undefined;
      loaded.value = true;
    } catch (error) {
      if (of !== world) return;
      problem.value = problemOf(error);
      if (problem.value === undefined) throw error;
    }
  }

  link.on('hosts.changed', (views) => {
    const next = new Map(byId.value);
    for (const view of views) next.set(view.config.id, view);
    byId.value = next;
  });
  link.on('hosts.removed', (gone) => {
    const next = new Map(byId.value);
    for (const id of gone) next.delete(id);
    byId.value = next;
  });
  link.on('lab.switched', () => {
    world += 1;
    byId.value = new Map();
    loaded.value = false;
    void load();
  });
  link.onOpen(() => void load());

  return { byId, all, loaded, problem, load };
});

const byName = new Intl.Collator(undefined, { numeric: true });
