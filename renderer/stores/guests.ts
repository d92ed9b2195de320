/**
 * The guests of all hosts as rows. Nothing is fetched until a page asks for it with `ensure()`; from then on only
 * what changed is. Ten thousand rows: the array is replaced, never made reactive inside.
 */
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { GuestRow } from '#shared/model/guest-row.ts';
import type { Problem } from '#shared/problem.ts';
import { problemOf } from '#shared/problem.ts';
import { useConsole } from '../console.ts';

export const guestRowId = (host: string, key: string): string => `${host}\n${key}`;

export const useGuests = defineStore('guests', () => {
  const link = useConsole();
  const byId = new Map<string, GuestRow>();
  const rows = shallowRef<readonly GuestRow[]>([]);
  const loaded = ref(false);
  const problem = shallowRef<Problem>();
  let revision = 0;
  let wanted = false;
  let fetching = false;
  let again = false;
  let held = false;
  let missed = false;
  /** Goes up when the hosts are other ones: answers about those before are dropped. */
  let world = 0;

  async function fetchChanges(): Promise<void> {
    // One question at a time; what moves meanwhile is asked for right after.
    if (fetching) {
      again = true;
      return;
    }
    fetching = true;
    try {
      do {
        again = false;
        const of = world;
        const changes = await link.call('guests.changes', { since: revision });
        if (of !== world) continue;
        if (revision === 0) byId.clear();
        for (const row of changes.rows) byId.set(guestRowId(row.host, row.key), row);
        for (const gone of changes.gone) byId.delete(guestRowId(gone.host, gone.key));
        revision = changes.revision;
        rows.value = [...byId.values()];
        problem.value = undefined;
        loaded.value = true;
      } while (again);
    } catch (error) {
      problem.value = problemOf(error);
      if (problem.value === undefined) throw error;
    } finally {
      fetching = false;
      // Asked for meanwhile, and the answer failed.
      if (again) void fetchChanges();
    }
  }

  link.on('guests.moved', (moved) => {
    if (!wanted || moved.revision <= revision) return;
    if (held) missed = true;
    else void fetchChanges();
  });
  link.onOpen(() => {
    revision = 0;
    if (wanted) void fetchChanges();
  });
  link.on('hosts.removed', (hosts) => {
    const gone = new Set(hosts);
    for (const [id, row] of byId) if (gone.has(row.host)) byId.delete(id);
    rows.value = [...byId.values()];
  });

  link.on('lab.switched', () => {
    world += 1;
    revision = 0;
    byId.clear();
    rows.value = [];
    loaded.value = false;
    if (wanted) void fetchChanges();
  });

  /** Starts keeping the rows current; calling it again costs nothing. */
  function ensure(): void {
    if (wanted) return;
    wanted = true;
    if (link.state.value === 'open') void fetchChanges();
  }
  /** While somebody scrolls, taking in two thousand rows would make them stumble: it is done when they stop. */
  function hold(is: boolean): void {
    held = is;
    if (is || !missed) return;
    missed = false;
    void fetchChanges();
  }
  const find = (host: string, key: string): GuestRow | undefined => byId.get(guestRowId(host, key));

  return { rows, loaded, problem, ensure, hold, find };
});
