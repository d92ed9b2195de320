/** Small file systems of the tests' own: a full disk and a read-only one, where root may mount. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Mounted {
  readonly path: string;
  readOnly(): void;
  remove(): void;
}

export function mountSmall(kibibytes: number): Mounted {
  const path = mkdtempSync(join(tmpdir(), 'small-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kibibytes}k,mode=700`, 'tmpfs', path]);
  return {
    path,
    readOnly: () => execFileSync('mount', ['-o', 'remount,ro', path]),
    remove: () => {
      execFileSync('umount', [path]);
      rmSync(path, { recursive: true });
    },
  };
}

function tryOne(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root on Linux can mount a small disk';
  const path = mkdtempSync(join(tmpdir(), 'small-disk-'));
  const tried = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', path], { encoding: 'utf8' });
  if (tried.status === 0) execFileSync('umount', [path]);
  rmSync(path, { recursive: true });
  return tried.status === 0 ? undefined : `mount was refused here: ${tried.stderr.trim()}`;
}

/** Undefined where mounting works. */
export const whyNoMount = tryOne();
