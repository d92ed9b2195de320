/** The uuid of `xl tmem-shared-auth -u`: its first half is U1, its second U0. */
import type { Uuid } from '../tmem/tmem.ts';

const form = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/i;

/** @param misread Xen 4.4 takes the digits a…f for 0…5 @returns undefined: not a uuid */
export function parseUuid(words: string, misread = false): Uuid | undefined {
  const digits = form.exec(words)?.slice(1).join('').toLowerCase();
  if (digits === undefined) return undefined;
  const read = misread ? digits.replace(/[a-f]/g, (digit) => String(digit.charCodeAt(0) - 97)) : digits;
  return { U1: BigInt(`0x${read.slice(0, 16)}`), U0: BigInt(`0x${read.slice(16)}`) };
}
