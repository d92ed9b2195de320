/** Reading and writing the knobs of a lab machine: files through the kernel's model, commands through the tool's. */
import { instanceProblem, isPathOf } from '#core/platforms/change-check.ts';
import { decodeText } from '#core/platforms/change-text.ts';
import type { AgentKnob, FileKnob } from '#core/platforms/change.ts';
import type { LabMachine } from '../machine.ts';
import { absent, linesOf, not } from './answer.ts';
import type { Answer } from './answer.ts';

export interface OpenKnob {
  readonly knob: AgentKnob;
  readonly instance: string;
}

/** What it is now, or the answer that says why that cannot be told. */
export type Seen = string | Answer;

export class KnobAccess {
  readonly #machine: LabMachine;
  readonly #knobs: ReadonlyMap<string, AgentKnob>;

  constructor(machine: LabMachine, knobs: readonly AgentKnob[]) {
    this.#machine = machine;
    this.#knobs = new Map(knobs.map((knob) => [knob.name, knob]));
  }

  /** Names of those that are here: a command's program may not be. */
  present(): readonly string[] {
    return [...this.#knobs.values()].filter((knob) => this.#isPresent(knob)).map(({ name }) => name);
  }

  /** The knob and what it belongs to, as a request names them, checked; or the answer that refuses it. */
  open(name: string, word: string): OpenKnob | Answer {
    const instance = decodeText(word);
    if (instance === undefined) return misshapen;
    return this.#open(name, instance, (path) => path === instance);
  }

  /** As `open`, of what is written down: a `*` in it stands for a number that is there now. */
  openKept(name: string, keptAs: string): OpenKnob | Answer {
    if (keptAs.split('*').length > 2) return misshapen;
    return this.#open(name, keptAs, (path) => path === keptAs || starFits(keptAs, path));
  }

  read({ knob, instance }: OpenKnob): Seen {
    const text = this.#text(knob, instance);
    if (text === undefined) return absent;
    if (knob.check === 'none') return 'unknown';
    const lines = linesOf(text);
    const choice = knob.kind === 'file' && knob.shown === 'bracketed' ? /\[([^\]]*)\]/.exec(text)?.[1] : undefined;
    if (choice !== undefined) return choice;
    return lines.length > 1 ? not('failed', 'it holds more than one line') : (lines[0] ?? '');
  }

  /** What the kernel or the tool complains with; undefined when nothing was said, which is no proof that it was done. */
  write({ knob, instance }: OpenKnob, value: string): string | undefined {
    if (knob.kind === 'command') return this.#machine.knobs?.get(knob.name)?.write(instance, value);
    const done = this.#machine.files.write(instance, knob.lineEnd === false ? value : `${value}\n`);
    return done.outcome === 'ok' ? undefined : `write error: ${errorWords[done.errno] ?? done.errno}`;
  }

  #text(knob: AgentKnob, instance: string): string | undefined {
    return knob.kind === 'command'
      ? this.#machine.knobs?.get(knob.name)?.read(instance)
      : this.#machine.files.read(instance);
  }

  #isPresent(knob: AgentKnob): boolean {
    return knob.kind === 'file' || this.#machine.knobs?.has(knob.name) === true;
  }

  #open(name: string, instance: string, isMeant: (path: string) => boolean): OpenKnob | Answer {
    const knob = this.#knobs.get(name);
    if (knob === undefined) return not('refused', 'knob is not on the list');
    if (knob.kind === 'command') {
      if (instanceProblem(knob.instance, instance) !== undefined) return misshapen;
      return this.#isPresent(knob) ? { knob, instance } : not('failed', `${knob.needs} is not installed`);
    }
    if (!isPathOf(knob.path, instance)) return misshapen;
    const path = this.#paths(knob).find(isMeant);
    return path === undefined ? absent : { knob, instance: path };
  }

  /** The files of the knob that are there. */
  #paths({ path }: FileKnob): readonly string[] {
    const { files } = this.#machine;
    const cut = path.lastIndexOf('/');
    const all = path.includes('*') ? files.directories(path.slice(0, cut)).map((dir) => dir + path.slice(cut)) : [path];
    return all.filter((one) => isPathOf(path, one) && files.read(one) !== undefined);
  }
}

export const misshapen = not('refused', 'instance has not the shape of this knob');

/** Digits only: a guest named a-b is not taken for b. */
export function starFits(keptAs: string, path: string): boolean {
  const [before = '', after, ...more] = keptAs.split('*');
  if (after === undefined || more.length > 0 || !path.startsWith(before) || !path.endsWith(after)) return false;
  return /^[0-9]+$/.test(path.slice(before.length, path.length - after.length));
}

/** strerror(3), for what the models answer. */
const errorWords: Readonly<Record<string, string>> = {
  EACCES: 'Permission denied',
  EBUSY: 'Device or resource busy',
  EEXIST: 'File exists',
  EINVAL: 'Invalid argument',
  EIO: 'Input/output error',
  ENODEV: 'No such device',
  ENOENT: 'No such file or directory',
  ENOMEM: 'Cannot allocate memory',
  ENOSPC: 'No space left on device',
  EPERM: 'Operation not permitted',
  ERANGE: 'Numerical result out of range',
};
