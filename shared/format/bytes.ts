/** Bytes as the operator says them: `1.40 GiB`, `41.3 GiB`, `128 GiB`. Zero is `0`, absent is `—`. */
import { absent, nbsp } from './absent.ts';
import { digits } from './number.ts';

const steps = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

export function formatBytes(bytes: number | undefined | null): string {
  if (bytes === undefined || bytes === null || !Number.isFinite(bytes)) return absent;
  if (bytes === 0) return '0';
  const step = stepOf(bytes);
  const amount = bytes / 1024 ** step;
  return `${step === 0 ? amount.toFixed(0).replace('-', '−') : digits(amount)}${nbsp}${steps[step] ?? 'B'}`;
}

/** Part and whole, the unit written once where they share it: `41.3 of 128 GiB`, `153 GiB of 1.06 TiB`. */
export function formatBytesOf(part: number | undefined, whole: number | undefined): string {
  if (part === undefined || whole === undefined || whole <= 0) return formatBytes(part);
  const step = stepOf(whole);
  const shared = part !== 0 && stepOf(part) === step;
  return `${shared ? digits(part / 1024 ** step) : formatBytes(part)} of ${formatBytes(whole)}`;
}

function stepOf(bytes: number): number {
  const size = Math.abs(bytes);
  let step = 0;
  // 1023.5 would be written "1024": the next unit says it better.
  while (step < steps.length - 1 && size / 1024 ** step >= 1023.5) step += 1;
  return step;
}
