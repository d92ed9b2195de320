/**
 * The name of a shared pool. U0 and U1 are the two little-endian halves of the file system's 16 bytes, so the same
 * sixteen bytes have two spellings: the one `xl tmem-shared-auth -u` wants, and the one blkid and mkfs print. The
 * second is accepted by xl as well, and does nothing (docs/domain.md 3.1).
 */
export interface SharedName {
  /** As `-u` wants it: U1, then U0. */
  readonly authorise: string;
  /** As blkid prints it: all bytes the other way round. */
  readonly fileSystem: string;
}

/** undefined for the zeros of a private pool. */
export function sharedName(u0: string | undefined, u1: string | undefined): SharedName | undefined {
  if (u0 === undefined || u1 === undefined) return undefined;
  const digits = u1.padStart(16, '0') + u0.padStart(16, '0');
  if (/^0+$/.test(digits)) return undefined;
  const turned = (digits.match(/../g) ?? []).reverse().join('');
  return { authorise: dashed(digits), fileSystem: dashed(turned) };
}

/** The file system's uuid as `-u` has to be told it; undefined where it is none, or that of a private pool. */
export function authoriseForm(fileSystem: string): string | undefined {
  const plain = fileSystem.trim().toLowerCase();
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(plain) || /^[0-]+$/.test(plain)) return undefined;
  return dashed((plain.replaceAll('-', '').match(/../g) ?? []).reverse().join(''));
}

const dashed = (digits: string): string =>
  [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join('-');
