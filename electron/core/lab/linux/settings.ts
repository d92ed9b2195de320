/** Reading what is written to a kernel file: the shapes of numbers and flags the kernel takes, and its errnos. */
import type { WriteOutcome } from '../machine.ts';

export const ok: WriteOutcome = { outcome: 'ok' };
export const refused = (errno: string): WriteOutcome => ({ outcome: 'refused', errno });
export const invalid = refused('EINVAL');
export const denied = refused('EACCES');
export const missing = refused('ENOENT');

/** kstrtouint(…, 0, …): decimal, 0x or a leading 0 for octal; one final newline. undefined where it is refused. */
export function unsigned(text: string, most = 0xffff_ffff): number | undefined {
  const bare = (text.endsWith('\n') ? text.slice(0, -1) : text).replace(/^\+/, '');
  const value = /^0[xX][0-9a-fA-F]+$/.test(bare)
    ? Number.parseInt(bare.slice(2), 16)
    : /^0[0-7]+$/.test(bare)
      ? Number.parseInt(bare, 8)
      : /^\d+$/.test(bare)
        ? Number(bare)
        : NaN;
  return Number.isNaN(value) || value > most ? undefined : value;
}

/** kstrtobool: the first letter counts (`on` and `off` by their second). */
export function flag(text: string): boolean | undefined {
  if (/^(?:[yYtT1]|[oO][nN])/.test(text)) return true;
  if (/^(?:[nNfF0]|[oO][fF])/.test(text)) return false;
  return undefined;
}

const suffixes = 'KMGTPE';

/** page_counter_memparse: `max`, or bytes with K, M, G…; whole pages, in pages. */
export function limitPages(text: string, pageSize: number): number | undefined {
  const bytes = memparse(text);
  return bytes === undefined || bytes === Infinity ? bytes : Math.floor(bytes / pageSize);
}

/** `max` is Infinity. */
export function memparse(text: string): number | undefined {
  const bare = text.trim();
  if (bare === 'max') return Infinity;
  const found = /^(\d{1,16})([KMGTPEkmgtpe])?$/.exec(bare);
  if (found?.[1] === undefined) return undefined;
  const power = found[2] === undefined ? 0 : suffixes.indexOf(found[2].toUpperCase()) + 1;
  return Number(found[1]) * 1024 ** power;
}
