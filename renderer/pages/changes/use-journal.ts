/** The journal, newest page first, older ones on demand; asked for again while plans move. Of one plan or of all. */
import { computed, onScopeDispose, ref, shallowRef, toValue, watch, type MaybeRefOrGetter } from 'vue';
import type { JournalEntry } from '#shared/model/journal.ts';
import type { Problem } from '#shared/problem.ts';
import { problemOf } from '#shared/problem.ts';
import { useConsole } from '../../console.ts';
import { mergeEntries } from './journal-words.ts';

const pageSize = 50;
/** While a run writes, its entries come in bursts. */
const leastMs = 1000;

export function useJournal(plan: MaybeRefOrGetter<string | undefined> = undefined) {
  const link = useConsole();
  const entries = shallowRef<readonly JournalEntry[]>([]);
  const total = ref(0);
  const broken = ref<string>();
  const loaded = ref(false);
  const problem = shallowRef<Problem>();
  const busy = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let askedAt = -Infinity;
  /** Goes up when it is about something else: answers about that before are dropped. */
  let round = 0;

  async function ask(before: number | undefined): Promise<void> {
    const mine = round;
    const of = toValue(plan);
    busy.value = true;
    try {
      const page = await link.call('journal.page', {
        limit: pageSize,
        ...(before === undefined ? {} : { before }),
        ...(of === undefined ? {} : { plan: of }),
      });
      if (mine !== round) return;
      entries.value =
        before === undefined ? mergeEntries(page.entries, entries.value) : [...entries.value, ...page.entries];
      total.value = page.total;
      broken.value = page.broken;
      problem.value = undefined;
      loaded.value = true;
    } catch (error) {
      if (mine !== round) return;
      problem.value = problemOf(error);
      if (problem.value === undefined) throw error;
    } finally {
      if (mine === round) busy.value = false;
    }
  }
  function load(): void {
    askedAt = Date.now();
    void ask(undefined);
  }
  function soon(): void {
    if (timer !== undefined) return;
    const left = Math.min(leastMs, Math.max(0, askedAt + leastMs - Date.now()));
    timer = setTimeout(() => {
      timer = undefined;
      load();
    }, left);
  }
  function anew(): void {
    round += 1;
    entries.value = [];
    loaded.value = false;
    load();
  }

  link.onOpen(load);
  link.on('plans.changed', (views) => {
    const of = toValue(plan);
    if (of === undefined || views.some((view) => view.plan.id === of)) soon();
  });
  link.on('plans.removed', soon);
  link.on('drift.changed', soon);
  watch(() => toValue(plan), anew);
  onScopeDispose(() => {
    round += 1;
    clearTimeout(timer);
  });

  const older = (): Promise<void> => ask(entries.value.at(-1)?.n);
  const more = computed(() => entries.value.length < total.value);
  const exported = (): Promise<string> => link.call('journal.export', {});

  return { entries, total, broken, loaded, problem, busy, more, older, exported };
}
