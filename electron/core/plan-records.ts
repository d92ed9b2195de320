/**
 * Where plans and the journal of one inventory are written down: in the data directory for the console's own, in memory
 * for the lab's, which are not mixed with real ones.
 */
import { hostname, userInfo } from 'node:os';
import type { Notice } from '#shared/model/settings.ts';
import { memoryAppendFile } from './files/append-file.ts';
import type { DataDir } from './files/data-dir.ts';
import { memoryJsonFolder } from './files/json-folder.ts';
import { memoryTextFile } from './files/text-file.ts';
import { planFormat } from './plans/format.ts';
import { openJournal } from './plans/journal.ts';
import type { PlansOptions } from './plans/plans.ts';
import { openStore } from './plans/store.ts';
import type { Clock, Log } from './ports.ts';

export type PlanRecords = Pick<PlansOptions, 'store' | 'journal' | 'who'>;

interface Common {
  readonly clock: Clock;
  readonly log: Log;
  notify(notice: Notice): void;
}

/** Rejects: file-unreadable. */
export async function ownRecords(dataDir: DataDir, common: Common): Promise<PlanRecords> {
  const who = whoIsHere();
  return {
    who,
    store: await openStore(dataDir.folder('plans', planFormat)),
    journal: await openJournal({
      ...common,
      who,
      file: dataDir.append('journal.jsonl'),
      anchor: await dataDir.text('journal.last'),
    }),
  };
}

export async function labRecords(common: Common): Promise<PlanRecords> {
  const who = whoIsHere();
  return {
    who,
    store: await openStore(memoryJsonFolder()),
    journal: await openJournal({
      ...common,
      who,
      file: memoryAppendFile('journal of the lab'),
      anchor: memoryTextFile('last entry of the lab’s journal', ''),
    }),
  };
}

/** `user@machine`. An account without a name, as in some containers, goes by its number. */
export function whoIsHere(): string {
  let user: string;
  try {
    user = userInfo().username;
  } catch {
    user = `uid ${String(process.getuid?.() ?? '')}`.trim();
  }
  return `${user}@${hostname()}`;
}
