/** How long to wait before a host is tried again: doubling from 1 s to 60 s, spread so that hosts do not come in step. */
const firstMs = 1000;
const longestMs = 60_000;

/**
 * @param attempt 1 after the first failure
 * @param random 0 ≤ random < 1
 * @returns milliseconds, 1 s to 60 s
 */
export function backOffMs(attempt: number, random: number): number {
  const step = Math.min(longestMs, firstMs * 2 ** Math.min(attempt, 7));
  return Math.round(Math.max(firstMs, step / 2 + (step / 2) * random));
}
