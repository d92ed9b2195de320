/** What a person fills in for a report that is made again and again. Pure. */
import type { ReportSchedule, ScheduleDraft } from '#shared/model/report.ts';
import { spanForm, usualSpan } from '../savings/span.ts';
import { formOfRequest, reportErrors, requestOf, type ReportErrors, type ReportForm } from './report-form.ts';
import { clockOf, kindTitle } from './report-words.ts';

export interface ScheduleForm {
  readonly title: string;
  readonly report: ReportForm;
  readonly every: ReportSchedule['every'];
  readonly weekday: number;
  /** `06:00`. */
  readonly time: string;
  readonly folder: string;
  readonly enabled: boolean;
}
export type ScheduleErrors = ReportErrors & { readonly [field in 'title' | 'time' | 'folder']?: string };

/** A report of a span between two moments would be the same each time: the usual span takes its place. */
const moving = (form: ReportForm, now: number): ReportForm =>
  form.span.last === 'between' ? { ...form, span: spanForm(usualSpan, now) } : form;

export const newSchedule = (report: ReportForm, now: number): ScheduleForm => ({
  title: kindTitle(report.kind),
  report: moving(report, now),
  every: 'week',
  weekday: 1,
  time: '06:00',
  folder: '',
  enabled: true,
});

export const formOfSchedule = (schedule: ReportSchedule, now: number): ScheduleForm => ({
  title: schedule.title,
  report: moving(formOfRequest(schedule.request, now), now),
  every: schedule.every,
  weekday: schedule.weekday,
  time: clockOf(schedule.minute),
  folder: schedule.folder,
  enabled: schedule.enabled,
});

export function scheduleErrors(form: ScheduleForm): ScheduleErrors {
  const title = form.title.trim();
  const folder = form.folder.trim();
  return {
    ...reportErrors(form.report),
    ...(title === '' ? { title: 'A name is needed: it stands on every report that is made.' } : {}),
    ...(title.length > 120 ? { title: 'At most 120 characters.' } : {}),
    ...(minuteOf(form.time) === undefined ? { time: 'A time from 00:00 to 23:59.' } : {}),
    ...(folder !== '' && !isWholePath(folder) ? { folder: 'The whole path is needed, such as /srv/reports.' } : {}),
  };
}

/** Undefined while something is missing. */
export function draftOf(form: ScheduleForm): ScheduleDraft | undefined {
  const request = requestOf(form.report);
  const minute = minuteOf(form.time);
  if (request === undefined || minute === undefined || Object.keys(scheduleErrors(form)).length > 0) return undefined;
  return {
    title: form.title.trim(),
    request,
    every: form.every,
    weekday: form.weekday,
    minute,
    folder: form.folder.trim(),
    enabled: form.enabled,
  };
}

/** The same schedule switched on or off. */
export const switched = ({
  title,
  request,
  every,
  weekday,
  minute,
  folder,
  enabled,
}: ReportSchedule): ScheduleDraft => ({
  title,
  request,
  every,
  weekday,
  minute,
  folder,
  enabled: !enabled,
});

function minuteOf(time: string): number | undefined {
  const parts = /^(\d\d):(\d\d)/.exec(time);
  if (parts === null) return undefined;
  const [hour, minute] = [Number(parts[1]), Number(parts[2])];
  return hour > 23 || minute > 59 ? undefined : hour * 60 + minute;
}
/** On this or another kind of machine: the console may run on Windows. */
const isWholePath = (path: string): boolean => /^(\/|[A-Za-z]:[\\/]|\\\\)/.test(path);
