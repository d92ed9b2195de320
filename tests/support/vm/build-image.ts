/**
 * Builds the kernel and the initramfs of a test host from Debian packages alone; machine.ts boots them.
 * Kept in `.cache/vm` under a hash of everything that goes in, so that a second call costs nothing.
 * Installs nothing. By hand: `node tests/support/vm/build-image.ts [stable|backports]`.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fetchPackages } from './debian-packages.ts';
import { extractVmlinux } from './vmlinux.ts';

/** `stable`: the kernel of this Debian release. `backports`: the newer one of its backports. */
export type KernelChoice = 'stable' | 'backports';

export interface Image {
  readonly vmlinux: string;
  readonly initramfs: string;
  /** As `uname -r` says it on the booted host. */
  readonly release: string;
  readonly hostPublicKey: string;
  /** Private key of `root` and of the unprivileged `viewer`. */
  readonly userKey: string;
}

/** Programs that building and booting need on this machine, and the Debian package each comes from. */
const toolPackages: Readonly<Record<string, string>> = {
  'apt-get': 'apt',
  'dpkg-deb': 'dpkg',
  gcc: 'gcc',
  'qemu-system-x86_64': 'qemu-system-x86',
  ssh: 'openssh-client',
  'ssh-keygen': 'openssh-client',
  tar: 'tar',
  xz: 'xz-utils',
};
const libcPackage = 'libc6-dev';
const staticLibc = '/usr/lib/x86_64-linux-gnu/libc.a';

const here = fileURLToPath(new URL('.', import.meta.url));
const cacheDir = fileURLToPath(new URL('../../../.cache/vm', import.meta.url));
const inputs = ['image', 'build-image.ts', 'debian-packages.ts', 'vmlinux.ts'];

/** Why no test host can run here, as sentences; empty when one can. */
export function whatIsMissing(): string[] {
  const missing = Object.entries(toolPackages).flatMap(([tool, from]) =>
    onPath(tool) ? [] : [`the program ${tool} is missing (Debian package ${from})`],
  );
  if (process.arch !== 'x64') missing.push(`the test host is an amd64 machine and this one is ${process.arch}`);
  else if (!existsSync(staticLibc)) missing.push(`${staticLibc} is missing (Debian package ${libcPackage})`);
  if (process.getuid?.() !== 0) missing.push('the image of the test host is built as root, and this is not root');
  return missing;
}

/** Builds the image unless it is there. @throws naming what is missing, or with the words of the step that failed */
export function ensureImage(kernel: KernelChoice = 'stable'): Image {
  const key = hashOfInputs(kernel);
  const finished = join(cacheDir, `${kernel}-${key}`);
  if (!existsSync(finished)) build(kernel, finished);
  return {
    vmlinux: join(finished, 'vmlinux'),
    initramfs: join(finished, 'initramfs.cpio'),
    release: readFileSync(join(finished, 'release'), 'utf8').trim(),
    hostPublicKey: join(finished, 'host_key.pub'),
    userKey: join(finished, 'user_key'),
  };
}

function build(kernel: KernelChoice, finished: string): void {
  const missing = whatIsMissing();
  if (missing.length > 0) throw new Error(`a test host cannot be built: ${missing.join('; ')}`);
  const start = Date.now();
  const say = (words: string): void => void process.stderr.write(`test host image: ${words}\n`);
  const work = `${finished}.building.${process.pid}`;
  const debs = `${work}.debs`;
  try {
    for (const dir of [work, debs]) mkdirSync(dir, { recursive: true });
    fetchPackages({ names: entries('packages.list'), kernel, cacheDir, into: debs, say });
    const assembled = spawnSync(join(here, 'image/assemble.sh'), [debs, work], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (assembled.status !== 0) throw new Error('the test host image cannot be put together; assemble.sh has said why');
    writeFileSync(join(work, 'vmlinux'), extractVmlinux(readFileSync(join(work, 'vmlinuz'))));
    rmSync(join(work, 'vmlinuz'));
    // Two builds at once end with the same image; the first to finish is kept.
    if (!existsSync(finished)) renameSync(work, finished);
  } finally {
    for (const dir of [work, debs]) rmSync(dir, { recursive: true, force: true });
  }
  forgetOldImages(finished);
  say(`built in ${((Date.now() - start) / 1000).toFixed(1)} s`);
}

/** Images of older inputs, and what a killed build left; a day is kept for machines that still run from them. */
function forgetOldImages(newest: string): void {
  const day = 24 * 3600 * 1000;
  for (const name of readdirSync(cacheDir)) {
    const path = join(cacheDir, name);
    if (!/^(stable|backports)-/.test(name) || path === newest) continue;
    if (Date.now() - statSync(path).mtimeMs > day) rmSync(path, { recursive: true, force: true });
  }
}

function hashOfInputs(kernel: KernelChoice): string {
  const hash = createHash('sha256').update(kernel).update(readFileSync('/etc/os-release'));
  for (const input of inputs) {
    const path = join(here, input);
    const files = statSync(path).isDirectory()
      ? readdirSync(path)
          .sort()
          .map((name) => join(path, name))
      : [path];
    for (const file of files) hash.update(file.slice(here.length)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}

function entries(list: string): string[] {
  const lines = readFileSync(join(here, 'image', list), 'utf8').split('\n');
  return lines.map((line) => line.replace(/#.*/, '').trim()).filter((line) => line !== '');
}

function onPath(tool: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((dir) => {
    try {
      accessSync(join(dir, tool), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const kernel = process.argv[2] === 'backports' ? 'backports' : 'stable';
  process.stdout.write(`${JSON.stringify(ensureImage(kernel), undefined, 2)}\n`);
}
