/**
 * The journal: lines in a file that only grows, each on the disk before the change goes on, each holding the hash of the
 * one before. Entries that are added while the disk is busy go there together. A chain that is broken is told and goes
 * on from its last entry: a gap in it stays visible for good.
 */
import type { JournalEntry, JournalPage } from '#shared/model/journal.ts';
import type { Notice } from '#shared/model/settings.ts';
import { problemOf } from '#shared/problem.ts';
import type { AppendFile, Clock, Log, TextFile } from '#core/ports.ts';
import { firstPrevious, lineOf, linked, verified } from './chain.ts';
import type { Anchor, Chain, NewEntry } from './chain.ts';

/** An entry as the rest of the room makes it: who and when are the journal's business. */
export type Told = Omit<NewEntry, 'at' | 'who'>;

export interface Journal {
  /** On the disk when it resolves. Rejects: file-unwritable, disk-full. */
  add(...entries: readonly Told[]): Promise<void>;
  page(args: { before?: number | undefined; limit: number; plan?: string | undefined }): Promise<JournalPage>;
  /** As it is on the disk. */
  text(): Promise<string>;
  close(): Promise<void>;
}

export interface JournalOptions {
  readonly file: AppendFile;
  /** Holds number and hash of the last entry, so that a journal without its end is noticed. */
  readonly anchor: TextFile;
  readonly clock: Clock;
  readonly log: Log;
  /** `user@machine`. */
  readonly who: string;
  notify(notice: Notice): void;
}

interface Waiting {
  readonly entries: readonly Told[];
  resolve(): void;
  reject(why: unknown): void;
}

/** The anchor is a help, not the record: it may be as old as this. */
const anchorMs = 1000;

/** Rejects: file-unreadable. */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const { file, clock, log, who, notify } = options;
  const torn = await file.cutTornLine();
  const known = anchorIn(await textOf(options.anchor));
  const atStart = verified(await file.read(), known);
  const lastEntry = atStart.entries.at(-1);
  // Numbers are never used again: what was cut off stays missing.
  let n = Math.max(lastEntry?.n ?? 0, known?.n ?? 0);
  let previous = lastEntry?.hash ?? firstPrevious;
  let waiting: Waiting[] = [];
  let working: Promise<void> | undefined;
  let read: { readonly mark: string; readonly chain: Chain } | undefined;
  let cancelAnchor: (() => void) | undefined;
  let anchored: Anchor | undefined = known;

  const saveAnchor = async (): Promise<void> => {
    cancelAnchor?.();
    cancelAnchor = undefined;
    if (anchored === undefined) return;
    try {
      await options.anchor.write(`${anchored.n} ${anchored.hash}\n`);
    } catch (error) {
      if (problemOf(error) === undefined) log.bug('journal anchor', error);
    }
  };

  const work = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      const at = clock.now();
      let [number, hash] = [n, previous];
      const added = batch
        .flatMap(({ entries }) => entries)
        .map((entry): JournalEntry => {
          const made = linked(++number, hash, { ...entry, at, who });
          hash = made.hash;
          return made;
        });
      try {
        await file.append(added.map(lineOf).join(''));
        [n, previous] = [number, hash];
        anchored = { n, hash };
        cancelAnchor ??= clock.after(anchorMs, () => void saveAnchor());
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    working = undefined;
  };

  const add = (...entries: readonly Told[]): Promise<void> =>
    entries.length === 0
      ? Promise.resolve()
      : new Promise((resolve, reject) => {
          waiting.push({ entries, resolve, reject });
          working ??= work();
        });

  const chain = async (): Promise<Chain> => {
    await working;
    const mark = await file.mark();
    if (read?.mark !== mark) read = { mark, chain: verified(await file.read(), anchored) };
    return read.chain;
  };

  if (atStart.broken !== undefined)
    notify({ id: 'journal-broken', level: 'warning', sentence: atStart.broken, words: file.path });
  if (torn !== undefined) {
    const words = `The last line of the journal was cut off, as by a power cut, and was moved to ${torn}.`;
    notify({ id: 'journal-torn', level: 'warning', sentence: `${words} All whole entries are kept.` });
    await add({ plan: '', title: 'Journal', what: 'found', words }).catch((error: unknown) => {
      if (problemOf(error) === undefined) throw error;
    });
  }

  return {
    add,
    page: async ({ before, limit, plan }) => {
      const { entries, broken } = await chain();
      const wanted = plan === undefined ? entries : entries.filter((entry) => entry.plan === plan);
      const older = before === undefined ? wanted : wanted.filter((entry) => entry.n < before);
      const page = { entries: older.slice(-limit).reverse(), total: wanted.length };
      return broken === undefined ? page : { ...page, broken };
    },
    text: async () => {
      await working;
      return file.read();
    },
    close: async () => {
      await working;
      await saveAnchor();
    },
  };
}

async function textOf(anchor: TextFile): Promise<string | undefined> {
  try {
    return await anchor.read();
  } catch (error) {
    if (problemOf(error) === undefined) throw error;
    return undefined;
  }
}

function anchorIn(text: string | undefined): Anchor | undefined {
  const [, n, hash] = /^(\d{1,15}) ([0-9a-f]{64})\n$/.exec(text ?? '') ?? [];
  return n === undefined || hash === undefined ? undefined : { n: Number(n), hash };
}
