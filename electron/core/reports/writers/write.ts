/**
 * Writes a report in one format. Called by the report jobs and by the command line. The files are named after the
 * kind of report; whoever stores them keeps names apart.
 */
import type { ReportDocument, ReportFormat } from '#shared/model/report.ts';
import { writtenOffThread } from './off-thread.ts';
import { pdfOf, type PdfOptions } from './pdf.ts';
import type { WrittenFile } from './written-file.ts';

export type { PdfPrinter } from './chromium.ts';
export type { WrittenFile } from './written-file.ts';

export interface Written {
  readonly files: readonly WrittenFile[];
  /** What the reader should know of how it was made: sentences. */
  readonly notes: readonly string[];
}

/** Rejects with the signal's reason when it is cancelled. */
export async function writeReport(
  document: ReportDocument,
  format: ReportFormat,
  options: PdfOptions,
): Promise<Written> {
  const { signal } = options;
  if (format !== 'pdf') return { files: await writtenOffThread({ document, form: format }, signal), notes: [] };
  const html = async (): Promise<string> => {
    const [file] = await writtenOffThread({ document, form: 'html' }, signal);
    return new TextDecoder().decode(file?.bytes);
  };
  const { bytes, notes } = await pdfOf(document, html, options);
  return { files: [{ name: `${document.kind}.pdf`, type: 'application/pdf', bytes }], notes };
}
