/** What the reports room is given by core.ts, and by tests. */
import type { ReportInfo, ReportSchedule } from '#shared/model/report.ts';
import type { Notice } from '#shared/model/settings.ts';
import type { Clock, JsonFile, Log } from '#core/ports.ts';
import type { SchedulesFile } from './schedule.ts';
import type { ReportSources } from './sources.ts';
import type { WriteBytes } from './store.ts';
import type { writeFormats } from './write-formats.ts';
import type { PdfPrinter } from './writers/write.ts';

export interface ReportsOptions {
  /** Undefined where nothing can be kept: reports are then forgotten when the console ends. */
  readonly folder: string | undefined;
  readonly schedules: JsonFile<SchedulesFile>;
  readonly clock: Clock;
  readonly log: Log;
  newId(): string;
  notify(notice: Notice): void;
  /** For a schedule they are the console's own hosts, whatever the pages are shown. */
  sources(asker: 'person' | 'schedule'): ReportSources;
  readonly pdf?: PdfPrinter | undefined;
  onChanged(infos: readonly ReportInfo[]): void;
  onRemoved(ids: readonly string[]): void;
  onScheduled(list: readonly ReportSchedule[]): void;
  /** How bytes reach the disk, and how a document becomes files: tests hand in their own. */
  readonly write?: WriteBytes;
  readonly formats?: typeof writeFormats;
}
