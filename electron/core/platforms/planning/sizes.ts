/** Sizes in sentences. */
const steps = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** `3.2 GiB`, `512 MiB`, `0 B`: one decimal from GiB up. */
export function size(bytes: number): string {
  let value = Math.abs(bytes);
  let at = 0;
  while (value >= 1024 && at < steps.length - 1) {
    value /= 1024;
    at++;
  }
  const shown = at >= 3 ? value.toFixed(1) : String(Math.round(value));
  return `${bytes < 0 ? '−' : ''}${shown} ${steps[at] ?? ''}`;
}

export const mebibyte = 1024 * 1024;

/** A limit as a person writes it (MiB, or max), in the kernel's spelling. */
export function limitOf(mebibytes: string, pageSize: number): string {
  return mebibytes === 'max' ? 'max' : wholePages(Number(mebibytes) * mebibyte, pageSize);
}

/** The kernel keeps limits in whole pages, rounded down. */
export function wholePages(bytes: number, pageSize: number): string {
  return String(Math.floor(bytes / pageSize) * pageSize);
}

/** A limit of the kernel for a field in MiB, rounded down. */
export function inMebibytes(limit: string | undefined): string | undefined {
  return limit === undefined || limit === 'max' ? limit : String(Math.floor(Number(limit) / mebibyte));
}
