/** A report as JSON: the document as it is, with the version of its form. */
import type { ReportDocument } from '#shared/model/report.ts';

/** Raised when a field changes its meaning or goes away; a new one does not count. */
export const reportSchemaVersion = 1;

export const reportJson = (document: ReportDocument): string =>
  `${JSON.stringify({ schema: 'tmem-console.report', schemaVersion: reportSchemaVersion, ...document }, null, 1)}\n`;
