/** What the console would have of a machine of the lab: every file its platforms ask for, every fixed command's output. */
import { epochMs } from '#shared/units.ts';
import type { CommandText, Evidence, FileText, Platform, Unread } from '#core/platforms/platform.ts';
import type { LabMachine } from '#core/lab/machine.ts';

export function evidenceOf(machine: LabMachine, ...platforms: readonly Platform[]): Evidence {
  const files = new Map<string, FileText>();
  const unread = new Map<string, { why: Unread; words: string }>();
  const commands = new Map<string, CommandText>();
  for (const path of platforms.flatMap(({ sets }) => sets.flatMap((set) => pathsOf(machine, set)))) {
    const text = machine.files.read(path);
    if (text === undefined) unread.set(path, { why: 'absent', words: 'No such file or directory' });
    else files.set(path, { path, text: text.replace(/\n$/, ''), line: 1, at: epochMs(0) });
  }
  // The agent's own, which every set of files brings along.
  files.set('/proc/uptime', { path: '/proc/uptime', text: machine.uptime().toFixed(2), line: 1, at: epochMs(0) });
  for (const { shown } of platforms.flatMap((platform) => platform.commands)) {
    const { text, status } = machine.run(shown.split(' '));
    if (status === 127) continue;
    commands.set(shown, { command: shown, text: text.replace(/\n+$/, ''), line: 1, at: epochMs(0), status });
  }
  return { files, commands, unread, pageSize: machine.pageSize };
}

function pathsOf(machine: LabMachine, set: Platform['sets'][number]): readonly string[] {
  const all =
    set.kind === 'files'
      ? set.files
      : set.dirs.flatMap((directory) => set.leaves.map((leaf) => `${directory}/${leaf}`));
  return all.flatMap((path) => {
    if (!path.includes('*')) return [path];
    const cut = path.lastIndexOf('/');
    return machine.files.directories(path.slice(0, cut)).map((directory) => `${directory}${path.slice(cut)}`);
  });
}
