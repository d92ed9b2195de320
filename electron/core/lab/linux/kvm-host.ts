/**
 * Today's KVM host of the lab, as the agent double sees it: files rendered when they are read, commands, and the steps.
 * The model itself is in second.ts and what it calls; a host is no more than its state and these doors to it.
 */
import type { Millis } from '#shared/units.ts';
import {
  kernelModules,
  qemuArguments,
  qemuStatus,
  virshDomstats,
  virshList,
} from '#core/platforms/mainline/commands.ts';
import { labPageSize } from '../corpus.ts';
import type { CommandOutcome, LabFiles, LabMachine } from '../machine.ts';
import type { WorkloadKind } from '../workload.ts';
import { mixes } from '../workload.ts';
import { matchDirectories } from './directories.ts';
import { groupRoot, readLeaf, scopeOf, writeLeaf } from './group-files.ts';
import type { Guest } from './guest.ts';
import { hostFiles } from './host-files.ts';
import { kvmKnobs, moduleList } from './knobs.ts';
import type { KvmOptions } from './kvm-state.ts';
import { KvmState } from './kvm-state.ts';
import { storedSizes } from './page-sizes.ts';
import { readProcess } from './processes.ts';
import { second } from './second.ts';
import { denied, missing } from './settings.ts';
import { secondsOf, virsh } from './virsh.ts';

export interface KvmHost extends LabMachine {
  /** For tests and the lab's own views: what the files are rendered from. */
  readonly state: KvmState;
  setReachable(on: boolean): void;
  /** Gives a guest other work. */
  setWorkload(guest: string, workload: WorkloadKind): void;
  /** Makes a guest ask for `factor` times what its workload would. */
  press(guest: string, factor: number): void;
}

export function createKvmHost(options: KvmOptions): KvmHost {
  const state = new KvmState(options);
  let pending = 0;
  const named = (name: string): Guest | undefined => state.guests.find((guest) => guest.name === name);
  return {
    name: state.name,
    kernel: state.facts.release,
    os: state.facts.os,
    pageSize: labPageSize,
    bootId: state.bootId,
    state,
    files: filesOf(state),
    knobs: kvmKnobs(state),
    get reachable() {
      return state.reachable;
    },
    uptime: () => state.age / 1000,
    run: (words) => run(state, words),
    step: (span: Millis) => {
      state.age += span;
      pending += span;
      if (pending < 1000) return;
      pending -= 1000;
      second(state);
    },
    setReachable: (on) => {
      state.reachable = on;
    },
    setWorkload: (name, workload) => {
      const guest = named(name);
      if (guest === undefined) return;
      guest.workload = workload;
      guest.mix = mixes[workload];
      guest.sizes = storedSizes(guest.mix, state.zswap.compressor, state.zswap.zpool);
      guest.wantAnon = 0;
    },
    press: (name, factor) => {
      const guest = named(name);
      if (guest === undefined) return;
      guest.press = factor;
      guest.wantAnon = 0;
    },
  };
}

function filesOf(state: KvmState): LabFiles {
  const own = hostFiles(state);
  const places = new Places(state);
  return {
    read: (path) => {
      const file = own.get(path);
      if (file) return file.read();
      const cut = path.lastIndexOf('/');
      const directory = path.slice(0, cut);
      const group = places.groups.get(directory);
      if (group) return readLeaf(state, group, path.slice(cut + 1));
      const process = places.processes.get(directory);
      return process && readProcess(state, process, path.slice(cut + 1));
    },
    directories: (pattern) => places.match(pattern),
    write: (path, value) => {
      const file = own.get(path);
      if (file) return file.read() === undefined ? missing : (file.write?.(value) ?? denied);
      const cut = path.lastIndexOf('/');
      const group = places.groups.get(path.slice(0, cut));
      return group ? writeLeaf(state, group, path.slice(cut + 1), value) : missing;
    },
  };
}

/** Directories of running guests; made anew when a guest starts or ends. */
class Places {
  private readonly state: KvmState;
  private mark = '';
  private groupsKnown = new Map<string, Guest>();
  private processesKnown = new Map<string, Guest>();
  private matched = new Map<string, readonly string[]>();

  constructor(state: KvmState) {
    this.state = state;
  }

  get groups(): ReadonlyMap<string, Guest> {
    this.renew();
    return this.groupsKnown;
  }

  get processes(): ReadonlyMap<string, Guest> {
    this.renew();
    return this.processesKnown;
  }

  match(pattern: string): readonly string[] {
    this.renew();
    const known =
      this.matched.get(pattern) ??
      matchDirectories([groupRoot, ...this.groupsKnown.keys(), ...this.processesKnown.keys()], pattern);
    this.matched.set(pattern, known);
    return known;
  }

  private renew(): void {
    const { guests, nextDomainId, oomKills } = this.state;
    const mark = `${String(nextDomainId)} ${String(oomKills)}`;
    if (mark === this.mark) return;
    this.mark = mark;
    const running = guests.filter((guest) => guest.running);
    this.groupsKnown = new Map(running.map((guest) => [`${groupRoot}/${scopeOf(guest)}`, guest]));
    this.processesKnown = new Map(running.map((guest) => [`/proc/${String(guest.pid)}`, guest]));
    this.matched = new Map();
  }
}

/** The words of a command, or those by which the console shows one of its own (`shown`). */
function run(state: KvmState, words: readonly string[]): CommandOutcome {
  const whole = words.join(' ');
  const running = state.guests.filter((guest) => guest.running);
  if (whole === virshList) {
    return {
      text: virsh(state, ['-r', 'list', '--all']).text + virsh(state, ['-r', 'list', '--all', '--uuid', '--name']).text,
      status: 0,
    };
  }
  if (whole === virshDomstats) {
    const { text, status } = virsh(state, words.slice(1));
    return { text: `now=${String(secondsOf(state))}\n${text}`, status };
  }
  if (words[0] === 'virsh') return virsh(state, words.slice(1));
  if (whole === qemuStatus) return { text: running.map((guest) => shortStatus(state, guest)).join(''), status: 0 };
  if (whole === qemuArguments) return { text: running.map(shortArguments).join(''), status: 0 };
  if (whole === kernelModules) return { text: moduleList(state), status: 0 };
  if (whole === 'modprobe') return { text: 'modprobe: ERROR: missing parameters. See -h.\n', status: 1 };
  if (words[0] === 'dmesg') return { text: state.log.map((line) => `${line}\n`).join(''), status: 0 };
  return { text: `sh: 1: ${words[0] ?? ''}: not found\n`, status: 127 };
}

const statusRow = /^(?:VmRSS|RssAnon|RssShmem|VmSwap):/;

function shortStatus(state: KvmState, guest: Guest): string {
  const place = `/proc/${String(guest.pid)}`;
  const rows = (readProcess(state, guest, 'status') ?? '').split('\n').filter((row) => statusRow.test(row));
  return `${rows.map((row) => `${place}/status:${row}\n`).join('')}${place}/cgroup:${readProcess(state, guest, 'cgroup') ?? ''}`;
}

function shortArguments(guest: Guest): string {
  const memory = `size=${String(guest.promised * 4)}k`;
  return `\n@@pid /proc/${String(guest.pid)}\nname guest=${guest.name.replaceAll(',', ',,')},debug-threads=on\nmemory ${memory}\nuuid ${guest.uuid}\nballoon\n`;
}
