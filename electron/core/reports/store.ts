/**
 * Where finished reports are kept: each in a folder of its own, written beside it and renamed into place, so that there
 * is all of a report or nothing. Where the console keeps nothing, in memory.
 */
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReportInfo } from '#shared/model/report.ts';
import type { Notice } from '#shared/model/settings.ts';
import { fail } from '#shared/problem.ts';
import { readProblem, systemCode, writeProblem } from './file-problems.ts';
import { infoFile, infoText, readInfo, safeName } from './report-file.ts';

export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface ReportStore {
  /** Those that can be used; each of the others is told as a notice and left as it is. */
  load(): Promise<readonly ReportInfo[]>;
  /** All or nothing. Rejects: file-unwritable, disk-full. */
  save(info: ReportInfo, files: readonly NamedBytes[]): Promise<void>;
  /** Rejects: file-unreadable. */
  read(report: string, name: string): Promise<Uint8Array>;
  /** Rejects: file-unwritable. */
  remove(report: string): Promise<void>;
}

/** On the disk when it resolves. Tests hand in one that fails. */
export type WriteBytes = (path: string, bytes: Uint8Array) => Promise<void>;

export const writeBytes: WriteBytes = async (path, bytes) => {
  await using file = await open(path, 'wx', 0o600);
  await file.writeFile(bytes);
  await file.sync();
};

/** Bytes. A report is carried to a page as one message. */
export const largestFile = 64 * 1024 * 1024;
/** Folders that are being written or removed. */
const unfinished = /^\..*\.(new|old)$/;

interface DiskOptions {
  readonly folder: string;
  readonly write: WriteBytes;
  notify(notice: Notice): void;
}

export function diskStore({ folder, write, notify }: DiskOptions): ReportStore {
  const place = (report: string): string => {
    if (!safeName.test(report)) throw new Error(`no name for a folder: ${report}`);
    return join(folder, report);
  };

  const loadOne = async (name: string): Promise<ReportInfo | undefined> => {
    const path = join(folder, name, infoFile);
    const damaged = (words: string): undefined => {
      const sentence = `The report in ${join(folder, name)} could not be understood and is not shown. Its files are left as they are; remove the folder when you do not need them.`;
      notify({ id: `report-damaged:${name}`, level: 'warning', sentence, words });
    };
    try {
      const read = readInfo(await readFile(path, 'utf8'));
      if ('wrong' in read) return damaged(`${infoFile}: ${read.wrong}`);
      return read.report.id === name ? read.report : damaged(`${infoFile}: it is of the report ${read.report.id}`);
    } catch (error) {
      if (systemCode(error) === undefined) throw error;
      return damaged(error instanceof Error ? error.message : String(error));
    }
  };

  return {
    load: async () => {
      const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
        if (systemCode(error) === 'ENOENT') return [];
        throw readProblem(folder, error);
      });
      const found: ReportInfo[] = [];
      for (const entry of entries) {
        if (!entry.isDirectory()) continue;
        // What a console that was killed left behind; another one never writes here.
        if (unfinished.test(entry.name)) await rm(join(folder, entry.name), { recursive: true, force: true });
        else if (safeName.test(entry.name))
          found.push(...[await loadOne(entry.name)].filter((one) => one !== undefined));
      }
      return found;
    },
    save: async (info, files) => {
      const fresh = join(folder, `.${info.id}.new`);
      try {
        await mkdir(fresh, { recursive: true, mode: 0o700 });
        for (const { name, bytes } of files) await write(join(fresh, name), bytes);
        await write(join(fresh, infoFile), new TextEncoder().encode(infoText(info)));
        await rename(fresh, place(info.id));
      } catch (error) {
        await rm(fresh, { recursive: true, force: true });
        throw writeProblem(folder, error);
      }
    },
    read: async (report, name) => {
      const path = join(place(report), name);
      try {
        const { size } = await stat(path);
        if (size > largestFile) fail('file-unreadable', tooLarge(name, size, place(report)));
        return await readFile(path);
      } catch (error) {
        throw readProblem(path, error);
      }
    },
    remove: async (report) => {
      const old = join(folder, `.${report}.old`);
      try {
        await rename(place(report), old);
        await rm(old, { recursive: true, force: true });
      } catch (error) {
        if (systemCode(error) === 'ENOENT') return;
        const why = `The report in ${place(report)} could not be removed. Look at the rights of that folder and remove it there.`;
        fail('file-unwritable', why, error instanceof Error ? error.message : String(error));
      }
    },
  };
}

const mebibytes = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(0)} MiB`;
const tooLarge = (name: string, size: number, folder: string): string =>
  `${name} has ${mebibytes(size)}, and a page takes at most ${mebibytes(largestFile)}. Take it from ${folder}, or make the report of fewer hosts.`;

/** Forgets when the console ends. */
export function memoryStore(): ReportStore {
  const kept = new Map<string, ReadonlyMap<string, Uint8Array>>();
  return {
    load: async () => [],
    save: async ({ id }, files) => {
      kept.set(id, new Map(files.map(({ name, bytes }) => [name, bytes])));
    },
    read: async (report, name) => {
      const bytes =
        kept.get(report)?.get(name) ?? fail('file-unreadable', `${name} is not there any more. Make the report again.`);
      if (bytes.length > largestFile) fail('file-unreadable', tooLarge(name, bytes.length, 'the command line'));
      return bytes;
    },
    remove: async (report) => {
      kept.delete(report);
    },
  };
}
