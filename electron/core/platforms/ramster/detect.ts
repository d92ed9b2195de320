/**
 * How much of zcache and RAMster a host has, and why, as sentences for an operator. What is missing makes it partial,
 * and says how to get it; almost all of it is decided at boot, as neither has a switch while the kernel runs.
 */
import type { Detection, Evidence, Unread } from '../platform.ts';
import { ramsterDebug } from './catalogue/ramster.ts';
import { zcacheDebug } from './catalogue/zcache.ts';
import { quoted } from '../kernel/trouble.ts';
import { logText } from './commands.ts';
import { readClusters } from './cluster-config.ts';
import { stateOf } from './state.ts';
import type { State } from './state.ts';
import { Values } from './values.ts';

export function detect(evidence: Evidence): Detection {
  const state = stateOf(evidence);
  const { there, asked } = state;
  if (!Object.values(there).includes(true) && asked.zcache !== true) {
    return { presence: 'none', because: ['Neither zcache nor RAMster is here.'] };
  }
  if (!there.zcacheDebug && !there.zcacheSysfs && !there.zbudDebug && !there.ramsterSysfs && asked.zcache !== true) {
    return {
      presence: 'partial',
      because: [
        'This kernel counts cleancache in /sys/kernel/mm/cleancache and has no zcache: whoever keeps its pages, it is not this host.',
      ],
    };
  }
  const missing = [
    ...(state.running === true ? missingParts(evidence, state) : whyNotRunning(evidence, state)),
    ...missingLog(evidence, state),
  ];
  const found = state.running === true ? whatRuns(evidence, state) : [];
  return { presence: missing.length === 0 ? 'full' : 'partial', because: [...missing, ...found] };
}

const rootOnly =
  'The counters below /sys/kernel/debug are for root only: what zcache keeps and what RAMster sends is unknown. Log in as root or allow the agent through sudo.';

function whyUnread(evidence: Evidence, directory: string): Unread | undefined {
  for (const [path, { why }] of evidence.unread) if (path.startsWith(`${directory}/`)) return why;
  return undefined;
}

function whyNotRunning(evidence: Evidence, state: State): string[] {
  const { there, asked, compressor } = state;
  if (state.compressorFailed) {
    const named = compressor === undefined ? 'the compressor' : `the compressor ${quoted(compressor)}`;
    return [
      `zcache did not start: ${named} of the command line is not supported by this kernel, and nothing is kept. Boot with zcache alone for lzo; RAMster stays off with it.`,
    ];
  }
  if (asked.zcache === false) {
    return [
      `This kernel has zcache, and was booted without it: its files are there and stay at 0. Add zcache${there.zcacheSysfs ? '' : ' ramster'} to the kernel’s command line and reboot; nothing switches it on while the kernel runs.`,
    ];
  }
  if (asked.zcache === undefined) {
    return ['Whether zcache was switched on cannot be told: /proc/cmdline was not read, and all its counters are 0.'];
  }
  if (whyUnread(evidence, zcacheDebug) === 'refused') return [rootOnly];
  return [
    'The command line asks for zcache, and no counters of it are there: the kernel is built without zcache or without CONFIG_ZCACHE_DEBUG, or debugfs is not mounted. Mount debugfs first; else it takes a kernel with both.',
  ];
}

function missingParts(evidence: Evidence, state: State): string[] {
  return [...missingCounters(evidence, state), ...missingRamster(state), ...switchedOff(state)];
}

function missingCounters(evidence: Evidence, { there, v1, ramster }: State): string[] {
  if (v1) return [];
  const [zcacheWhy, ramsterWhy] = [whyUnread(evidence, zcacheDebug), whyUnread(evidence, ramsterDebug)];
  if (!there.zcacheDebug && zcacheWhy === 'refused') return [rootOnly];
  const missing: string[] = [];
  if (!there.zcacheDebug) {
    missing.push(
      'zcache runs, and /sys/kernel/debug/zcache is not there: what it keeps cannot be told. Mount debugfs; if it is mounted, the kernel is built without CONFIG_ZCACHE_DEBUG.',
    );
  }
  if (ramster && !there.ramsterDebug) {
    missing.push(
      ramsterWhy === 'refused'
        ? rootOnly
        : 'RAMster is on, and /sys/kernel/debug/ramster is not there: its switches can be read, what it sends and keeps for others cannot. It takes a kernel with CONFIG_RAMSTER_DEBUG.',
    );
  }
  return missing;
}

function missingRamster({ v1, ramster, asked }: State): string[] {
  if (ramster || v1) return [];
  return asked.ramster === true
    ? [
        'The command line asks for ramster, and /sys/kernel/mm/ramster is not there: the kernel is built without CONFIG_RAMSTER. zcache works on this host alone.',
      ]
    : [
        'RAMster is off: pages stay on this host. Add ramster to the kernel’s command line and reboot, on a kernel with CONFIG_RAMSTER.',
      ];
}

function switchedOff({ nofrontswap, nocleancache }: State): string[] {
  return [
    ...(nofrontswap
      ? [
          'The kernel was booted with nofrontswap: swapped pages go to the device uncompressed. Boot without it to have them kept.',
        ]
      : []),
    ...(nocleancache
      ? [
          'The kernel was booted with nocleancache: page-cache pages are dropped when they are evicted. Boot without it to have them kept.',
        ]
      : []),
  ];
}

function missingLog(evidence: Evidence, { ramster }: State): string[] {
  const log = logText(evidence);
  if (!ramster || log === undefined || !/^dmesg: .*(?:not permitted|denied)/m.test(log.text)) return [];
  return [
    'The kernel’s log is for root only (dmesg): lost links and lost pages are told there and nowhere else. Log in as root or allow the agent through sudo.',
  ];
}

function whatRuns(evidence: Evidence, state: State): string[] {
  const with_ = state.compressor === undefined ? '' : `, with ${quoted(state.compressor)}`;
  const found = [
    state.v1
      ? `zcache runs${with_}: the one of kernels before 3.7, with its counters in /sys/kernel/mm/zcache.`
      : `zcache runs${with_}.`,
  ];
  if (!state.ramster) return found;
  found.push('RAMster is on.');
  if (state.noselfshrink) {
    found.push(
      'The kernel was booted with noselfshrink: swapped pages are not brought back by themselves when memory is free again.',
    );
  }
  const clusters = readClusters(new Values(evidence));
  if (clusters.length === 0) {
    found.push(
      'No cluster is configured: make the directory /sys/kernel/config/cluster/NAME and one for each node below it.',
    );
  }
  for (const { name, nodes } of clusters) {
    const self = nodes.find(({ local }) => local);
    const which =
      self?.num === undefined
        ? 'no node of it is this host yet'
        : `this host is node ${String(self.num)} (${self.name})`;
    found.push(
      `Cluster ${quoted(name)} has ${nodes.length === 1 ? 'one node' : `${String(nodes.length)} nodes`}; ${which}.`,
    );
  }
  return found;
}
