/** How fast something moves, per second. */
import { absent } from './absent.ts';
import { formatBytes } from './bytes.ts';
import { count, digits } from './number.ts';

export function formatRate(perSecond: number | undefined | null): string {
  if (perSecond === undefined || perSecond === null || !Number.isFinite(perSecond)) return absent;
  if (perSecond === 0) return '0/s';
  if (Math.abs(perSecond) < 0.005) return `${perSecond < 0 ? '−' : ''}<\u00a00.01/s`;
  return `${Math.abs(perSecond) < 100 ? digits(perSecond) : count(perSecond)}/s`;
}

export const formatByteRate = (perSecond: number | undefined | null): string => {
  const text = formatBytes(perSecond);
  return text === absent ? text : `${text}/s`;
};
