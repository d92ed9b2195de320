/** What the lab's agent reads and runs: the sets and commands of the list, from the machine's model. */
import type { FileSet, FixedCommand, GroupSet } from '#core/platforms/platform.ts';
import type { LabMachine } from '../machine.ts';
import { linesOf, not, ok } from './answer.ts';
import type { Answer } from './answer.ts';

export interface Readings {
  read(verb: 'read' | 'probe', set: string): Answer;
  run(command: string): Answer;
  /** Names of the commands whose program is there. */
  commands(): readonly string[];
}

export function createReadings(
  machine: LabMachine,
  list: { readonly sets: readonly (FileSet | GroupSet)[]; readonly commands: readonly FixedCommand[] },
): Readings {
  const sets = new Map(list.sets.map((set) => [set.name, set]));
  const commands = new Map(list.commands.map((command) => [command.name, command]));
  const has = (program: string): boolean => machine.run([program]).status !== 127;

  const readPattern = (pattern: string, probe: boolean, keep: (line: string) => boolean = () => true): string[] =>
    expand(machine, pattern).flatMap((path) => {
      const text = machine.files.read(path);
      if (text === undefined) return probe ? [`grep: ${path}: No such file or directory`] : [];
      return linesOf(text)
        .filter(keep)
        .map((line) => `${path}:${line}`);
    });
  const readFiles = (set: FileSet, probe: boolean): string[] =>
    set.files.filter((path) => path !== '/proc/uptime').flatMap((path) => readPattern(path, probe));
  const readGroups = (set: GroupSet, probe: boolean): string[] => {
    const tables = set.keys.length === 0 ? [] : set.leaves.filter((leaf) => leaf.endsWith('stat'));
    const keys = new Set(set.keys);
    const wanted = (line: string): boolean => keys.has(line.split(/[ \t]/, 1)[0] ?? '') && /[ \t]/.test(line);
    const of = (leaf: string, keep?: (line: string) => boolean): string[] =>
      set.dirs.flatMap((dir) => readPattern(`${dir}/${leaf}`, probe, keep));
    return [
      ...set.leaves.filter((leaf) => !tables.includes(leaf)).flatMap((leaf) => of(leaf)),
      ...tables.flatMap((leaf) => of(leaf, wanted)),
    ];
  };

  return {
    read: (verb, name) => {
      const set = sets.get(name);
      if (set === undefined) return not('refused', 'set is not on the list');
      const probe = verb === 'probe';
      const uptime = `/proc/uptime:${machine.uptime().toFixed(2)} 0.00`;
      return ok([uptime, ...(set.kind === 'files' ? readFiles(set, probe) : readGroups(set, probe))]);
    },
    run: (name) => {
      const command = commands.get(name);
      if (command === undefined) return not('refused', 'command is not on the list');
      if (!has(command.needs)) return not('failed', `${command.needs} is not installed`);
      const { text, status } = machine.run(command.shown.split(' '));
      return ok([`$ ${command.shown}`, ...linesOf(text).map((line) => `> ${line}`), `$? ${status}`]);
    },
    commands: () => list.commands.filter(({ needs }) => has(needs)).map(({ name }) => name),
  };
}

/** As a shell does: the paths that exist, or the pattern itself when none does. */
function expand(machine: LabMachine, pattern: string): readonly string[] {
  const slash = pattern.lastIndexOf('/');
  const directory = pattern.slice(0, slash);
  if (!directory.includes('*')) return [pattern];
  const leaf = pattern.slice(slash);
  const found = machine.files
    .directories(directory)
    .map((path) => path + leaf)
    .filter((path) => machine.files.read(path) !== undefined);
  return found.length === 0 ? [pattern] : found;
}
