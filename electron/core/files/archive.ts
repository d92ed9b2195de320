/**
 * The whole data directory as one file, to be moved or kept: without secrets (there are none on the disk), locks and
 * logs; the history as it is at one moment. Also while a console runs. Called by the command line and by the console
 * itself. The way back is archive-import.ts.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { access, link, mkdir, open, readdir, rename, rm, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { create } from 'tar';
import { fail, problem, problemOf, ProblemError } from '#shared/problem.ts';
import { contentOf, stopWhenAborted, writeDigested, type ArchiveOptions } from './archive-files.ts';
import { archiveVersion, belongs, folders, historyName, manifestName, singleFiles } from './archive-manifest.ts';
import type { Manifest, ManifestEntry } from './archive-manifest.ts';
import { snapshotHistory } from './archive-snapshot.ts';
import { diskFull, readProblem, systemCode } from './file-problem.ts';
import { flushFolder } from './text-file.ts';

export { importDataDir } from './archive-import.ts';
export type { ImportOptions, Imported } from './archive-import.ts';

export interface ExportOptions extends ArchiveOptions {
  readonly dataDir: string;
  /** A file that is not there yet. */
  readonly out: string;
  /** The history's own copy, where it is open in this process. */
  readonly snapshotHistory?: (copy: string) => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

export interface Exported {
  readonly files: number;
  readonly bytes: number;
}

/** All or nothing. Rejects: conflict when the file is there, not-found, file-unreadable, file-unwritable, disk-full, cancelled. */
export async function exportDataDir(options: ExportOptions): Promise<Exported> {
  const { dataDir, out, signal, onProgress, now = Date.now } = options;
  if (await isThere(out)) fail('conflict', `${out} is there already. Give another name, or move it away.`);
  if (!(await isThere(dataDir))) fail('not-found', `There is no data directory ${dataDir}.`);
  // Beside the file it becomes, so that the disk that must have room for one must have it for the other.
  const staging = join(dirname(out), `.${basename(out)}.${randomUUID().slice(0, 13)}.new`);
  try {
    await mkdir(staging, { mode: 0o700 });
    const files = await stage(options, staging);
    if (files.length === 0) fail('not-found', `${dataDir} holds nothing of the console yet.`);
    const list: Manifest = { format: 'tmem-console.data', version: archiveVersion, madeAt: now(), files };
    await writeDigested(
      join(staging, manifestName),
      [Buffer.from(`${JSON.stringify(list, null, 1)}\n`)],
      () => undefined,
    );
    const bytes = await pack(staging, files, out, options);
    onProgress?.(1, 'done');
    return { files: files.length, bytes };
  } catch (error) {
    stopWhenAborted(signal);
    throw problemOf(error) === undefined ? unwritten(out, error) : error;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const snapshotShare = 0.5;
const stageShare = 0.6;

async function stage(options: ExportOptions, staging: string): Promise<ManifestEntry[]> {
  const { dataDir, signal, onProgress } = options;
  const files: ManifestEntry[] = [];
  const history = join(dataDir, historyName);
  if (await isThere(history)) {
    const copy = join(staging, historyName);
    const told = (part: number, step: string): void => onProgress?.(part * snapshotShare, step);
    await (options.snapshotHistory?.(copy) ??
      snapshotHistory(history, copy, { ...(signal && { signal }), onProgress: told }));
    await using file = await open(copy, 'r');
    files.push({ path: historyName, ...(await digestOf(contentOf(file, false), signal)) });
  }
  const names = [...singleFiles, ...(await Promise.all(folders.map((name) => namesBelow(dataDir, name)))).flat()];
  for (const [index, path] of names.entries()) {
    stopWhenAborted(signal);
    const entry = await copied(dataDir, path, staging, signal);
    if (entry !== undefined) files.push(entry);
    onProgress?.(snapshotShare + ((index + 1) / names.length) * (stageShare - snapshotShare), `copying ${path}`);
  }
  return files;
}

/** Files of a folder and of the folders in it, as paths of the data directory. */
async function namesBelow(dataDir: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(dataDir, folder), { withFileTypes: true }).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return [];
    throw readProblem(join(dataDir, folder), error);
  });
  const found: string[] = [];
  for (const entry of entries) {
    const path = `${folder}/${entry.name}`;
    if (entry.isFile() && belongs(path)) found.push(path);
    else if (entry.isDirectory() && belongs(path) && path.split('/').length < 3)
      found.push(...(await namesBelow(dataDir, path)));
  }
  return found.sort();
}

/** Undefined for what is not there, or is there no more. */
async function copied(
  dataDir: string,
  path: string,
  staging: string,
  signal: AbortSignal | undefined,
): Promise<ManifestEntry | undefined> {
  const from = join(dataDir, path);
  let file;
  try {
    file = await open(from, 'r');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw readProblem(from, error);
  }
  try {
    if (!(await file.stat()).isFile()) return undefined;
    const to = join(staging, path);
    await mkdir(dirname(to), { recursive: true, mode: 0o700 });
    const digest = await writeDigested(to, contentOf(file, path === 'journal.jsonl'), () => stopWhenAborted(signal));
    return { path, ...digest };
  } finally {
    await file.close();
  }
}

async function digestOf(
  chunks: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of chunks) {
    stopWhenAborted(signal);
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** Answers the archive's size. */
async function pack(
  staging: string,
  files: readonly ManifestEntry[],
  out: string,
  { signal, onProgress }: ExportOptions,
): Promise<number> {
  const whole = Math.max(
    1,
    files.reduce((sum, { bytes }) => sum + bytes, 0),
  );
  // What is packed is smaller than what it is made of, so this never passes the end.
  let packedBytes = 0;
  const written = `${staging}.tar.gz`;
  try {
    const packed = create(
      {
        gzip: { level: 6 },
        cwd: staging,
        portable: true,
        noDirRecurse: true,
        strict: true,
      },
      [manifestName, ...files.map(({ path }) => path)],
    );
    const counted = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      for await (const chunk of chunks) {
        packedBytes += chunk.length;
        onProgress?.(stageShare + Math.min(1, packedBytes / whole) * (1 - stageShare), 'packing');
        yield chunk;
      }
    };
    const file = createWriteStream(written, { flags: 'wx', mode: 0o600, flush: true });
    await pipeline(Readable.from(packed), counted, file, { ...(signal && { signal }) });
    await place(written, out);
    return (await stat(out)).size;
  } finally {
    await rm(written, { force: true });
  }
}

/** Never over a file that came to be in the meantime: a link, unlike a rename, refuses. */
async function place(written: string, out: string): Promise<void> {
  try {
    await link(written, out);
    await unlink(written);
  } catch (error) {
    if (systemCode(error) === 'EEXIST')
      fail('conflict', `${out} is there already. Give another name, or move it away.`);
    await rename(written, out);
  }
  await flushFolder(dirname(out));
}

function unwritten(out: string, error: unknown): unknown {
  const code = systemCode(error);
  if (code === undefined) return error;
  const full = diskFull.has(code);
  const sentence = full
    ? `${out} could not be written: the disk is full. Free some space there.`
    : `${out} could not be written. Look at that folder and its rights.`;
  const words = error instanceof Error ? error.message : String(error);
  return new ProblemError(problem(full ? 'disk-full' : 'file-unwritable', sentence, words), { cause: error });
}
