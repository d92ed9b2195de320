/**
 * A real libvirtd with one small real guest, for the length of a test: in a world of its own (world.sh), so that the
 * programs' built-in paths lead to it and to nothing else. Linux and root only; nothing listens beyond unix sockets.
 * All of it ends with `close()`, and also when this process dies in whatever way.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { until } from '../until.ts';
import { ensureImage, whatIsMissing } from '../vm/build-image.ts';
import { spawnTied } from '../vm/tied-process.ts';
import { guestXml } from './guest-xml.ts';

export interface Libvirt {
  /** A virsh command in that world; its standard output. @throws with virsh's own words */
  virsh(...words: readonly string[]): Promise<string>;
  /** Any program in that world. */
  run(program: string, ...words: readonly string[]): Promise<string>;
  /** For sshd_config: whoever logs in lands in that world. */
  readonly forceCommand: string;
  readonly guest: { readonly name: string; readonly uuid: string; readonly memoryKiB: number };
  log(): string;
  /** May be called twice. */
  close(): Promise<void>;
}

const programs = {
  '/usr/sbin/libvirtd': 'libvirt-daemon-system',
  '/usr/bin/virsh': 'libvirt-clients',
  '/usr/lib/x86_64-linux-gnu/libvirt/connection-driver/libvirt_driver_qemu.so': 'libvirt-daemon-driver-qemu',
  '/usr/bin/unshare': 'util-linux',
  '/usr/bin/nsenter': 'util-linux',
};

/** Why no libvirt can be had here, as sentences; empty when one can. */
export function whatLibvirtLacks(): string[] {
  const lacking = Object.entries(programs).filter(([path]) => !existsSync(path));
  return [...whatIsMissing(), ...lacking.map(([path, from]) => `${path} is missing (Debian package ${from})`)];
}

const execute = promisify(execFile);
const world = fileURLToPath(new URL('world.sh', import.meta.url));

/** Resolves when the guest's kernel is up and its balloon driver answers. @throws with libvirtd's log */
export async function startLibvirt(memoryMiB = 256): Promise<Libvirt> {
  const image = ensureImage();
  const work = mkdtempSync(join(tmpdir(), 'tmem-libvirt-'));
  const pidFile = join(work, 'pid');
  const log = (): string =>
    existsSync(join(work, 'libvirtd.log')) ? readFileSync(join(work, 'libvirtd.log'), 'utf8') : '';
  // The shell becomes unshare, so its number is that of the parent of the world's first process.
  const unshare = 'echo $$ >"$1"; exec unshare --mount --pid --fork --kill-child --mount-proc sh "$2" "$3"';
  const tied = spawnTied('sh', ['-c', unshare, 'sh', pidFile, world, work]);
  const close = async (): Promise<void> => {
    await tied.end();
    rmSync(work, { recursive: true, force: true });
  };

  try {
    await until('the world of libvirt to begin', () => existsSync(pidFile) && firstOf(pidFile) !== undefined);
    const first = firstOf(pidFile) ?? 0;
    const enter = ['--target', String(first), '--mount', '--pid'];
    const run: Libvirt['run'] = async (program, ...words) => {
      const { stdout } = await execute('nsenter', [...enter, '--', program, ...words], { encoding: 'utf8' });
      return stdout;
    };
    const virsh: Libvirt['virsh'] = (...words) => run('virsh', '-q', '-c', 'qemu:///system', ...words);
    await until(
      'libvirtd to answer',
      async () => {
        if (!tied.running()) throw new Error(`libvirtd's world has ended: ${tied.words()}`);
        return run('test', '-S', '/run/libvirt/libvirt-sock').then(
          () => true,
          () => false,
        );
      },
      60_000,
    );
    const guest = { name: 'small-1', uuid: '5c0ffee0-1b7e-4d1a-9a51-0c0ffee00001', memoryKiB: memoryMiB * 1024 };
    const consolePath = join(work, 'guest.console');
    writeFileSync(join(work, 'guest.xml'), guestXml({ ...guest, image, consolePath }));
    // Transient: the definition is gone with the guest.
    await virsh('create', join(work, 'guest.xml'));
    await until(
      'the guest to be up',
      () => existsSync(consolePath) && readFileSync(consolePath, 'utf8').includes('TESTHOST-READY'),
      90_000,
    );
    return {
      virsh,
      run,
      forceCommand: `exec nsenter ${enter.join(' ')} -- /bin/sh -c "$SSH_ORIGINAL_COMMAND"`,
      guest,
      log,
      close,
    };
  } catch (trouble) {
    const said = [String(trouble), tied.words(), log().slice(-4000)].join('\n');
    await close();
    throw new Error(`libvirt did not come up: ${said}`, { cause: trouble });
  }
}

/** The world's first process, as this machine numbers it. */
function firstOf(pidFile: string): number | undefined {
  const parent = readFileSync(pidFile, 'utf8').trim();
  const children = `/proc/${parent}/task/${parent}/children`;
  const first = parent !== '' && existsSync(children) ? readFileSync(children, 'utf8').trim() : '';
  return first === '' ? undefined : Number(first.split(' ')[0]);
}
