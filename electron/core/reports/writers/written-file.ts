/** What goes into the report worker and what comes back. */
import type { ReportDocument, ReportFormat } from '#shared/model/report.ts';

export interface WrittenFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

export interface WriterJob {
  readonly document: ReportDocument;
  /** `plain-pdf` is the one that needs no browser. */
  readonly form: Exclude<ReportFormat, 'pdf'> | 'plain-pdf';
}
