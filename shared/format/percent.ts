/** Percent, given as 0…100: no decimals from 10 up, one below. */
import { absent, nbsp } from './absent.ts';

export function formatPercent(percent: number | undefined | null): string {
  if (percent === undefined || percent === null || !Number.isFinite(percent)) return absent;
  if (percent === 0) return `0${nbsp}%`;
  const size = Math.abs(percent);
  const sign = percent < 0 ? '−' : '';
  if (size < 0.05) return `${sign}<${nbsp}0.1${nbsp}%`;
  return `${sign}${size.toFixed(size < 9.95 ? 1 : 0)}${nbsp}%`;
}

/** A share of 0…1. */
export const formatShare = (share: number | undefined): string =>
  formatPercent(share === undefined ? undefined : share * 100);
