/** The statistics files of a zram device: rows of numbers whose meaning is their column. */
import { bytes } from '#shared/units.ts';
import type { Bytes } from '#shared/units.ts';
import type { FileText, ReadTrouble } from '../platform.ts';
import { parseInteger } from './integer.ts';
import { noteTrouble, quoted } from './trouble.ts';

/** bd_stat and writeback_limit count in units of 4 KiB whatever the page size is (docs/domain.md 5.2 trap 13). */
export const backingUnit = 4096;

/** Columns of mm_stat in their order; kernels before 4.18 print seven, before 5.11 eight. Later ones may add more. */
export const mmStatColumns = [
  'orig_data_size',
  'compr_data_size',
  'mem_used_total',
  'mem_limit',
  'mem_used_max',
  'same_pages',
  'pages_compacted',
  'huge_pages',
  'huge_pages_since',
] as const;
export const ioStatColumns = ['failed_reads', 'failed_writes', 'invalid_io', 'notify_free'] as const;
export const bdStatColumns = ['bd_count', 'bd_reads', 'bd_writes'] as const;

export type Columns<Name extends string> = Readonly<Partial<Record<Name, number>>>;

/** @param least how many columns every kernel prints */
export function parseColumns<Name extends string>(
  file: FileText,
  names: readonly Name[],
  least: number,
  troubles: ReadTrouble[],
): Columns<Name> {
  const columns: Partial<Record<Name, number>> = {};
  const words = file.text.trim().split(/\s+/);
  if (file.text.length > 1000 || words.length < least) {
    noteTrouble(troubles, file, 0, `expected at least ${String(least)} numbers, found ${quoted(file.text)}`);
    return columns;
  }
  for (let i = 0; i < names.length && i < words.length; i++) {
    const name = names[i];
    const value = parseInteger(words[i] ?? '');
    if (name !== undefined && value !== undefined) columns[name] = value;
    else
      noteTrouble(
        troubles,
        file,
        0,
        `column ${String(i + 1)} (${String(name)}) is no number: ${quoted(words[i] ?? '')}`,
      );
  }
  return columns;
}

/**
 * docs/domain.md 5.1 zram. What compressing saves in RAM: pages moved to a backing device are no saving of RAM.
 * same_pages are part of orig_data_size already. undefined unless the needed columns were read; bd_stat is absent
 * without write-back.
 */
export function zramSaved(
  mm: Columns<(typeof mmStatColumns)[number]>,
  bd: Columns<(typeof bdStatColumns)[number]> | undefined,
): Bytes | undefined {
  if (mm.orig_data_size === undefined || mm.mem_used_total === undefined) return undefined;
  return bytes(mm.orig_data_size - mm.mem_used_total - (bd?.bd_count ?? 0) * backingUnit);
}
