/** What commands answer with, and the sentences xl says in more than one of them. */
import type { CommandOutcome } from '../machine.ts';
import { traitsOf } from '../tmem/xen-version.ts';
import type { HostModel } from './host-model.ts';

export const answer = (text: string, status = 0): CommandOutcome => ({ text, status });

/** xl of 4.4 tells a usage error by 2 where later ones tell 1. */
export const isOld = (model: HostModel): boolean => traitsOf(model.options.version).minor < 8;

export const noDomain = (model: HostModel, name: string): CommandOutcome =>
  answer(`${name} is an invalid domain identifier (rc=-6)\n`, isOld(model) ? 2 : 1);

/**
 * A domain by name or number. xl passes a number on as it is, whether there is such a domain or not.
 * @returns undefined: no such name
 */
export function domidOf(model: HostModel, name: string): number | undefined {
  if (/^\d+$/.test(name)) return Number(name);
  if (name === 'Domain-0') return 0;
  return model.find(name)?.domain.domid;
}

export interface Options {
  readonly given: ReadonlyMap<string, string>;
  readonly rest: readonly string[];
  /** A letter xl does not know. */
  readonly unknown: string | undefined;
}

/**
 * getopt as xl uses it: it stops at the first word that is no option, so options after the domain are not seen.
 * @param letters as in getopt: `w:` takes a value
 */
export function options(words: readonly string[], letters: string): Options {
  const given = new Map<string, string>();
  let at = 0;
  for (; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '--') {
      at++;
      break;
    }
    if (!/^-./.test(word)) break;
    for (let i = 1; i < word.length; i++) {
      const letter = word.charAt(i);
      const known = letters.indexOf(letter);
      if (known < 0 || letter === ':') return { given, rest: words.slice(at + 1), unknown: letter };
      if (letters.charAt(known + 1) !== ':') {
        given.set(letter, '');
        continue;
      }
      const attached = word.slice(i + 1);
      if (attached === '') at++;
      given.set(letter, attached === '' ? (words[at] ?? '') : attached);
      break;
    }
  }
  return { given, rest: words.slice(at), unknown: undefined };
}

export const unknownOption = (letter: string): CommandOutcome => answer(`option \`${letter}' not supported.\n`, 2);
