/**
 * The agent of a lab machine: the protocol of agent/README.md, spoken from the machine's model instead of a kernel.
 * Held to the same transcripts as agent.sh. Knows the same list: what is on no set cannot be asked for here either.
 */
import type { AgentKnob } from '#core/platforms/change.ts';
import type { FileSet, FixedCommand, GroupSet } from '#core/platforms/platform.ts';
import { not, ok } from './agent/answer.ts';
import type { Answer } from './agent/answer.ts';
import { answerChange } from './agent/change-verbs.ts';
import type { Asker } from './agent/change-verbs.ts';
import type { HostChanges } from './agent/host-changes.ts';
import { createInstalling } from './agent/install.ts';
import type { Installing } from './agent/install.ts';
import { createReadings } from './agent/readings.ts';
import type { LabMachine } from './machine.ts';

export interface AgentDouble {
  /** What it says before the first request. */
  greeting(nonce: string): string;
  /** The answer to one line, '' while more lines are to come; undefined after `quit`. */
  answer(line: string): string | undefined;
  /** After `quit`, or when its connection is gone. */
  readonly ended: boolean;
  hangUp(): void;
}

export interface AgentList {
  readonly sets: readonly (FileSet | GroupSet)[];
  readonly commands: readonly FixedCommand[];
  readonly knobs: readonly AgentKnob[];
}

export interface AgentDoubleOptions {
  readonly machine: LabMachine;
  readonly list: AgentList;
  /** The machine's own, shared by all its agents. */
  readonly changes: HostChanges;
  readonly grade: 'viewer' | 'operator';
}

export function createAgentDouble({ machine, list, changes, grade }: AgentDoubleOptions): AgentDouble {
  const readings = createReadings(machine, list);
  let ended = false;
  const asker: Asker = {
    grade,
    get ended() {
      return ended;
    },
  };
  let installing: { readonly id: string; readonly words: readonly string[]; readonly text: Installing } | undefined;

  const respond = ({ id, verb, words }: Request): Answer | undefined => {
    const [word, ...more] = words;
    switch (verb) {
      case 'read':
      case 'probe':
      case 'run':
        if (word === undefined) return not('refused', `${verb} wants a name`);
        // More than a name is a name that is on no list.
        return verb === 'run'
          ? readings.run([word, ...more].join(' '))
          : readings.read(verb, [word, ...more].join(' '));
      case 'ping':
      case 'quit':
        if (word !== undefined) return not('refused', `${verb} takes no name`);
        ended = verb === 'quit';
        return ok();
      case 'install':
        // The text follows in any case, and is no request.
        installing = { id, words, text: createInstalling() };
        return undefined;
      default:
        return answerChange(changes, asker, verb, words) ?? not('refused', 'verb is not on the list');
    }
  };

  const installed = (words: readonly string[], arrived: Answer): Answer => {
    if (grade === 'viewer') return not('refused', 'this agent only reads');
    return words.length > 0 ? not('refused', 'install wants 0 words') : arrived;
  };

  const tell = (id: string, { lines, end }: Answer): string => text([`=begin ${id}`, ...lines, `=end ${id} ${end}`]);

  return {
    get ended() {
      return ended;
    },
    hangUp: () => {
      ended = true;
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
        ...names(
          'sets',
          list.sets.map(({ name }) => name),
        ),
        ...names('commands', readings.commands()),
        `=fact grade ${grade}`,
        ...names('knobs', changes.access.present()),
        `=ready ${nonce}`,
      ]),
    answer: (line) => {
      if (ended) return undefined;
      if (installing !== undefined) {
        const { id, words, text: script } = installing;
        const arrived = script.line(line);
        if (arrived === undefined) return '';
        installing = undefined;
        return tell(id, installed(words, arrived));
      }
      const request = requestOf(line);
      if (request === undefined) return tell('0', not('refused', 'this is no request'));
      const answer = respond(request);
      return answer === undefined ? '' : tell(request.id, answer);
    },
  };
}

const text = (lines: readonly string[]): string => `${lines.join('\n')}\n`;
const names = (fact: string, list: readonly string[]): string[] =>
  list.length === 0 ? [] : [`=fact ${fact} ${list.join(' ')}`];

interface Request {
  readonly id: string;
  readonly verb: string;
  readonly words: readonly string[];
}

function requestOf(line: string): Request | undefined {
  if (line.length > 2000 || /[^A-Za-z0-9._+ -]/.test(line)) return undefined;
  const [, id, verb, rest] = /^(\d{1,9}) ([a-z][^ ]*) ?(.*)$/.exec(line) ?? [];
  if (id === undefined || verb === undefined) return undefined;
  return { id, verb, words: rest === undefined || rest === '' ? [] : rest.split(' ') };
}
