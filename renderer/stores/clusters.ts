/** Every member's view of its cluster. Nothing is fetched until a page asks with `ensure()`; then again as it moves. */
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { ClusterMember } from '#shared/model/cluster-member.ts';
import type { Problem } from '#shared/problem.ts';
import { problemOf } from '#shared/problem.ts';
import { useConsole } from '../console.ts';

/** A core that tells more often than it should is not asked more often. */
const leastMs = 1000;

export const useClusters = defineStore('clusters', () => {
  const link = useConsole();
  const members = shallowRef<readonly ClusterMember[]>([]);
  const loaded = ref(false);
  const problem = shallowRef<Problem>();
  let wanted = false;
  let fetching = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let askedAt = -Infinity;
  /** Goes up when the hosts are other ones: answers about those before are dropped. */
  let world = 0;

  async function load(): Promise<void> {
    if (fetching) return;
    fetching = true;
    askedAt = Date.now();
    const of = world;
    try {
      const answer = await link.call('clusters.members', {});
      if (of !== world) return;
      members.value = answer;
      problem.value = undefined;
      loaded.value = true;
    } catch (error) {
      if (of === world) problem.value = problemOf(error);
      if (problemOf(error) === undefined) throw error;
    } finally {
      fetching = false;
      if (of !== world) void load();
    }
  }

  function soon(): void {
    if (!wanted || timer !== undefined) return;
    // A clock that was set back must not hold the next question up.
    const left = Math.min(leastMs, Math.max(0, askedAt + leastMs - Date.now()));
    timer = setTimeout(() => {
      timer = undefined;
      void load();
    }, left);
  }

  link.on('clusters.moved', soon);
  link.on('hosts.removed', (hosts) => {
    const gone = new Set(hosts);
    members.value = members.value.filter(({ host }) => !gone.has(host));
  });
  link.on('lab.switched', () => {
    world += 1;
    members.value = [];
    loaded.value = false;
    if (wanted) void load();
  });
  link.onOpen(() => {
    if (wanted) void load();
  });

  /** Starts keeping the members current; calling it again costs nothing. */
  function ensure(): void {
    if (wanted) return;
    wanted = true;
    if (link.state.value === 'open') void load();
  }

  return { members, loaded, problem, ensure };
});
