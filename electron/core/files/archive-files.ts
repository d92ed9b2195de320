/** Copies with their digests, and what ends early when somebody cancels. Called by both ways of archive.ts. */
import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { problem, ProblemError } from '#shared/problem.ts';

export interface ArchiveOptions {
  readonly signal?: AbortSignal;
  /** 0…1, with what is being done. */
  readonly onProgress?: (progress: number, step: string) => void;
}

export function stopWhenAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new ProblemError(problem('cancelled', 'It was cancelled. Nothing was changed.'));
}

/** Writes all of it, flushed, and answers how much there was and its digest. */
export async function writeDigested(
  path: string,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  check: (bytesSoFar: number) => void,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  await using file = await open(path, 'wx', 0o600);
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    check(bytes);
    hash.update(chunk);
    await file.writeFile(chunk);
  }
  await file.sync();
  return { bytes, sha256: hash.digest('hex') };
}

const chunkBytes = 1024 * 1024;

/** What the file holds now, or up to its last line break: one that grows may be in the middle of a line. */
export async function* contentOf(file: FileHandle, wholeLines: boolean): AsyncGenerator<Uint8Array> {
  const { size } = await file.stat();
  const end = wholeLines ? await lastBreak(file, size) : Infinity;
  for (let at = 0; at < end;) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(Math.min(chunkBytes, end - at)), 0, null, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

async function lastBreak(file: FileHandle, size: number): Promise<number> {
  for (let end = size; end > 0;) {
    const begin = Math.max(0, end - chunkBytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(end - begin), 0, end - begin, begin);
    const found = buffer.subarray(0, bytesRead).lastIndexOf(10);
    if (found >= 0) return begin + found + 1;
    end = begin;
  }
  return 0;
}
