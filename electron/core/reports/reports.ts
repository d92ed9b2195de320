/**
 * The reports room: makes reports one after the other, keeps them, and makes those that are scheduled. core.ts opens
 * it; handlers.ts calls it for the pages. The command line makes a report with makeReport and writeFormats instead.
 */
import type {
  ReportDocument,
  ReportFile,
  ReportInfo,
  ReportRequest,
  ReportSchedule,
  ScheduleDraft,
} from '#shared/model/report.ts';
import { fail, problem, problemOf } from '#shared/problem.ts';
import { epochMs } from '#shared/units.ts';
import { spanOf, titleOf } from './build/context.ts';
import { copyFor, takeBack } from './copy-out.ts';
import type { Copied } from './copy-out.ts';
import { historyOpened } from './history-opened.ts';
import { Queue } from './jobs.ts';
import { makeReport, stopWhenAborted } from './make-report.ts';
import type { DueReport } from './schedule.ts';
import { Schedules } from './schedule.ts';
import { mediaTypes } from './report-file.ts';
import type { ReportsOptions } from './reports-options.ts';
import type { ReportSources } from './sources.ts';
import type { ReportStore } from './store.ts';
import { diskStore, memoryStore, writeBytes } from './store.ts';
import { writeFormats } from './write-formats.ts';

export type { ReportsOptions } from './reports-options.ts';
export { makeReport } from './make-report.ts';
export { schedulesFormat } from './schedule.ts';
export { writeFormats } from './write-formats.ts';

interface Wanted {
  readonly request: ReportRequest;
  readonly title: string;
  readonly sources: ReportSources;
  readonly spanEnd: number;
  readonly due?: DueReport;
}

/** The parts of a job: until the document stands, and until its formats are written. */
const documentShare = 0.7;
const formatsShare = 0.97;

/** Opens what is kept already, and begins with the schedules. Rejects: file-unreadable. */
export async function openReports(options: ReportsOptions): Promise<Reports> {
  const write = options.write ?? writeBytes;
  const store = options.folder === undefined ? memoryStore() : diskStore({ ...options, folder: options.folder, write });
  const reports = new Reports(options, store, await store.load());
  await reports.begin();
  return reports;
}

export class Reports {
  readonly #options: ReportsOptions;
  readonly #store: ReportStore;
  readonly #infos: Map<string, ReportInfo>;
  readonly #queue = new Queue();
  readonly #schedules: Schedules;
  readonly #closing = new AbortController();

  constructor(options: ReportsOptions, store: ReportStore, kept: readonly ReportInfo[]) {
    this.#options = options;
    this.#store = store;
    this.#infos = new Map(kept.map((info) => [info.id, info]));
    this.#schedules = new Schedules({ ...options, file: options.schedules, run: (due) => this.#makeDue(due) });
  }

  begin(): Promise<void> {
    return this.#schedules.open();
  }

