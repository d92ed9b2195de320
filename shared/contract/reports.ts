/** Reports: asking for one, following it, fetching its files, and having it made again and again. */
import * as z from 'zod';
import { reportFormats, reportKinds } from '#shared/model/report.ts';
import type {
  ReportDocument,
  ReportInfo,
  ReportRequest,
  ReportSchedule,
  ReportSpan,
  ScheduleDraft,
} from '#shared/model/report.ts';
import { event, request } from './wire.ts';
import { id, nothing } from './schemas.ts';

const span: z.ZodType<ReportSpan> = z.union([
  z.strictObject({ lastSeconds: z.int().min(60).max(316_000_000) }),
  z
    .strictObject({ from: z.number().min(0).max(8.64e15), to: z.number().min(0).max(8.64e15) })
    .refine(({ from, to }) => to > from, 'a span ends after it begins'),
]);

export const reportRequest: z.ZodType<ReportRequest> = z.strictObject({
  kind: z.enum(reportKinds),
  span,
  hosts: z.array(id).max(1000),
  guests: z.array(z.strictObject({ host: id, guest: z.string().min(1).max(1000) })).max(1000),
  plans: z.array(id).max(1000),
  formats: z.array(z.enum(reportFormats)).min(1).max(reportFormats.length),
});

export const scheduleDraft: z.ZodType<ScheduleDraft> = z.strictObject({
  title: z.string().trim().min(1).max(120),
  request: reportRequest,
  every: z.enum(['day', 'week', 'month']),
  weekday: z.int().min(1).max(7),
  minute: z.int().min(0).max(1439),
  folder: z.string().max(4096),
  enabled: z.boolean(),
});

const report = z.strictObject({ report: id });

export const reports = {
  'reports.list': request(nothing).answering<readonly ReportInfo[]>(),
  /** Begins; what becomes of it is told by `reports.changed`. */
  'reports.make': request(z.strictObject({ request: reportRequest })).answering<ReportInfo>(),
  /** The model of a report without keeping it: the page's preview. */
  'reports.preview': request(z.strictObject({ request: reportRequest })).answering<ReportDocument>(),
  'reports.cancel': request(report).answering<null>(),
  'reports.remove': request(report).answering<null>(),
  /** One file, as base64. Rejects: not-found, file-unreadable. */
  'reports.read': request(z.strictObject({ report: id, name: z.string().min(1).max(255) })).answering<{
    readonly name: string;
    readonly type: string;
    readonly base64: string;
  }>(),
  'reports.schedules': request(nothing).answering<readonly ReportSchedule[]>(),
  /** A new one without `id`. Rejects: file-unwritable for a folder that cannot be written to. */
  'reports.schedule': request(z.strictObject({ id: id.optional(), draft: scheduleDraft })).answering<ReportSchedule>(),
  'reports.unschedule': request(z.strictObject({ id })).answering<null>(),
};

export const reportEvents = {
  'reports.changed': event<readonly ReportInfo[]>(),
  'reports.removed': event<readonly string[]>(),
  'reports.scheduled': event<readonly ReportSchedule[]>(),
};
