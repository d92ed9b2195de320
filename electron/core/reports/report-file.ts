/** What `report.json` beside the files of a report holds, and how the files are called. */
import * as z from 'zod';
import { reportRequest } from '#shared/contract/reports.ts';
import { reportFormats } from '#shared/model/report.ts';
import type { ReportFormat, ReportInfo } from '#shared/model/report.ts';
import { epochMs } from '#shared/units.ts';

export const infoFile = 'report.json';
const version = 1;

/** No way out of the report's folder, and nothing hidden. */
export const safeName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;

const moment = z.number().min(0).max(8.64e15).transform(epochMs);

/** Only reports that are done are kept on the disk. */
const info = z.strictObject({
  id: z.string().regex(safeName),
  title: z.string(),
  request: reportRequest,
  from: moment,
  to: moment,
  askedAt: moment,
  state: z.literal('done'),
  progress: z.number(),
  step: z.string(),
  lab: z.boolean(),
  schedule: z.exactOptional(z.string()),
  files: z.array(
    z.strictObject({
      name: z
        .string()
        .regex(safeName)
        .refine((name) => name !== infoFile),
      format: z.enum(reportFormats),
      bytes: z.int().min(0),
    }),
  ),
  notes: z.array(z.string()),
});
const schema: z.ZodType<{ version: number; report: ReportInfo }> = z.strictObject({
  version: z.literal(version),
  report: info,
});

export const infoText = (report: ReportInfo): string => `${JSON.stringify({ version, report }, null, 1)}\n`;

/** The report, or why the text is none. */
export function readInfo(text: string): { readonly report: ReportInfo } | { readonly wrong: string } {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    return { wrong: error instanceof Error ? error.message : String(error) };
  }
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return {
    wrong: issue === undefined ? parsed.error.message : `${issue.path.map(String).join('.')}: ${issue.message}`,
  };
}

/** A writer's name for a file as one that any file system takes, and that the report does not have yet. */
export function fileName(name: string, taken: ReadonlySet<string>): string {
  const clean =
    name
      .replace(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[^A-Za-z0-9]+/, '')
      .slice(-150) || 'report';
  const dot = clean.lastIndexOf('.');
  const [stem, ending] = dot > 0 ? [clean.slice(0, dot), clean.slice(dot)] : [clean, ''];
  for (let number = 1; ; number += 1) {
    const tried = number === 1 ? clean : `${stem}-${number}${ending}`;
    if (!taken.has(tried.toLowerCase()) && tried !== infoFile) return tried;
  }
}

export const mediaTypes: { readonly [format in ReportFormat]: string } = {
  pdf: 'application/pdf',
  html: 'text/html; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
  json: 'application/json',
};
