/**
 * One console to a data directory. Node cannot hold a lock that the kernel lets go of by itself, so the owner is a
 * numbered file saying who it is, and the highest number counts. A number is never used twice: it is created whole and
 * only when it is free (a hard link), the next one follows when its owner is gone, and a released one stays behind,
 * saying so, until the next owner has its own. So of any number of starters exactly one wins, also after a kill -9.
 */
import { randomUUID } from 'node:crypto';
import { constants, copyFile, link, readdir, readFile } from 'node:fs/promises';
import { rename, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import { fail } from '#shared/problem.ts';
import { systemCode } from './file-problem.ts';
import { makeFolder } from './make-folder.ts';
import { fateOf, markOfThis, type ProcessMark } from './process-mark.ts';

/** The owner touches its file this often, for those who cannot see its process: other machines, other containers. */
const beatMs = 10_000;
/** Without a touch for this long, an owner whose process cannot be seen is taken for gone. */
const silenceMs = 90_000;
/** A number file that holds nothing yet may still be being written (see `create`); after this long nobody is. */
const unfinishedMs = 2_000;
/** Rounds, 5 ms apart, before the last refusal is believed. */
const patience = 2_000;

const released = 'released';
const owner: z.ZodType<ProcessMark> = z.object({
  pid: z.int().min(1),
  host: z.string().min(1),
  start: z.string().optional(),
});

export interface Lock {
  release(): Promise<void>;
}

const parsed = (text: string): ProcessMark | undefined => {
  try {
    return owner.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};

async function numbersIn(folder: string): Promise<number[]> {
  const names = await readdir(folder);
  return names.filter((name) => /^[1-9]\d{0,14}$/.test(name)).map(Number);
}

const highest = (numbers: readonly number[]): number => numbers.reduce((most, number) => Math.max(most, number), 0);

/** A file's age by the clock of the disk it lies on, which may be another machine's. */
async function ageOf(path: string, freshPath: string): Promise<number> {
  const now = new Date();
  await utimes(freshPath, now, now);
  const [theirs, ours] = await Promise.all([stat(path), stat(freshPath)]);
  return ours.mtimeMs - theirs.mtimeMs;
}

/** The owner behind a number, `nobody` when it is gone, `unsure` while the file is being written. */
async function ownerOf(path: string, freshPath: string): Promise<ProcessMark | 'nobody' | 'unsure'> {
  const text = await readFile(path, 'utf8');
  if (text === released) return 'nobody';
  const mark = parsed(text);
  if (mark === undefined) return (await ageOf(path, freshPath)) < unfinishedMs ? 'unsure' : 'nobody';
  const fate = await fateOf(mark);
  if (fate === 'unknown') return (await ageOf(path, freshPath)) < silenceMs ? mark : 'nobody';
  return fate === 'running' ? mark : 'nobody';
}

/** Fails with EEXIST when the number is taken. File systems without hard links get a copy, which is not whole at once. */
async function create(path: string, ticket: string): Promise<void> {
  try {
    await link(ticket, path);
  } catch (error) {
    const code = systemCode(error) ?? '';
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code)) throw error;
    await copyFile(ticket, path, constants.COPYFILE_EXCL);
  }
}

/** Clears away numbers that no longer count, and tickets of starters that were killed. */
async function tidy(folder: string, mine: number, ticket: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const stale = name.endsWith('.ticket')
      ? (await ageOf(path, ticket).catch(() => 0)) > silenceMs
      : /^\d+$/.test(name) && Number(name) < mine;
    if (stale) await unlink(path).catch(() => undefined);
  }
}

function inUse(dataDir: string, mark: ProcessMark): never {
  return fail(
    'data-dir-in-use',
    `Another console uses ${dataDir}: process ${mark.pid} on ${mark.host}. Use that one or end it, or start this one with another --data-dir.`,
  );
}

/** The number that is ours now, or undefined when somebody was faster and the question must be asked again. */
async function tryNext(dataDir: string, folder: string, ticket: string): Promise<number | undefined> {
  const last = highest(await numbersIn(folder));
  if (last > 0) {
    const other = await ownerOf(join(folder, String(last)), ticket);
    if (other === 'unsure') return undefined;
    if (other !== 'nobody') inUse(dataDir, other);
  }
  const mine = last + 1;
  await create(join(folder, String(mine)), ticket);
  // Whoever looked long ago may get a number that was used and cleared away since: then a higher one stands.
  if (highest(await numbersIn(folder)) > mine) {
    await unlink(join(folder, String(mine)));
    return undefined;
  }
  await tidy(folder, mine, ticket);
  return mine;
}

/** Rejects: data-dir-in-use; and with the system's own error where nothing can be written. */
export async function takeLock(dataDir: string): Promise<Lock> {
  const folder = join(dataDir, 'lock');
  await makeFolder(folder);
  const ticket = join(folder, `${randomUUID()}.ticket`);
  try {
    await writeFile(ticket, JSON.stringify(await markOfThis()), { mode: 0o600, flag: 'wx' });
    for (let round = 1; ; round += 1) {
      const number = await tryNext(dataDir, folder, ticket).catch((error: unknown) => {
        // Taken, or cleared away, between looking and doing.
        const raced = systemCode(error) === 'EEXIST' || systemCode(error) === 'ENOENT';
        if (raced && round < patience) return undefined;
        throw error;
      });
      if (number !== undefined) return held(join(folder, String(number)), join(folder, `${randomUUID()}.ticket`));
      await wait(5);
    }
  } finally {
    await unlink(ticket).catch(() => undefined);
  }
}

function held(path: string, spare: string): Lock {
  const beat = setInterval(() => {
    const now = new Date();
    // A missed beat is made good by the next one.
    utimes(path, now, now).catch(() => undefined);
  }, beatMs);
  beat.unref();
  let done: Promise<void> | undefined;
  const release = async (): Promise<void> => {
    clearInterval(beat);
    try {
      await writeFile(spare, released, { mode: 0o600, flag: 'wx' });
      await rename(spare, path);
    } catch (error) {
      // A full or vanished disk: our process id will be gone in a moment and says the same.
      if (systemCode(error) === undefined) throw error;
    }
  };
  return { release: () => (done ??= release()) };
}
