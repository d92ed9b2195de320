/** Runs the scripts of command knobs as a host's shell does: `$1` the instance, `$2` the value, files below a folder. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { AgentKnob, CommandKnob } from '#core/platforms/change.ts';

/** Every shell of this machine that is `sh` somewhere: dash of Debian, busybox of small systems. */
export const scriptShells: readonly (readonly [string, readonly string[]])[] = (
  [
    ['dash', ['/bin/dash']],
    ['busybox sh', ['/bin/busybox', 'sh']],
    ['bash', ['/bin/bash']],
  ] as const
).filter(([, [program]]) => existsSync(program));

export interface ScriptRun {
  readonly status: number | null;
  readonly said: string;
  readonly complaint: string;
}

export interface ScriptPlace {
  readonly shell: readonly string[];
  /** Directories of the host, and what stands in for them. */
  readonly instead: ReadonlyMap<string, string>;
  readonly path?: string;
  /** Shell text before the script: functions that stand in for commands. */
  readonly before?: string;
}

export function runScript(script: string, words: readonly string[], place: ScriptPlace): ScriptRun {
  let moved = script;
  for (const [directory, other] of place.instead) moved = moved.replaceAll(directory, other);
  const [program = '', ...more] = place.shell;
  const { status, stdout, stderr } = spawnSync(
    program,
    [...more, '-c', `${place.before ?? ''}\n${moved}`, 'sh', ...words],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: place.path ?? '/usr/bin:/bin', LC_ALL: 'C' },
      encoding: 'utf8',
    },
  );
  return { status, said: stdout.trim(), complaint: stderr.trim() };
}

export function commandOf(knobs: readonly AgentKnob[], name: string): CommandKnob {
  const found = knobs.find((knob) => knob.name === name);
  if (found?.kind !== 'command') throw new Error(`no command knob ${name}`);
  return found;
}
