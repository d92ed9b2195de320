/**
 * A small text file that is either as it was or as it should be, never half of each: written beside itself, flushed,
 * renamed over, and the folder flushed too. Used for everything the console keeps about itself; never for history.
 */
import { randomUUID } from 'node:crypto';
import { open, readdir, rename, unlink, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fail } from '#shared/problem.ts';
import type { TextFile } from '#core/ports.ts';
import { readProblem, systemCode, writeProblem } from './file-problem.ts';

/** Bytes. Ten thousand hosts are about five million. */
export const largestTextFile = 8 * 1024 * 1024;

/** Ours among the temporary files: another process id may be in use again after a crash, this word is not. */
const ownMark = randomUUID().slice(0, 13);
let temporaries = 0;

const mebibytes = (bytes: number): string => `${(bytes / (1024 * 1024)).toFixed(1)} MiB`;

/** Reads at most the limit, whatever size the file claims to have. */
async function readBounded(file: FileHandle, path: string, largest: number): Promise<string> {
  const { size } = await file.stat();
  const chunks: Buffer[] = [];
  let total = 0;
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(Math.min(Math.max(size, 4096), largest) + 1));
    if (bytesRead === 0) return Buffer.concat(chunks).toString('utf8');
    total += bytesRead;
    if (total > largest)
      fail(
        'file-unreadable',
        `${path} is larger than ${mebibytes(largest)}, so it is not what the console wrote. Move it away.`,
        `${Math.max(size, total)} bytes`,
      );
    chunks.push(buffer.subarray(0, bytesRead));
  }
}

/** The text of any file, bounded. Undefined when there is none. Rejects: file-unreadable. */
export async function readText(path: string, largest = largestTextFile): Promise<string | undefined> {
  try {
    await using file = await open(path, 'r');
    return await readBounded(file, path, largest);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw readProblem(path, error);
  }
}

/**
 * Makes a rename last through a power cut. Windows and some network file systems have no such call for folders; the
 * new text is in its place by then, so their refusal is no failure of the write.
 */
export async function flushFolder(folder: string): Promise<void> {
  try {
    await using handle = await open(folder, 'r');
    await handle.sync();
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
  }
}

async function replace(path: string, bytes: Buffer): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${ownMark}-${++temporaries}.tmp`);
  try {
    {
      await using file = await open(temporary, 'wx', 0o600);
      await file.writeFile(bytes);
      await file.sync();
    }
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  await flushFolder(dirname(path));
}

/** Takes away what a killed console left behind. A folder that cannot be listed has nothing we could clean. */
async function removeStale(path: string): Promise<void> {
  const names = await readdir(dirname(path)).catch(() => []);
  const stale = names.filter(
    (name) => name.startsWith(`.${basename(path)}.`) && name.endsWith('.tmp') && !name.includes(ownMark),
  );
  await Promise.all(stale.map((name) => unlink(join(dirname(path), name)).catch(() => undefined)));
}

/** Writes one after the other, in the order asked. */
export async function openTextFile(path: string, largest = largestTextFile): Promise<TextFile> {
  await removeStale(path);
  let last: Promise<void> = Promise.resolve();
  const write = async (text: string): Promise<void> => {
    const bytes = Buffer.from(text, 'utf8');
    if (bytes.length > largest)
      fail(
        'file-unwritable',
        `${basename(path)} would grow to ${mebibytes(bytes.length)}; ${mebibytes(largest)} is the most it may be. The change was not saved. Remove what is no longer needed first.`,
      );
    try {
      await replace(path, bytes);
    } catch (error) {
      throw writeProblem(path, error);
    }
  };
  return {
    path,
    read: async () => {
      await last;
      return readText(path, largest);
    },
    write: (text) => {
      const turn = last.then(() => write(text));
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}

/**
 * Forgets when the console ends: for a folder that cannot be written to, starting from what the file holds, and for
 * texts that were never a file, starting from `text`.
 */
export function memoryTextFile(path: string, text?: string): TextFile {
  let kept = text;
  return {
    path,
    read: async () => kept ?? (await readText(path)),
    write: (written) => {
      kept = written;
      return Promise.resolve();
    },
  };
}
