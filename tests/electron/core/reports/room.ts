/** A reports room for tests: a folder and a clock of its own, what it told, and what it wrote down of its schedules. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { ReportInfo, ReportSchedule } from '#shared/model/report.ts';
import type { Notice } from '#shared/model/settings.ts';
import type { Reports, ReportsOptions } from '#core/reports/reports.ts';
import { openReports, schedulesFormat } from '#core/reports/reports.ts';
import type { SchedulesFile } from '#core/reports/schedule.ts';
import type { ReportSources } from '#core/reports/sources.ts';
import { settled, TestClock } from '../../../support/test-clock.ts';
import { reportSources } from './sources.ts';

export class Room {
  folder = '';
  readonly clock = new TestClock();
  readonly notices: Notice[] = [];
  readonly changed: ReportInfo[] = [];
  readonly removed: string[] = [];
  scheduled: readonly ReportSchedule[] = [];
  stored: SchedulesFile | undefined;
  saveFails = false;
  readonly #opened: Reports[] = [];
  #ids = 0;

  async begin(): Promise<void> {
    this.folder = await mkdtemp(join(tmpdir(), 'reports-'));
    // A Tuesday, at noon in UTC and thereabouts elsewhere.
    this.clock.jump(Date.UTC(2026, 10, 24, 12) - this.clock.now());
  }

  async end(): Promise<void> {
    for (const reports of this.#opened) await reports.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  async open(given: Partial<ReportsOptions> = {}): Promise<Reports> {
    const reports = await openReports({
      folder: this.folder,
      schedules: {
        load: async () => this.stored,
        save: async (value) => {
          if (this.saveFails) throw new Error('not saved');
          this.stored = schedulesFormat.schema.parse(JSON.parse(JSON.stringify(value)));
        },
      },
      clock: this.clock,
      formats: plain,
      log: {
        info: () => undefined,
        warn: () => undefined,
        bug: (words, error) => expect.fail(`${words}: ${String(error)}`),
      },
      newId: () => `id-${++this.#ids}`,
      notify: (notice) => this.notices.push(notice),
      sources: () => reportSources(),
      onChanged: (infos) => this.changed.push(...infos),
      onRemoved: (gone) => this.removed.push(...gone),
      onScheduled: (list) => {
        this.scheduled = list;
      },
      ...given,
    });
    this.#opened.push(reports);
    return reports;
  }
}

/** The document alone, at once: the writers have tests of their own. */
const plain: NonNullable<ReportsOptions['formats']> = async (document, formats, { onProgress, signal }) => {
  onProgress?.(0, 'writing');
  signal?.throwIfAborted();
  const bytes = new TextEncoder().encode(JSON.stringify(document));
  const name = `${document.kind}-${new Date(document.to).toISOString().slice(0, 10)}`;
  return { files: formats.map((format) => ({ name: `${name}.${format}`, format, bytes })), notes: [] };
};

/** Waits until it is found, turn by turn of the event loop. */
export async function seen<T>(what: string, find: () => T | undefined | false): Promise<T> {
  const end = performance.now() + 10_000;
  for (;;) {
    const found = find();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
    await settled();
  }
}

export const doneIn = (reports: Reports): Promise<ReportInfo> =>
  seen('a report that is done', () => reports.list().find(({ state }) => state === 'done'));

export const ended = (reports: Reports, id: string): Promise<ReportInfo> =>
  seen('its end', () => reports.list().find((one) => one.id === id && !['waiting', 'making'].includes(one.state)));

/** Something to wait for, and how it comes to pass. */
export function gate(): { readonly passed: Promise<unknown>; pass(): void } {
  let pass = (): void => undefined;
  const passed = new Promise((resolve) => {
    pass = () => resolve(undefined);
  });
  return { passed, pass: () => pass() };
}

/** Sources that stand still in the middle until they are let go. */
export function held(): { sources: () => ReportSources; reached: Promise<unknown>; go: () => void } {
  const [reached, going] = [gate(), gate()];
  const entities = async (): Promise<readonly never[]> => {
    reached.pass();
    await going.passed;
    return [];
  };
  return { sources: () => reportSources({ history: { entities } }), reached: reached.passed, go: going.pass };
}
