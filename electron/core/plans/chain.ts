/** The hash chain of the journal. Pure but for the hash itself: entries in, entries or what is wrong with them out. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { JournalEntry } from '#shared/model/journal.ts';
import { epochMs } from '#shared/units.ts';

export const firstPrevious = '0'.repeat(64);

/** Before it stands in the chain. */
export type NewEntry = Omit<JournalEntry, 'n' | 'previous' | 'hash'>;

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const text = z.string();
const entrySchema: z.ZodType<JournalEntry> = z.strictObject({
  n: z.int().min(1),
  at: z.number().transform(epochMs),
  who: text,
  host: z.strictObject({ id: text, name: text }).optional(),
  plan: text,
  title: text,
  what: z.enum([
    'created',
    'imported',
    'removed',
    'applying',
    'wrote',
    'failed',
    'guard',
    'kept',
    'undoing',
    'undone',
    'left',
    'found',
    'drift',
  ]),
  knob: text.optional(),
  instance: text.optional(),
  before: text.optional(),
  after: text.optional(),
  words: text.optional(),
  previous: hash,
  hash,
});

export const hashOf = (entry: Omit<JournalEntry, 'hash'>): string =>
  createHash('sha256')
    .update(JSON.stringify(ordered(entry)), 'utf8')
    .digest('hex');

/** Keys in the order of JournalEntry, which is the order that is hashed; what is undefined is left out by JSON. */
function ordered(entry: Omit<JournalEntry, 'hash'>): Omit<JournalEntry, 'hash'> {
  const { n, at, who, host, plan, title, what, knob, instance, before, after, words, previous } = entry;
  const place = host === undefined ? undefined : { id: host.id, name: host.name };
  return { n, at, who, host: place, plan, title, what, knob, instance, before, after, words, previous };
}

export function linked(n: number, previous: string, entry: NewEntry): JournalEntry {
  const whole = ordered({ ...entry, n, previous });
  return { ...whole, hash: hashOf(whole) };
}

export const lineOf = (entry: JournalEntry): string => `${JSON.stringify(entry)}\n`;

export function entryIn(line: string): JournalEntry | undefined {
  let raw: unknown;
  try {
    raw = JSON.parse(line);
  } catch {
    return undefined;
  }
  const parsed = entrySchema.safeParse(raw);
  return parsed.success ? parsed.data : undefined;
}

export interface Chain {
  /** All that can be read, in the order of the file. */
  readonly entries: readonly JournalEntry[];
  /** A sentence that names the first bad entry. */
  readonly broken: string | undefined;
}

/** The last entry that was known to be on the disk; tells a journal whose end was cut off. */
export interface Anchor {
  readonly n: number;
  readonly hash: string;
}

/** @param file the text of a journal, lines each ended by a line break */
export function verified(file: string, anchor: Anchor | undefined): Chain {
  const entries: JournalEntry[] = [];
  let broken: string | undefined;
  let previous = firstPrevious;
  let expected = 1;
  let anchored = anchor === undefined;
  const lines = file.split('\n').slice(0, -1);
  lines.forEach((line, index) => {
    const entry = entryIn(line);
    if (entry === undefined) {
      broken ??= `Line ${index + 1} of the journal is no entry, so it was changed from outside. Compare it with an exported copy.`;
      return;
    }
    broken ??= faultOf(entry, expected, previous);
    if (anchor !== undefined && entry.n === anchor.n && entry.hash === anchor.hash) anchored = true;
    entries.push(entry);
    previous = entry.hash;
    expected = entry.n + 1;
  });
  if (!anchored && anchor !== undefined)
    broken ??= entries.some(({ n }) => n === anchor.n)
      ? `Entry ${anchor.n} of the journal is not the one that was written: the journal was written anew from outside. Compare it with an exported copy.`
      : `The journal ends before entry ${anchor.n}, which was on the disk once: its end was cut off. Compare it with an exported copy.`;
  return { entries, broken };
}

function faultOf(entry: JournalEntry, expected: number, previous: string): string | undefined {
  if (entry.n > expected)
    return `Entry ${expected} of the journal is missing: after entry ${expected - 1} comes ${entry.n}. Compare it with an exported copy.`;
  if (entry.n < expected)
    return `Entry ${entry.n} of the journal stands behind entry ${expected - 1}: its order was changed. Compare it with an exported copy.`;
  if (entry.previous !== previous)
    return `Entry ${entry.n} of the journal does not fit the one before it: one of the two was changed. Compare them with an exported copy.`;
  if (entry.hash !== hashOf(entry))
    return `Entry ${entry.n} of the journal is not what was written: it was changed. Compare it with an exported copy.`;
  return undefined;
}
