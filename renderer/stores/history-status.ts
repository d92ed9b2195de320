/** What the console records on the disk: whether it does, since when, how much. Nothing is asked until `ensure()`. */
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { HistoryStatus } from '#shared/model/history.ts';
import { useConsole } from '../console.ts';

export const useHistoryStatus = defineStore('history-status', () => {
  const link = useConsole();
  const status = shallowRef<HistoryStatus>();
  let wanted = false;
  /** Goes up when the history is another one: answers about the one before are dropped. */
  let world = 0;

  /** The oldest moment that is still known; undefined where nothing is. */
  const since = computed(() =>
    status.value === undefined || status.value.tiers.length === 0
      ? undefined
      : Math.min(...status.value.tiers.map(({ from }) => from)),
  );

  async function load(): Promise<void> {
    const of = world;
    const answer = await link.call('history.status', {});
    if (of === world) status.value = answer;
  }
  // A failure here is the lost door, which the frame already tells.
  const loadQuietly = (): void => void load().catch(() => undefined);

  link.on('history.moved', (moved) => (status.value = moved));
  link.on('lab.switched', () => {
    world += 1;
    status.value = undefined;
    if (wanted) loadQuietly();
  });
  link.onOpen(() => {
    if (wanted) loadQuietly();
  });

  /** Starts keeping it current. Small moves are not told: whoever begins to show it calls this, and it is asked anew. */
  function ensure(): void {
    wanted = true;
    if (link.state.value === 'open') loadQuietly();
  }

  return { status, since, ensure };
});
