/**
 * A file of lines that only grows, for the journal: what was added is on the disk before anybody is told so, and an
 * addition that fails is taken back. What a crash or a cut of power left of a line can be moved out of the way.
 */
import { access, open, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { AppendFile } from '#core/ports.ts';
import { readProblem, systemCode, writeProblem } from './file-problem.ts';
import { flushFolder, readText } from './text-file.ts';

/** Bytes; half a million entries and more. */
const largestAppendFile = 256 * 1024 * 1024;
const lineBreak = 10;

async function add(path: string, text: string): Promise<void> {
  await using file = await open(path, 'a', 0o600);
  const { size } = await file.stat();
  try {
    await file.writeFile(text);
    await file.sync();
  } catch (error) {
    // A full disk may have taken half of it. If even this fails, the next start finds the torn line.
    await file.truncate(size).catch(() => undefined);
    throw error;
  }
  if (size === 0) await flushFolder(dirname(path));
}

async function freeName(path: string): Promise<string> {
  for (let count = 1; ; count += 1) {
    const name = `${path}.torn-${count}`;
    try {
      await access(name);
    } catch {
      return name;
    }
  }
}

/** Works one after the other, in the order asked. */
export function openAppendFile(path: string): AppendFile {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
  return {
    path,
    read: () => inTurn(async () => (await readText(path, largestAppendFile)) ?? ''),
    append: (text) =>
      inTurn(() =>
        add(path, text).catch((error: unknown) => {
          throw writeProblem(path, error);
        }),
      ),
    cutTornLine: () =>
      inTurn(async () => {
        const bytes = await readFile(path).catch((error: unknown) => {
          if (systemCode(error) === 'ENOENT') return Buffer.alloc(0);
          throw readProblem(path, error);
        });
        const whole = bytes.lastIndexOf(lineBreak) + 1;
        if (whole === bytes.length) return undefined;
        const aside = await freeName(path);
        try {
          await writeFile(aside, bytes.subarray(whole), { mode: 0o600, flag: 'wx', flush: true });
          await truncate(path, whole);
        } catch (error) {
          throw writeProblem(path, error);
        }
        return aside;
      }),
    mark: () =>
      inTurn(async () => {
        try {
          const { ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
          return [ino, size, mtimeNs, ctimeNs].join(' ');
        } catch (error) {
          if (systemCode(error) === 'ENOENT') return '';
          throw readProblem(path, error);
        }
      }),
  };
}

/** Can be read, and refuses to grow: for a folder that this console may not write to, or not alone. */
export function sealedAppendFile(path: string, why: () => never): AppendFile {
  return { ...openAppendFile(path), append: async () => why(), cutTornLine: async () => undefined };
}

/** Forgets when the console ends. */
export function memoryAppendFile(path: string): AppendFile {
  let kept = '';
  return {
    path,
    read: async () => kept,
    append: async (text) => {
      kept += text;
    },
    cutTornLine: async () => undefined,
    mark: async () => String(kept.length),
  };
}
