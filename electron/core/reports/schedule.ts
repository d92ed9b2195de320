/**
 * Reports that are made again and again: kept in a file, due by local time while the console runs. One that was due
 * while it did not run is made once when it runs again. reports.ts makes what is handed to `run`.
 */
import * as z from 'zod';
import { scheduleDraft } from '#shared/contract/reports.ts';
import type { ReportRequest, ReportSchedule, ScheduleDraft } from '#shared/model/report.ts';
import { fail } from '#shared/problem.ts';
import { epochMs } from '#shared/units.ts';
import type { Clock, JsonFile, Log } from '#core/ports.ts';
import { checkFolder } from './copy-out.ts';
import { momentText } from './format.ts';
import { lastRun, nextRun } from './next-run.ts';

export interface SchedulesFile {
  readonly schedules: readonly ReportSchedule[];
}

const moment = z.number().min(0).max(8.64e15).transform(epochMs);
const { shape } = z.strictObject({ id: z.string().min(1).max(200), nextAt: moment, lastAt: z.exactOptional(moment) });

/** For whoever opens the file of schedules. */
export const schedulesFormat: { readonly version: number; readonly schema: z.ZodType<SchedulesFile> } = {
  version: 1,
  schema: z.strictObject({
    schedules: z.array(
      z.looseObject(shape).transform((kept, context): ReportSchedule => {
        const { id, nextAt, lastAt, ...rest } = kept;
        const draft = scheduleDraft.safeParse(rest);
        if (!draft.success) {
          for (const { path, message } of draft.error.issues)
            context.addIssue({ code: 'custom', path: [...path], message });
          return z.NEVER;
        }
        return { ...draft.data, id, nextAt, ...(lastAt === undefined ? {} : { lastAt }) };
      }),
    ),
  }),
};

/** What is due now. */
export interface DueReport {
  readonly schedule: ReportSchedule;
  readonly request: ReportRequest;
  /** Where its span ends: the moment it was due. */
  readonly dueAt: number;
  /** Why it is late; undefined when it is not. */
  readonly note?: string | undefined;
}

export interface SchedulesOptions {
  readonly file: JsonFile<SchedulesFile>;
  readonly clock: Clock;
  readonly log: Log;
  newId(): string;
  /** Resolves when it is made or has failed; `false` when the console ended meanwhile, so that it is due again. */
  run(due: DueReport): Promise<boolean>;
  onScheduled(schedules: readonly ReportSchedule[]): void;
}

/** Timers do not reach further than three weeks, and clocks are set: looked at anew at least this often. */
const lookEveryMs = 600_000;
/** So long after its time a run is late. */
const lateMs = 120_000;
const most = 100;

export class Schedules {
  readonly #options: SchedulesOptions;
  #all: ReportSchedule[] = [];
  #cancel: () => void = () => undefined;
  #saving: Promise<void> = Promise.resolve();
  #closed = false;
  /** Due and not made yet: in the file they are due still, whatever else is written to it meanwhile. */
  readonly #unmade = new Map<string, ReportSchedule>();

  constructor(options: SchedulesOptions) {
    this.#options = options;
  }

  async open(): Promise<void> {
    this.#all = [...((await this.#options.file.load())?.schedules ?? [])];
    this.#wait();
  }

  list(): readonly ReportSchedule[] {
    return this.#all;
  }

  /** Rejects: not-found, conflict, file-unwritable, disk-full. */
  async put(id: string | undefined, draft: ScheduleDraft): Promise<ReportSchedule> {
    const { clock, newId } = this.#options;
    const before = this.#all.find((one) => one.id === id);
    if (id !== undefined && before === undefined)
      fail('not-found', 'That schedule is not there any more. Make it anew.');
    if (before === undefined && this.#all.length >= most)
      fail('conflict', `There are ${most} schedules already. Remove one that is no longer needed.`);
    if (draft.folder !== '') await checkFolder(draft.folder);
    const kept: ReportSchedule = {
      ...draft,
      id: before?.id ?? newId(),
      nextAt: epochMs(nextRun(draft, clock.now())),
      ...(before?.lastAt === undefined ? {} : { lastAt: before.lastAt }),
    };
    // Another time was chosen: what was due by the old one is being made, and is not owed by the new one.
    this.#unmade.delete(kept.id);
    await this.#keep((all) => [...all.filter((one) => one.id !== kept.id), kept]);
    return kept;
  }

  /** Rejects: file-unwritable, disk-full. */
  async remove(id: string): Promise<void> {
    await this.#keep((all) => all.filter((one) => one.id !== id));
  }

  close(): void {
    this.#closed = true;
    this.#cancel();
  }

  /** Kept on the disk first: what could not be written down is not so. One after the other. */
  #keep(change: (all: readonly ReportSchedule[]) => ReportSchedule[]): Promise<void> {
    const turn = this.#saving.then(async () => {
      await this.#options.file.save({ schedules: change(this.#all).map((one) => this.#unmade.get(one.id) ?? one) });
      // Some may have become due while it was written.
      this.#all = change(this.#all);
      this.#options.onScheduled(this.#all);
      this.#wait();
    });
    this.#saving = turn.catch(() => undefined);
    return turn;
  }

  #wait(): void {
    this.#cancel();
    if (this.#closed) return;
    const { clock } = this.#options;
    const next = Math.min(...this.#all.filter(({ enabled }) => enabled).map(({ nextAt }) => nextAt));
    const ms = Math.max(0, Math.min(next - clock.now(), lookEveryMs));
    if (Number.isFinite(next)) this.#cancel = clock.after(ms, () => this.#look());
  }

  #look(): void {
    const now = this.#options.clock.now();
    const due: DueReport[] = [];
    this.#all = this.#all.map((schedule) => {
      if (!schedule.enabled) return schedule;
      const next = epochMs(nextRun(schedule, now));
      // The clock was set back by much: what it said before is no longer when it is due.
      if (schedule.nextAt > now) return schedule.nextAt > next ? { ...schedule, nextAt: next } : schedule;
      due.push(dueOf(schedule, now));
      this.#unmade.set(schedule.id, schedule);
      return { ...schedule, nextAt: next, lastAt: epochMs(now) };
    });
    this.#wait();
    if (due.length === 0) return;
    this.#options.onScheduled(this.#all);
    for (const one of due) void this.#make(one);
  }

  /** Written down when it is made: a console that ends meanwhile makes it when it runs again. */
  async #make(due: DueReport): Promise<void> {
    const { log, run } = this.#options;
    try {
      if (!(await run(due))) return;
      this.#unmade.delete(due.schedule.id);
      await this.#keep((all) => [...all]);
    } catch (error) {
      log.bug(`schedule ${due.schedule.title}`, error);
    }
  }
}

function dueOf(schedule: ReportSchedule, now: number): DueReport {
  const dueAt = Math.max(schedule.nextAt, lastRun(schedule, now));
  const late = now - dueAt > lateMs || dueAt > schedule.nextAt;
  if (!late) return { schedule, request: schedule.request, dueAt };
  const missed = dueAt > schedule.nextAt ? ' Runs before that were missed too, and are not made up for.' : '';
  const note = `Due on ${momentText(dueAt)}, when the console was not running; made ${momentText(now)}.${missed}`;
  return { schedule, request: schedule.request, dueAt, note };
}
