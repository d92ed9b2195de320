/**
 * Stand-ins for guests on a test host: a control group named as libvirt under systemd names it, and a program in it
 * (image/hog.c) that holds memory whose content it can prove. Used by the tests in tests/vm.
 */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Machine } from './machine.ts';

export interface GuestOptions {
  /** As the hypervisor would know the guest. */
  readonly name: string;
  /** Number in the scope's name, as libvirt's domain id; each guest of a machine needs its own. */
  readonly id: number;
  /** How much memory it fills. */
  readonly mib: number;
  /** Share of each page that is zero bytes; the rest cannot be compressed. */
  readonly compressiblePercent: number;
  /** Share of pages that are all the same, offered to KSM; 0 unless told. */
  readonly duplicatePercent?: number;
  /** `memory.max` of its group; no limit unless told. */
  readonly limitMiB?: number;
}

export interface Check {
  readonly intact: boolean;
  /** Over all pages, in order. */
  readonly sum: string;
  readonly badPages: number;
  readonly seconds: number;
}

export interface Guest {
  readonly name: string;
  /** Below /sys/fs/cgroup, as the kernel spells it. */
  readonly group: string;
  readonly pid: number;
  readonly pages: number;
  /** Of what was written, before any of it was swapped. */
  readonly sum: string;
  readonly fillSeconds: number;
  /** Reads everything back, which brings it into memory, and compares each page. */
  verify(): Promise<Check>;
  /** Ends the program and removes the group. */
  stop(): Promise<void>;
}

/** Resolves when all memory is filled. @throws with the program's words when it ends before that */
export async function startGuest(machine: Machine, options: GuestOptions): Promise<Guest> {
  const { name, id, mib, compressiblePercent, duplicatePercent = 0, limitMiB } = options;
  const group = `machine.slice/machine-qemu${dash}${id}${dash}${escapeUnit(name)}.scope`;
  const dir = quote(`/sys/fs/cgroup/${group}`);
  const limit = limitMiB === undefined ? '' : `echo ${limitMiB}M >${dir}/memory.max && `;
  const child = machine.start(
    `mkdir ${dir} && ${limit}echo $$ >${dir}/cgroup.procs && exec hog ${mib} ${compressiblePercent} ${id} ${duplicatePercent}`,
  );
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => (words = (words + chunk.toString()).slice(0, 4000)));
  const events = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextEvent = async (): Promise<Map<string, string>> => {
    const { value, done } = await events.next();
    if (done === true) throw new Error(`the stand-in for guest ${name} has ended: ${words.trim()}`);
    const [event = '', ...fields] = value.split(' ');
    return new Map([['event', event], ...fields.map((field) => field.split('=') as [string, string])]);
  };

  const filled = await nextEvent();
  const pid = Number(filled.get('pid'));
  const ended = once(child, 'exit');
  return {
    name,
    group,
    pid,
    pages: Number(filled.get('pages')),
    sum: filled.get('sum') ?? '',
    fillSeconds: Number(filled.get('seconds')),
    verify: async () => {
      await machine.run(`kill -USR1 ${pid}`);
      const answer = await nextEvent();
      return {
        intact: answer.get('event') === 'intact',
        sum: answer.get('sum') ?? '',
        badPages: Number(answer.get('bad')),
        seconds: Number(answer.get('seconds')),
      };
    },
    stop: async () => {
      await machine.run(`kill -KILL ${pid}`);
      await ended;
      // The kernel lets a group go once its last process is gone for good, which is a moment after its end.
      await machine.run(`timeout 20 sh -c 'until rmdir "$0" 2>/dev/null; do sleep 0.1; done' ${dir}`);
    },
  };
}

/** systemd writes a character that would have a meaning in a unit's name as `\xNN`. */
const dash = String.raw`\x2d`;
function escapeUnit(name: string): string {
  return [...Buffer.from(name)]
    .map((byte) => {
      const char = String.fromCharCode(byte);
      return /[A-Za-z0-9:_.]/.test(char) ? char : `\\x${byte.toString(16).padStart(2, '0')}`;
    })
    .join('');
}

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
