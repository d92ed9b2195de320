/** What was saved in money, where a person said what memory costs. */
import type { LedgerMoney } from '#shared/model/ledger.ts';
import type { MoneySettings } from '#shared/model/settings.ts';

const gibibyte = 2 ** 30;
/** The mean month of a calendar with leap years. */
const monthMs = (365.25 / 12) * 86_400_000;

/** @param saved net bytes, mean over the time that is known */
export function moneyOf(
  saved: number | undefined,
  spanMs: number,
  { pricePerGiBMonth, currency }: MoneySettings,
): LedgerMoney | undefined {
  if (saved === undefined || !(pricePerGiBMonth > 0) || spanMs <= 0) return undefined;
  const perMonth = (saved / gibibyte) * pricePerGiBMonth;
  return {
    amount: (perMonth * spanMs) / monthMs,
    perMonth,
    currency,
    pricePerGiBMonth,
    assumption:
      `The price of ${String(pricePerGiBMonth)} ${currency} for a GiB of RAM in a month is the one of this console’s settings. ` +
      'It is taken of the memory saved net of what saving it takes, as its mean over the time that is known, for the whole span in months of 365.25 ÷ 12 days; ' +
      'cache gained, pages moved to other machines and memory lent to others are not in it.',
  };
}
