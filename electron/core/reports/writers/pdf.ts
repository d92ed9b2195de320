/**
 * Who lays out a report's PDF: the printer that was handed in (Electron's), else a Chromium of this machine, else the
 * console itself. One that fails is followed by the next, and a note tells which one it was. Called by write.ts.
 */
import type { ReportDocument } from '#shared/model/report.ts';
import { chromiumPrinter, findChromium, needsNoSandbox, type PdfPrinter } from './chromium.ts';
import { writtenOffThread } from './off-thread.ts';
import { allInTypeface } from './pdf-typeface.ts';

export interface PdfOptions {
  /** Electron's, in the desktop application. */
  readonly pdf?: PdfPrinter | undefined;
  readonly signal: AbortSignal;
  /** Where a Chromium is; tests hand in their own. */
  readonly find?: () => Promise<string | undefined>;
}

interface Engine {
  readonly name: string;
  readonly print: PdfPrinter;
  readonly note: string;
}

export async function pdfOf(
  document: ReportDocument,
  html: () => Promise<string>,
  { pdf, signal, find = findChromium }: PdfOptions,
): Promise<{ readonly bytes: Uint8Array; readonly notes: readonly string[] }> {
  const notes: string[] = [];
  for (const engine of [() => handedIn(pdf), () => installed(find)]) {
    const found = await engine();
    if (found === undefined) continue;
    const { name, print, note } = found;
    try {
      const bytes = await print(await html(), signal);
      return { bytes, notes: [...notes, note] };
    } catch (error) {
      signal.throwIfAborted();
      notes.push(`${name} could not print the PDF: ${error instanceof Error ? error.message : String(error)}.`);
    }
  }
  const [file] = await writtenOffThread({ document, form: 'plain-pdf' }, signal);
  const without = notes.length === 0 ? 'No browser engine was found: the' : 'The';
  notes.push(`${without} PDF was laid out by the console itself.`);
  if (!allInTypeface(document))
    notes.push(
      'The PDF shows letters outside Latin, Greek and Cyrillic as \ufffd, because the console brings no typeface for them. HTML and XLSX have them.',
    );
  return { bytes: file?.bytes ?? new Uint8Array(), notes };
}

async function handedIn(pdf: PdfPrinter | undefined): Promise<Engine | undefined> {
  return pdf === undefined
    ? undefined
    : { name: "The console's own window", print: pdf, note: "The PDF was laid out by the console's own window." };
}

async function installed(find: () => Promise<string | undefined>): Promise<Engine | undefined> {
  const program = await find();
  if (program === undefined) return undefined;
  const note = needsNoSandbox()
    ? `The PDF was laid out by ${program}, without that browser's sandbox because the console runs as root.`
    : `The PDF was laid out by ${program}.`;
  return { name: program, print: chromiumPrinter(program), note };
}
