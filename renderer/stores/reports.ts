/**
 * The reports of this console and the schedules that have them made again. Nothing is fetched until `ensure()`; from
 * then on events keep both current, whichever page is open.
 */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { AnswerOf } from '#shared/contract/contract.ts';
import type { ReportInfo, ReportRequest, ReportSchedule, ScheduleDraft } from '#shared/model/report.ts';
import type { Problem } from '#shared/problem.ts';
import { problemOf } from '#shared/problem.ts';
import { useConsole } from '../console.ts';

export const useReports = defineStore('reports', () => {
  const link = useConsole();
  const byId = shallowRef<ReadonlyMap<string, ReportInfo>>(new Map());
  const schedules = shallowRef<readonly ReportSchedule[]>([]);
  const loaded = ref(false);
  const problem = shallowRef<Problem>();
  let wanted = false;
  /** Goes up when the hosts are other ones: answers about those before are dropped. */
  let world = 0;

  /** Newest first. */
  const all = computed(() => [...byId.value.values()].sort((a, b) => b.askedAt - a.askedAt));
  const running = computed(() => all.value.filter(({ state }) => state === 'waiting' || state === 'making'));

  function take(infos: readonly ReportInfo[]): void {
    const next = new Map(byId.value);
    for (const info of infos) next.set(info.id, info);
    byId.value = next;
  }
  function drop(gone: readonly string[]): void {
    const next = new Map(byId.value);
    for (const id of gone) next.delete(id);
    byId.value = next;
  }
  async function load(): Promise<void> {
    const of = world;
    try {
      const [reports, scheduled] = await Promise.all([
        link.call('reports.list', {}),
        link.call('reports.schedules', {}),
      ]);
      if (of !== world) return;
      byId.value = new Map(reports.map((report) => [report.id, report]));
      schedules.value = scheduled;
      problem.value = undefined;
      loaded.value = true;
    } catch (error) {
      if (of !== world) return;
      problem.value = problemOf(error);
      if (problem.value === undefined) throw error;
    }
  }

  async function make(request: ReportRequest): Promise<ReportInfo> {
    const of = world;
    const info = await link.call('reports.make', { request });
    // What is told of it meanwhile is newer than this answer.
    if (of === world && !byId.value.has(info.id)) take([info]);
    return info;
  }
  const cancel = (report: string): Promise<null> => link.call('reports.cancel', { report });
  async function remove(report: string): Promise<void> {
    await link.call('reports.remove', { report });
    drop([report]);
  }
  const read = (report: string, name: string): Promise<AnswerOf<'reports.read'>> =>
    link.call('reports.read', { report, name });

  /** @param id of the one that is changed; a new one without. */
  async function schedule(draft: ScheduleDraft, id?: string): Promise<void> {
    const of = world;
    const saved = await link.call('reports.schedule', { ...(id === undefined ? {} : { id }), draft });
    if (of === world) schedules.value = [...schedules.value.filter((one) => one.id !== saved.id), saved];
  }
  async function unschedule(id: string): Promise<void> {
    await link.call('reports.unschedule', { id });
    schedules.value = schedules.value.filter((one) => one.id !== id);
  }

  link.on('reports.changed', take);
  link.on('reports.removed', drop);
  link.on('reports.scheduled', (all) => (schedules.value = all));
  link.on('lab.switched', () => {
    world += 1;
    byId.value = new Map();
    schedules.value = [];
    loaded.value = false;
    if (wanted) void load();
  });
  link.onOpen(() => {
    if (wanted) void load();
  });

  /** Starts keeping them current; calling it again costs nothing. */
  function ensure(): void {
    if (wanted) return;
    wanted = true;
    if (link.state.value === 'open') void load();
  }

  return {
    byId,
    all,
    running,
    schedules,
    loaded,
    problem,
    load,
    ensure,
    make,
    cancel,
    remove,
    read,
    schedule,
    unschedule,
  };
});
