/**
 * The agent of a lab machine: the protocol of agent/README.md, spoken from the machine's model instead of a kernel.
 * Held to the same transcripts as agent.sh. Knows the same list: what is on no set cannot be asked for here either.
 */
import type { FileSet, FixedCommand, GroupSet } from '#core/platforms/platform.ts';
import type { LabMachine } from './machine.ts';

export interface AgentDouble {
  /** What it says before the first request. */
  greeting(nonce: string): string;
  /** The answer to one request line; undefined after `quit`. */
  answer(request: string): string | undefined;
  readonly ended: boolean;
}

export interface AgentList {
  readonly sets: readonly (FileSet | GroupSet)[];
  readonly commands: readonly FixedCommand[];
}

type Verb = 'read' | 'probe';

export function createAgentDouble(machine: LabMachine, list: AgentList): AgentDouble {
  const sets = new Map(list.sets.map((set) => [set.name, set]));
  const commands = new Map(list.commands.map((command) => [command.name, command]));
  let ended = false;

  const has = (program: string): boolean => machine.run([program]).status !== 127;

  const read = (verb: Verb, name: string): string[] | undefined => {
    const set = sets.get(name);
    if (set === undefined) return undefined;
    const uptime = `/proc/uptime:${machine.uptime().toFixed(2)} 0.00`;
    return [uptime, ...(set.kind === 'files' ? readFiles(set, verb) : readGroups(set, verb))];
  };
  const readFiles = (set: FileSet, verb: Verb): string[] =>
    set.files.filter((path) => path !== '/proc/uptime').flatMap((path) => readPattern(path, verb));
  const readGroups = (set: GroupSet, verb: Verb): string[] => {
    const tables = set.keys.length === 0 ? [] : set.leaves.filter((leaf) => leaf.endsWith('stat'));
    const keys = new Set(set.keys);
    const wanted = (line: string): boolean => keys.has(line.split(/[ \t]/, 1)[0] ?? '') && /[ \t]/.test(line);
    const of = (leaf: string, keep?: (line: string) => boolean): string[] =>
      set.dirs.flatMap((dir) => readPattern(`${dir}/${leaf}`, verb, keep));
    return [
      ...set.leaves.filter((leaf) => !tables.includes(leaf)).flatMap((leaf) => of(leaf)),
      ...tables.flatMap((leaf) => of(leaf, wanted)),
    ];
  };
  const readPattern = (pattern: string, verb: Verb, keep: (line: string) => boolean = () => true): string[] => {
    const paths = expand(machine, pattern);
    return paths.flatMap((path) => {
      const text = machine.files.read(path);
      if (text === undefined) return verb === 'probe' ? [`grep: ${path}: No such file or directory`] : [];
      return linesOf(text)
        .filter(keep)
        .map((line) => `${path}:${line}`);
    });
  };

  const run = (name: string): { lines: string[]; end: string } => {
    const command = commands.get(name);
    if (command === undefined) return { lines: [], end: 'refused command is not on the list' };
    if (!has(command.needs)) return { lines: [], end: `failed ${command.needs} is not installed` };
    const { text, status } = machine.run(command.shown.split(' '));
    return { lines: [`$ ${command.shown}`, ...linesOf(text).map((line) => `> ${line}`), `$? ${status}`], end: 'ok' };
  };

  const respond = (verb: string, word: string): { lines: string[]; end: string } => {
    switch (`${verb}:${word === '' ? '' : '?'}`) {
      case 'read:?':
      case 'probe:?': {
        const lines = read(verb as Verb, word);
        return lines === undefined ? { lines: [], end: 'refused set is not on the list' } : { lines, end: 'ok' };
      }
      case 'run:?':
        return run(word);
      case 'ping:':
        return { lines: [], end: 'ok' };
      case 'quit:':
        ended = true;
        return { lines: [], end: 'ok' };
      case 'ping:?':
      case 'quit:?':
        return { lines: [], end: `refused ${verb} takes no name` };
      case 'read:':
      case 'probe:':
      case 'run:':
        return { lines: [], end: `refused ${verb} wants a name` };
      default:
        return { lines: [], end: 'refused verb is not on the list' };
    }
  };

  return {
    get ended() {
      return ended;
    },
    greeting: (nonce) =>
      text([
        `=hello 1 ${nonce}`,
        `=fact kernel ${machine.kernel}`,
        `=fact hostname ${machine.name}`,
        `=fact os ${machine.os}`,
        `=fact pagesize ${machine.pageSize}`,
        `=fact bootid ${machine.bootId}`,
        '=fact uid 0',
        '=fact user root',
        `=fact sets ${[...sets.keys()].join(' ')}`,
        `=fact commands ${list.commands
          .filter(({ needs }) => has(needs))
          .map(({ name }) => name)
          .join(' ')}`,
        `=ready ${nonce}`,
      ]),
    answer: (request) => {
      if (ended) return undefined;
      const parts = requestParts(request);
      if (parts === undefined) return text(['=begin 0', '=end 0 refused this is no request']);
      const { lines, end } = respond(parts.verb, parts.word);
      return text([`=begin ${parts.id}`, ...(end.startsWith('failed') ? [] : lines), `=end ${parts.id} ${end}`]);
    },
  };
}

const text = (lines: readonly string[]): string => `${lines.join('\n')}\n`;

const linesOf = (content: string): string[] => {
  const lines = content.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
};

function requestParts(request: string): { id: string; verb: string; word: string } | undefined {
  if (request.length > 200 || /[^A-Za-z0-9._ -]/.test(request)) return undefined;
  const found = /^(\d{1,9}) ([a-z][^ ]*) ?(.*)$/.exec(request);
  return found === null ? undefined : { id: found[1] ?? '', verb: found[2] ?? '', word: found[3] ?? '' };
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
