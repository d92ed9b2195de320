/** What goes into the report worker and what comes back. */
import type { ReportDocument, ReportFormat, ReportTable } from '#shared/model/report.ts';

export interface WrittenFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** Rows of the table that stands at that place of the document's blocks and method, told one after the other. */
export interface TableRows {
  readonly place: number;
  readonly rows: ReportTable['rows'];
}
/** A large document goes in pieces, so that whoever sends it is not held up: first the job, then rows, then `end`. */
export type ToWriter = TableRows | 'end';

export interface WriterJob {
  /** Without the rows of its tables. */
  readonly document: ReportDocument;
  /** `plain-pdf` is the one that needs no browser. */
  readonly form: Exclude<ReportFormat, 'pdf'> | 'plain-pdf';
}
