/** /sys/kernel/mm/ksm: 6.1 has fourteen of these files, 6.12 all. */
import type { KvmState } from './kvm-state.ts';
import type { LabFile } from './host-files.ts';
import { line, numberFile } from './host-files.ts';
import { flag, invalid, ok, refused, unsigned } from './settings.ts';

export function ksmFiles(host: KvmState): readonly [string, LabFile][] {
  const { ksm, facts } = host;
  const shows = (name: string, of: () => number): [string, LabFile] => [at(name), { read: () => line(of()) }];
  const old: [string, LabFile][] = [
    [at('run'), runFile(host)],
    [at('pages_to_scan'), pagesToScan(host)],
    [at('sleep_millisecs'), numberFile(ksm, 'sleepMillisecs', 0, 0xffff_ffff)],
    [at('merge_across_nodes'), onlyUnshared(host, numberFile(ksm, 'mergeAcrossNodes', 0, 1))],
    [at('max_page_sharing'), onlyUnshared(host, numberFile(ksm, 'maxPageSharing', 2, 2 ** 31 - 1))],
    [at('stable_node_chains_prune_millisecs'), numberFile(ksm, 'pruneMillisecs', 0, 0xffff_ffff)],
    [
      at('use_zero_pages'),
      switchFile(
        () => ksm.useZeroPages,
        (on) => (ksm.useZeroPages = on),
      ),
    ],
    shows('pages_shared', () => ksm.shared),
    shows('pages_sharing', () => ksm.sharing),
    shows('pages_unshared', () => ksm.unshared),
    shows('pages_volatile', () => ksm.volatile),
    shows('full_scans', () => ksm.fullScans),
    shows('stable_node_chains', () => ksm.chains),
    shows('stable_node_dups', () => (ksm.chains > 0 ? ksm.dups : 0)),
  ];
  if (facts.frontswap) return old;
  return [
    ...old,
    shows('pages_scanned', () => ksm.scanned),
    shows('pages_skipped', () => ksm.skipped),
    shows('ksm_zero_pages', () => ksm.zeroPages),
    shows('general_profit', () => ksm.profit),
    [
      at('smart_scan'),
      switchFile(
        () => ksm.smartScan,
        (on) => (ksm.smartScan = on),
      ),
    ],
    [at('advisor_mode'), advisorMode(host)],
    [at('advisor_max_cpu'), numberFile(ksm, 'advisorMaxCpu', 0, 0xffff_ffff)],
    [at('advisor_target_scan_time'), numberFile(ksm, 'advisorTarget', 1, 0xffff_ffff)],
    [at('advisor_min_pages_to_scan'), numberFile(ksm, 'advisorMin', 0, 0xffff_ffff)],
    [at('advisor_max_pages_to_scan'), numberFile(ksm, 'advisorMax', 0, 0xffff_ffff)],
  ];
}

const at = (name: string): string => `/sys/kernel/mm/ksm/${name}`;

function runFile({ ksm }: KvmState): LabFile {
  return {
    read: () => line(ksm.run),
    write: (value) => {
      const run = unsigned(value, 2);
      if (run === undefined) return invalid;
      ksm.run = run === 0 ? 0 : run === 1 ? 1 : 2;
      return ok;
    },
  };
}

/** The advisor's own business while it is on. */
function pagesToScan({ ksm }: KvmState): LabFile {
  const file = numberFile(ksm, 'pagesToScan', 0, 0xffff_ffff);
  return {
    read: () => file.read(),
    write: (value) => (ksm.advisor === 'none' ? (file.write?.(value) ?? invalid) : invalid),
  };
}

/** Cannot be changed while anything is merged. */
function onlyUnshared({ ksm }: KvmState, file: LabFile): LabFile {
  return {
    read: () => file.read(),
    write: (value) => {
      const number = unsigned(value);
      if (number === undefined) return invalid;
      if (line(number) !== file.read() && ksm.shared > 0) return refused('EBUSY');
      return file.write?.(value) ?? invalid;
    },
  };
}

function switchFile(get: () => boolean, set: (on: boolean) => void): LabFile {
  return {
    read: () => line(get() ? 1 : 0),
    write: (value) => {
      const on = flag(value);
      if (on === undefined) return invalid;
      set(on);
      return ok;
    },
  };
}

function advisorMode({ ksm }: KvmState): LabFile {
  return {
    read: () => (ksm.advisor === 'none' ? '[none] scan-time\n' : 'none [scan-time]\n'),
    write: (value) => {
      const mode = value.trim();
      if (mode !== 'none' && mode !== 'scan-time') return invalid;
      // Each change begins from the kernel's own number, or the advisor's least.
      if (mode !== ksm.advisor) ksm.pagesToScan = mode === 'none' ? 100 : ksm.advisorMin;
      ksm.advisor = mode;
      return ok;
    },
  };
}
