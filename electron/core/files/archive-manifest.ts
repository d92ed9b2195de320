/**
 * What an exported data directory consists of, and the list that stands at its front. Called by both ways of
 * archive.ts. What is not named here stays behind: locks, logs, the desktop's profile, whatever was put aside.
 */
import * as z from 'zod';

export const manifestName = 'manifest.json';
/** Raised when an older console could not take in what a newer one writes. */
export const archiveVersion = 1;
/** Bytes: a manifest names at most some ten thousand files. */
export const largestManifest = 8 * 1024 * 1024;

export const historyName = 'history.sqlite';

/** In the order in which they are copied: the journal's last entry before the journal, so that it is never ahead. */
export const singleFiles = [
  'hosts.json',
  'known_hosts',
  'settings.json',
  'schedules.json',
  'journal.last',
  'journal.jsonl',
];
export const folders = ['plans', 'reports'];

/** Letters that every system takes in a file's name; no leading dot, as files have that are being written. */
const plainName = /^[^.\p{Cc}/\\:*?"<>|][^\p{Cc}/\\:*?"<>|]*$/u;

/** Whether a path inside an archive may be one of the console's files: relative, of plain names, and known. */
export function belongs(path: string): boolean {
  const parts = path.split('/');
  if (parts.some((part) => part.length > 255 || !plainName.test(part))) return false;
  if (parts.length === 1) return path === historyName || singleFiles.includes(path);
  // Values that could not be understood are put aside under such names; they are not the console's any more.
  return folders.includes(parts[0] ?? '') && parts.length <= 3 && !path.includes('.corrupt-');
}

const entry = z.strictObject({
  path: z.string().max(1000).refine(belongs, 'not a file of the console'),
  bytes: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type ManifestEntry = z.infer<typeof entry>;

const unique = (files: readonly ManifestEntry[]): boolean =>
  // Some disks take names for the same that differ in case.
  new Set(files.map(({ path }) => path.toLowerCase().normalize())).size === files.length;

export interface Manifest {
  readonly format: 'tmem-console.data';
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly madeAt: number;
  readonly files: readonly ManifestEntry[];
}

export const manifest: z.ZodType<Manifest> = z.object({
  format: z.literal('tmem-console.data'),
  version: z.literal(archiveVersion),
  madeAt: z.number(),
  files: z.array(entry).max(50_000).refine(unique, 'a file is named twice'),
});

/** Read before the rest, so that a newer one is called newer and not broken. */
export const stamped = z.looseObject({ format: z.literal('tmem-console.data'), version: z.int().min(1) });
