/** Digits for the eye: two decimals below 10, one up to 100, none above; a real minus; thin spaces in thousands. */
import { thinSpace } from './absent.ts';

export function digits(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return '0';
  const decimals = size < 9.995 ? 2 : size < 99.95 ? 1 : 0;
  return grouped(value.toFixed(decimals));
}

/** A whole count: `12 345`. */
export const count = (value: number): string => grouped(Math.round(value).toFixed(0));

/** Thin spaces between thousands from five digits on, and a real minus. */
export function grouped(text: string): string {
  const [whole = '', part] = text.replace('-', '').split('.');
  const spaced = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, thinSpace) : whole;
  const sign = text.startsWith('-') && /[1-9]/.test(text) ? '−' : '';
  return sign + spaced + (part === undefined ? '' : `.${part}`);
}
