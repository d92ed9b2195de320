/**
 * Unpacks an exported data directory into a folder, checking every file against the list at its front. Refuses what is
 * no plain file of the console: links, devices, paths that lead elsewhere. Called by archive-import.ts.
 */
import { createReadStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Parser, type ReadEntry } from 'tar';
import { fail, problem, ProblemError } from '#shared/problem.ts';
import { stopWhenAborted, writeDigested, type ArchiveOptions } from './archive-files.ts';
import { archiveVersion, largestManifest, manifest, manifestName, stamped } from './archive-manifest.ts';
import type { Manifest } from './archive-manifest.ts';
import { readProblem, systemCode } from './file-problem.ts';

interface UnpackOptions extends ArchiveOptions {
  readonly file: string;
}

const damaged = (file: string, words: string): ProblemError =>
  new ProblemError(
    problem(
      'file-corrupt',
      `${file} is not what a console exported, or was damaged on the way. Nothing was changed. Export it once more, or copy it again.`,
      words,
    ),
  );

function broken(file: string, words: string): never {
  throw damaged(file, words);
}

/** Every file of it, checked, in the folder. Answers how many there are. */
export async function unpack({ file, signal, onProgress }: UnpackOptions, staging: string): Promise<number> {
  let list: Manifest | undefined;
  const left = new Map<string, Manifest['files'][number]>();
  let done = 0;

  const take = async (entry: ReadEntry, content: AsyncIterable<Uint8Array>): Promise<void> => {
    stopWhenAborted(signal);
    if (!['File', 'OldFile', 'ContiguousFile'].includes(entry.type)) broken(file, `${entry.path}: a ${entry.type}`);
    if (list === undefined) {
      if (entry.path !== manifestName) broken(file, `it begins with ${entry.path}, not with its list`);
      list = manifestOf(file, await textOf(content, file));
      for (const one of list.files) left.set(one.path, one);
      return;
    }
    const wanted = left.get(entry.path);
    if (wanted === undefined) return broken(file, `${entry.path}: not in its list, or there twice`);
    left.delete(entry.path);
    const to = join(staging, entry.path);
    await mkdir(dirname(to), { recursive: true, mode: 0o700 });
    const { bytes, sha256 } = await writeDigested(to, content, (soFar) => {
      stopWhenAborted(signal);
      if (soFar > wanted.bytes) broken(file, `${entry.path}: longer than its list says`);
    });
    if (bytes !== wanted.bytes || sha256 !== wanted.sha256)
      broken(file, `${entry.path}: another content than its list says`);
    done += 1;
    onProgress?.((done / list.files.length) * 0.9, `unpacking ${entry.path}`);
  };

  await eachEntry(file, take, signal);
  if (list === undefined) return broken(file, 'it is empty');
  if (left.size > 0) return broken(file, `${[...left.keys()][0] ?? ''}: missing`);
  return done;
}

/** One after the other; the first that fails ends it. Nothing is under way any more when it settles. */
async function eachEntry(
  file: string,
  take: (entry: ReadEntry, content: AsyncIterable<Uint8Array>) => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<void> {
  let failed: { readonly why: unknown } | undefined;
  let last: Promise<void> = Promise.resolve();
  const stop = new AbortController();
  const unread = new Set<ReadEntry>();
  // One that was ended before anybody began to read it would be waited for without end.
  const contentOf = async function* (entry: ReadEntry): AsyncGenerator<Uint8Array> {
    if (failed !== undefined) throw failed.why;
    yield* entry as AsyncIterable<Uint8Array>;
  };
  const parser = new Parser({
    strict: true,
    onReadEntry: (entry) => {
      unread.add(entry);
      last = last
        .then(() => (failed === undefined ? take(entry, contentOf(entry)) : undefined))
        .catch((why: unknown) => {
          failed ??= { why };
          stop.abort();
        })
        .finally(() => {
          unread.delete(entry);
          // Whatever was not read of it would hold up the rest.
          entry.resume();
        });
    },
  });
  const signals = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  try {
    await pipeline(createReadStream(file), parser as unknown as NodeJS.WritableStream, { signal: signals });
  } catch (error) {
    failed ??= { why: systemCode(error) === undefined ? damaged(file, wordsOf(error)) : readProblem(file, error) };
    // The rest of an entry that is being read will not come.
    for (const entry of unread) entry.destroy();
  }
  await last;
  stopWhenAborted(signal);
  if (failed !== undefined) throw failed.why;
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function textOf(content: AsyncIterable<Uint8Array>, file: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of content) {
    size += chunk.length;
    if (size > largestManifest) broken(file, `${manifestName}: larger than ${largestManifest} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function manifestOf(file: string, text: string): Manifest {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    return broken(file, `${manifestName}: ${wordsOf(error)}`);
  }
  const outer = stamped.safeParse(raw);
  if (!outer.success) return broken(file, `${manifestName}: not the list of an export`);
  if (outer.data.version > archiveVersion)
    return fail(
      'file-corrupt',
      `${file} was exported by a newer version of the console (format ${outer.data.version}; this one knows ${archiveVersion}). Nothing was changed. Update this console first.`,
    );
  const parsed = manifest.safeParse(raw);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  return broken(file, `${manifestName}: ${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? ''}`);
}
