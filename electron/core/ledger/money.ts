/** What was saved in money, where a person said what memory costs. */
import type { LedgerMoney } from '#shared/model/ledger.ts';
import type { MoneySettings } from '#shared/model/settings.ts';
import { total } from './sums.ts';

const gibibyte = 2 ** 30;
/** The mean month of a calendar with leap years. */
const monthMs = (365.25 / 12) * 86_400_000;

/** What one host saved: net bytes, mean over the time that is known, and how much of the span it is recorded. */
export interface Saved {
  readonly saved: number | undefined;
  readonly recordedMs: number;
}

export function moneyOf(
  hosts: readonly Saved[],
  { pricePerGiBMonth, currency }: MoneySettings,
): LedgerMoney | undefined {
  const saved = total(hosts.map((host) => host.saved));
  if (saved === undefined || !(pricePerGiBMonth > 0)) return undefined;
  const inMoney = (bytes: number): number => (bytes / gibibyte) * pricePerGiBMonth;
  return {
    amount: hosts.reduce((sum, host) => sum + (inMoney(host.saved ?? 0) * host.recordedMs) / monthMs, 0),
    perMonth: inMoney(saved),
    currency,
    pricePerGiBMonth,
    assumption:
      `The price of ${String(pricePerGiBMonth)} ${currency} for a GiB of RAM in a month is the one of this console’s settings. ` +
      'It is taken of the memory saved net of what saving it takes, as its mean over the time that is known, for as long as each host is recorded within the span, in months of 365.25 ÷ 12 days; ' +
      'cache gained, pages moved to other machines and memory lent to others are not in it.',
  };
}
