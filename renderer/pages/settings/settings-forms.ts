/** The fields of Settings that are saved together: as text, what is wrong with them, and what they say. Pure. */
import type { HistoryStatus } from '#shared/model/history.ts';
import type { HistorySettings, MoneySettings } from '#shared/model/settings.ts';

export type Errors<Form> = { readonly [field in keyof Form]?: string };
export const hasNone = (errors: object): boolean => Object.keys(errors).length === 0;

export interface HistoryForm {
  readonly rawDays: string;
  readonly minuteDays: string;
  readonly hourDays: string;
  readonly disk: string;
  readonly diskUnit: 'MiB' | 'GiB';
}

const days = { rawDays: 3650, minuteDays: 3650, hourDays: 36_500 } as const;
const leastMiB = 16;
const mostMiB = 10_000_000;

export function historyForm({ rawDays, minuteDays, hourDays, diskMiB }: HistorySettings): HistoryForm {
  const inGiB = diskMiB >= 1024 && diskMiB % 1024 === 0;
  return {
    rawDays: String(rawDays),
    minuteDays: String(minuteDays),
    hourDays: String(hourDays),
    disk: String(inGiB ? diskMiB / 1024 : diskMiB),
    diskUnit: inGiB ? 'GiB' : 'MiB',
  };
}

export function historyErrors(form: HistoryForm): Errors<HistoryForm> {
  const errors: { -readonly [field in keyof HistoryForm]?: string } = {};
  for (const [field, most] of Object.entries(days) as [keyof typeof days, number][])
    if (!isWhole(form[field], 1, most)) errors[field] = `A whole number of days, from 1 to ${most}.`;
  const size = mebibytes(form);
  if (size === undefined) errors.disk = 'A number, such as 2 or 1.5.';
  else if (size < leastMiB) errors.disk = `At least ${leastMiB}\u00a0MiB: less holds not even a day of one host.`;
  else if (size > mostMiB) errors.disk = `At most ${mostMiB}\u00a0MiB.`;
  return errors;
}

/** Undefined while a field is wrong: nothing of it is saved then. */
export function historyOf(form: HistoryForm): HistorySettings | undefined {
  const diskMiB = mebibytes(form);
  if (!hasNone(historyErrors(form)) || diskMiB === undefined) return undefined;
  return {
    rawDays: Number(form.rawDays),
    minuteDays: Number(form.minuteDays),
    hourDays: Number(form.hourDays),
    diskMiB,
  };
}

/** What goes when these limits are kept; undefined where nothing does. */
export function shrinkSentence(before: HistorySettings, after: HistorySettings, bytes: number): string | undefined {
  const shorter = [
    ...(after.rawDays < before.rawDays ? [`raw readings older than ${after.rawDays} days`] : []),
    ...(after.minuteDays < before.minuteDays ? [`minutes older than ${after.minuteDays} days`] : []),
    ...(after.hourDays < before.hourDays ? [`hours older than ${after.hourDays} days`] : []),
    ...(bytes > after.diskMiB * 1024 ** 2 ? ['the oldest readings beyond the disk budget, the finest first'] : []),
  ];
  return shorter.length === 0
    ? undefined
    : `Keeping these limits deletes ${shorter.join(', ')}. They cannot be had back.`;
}

/** Less than this says little about a usual day. */
const leastKnownMs = 6 * 3_600_000;
const dayMs = 24 * 3_600_000;

/** How many days of raw readings the budget holds at the pace so far; undefined while too little is known. */
export function rawDaysThatFit(status: HistoryStatus, budgetBytes: number): number | undefined {
  const raw = status.tiers.find(({ tier }) => tier === 'raw');
  if (raw === undefined || raw.bytes <= 0 || raw.to - raw.from < leastKnownMs) return undefined;
  const others = status.tiers.reduce((sum, { tier, bytes }) => sum + (tier === 'raw' ? 0 : bytes), 0);
  const perDay = raw.bytes / ((raw.to - raw.from) / dayMs);
  return Math.max(0, Math.floor((budgetBytes - others) / perDay));
}

export interface MoneyForm {
  readonly price: string;
  readonly currency: string;
}

/** Nought stands for "not said". */
export const moneyForm = ({ pricePerGiBMonth, currency }: MoneySettings): MoneyForm => ({
  price: pricePerGiBMonth === 0 ? '' : String(pricePerGiBMonth),
  currency,
});

export function moneyErrors({ price, currency }: MoneyForm): Errors<MoneyForm> {
  const amount = amountOf(price);
  const word = currency.trim();
  return {
    ...(amount === undefined ? { price: 'A plain number with a dot, such as 4.50; empty for none.' } : {}),
    ...(amount !== undefined && amount > 1_000_000 ? { price: 'At most 1000000.' } : {}),
    ...(word === '' ? { currency: 'How amounts are written, such as EUR or $.' } : {}),
    ...(word.length > 8 ? { currency: 'At most 8 characters.' } : {}),
  };
}

export function moneyOf(form: MoneyForm): MoneySettings | undefined {
  const amount = amountOf(form.price);
  if (!hasNone(moneyErrors(form)) || amount === undefined) return undefined;
  return { pricePerGiBMonth: amount, currency: form.currency.trim() };
}

const isWhole = (text: string, min: number, max: number): boolean =>
  /^\d+$/.test(text.trim()) && Number(text) >= min && Number(text) <= max;

function mebibytes({ disk, diskUnit }: HistoryForm): number | undefined {
  const text = disk.trim();
  if (!/^\d+(\.\d+)?$/.test(text)) return undefined;
  return Math.round(Number(text) * (diskUnit === 'GiB' ? 1024 : 1));
}

function amountOf(text: string): number | undefined {
  const typed = text.trim();
  if (typed === '') return 0;
  return /^\d+(\.\d+)?$/.test(typed) ? Number(typed) : undefined;
}
