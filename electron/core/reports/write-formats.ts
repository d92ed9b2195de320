/** A document in all the formats that were asked for, under names that say what and when. Nothing is written here. */
import type { ReportDocument, ReportFormat } from '#shared/model/report.ts';
import { dayText } from './format.ts';
import { stopWhenAborted } from './make-report.ts';
import { fileName } from './report-file.ts';
import type { PdfPrinter } from './writers/write.ts';
import { writeReport } from './writers/write.ts';

export interface WrittenFile {
  readonly name: string;
  readonly format: ReportFormat;
  readonly bytes: Uint8Array;
}

export interface WriteOptions {
  readonly pdf?: PdfPrinter | undefined;
  readonly signal?: AbortSignal | undefined;
  /** 0…1, with what is being done. */
  readonly onProgress?: ((progress: number, step: string) => void) | undefined;
}

/** Rejects: cancelled. */
export async function writeFormats(
  document: ReportDocument,
  formats: readonly ReportFormat[],
  { pdf, signal = new AbortController().signal, onProgress }: WriteOptions,
): Promise<{ readonly files: readonly WrittenFile[]; readonly notes: readonly string[] }> {
  const files: WrittenFile[] = [];
  const notes: string[] = [];
  const taken = new Set<string>();
  const wanted = [...new Set(formats)];
  for (const [index, format] of wanted.entries()) {
    onProgress?.(index / wanted.length, `writing ${format.toUpperCase()}`);
    stopWhenAborted(signal);
    const written = await writeReport(document, format, { pdf, signal });
    for (const { name, bytes } of written.files) {
      const free = fileName(dated(name, document), taken);
      taken.add(free.toLowerCase());
      files.push({ name: free, format, bytes });
    }
    notes.push(...written.notes);
  }
  return { files, notes: [...new Set(notes)] };
}

/** `savings-2026-11-24-hosts.csv` of the writers’ `savings-hosts.csv`: the last day of its span. */
function dated(name: string, { kind, to }: ReportDocument): string {
  const rest = name.startsWith(kind) ? name.slice(kind.length) : `-${name}`;
  return `${kind}-${dayText(to)}${rest}`;
}
