/**
 * Quantities that must not be mixed up. This is the only file that casts a plain number to a unit; everywhere
 * else a unit comes from one of these functions or from another unit.
 */
declare const unit: unique symbol;
type Quantity<Name extends string> = number & { readonly [unit]: Name };

/** Memory pages of the host it was read on; its page size is a fact of that host. */
export type Pages = Quantity<'pages'>;
export type Bytes = Quantity<'bytes'>;
/** 0…1 for parts of a whole; compression ratios may exceed 1. */
export type Ratio = Quantity<'ratio'>;
/** Milliseconds since 1970-01-01 UTC, by the console's clock. */
export type EpochMs = Quantity<'epoch-ms'>;
/** A span of time in milliseconds. */
export type Millis = Quantity<'millis'>;

export const pages = (count: number): Pages => count as Pages;
export const bytes = (count: number): Bytes => count as Bytes;
export const kibibytes = (count: number): Bytes => (count * 1024) as Bytes;
export const epochMs = (count: number): EpochMs => count as EpochMs;
export const millis = (count: number): Millis => count as Millis;
export const seconds = (count: number): Millis => (count * 1000) as Millis;

/** The part as a share of the whole; undefined when the whole is nothing. */
export function ratio(part: number, whole: number): Ratio | undefined {
  return whole > 0 ? ((part / whole) as Ratio) : undefined;
}

export const pagesToBytes = (count: Pages, pageSize: number): Bytes => (count * pageSize) as Bytes;

/** Sum of like quantities; 0 for none. */
export function add<Q extends Bytes | Pages | Millis>(...parts: Q[]): Q {
  return parts.reduce<number>((sum, part) => sum + part, 0) as Q;
}

export function minus<Q extends Bytes | Pages | Millis>(from: Q, part: Q): Q {
  return (from - part) as Q;
}

/** Never below zero: for quantities that cannot be negative but are read from files at different instants. */
export function minusFloor<Q extends Bytes | Pages | Millis>(from: Q, part: Q): Q {
  return Math.max(0, from - part) as Q;
}

export const since = (later: EpochMs, earlier: EpochMs): Millis => (later - earlier) as Millis;
export const after = (moment: EpochMs, span: Millis): EpochMs => (moment + span) as EpochMs;