  /** The newest first. */
  list(): readonly ReportInfo[] {
    return [...this.#infos.values()].sort((a, b) => b.askedAt - a.askedAt);
  }

  make(request: ReportRequest): ReportInfo {
    const sources = this.#options.sources('person');
    const spanEnd = this.#options.clock.now();
    return this.#add({ request, title: titleOf(request.kind), sources, spanEnd }).info;
  }

  preview(request: ReportRequest): Promise<ReportDocument> {
    const { sources, clock } = this.#options;
    return makeReport(request, sources('person'), { now: clock.now(), signal: this.#closing.signal });
  }

  /** Of one that is made already there is nothing to stop. Rejects: not-found. */
  cancel(report: string): void {
    this.#find(report);
    this.#queue.stop(report);
  }

  /** Also stops it when it is being made. Rejects: not-found, file-unwritable. */
  async remove(report: string): Promise<void> {
    const { state } = this.#find(report);
    this.#queue.stop(report);
    if (state === 'done') await this.#store.remove(report);
    if (this.#infos.delete(report)) this.#options.onRemoved([report]);
  }

  /** Rejects: not-found, file-unreadable. */
  async read(report: string, name: string): Promise<{ name: string; type: string; base64: string }> {
    const file = this.#find(report).files.find((one) => one.name === name);
    if (file === undefined) return fail('not-found', `The report has no file ${name}.`);
    const bytes = await this.#store.read(report, name);
    return { name, type: mediaTypes[file.format], base64: Buffer.from(bytes).toString('base64') };
  }

  schedules(): readonly ReportSchedule[] {
    return this.#schedules.list();
  }

  /** Rejects: not-found, conflict, file-unwritable, disk-full. */
  schedule(id: string | undefined, draft: ScheduleDraft): Promise<ReportSchedule> {
    return this.#schedules.put(id, draft);
  }

  /** Rejects: file-unwritable, disk-full. */
  unschedule(id: string): Promise<void> {
    return this.#schedules.remove(id);
  }

  async close(): Promise<void> {
    this.#schedules.close();
    this.#closing.abort();
    await this.#queue.end();
  }

  #find(report: string): ReportInfo {
    return this.#infos.get(report) ?? fail('not-found', 'That report is not there any more.');
  }

  #put(info: ReportInfo): void {
    // Somebody may have removed it while it was being made.
    if (!this.#infos.has(info.id)) return;
    this.#infos.set(info.id, info);
    this.#options.onChanged([info]);
  }

  #add(wanted: Wanted): { readonly info: ReportInfo; readonly ended: Promise<ReportInfo['state']> } {
    const { request, title, sources, spanEnd, due } = wanted;
    const { from, to } = spanOf(request, spanEnd);
    const info: ReportInfo = {
      id: this.#options.newId(),
      title,
      request,
      from: epochMs(from),
      to: epochMs(to),
      askedAt: this.#options.clock.now(),
      state: 'waiting',
      progress: 0,
      step: 'waiting for its turn',
      lab: sources.lab,
      ...(due === undefined ? {} : { schedule: due.schedule.id }),
      files: [],
      notes: due?.note === undefined ? [] : [due.note],
    };
    this.#infos.set(info.id, info);
    this.#options.onChanged([info]);
    return { info, ended: this.#queue.add(info.id, (signal) => this.#run(info, wanted, signal)) };
  }

  async #run(info: ReportInfo, wanted: Wanted, signal: AbortSignal): Promise<ReportInfo['state']> {
    const end = (ended: ReportInfo): ReportInfo['state'] => {
      this.#put(ended);
      return ended.state;
    };
    try {
      const done = await this.#makeFiles(info, wanted, signal);
      return end(done);
    } catch (error) {
      if (signal.aborted) return end({ ...info, state: 'cancelled', step: 'cancelled' });
      const why = problemOf(error);
      if (why === undefined) this.#options.log.bug(`report ${info.title}`, error);
      return end({
        ...info,
        state: 'failed',
        step: 'failed',
        problem:
          why ?? problem('internal', 'The report could not be made: a fault of the console, which its log names.'),
      });
    }
  }

  async #makeFiles(info: ReportInfo, wanted: Wanted, signal: AbortSignal): Promise<ReportInfo> {
    const { request, sources, spanEnd } = wanted;
    const tell = (progress: number, step: string): void => this.#put({ ...info, state: 'making', progress, step });
    await historyOpened(sources, this.#options.clock, signal, () => tell(0, 'waiting for the history to open'));
    const document = await makeReport(request, sources, {
      now: this.#options.clock.now(),
      spanEnd,
      signal,
      onProgress: (progress, step) => tell(progress * documentShare, step),
    });
    const { files, notes } = await (this.#options.formats ?? writeFormats)(document, request.formats, {
      pdf: this.#options.pdf,
      signal,
      onProgress: (progress, step) => tell(documentShare + progress * (formatsShare - documentShare), step),
    });
    stopWhenAborted(signal);
    tell(formatsShare, 'writing the files');
    const copy = wanted.due === undefined ? nothingCopied : await copyFor(wanted.due.schedule, files, this.#options);
    const done: ReportInfo = {
      ...info,
      title: `${info.title}, ${document.subject}`,
      state: 'done',
      progress: 1,
      step: '',
      lab: document.lab,
      files: files.map(({ name, format, bytes }): ReportFile => ({ name, format, bytes: bytes.length })),
      notes: [...info.notes, ...notes, ...copy.notes],
    };
    try {
      await this.#store.save(done, files);
      if (signal.aborted) await this.#store.remove(done.id);
      stopWhenAborted(signal);
    } catch (error) {
      // Of a report that is not there, no copy lies about either.
      await takeBack(copy.paths);
      throw error;
    }
    return done;
  }

  async #makeDue(due: DueReport): Promise<boolean> {
    const { request, schedule, dueAt } = due;
    const sources = this.#options.sources('schedule');
    const { ended } = this.#add({ request, title: schedule.title, sources, spanEnd: dueAt, due });
    const state = await ended;
    if (state === 'failed')
      this.#options.notify({
        id: `report-failed:${schedule.id}`,
        level: 'warning',
        sentence: `The scheduled report “${schedule.title}” could not be made. Look among the reports for why.`,
      });
    return !this.#closing.signal.aborted;
  }
}

const nothingCopied: Copied = { notes: [], paths: [] };
