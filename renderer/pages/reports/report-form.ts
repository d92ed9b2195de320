/** What a person fills in for a report, and the request the core takes. Pure. */
import type { LocationQuery } from 'vue-router';
import { reportFormats, reportKinds } from '#shared/model/report.ts';
import type { ReportFormat, ReportKind, ReportRequest } from '#shared/model/report.ts';
import { everything, pickedIds, pickOf, type Pick } from '../savings/pick.ts';
import { spanErrors, spanForm, spanInQuery, spanOf, usualSpan, type SpanForm } from '../savings/span.ts';

export interface ReportForm {
  readonly kind: ReportKind;
  readonly span: SpanForm;
  readonly hosts: Pick;
  /** Of guests: host and key, with a line break between them. */
  readonly guests: Pick;
  readonly plans: Pick;
  readonly formats: readonly ReportFormat[];
}
export type ReportErrors = { readonly [field in 'hosts' | 'guests' | 'plans' | 'formats' | 'span']?: string };

const usualFormats: readonly ReportFormat[] = ['pdf', 'xlsx'];

export const emptyReport = (now: number): ReportForm => ({
  kind: 'savings',
  span: spanForm(usualSpan, now),
  hosts: everything,
  guests: everything,
  plans: everything,
  formats: usualFormats,
});

/** As another page presets it in the address: kind, span and hosts. */
export function reportInQuery(query: LocationQuery, now: number): ReportForm {
  const kind = reportKinds.find((one) => one === query['kind']) ?? 'savings';
  const hosts = String(query['hosts'] ?? '')
    .split(',')
    .filter(Boolean);
  return { ...emptyReport(now), kind, span: spanForm(spanInQuery(query, usualSpan), now), hosts: pickOf(hosts) };
}

export const formOfRequest = (
  { kind, span, hosts, guests, plans, formats }: ReportRequest,
  now: number,
): ReportForm => ({
  kind,
  span: spanForm(span, now),
  hosts: pickOf(hosts),
  guests: pickOf(guests.map(({ host, guest }) => `${host}\n${guest}`)),
  plans: pickOf(plans),
  formats,
});

/** What of the form counts for its kind: the rest is kept as it was typed, and not sent. */
export const asksFor = (kind: ReportKind): { readonly guests: boolean; readonly plans: boolean } => ({
  guests: kind === 'guest',
  plans: kind === 'change-impact',
});

export function reportErrors({ kind, span, hosts, guests, plans, formats }: ReportForm): ReportErrors {
  const errors: { -readonly [field in keyof ReportErrors]: string } = {};
  const wrong = spanErrors(span);
  const asks = asksFor(kind);
  if (wrong.from !== undefined || wrong.to !== undefined) errors.span = wrong.from ?? wrong.to ?? '';
  if (pickedIds(hosts) === undefined) errors.hosts = 'Tick at least one host, or choose all.';
  if (asks.guests && pickedIds(guests) === undefined) errors.guests = 'Tick at least one guest, or choose all.';
  if (asks.plans && pickedIds(plans) === undefined) errors.plans = 'Tick at least one change, or choose all.';
  if (formats.length === 0) errors.formats = 'Choose at least one format.';
  return errors;
}

/** Undefined while something is missing. */
export function requestOf(form: ReportForm): ReportRequest | undefined {
  const span = spanOf(form.span);
  if (span === undefined || Object.keys(reportErrors(form)).length > 0) return undefined;
  const asks = asksFor(form.kind);
  return {
    kind: form.kind,
    span,
    hosts: pickedIds(form.hosts) ?? [],
    guests: asks.guests ? (pickedIds(form.guests) ?? []).map(guestOf) : [],
    plans: asks.plans ? (pickedIds(form.plans) ?? []) : [],
    formats: reportFormats.filter((format) => form.formats.includes(format)),
  };
}

/** The same for every format: one that is not chosen yet does not hold the preview up. */
export const previewOf = (form: ReportForm): ReportRequest | undefined => requestOf({ ...form, formats: ['json'] });

function guestOf(id: string): ReportRequest['guests'][number] {
  const at = id.indexOf('\n');
  return { host: id.slice(0, at), guest: id.slice(at + 1) };
}
