/** Amounts of money: the currency as the person wrote it, behind the amount. Pure. */
import { nbsp } from '#shared/format/absent.ts';
import { count } from '#shared/format/number.ts';

/** `234.50 EUR`; from 1 000 on the hundredths say nothing. */
export function moneyWords(amount: number, currency: string): string {
  const text = Math.abs(amount) < 1000 ? amount.toFixed(2).replace('-', '−').replace('−0.00', '0.00') : count(amount);
  return `${text}${nbsp}${currency}`;
}
