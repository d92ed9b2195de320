/**
 * What a root shell of Domain-0 runs: xl, xentop, and pipes into the few filters that the agent's commands use.
 * Everything else is not installed.
 */
import type { CommandOutcome } from '../machine.ts';
import { answer } from './answer.ts';
import type { HostModel } from './host-model.ts';
import { helped, usage } from './usage.ts';
import { xlDmesg, xlInfo } from './xl-info.ts';
import { xentop, xlClaims, xlList } from './xl-list.ts';
import { destroy, memMax, memSet } from './xl-memory.ts';
import { tmemFreeable, tmemFreeze, tmemList, tmemSet, tmemSharedAuth } from './xl-tmem.ts';

/** @param words of one command line, pipes as words of their own */
export function run(model: HostModel, words: readonly string[]): CommandOutcome {
  const [first = [], ...filters] = split(words);
  let said = runOne(model, first);
  for (const [program = '', ...rest] of filters) said = filter(program, rest, said.text);
  return said;
}

function split(words: readonly string[]): readonly (readonly string[])[] {
  const parts: string[][] = [[]];
  for (const word of words) {
    if (word === '|') parts.push([]);
    else parts.at(-1)?.push(word);
  }
  return parts;
}

function runOne(model: HostModel, [program = '', ...words]: readonly string[]): CommandOutcome {
  if (program === 'xl') return xl(model, words);
  if (program === 'xentop') return xentop(model, words);
  return filter(program, words, '');
}

function xl(model: HostModel, all: readonly string[]): CommandOutcome {
  const [command, ...words] = all.filter((word, at) => at > 0 || !/^-[vfN]+$/.test(word));
  const { minor } = model.tmem.traits;
  switch (command) {
    case undefined:
      return answer(overview(), 1);
    case 'help':
      return words[0] === undefined ? answer(overview()) : answer(usage(words[0], minor));
    case 'info':
      return xlInfo(model);
    case 'list':
      return xlList(model, words);
    case 'claims':
      // Claims came with 4.3.
      return minor >= 4 ? xlClaims(model) : answer('command not implemented\n', 1);
    case 'dmesg':
      return xlDmesg(model, words);
    case 'mem-set':
      return memSet(model, words);
    case 'mem-max':
      return memMax(model, words);
    case 'destroy':
      return destroy(model, words);
    case 'tmem-list':
      return tmemList(model, words);
    case 'tmem-freeze':
      return tmemFreeze(model, words, true);
    case 'tmem-thaw':
      return tmemFreeze(model, words, false);
    case 'tmem-set':
      return tmemSet(model, words);
    case 'tmem-shared-auth':
      return tmemSharedAuth(model, words);
    case 'tmem-freeable':
      return tmemFreeable(model);
    default:
      return answer('command not implemented\n', 1);
  }
}

const overview = (): string =>
  `Usage xl [-vfN] <subcommand> [args]\n\nxl full list of subcommands:\n\n${helped.map((name) => ` ${name}\n`).join('')}`;

function filter(program: string, words: readonly string[], input: string): CommandOutcome {
  const lines = input.split('\n').slice(0, -1);
  const said = (kept: readonly string[]): string => kept.map((line) => `${line}\n`).join('');
  switch (program) {
    case 'grep': {
      const matches = pattern(words);
      const kept = lines.filter(matches);
      return answer(said(kept), kept.length > 0 ? 0 : 1);
    }
    case 'tail': {
      const at = words.indexOf('-n');
      return answer(said(lines.slice(-Number(at < 0 ? 10 : (words[at + 1] ?? 10)))));
    }
    case 'sed':
      return answer('');
    default:
      return answer(`sh: ${program}: not found\n`, 127);
  }
}

/** Patterns of the agent's commands are plain words, given with -e, -F or alone. */
function pattern(words: readonly string[]): (line: string) => boolean {
  const wanted: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '-e') wanted.push(words[++at] ?? '');
    else if (!word.startsWith('-')) wanted.push(word);
  }
  return (line) => wanted.some((word) => line.includes(word));
}
