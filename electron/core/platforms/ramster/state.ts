/**
 * Whether zcache runs, and with what. The directories in debugfs and configfs prove nothing: they are there on a kernel
 * that was booted without a word of it. What tells is the command line, the kernel's log, and /sys/kernel/mm/ramster
 * (docs/domain.md 2.5).
 */
import type { Evidence } from '../platform.ts';
import { parseFlag } from '../kernel/single.ts';
import { cleancacheSysfs } from './catalogue/cleancache.ts';
import { ramsterDebug, ramsterSysfs } from './catalogue/ramster.ts';
import { zbudDebug } from './catalogue/zbud.ts';
import { zcacheDebug, zcacheSysfs } from './catalogue/zcache.ts';
import { logText } from './commands.ts';
import { moduleParameters } from './files.ts';

export interface State {
  /** Directories with at least one file that was read. */
  readonly there: {
    readonly zcacheDebug: boolean;
    readonly zbudDebug: boolean;
    readonly ramsterDebug: boolean;
    readonly ramsterSysfs: boolean;
    readonly zcacheSysfs: boolean;
    readonly cleancacheSysfs: boolean;
  };
  /** Below 3.7: everything in sysfs. */
  readonly v1: boolean;
  readonly asked: { readonly zcache: boolean | undefined; readonly ramster: boolean | undefined };
  /** As named at boot; the log's word where there is one. */
  readonly compressor: string | undefined;
  /** The compressor was refused, and zcache stays off. */
  readonly compressorFailed: boolean;
  /** undefined when nothing tells. */
  readonly running: boolean | undefined;
  readonly ramster: boolean;
  readonly nofrontswap: boolean;
  readonly nocleancache: boolean;
  readonly noselfshrink: boolean;
}

export function stateOf(evidence: Evidence): State {
  const paths = [...evidence.files.keys()];
  const below = (directory: string): boolean => paths.some((path) => path.startsWith(`${directory}/`));
  const there = {
    zcacheDebug: below(zcacheDebug),
    zbudDebug: below(zbudDebug),
    ramsterDebug: below(ramsterDebug),
    ramsterSysfs: below(ramsterSysfs),
    zcacheSysfs: below(zcacheSysfs),
    cleancacheSysfs: below(cleancacheSysfs),
  };
  const log = logText(evidence)?.text ?? '';
  const words = bootWords(evidence, log);
  const module = below(moduleParameters);
  const parameter = (name: string): boolean => flag(evidence, `${moduleParameters}/${name}`);
  const has = (word: string): boolean => words?.includes(word) === true;
  const named = words?.find((word) => word.startsWith('zcache='))?.slice('zcache='.length);
  const ramsterAsked = has('ramster') || parameter('ramster_enabled');
  const zcacheAsked = has('zcache') || named !== undefined || ramsterAsked || module;
  const known = words !== undefined || module;
  const v1 = there.zcacheSysfs;
  const compressorFailed =
    log.includes('compressor initialization failed') ||
    (named !== undefined && there.zcacheDebug && !there.zbudDebug && !there.ramsterSysfs);
  return {
    there,
    v1,
    asked: { zcache: known ? zcacheAsked : undefined, ramster: known ? ramsterAsked : undefined },
    compressor: /zcache: using (\S{1,40}) compressor/.exec(log)?.[1] ?? named,
    compressorFailed,
    running: running(evidence, there, log, known ? zcacheAsked : undefined, compressorFailed),
    ramster: there.ramsterSysfs && (!v1 || ramsterAsked || !known),
    nofrontswap: has('nofrontswap') || parameter('disable_frontswap'),
    nocleancache: has('nocleancache') || parameter('disable_cleancache'),
    noselfshrink: has('noselfshrink') || parameter('disable_frontswap_selfshrink'),
  };
}

function running(
  evidence: Evidence,
  there: State['there'],
  log: string,
  asked: boolean | undefined,
  failed: boolean,
): boolean | undefined {
  // Since 3.7 the directory is made last of all, once zcache itself is up.
  if (there.ramsterSysfs && !there.zcacheSysfs) return true;
  if (/(?:zcache|ramster): (?:cleancache|frontswap) enabled using/.test(log)) return true;
  if (failed || asked === false) return false;
  const counters = there.zcacheDebug || there.zcacheSysfs;
  if (asked === true) return counters || undefined;
  return (counters && counted(evidence)) || undefined;
}

/** Some counter of zcache is not 0, so somebody has used it. */
function counted(evidence: Evidence): boolean {
  for (const [path, { text }] of evidence.files) {
    if ((path.startsWith(`${zcacheDebug}/`) || path.startsWith(`${zcacheSysfs}/zbud_curr`)) && /^[1-9]/.test(text))
      return true;
  }
  return false;
}

function bootWords(evidence: Evidence, log: string): readonly string[] | undefined {
  const line = evidence.files.get('/proc/cmdline')?.text ?? /Kernel command line: (.*)/.exec(log)?.[1];
  return line?.split(/\s+/);
}

function flag(evidence: Evidence, path: string): boolean {
  const file = evidence.files.get(path);
  return file !== undefined && parseFlag(file, []) === 1;
}
