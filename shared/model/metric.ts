/** Metrics: what can be read from a host, declared once by the platform that reads it. */

/** Dotted, in the kernel's spelling: `meminfo.MemTotal`, `zswap.stored_pages`, `cgroup.memory.current`. */
export type MetricId = string;

export type MetricUnit =
  'bytes' | 'pages' | 'count' | 'percent' | 'microseconds' | 'milliseconds' | 'seconds' | 'flag' | 'text';

/**
 * Quantities that every page knows how to draw, whichever platform reads them. A platform maps its own metrics
 * (often derived ones, with their formula as the source) onto them; `saved.*` of several platforms add up.
 */
export const signals = [
  'memory.total',
  'memory.available',
  'swap.total',
  'swap.used',
  /** Memory that is not needed because pages are kept compressed; net of what keeping them costs. */
  'saved.compressed',
  /** Memory that is not needed because equal pages are kept once. May be negative, and is shown so. */
  'saved.merged',
  /** Memory kept in another machine's RAM. */
  'saved.remote',
  /** Promised to guests and taken back by the balloon. */
  'saved.ballooned',
  /** Extra cache that may vanish: capacity gained, never part of what is saved. */
  'capacity.ephemeral',
  /** Percent of the last 10 s in which some / all tasks waited for memory. */
  'harm.psi-some',
  'harm.psi-full',
  /** Pages per second. */
  'harm.swap-in',
  'harm.swap-out',
  'harm.refaults',
  'harm.rejects',
  /** Events per second. */
  'harm.oom-kills',
] as const;
export type SignalId = (typeof signals)[number];

export interface MetricDef {
  readonly id: MetricId;
  readonly title: string;
  readonly unit: MetricUnit;
  /** A level stands for itself; a counter only grows and is drawn as a rate; a setting is a knob's value. */
  readonly kind: 'level' | 'counter' | 'setting';
  /** What the instance names: nothing (the host), a guest's key, a device. */
  readonly instance: 'host' | 'guest' | 'device';
  /** One sentence: what it means, not how it is read. */
  readonly help: string;
  /** Where the kernel documents it: a path below https://docs.kernel.org/, or a full URL. */
  readonly doc?: string;
  readonly signal?: SignalId;
  /** Kept over time, so that it can be drawn; others are known only as their last value. */
  readonly charted: boolean;
  /** A counter summed over guests or pools: it falls when one of them goes, and that is no reset. */
  readonly sum?: true;
}

/** Where a value was read: file and line, or a formula over such values. */
export interface Provenance {
  /** A path, a command line, or a formula such as `Zswapped − Zswap (/proc/meminfo)`. */
  readonly source: string;
  /** 1-based line in the file, or in the capture for `inspect`. */
  readonly line?: number;
}

export interface MetricValue extends Provenance {
  readonly metric: MetricId;
  /** '' for the host itself. */
  readonly instance: string;
  readonly value: number | string;
}
