/**
 * One line of `xl tmem-list`: a letter, then `Kk:value` pairs. Used for every line of every list. Lines that are no
 * record give undefined; a pair that cannot be understood spoils only itself.
 *
 * docs/domain.md 3.2. A line is split on commas, then each pair on its first colon. Never search in it: `Ec` means one
 * thing in G and another in C, and a piece of one key may stand in another's value.
 */
import { parseInteger } from '../../kernel/integer.ts';

export type Letter = 'G' | 'S' | 'C' | 'P' | 'T';

export interface TmemRecord {
  readonly letter: Letter;
  /** As printed. Of a key that stands twice the first counts; `SC` is in `sharers`. */
  readonly fields: ReadonlyMap<string, string>;
  /** Domains of a shared pool, one `SC` each. */
  readonly sharers: readonly number[];
  /** Line of the capture it was read from (1-based). */
  readonly line: number;
  /** Pairs that are none: the line was cut, or is not what it seems. */
  readonly broken: readonly string[];
}

const start = /^([GSCPT])(?:=|$)/;
const key = /^[A-Za-z][A-Za-z0-9]$/;
const word = /^(?:[EP][PS])$/;
const hex = /^[0-9a-f]{1,16}$/;
const mostPairs = 600;

export function parseRecord(text: string, line: number): TmemRecord | undefined {
  const letter = start.exec(text)?.[1];
  if (letter === undefined) return undefined;
  const fields = new Map<string, string>();
  const sharers: number[] = [];
  const broken: string[] = [];
  const pairs = text.slice(2).split(',', mostPairs);
  for (const pair of pairs) {
    if (pair === '') continue;
    const cut = pair.indexOf(':');
    const name = pair.slice(0, Math.max(0, cut));
    const value = pair.slice(cut + 1);
    if (!key.test(name) || !understood(name, value)) broken.push(pair);
    else if (name === 'SC') sharers.push(Number(value));
    else if (!fields.has(name)) fields.set(name, value);
  }
  return { letter: letter as Letter, fields, sharers, line, broken };
}

function understood(name: string, value: string): boolean {
  if (name === 'PT') return word.test(value);
  if (name === 'U0' || name === 'U1') return hex.test(value);
  return parseInteger(value) !== undefined;
}

/** undefined when the key is not there. */
export function numberOf(record: TmemRecord | undefined, name: string): number | undefined {
  const text = record?.fields.get(name);
  return text === undefined ? undefined : parseInteger(text);
}
