/**
 * A machine of the lab as the agent double sees it: what its files and commands say now, and what writing a file does.
 * A machine is stepped by the world, never by a clock of its own; the same seed and steps give the same texts.
 */
import type { Millis } from '#shared/units.ts';

export interface LabFiles {
  /** Text of the file as the kernel prints it, final newline included; undefined when there is none. */
  read(path: string): string | undefined;
  /** Directories that match an absolute pattern in which `*` stands within one name, sorted as the shell sorts them. */
  directories(pattern: string): readonly string[];
  /** The effect of `printf %s VALUE > PATH` by root. */
  write(path: string, value: string): WriteOutcome;
}

/** `ok` as the kernel says it, which does not always mean that anything changed. */
export type WriteOutcome = { readonly outcome: 'ok' } | { readonly outcome: 'refused'; readonly errno: string };

export interface CommandOutcome {
  /** Standard output and error in the order they appear; lines end in newlines. */
  readonly text: string;
  readonly status: number;
}

/** A knob that on a real host is a command (`CommandKnob`), done by the model itself: the lab has no shell. */
export interface LabKnob {
  /** As the knob's `read` prints it; undefined when what it belongs to is not there. */
  read(instance: string): string | undefined;
  /** What the tool complains with when it refuses; undefined when it says nothing, which does not mean that it did it. */
  write(instance: string, value: string): string | undefined;
}

export interface LabMachine {
  readonly name: string;
  readonly kernel: string;
  readonly os: string;
  readonly pageSize: number;
  /** Changes when the machine is rebooted. */
  readonly bootId: string;
  readonly files: LabFiles;
  /** By the knob's name; a command knob that is not among them counts as not installed. */
  readonly knobs?: ReadonlyMap<string, LabKnob>;
  /** False: the network to it is cut or it has no power; its server closes connections and takes none. */
  readonly reachable: boolean;
  /** Seconds since boot, by the lab's own time. */
  uptime(): number;
  /** Runs the words of a command as a root shell there would: `['xl', 'tmem-list', '-l', '-a']`. */
  run(words: readonly string[]): CommandOutcome;
  /** Lets time pass. Called by the world only. @param span of the lab's time, at most one second */
  step(span: Millis): void;
}
