/**
 * Boots a real Debian kernel with a real sshd under QEMU's emulation, as a host for tests that need one. Linux only.
 * Ports are chosen by QEMU; nothing listens but 127.0.0.1; the guest cannot reach the network.
 * The machine ends with `close()`, and also when this process dies in whatever way.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ensureImage, type Image, type KernelChoice } from './build-image.ts';
import { connectQmp, type Qmp } from './qmp.ts';
import { openSsh, type SshClient } from './ssh.ts';
import { spawnTied } from './tied-process.ts';

export interface MachineOptions {
  /** The host's name; also names its console log. Letters, digits and dashes. */
  readonly name: string;
  /** 192 boots, less does not. QEMU itself takes about 430 MiB here, whatever this says. */
  readonly memoryMiB: number;
  /** A virtio disk with swap switched on; 0 for none. */
  readonly swapDiskMiB: number;
  /** `stable` unless told. */
  readonly kernel?: KernelChoice;
}

export interface Machine extends Pick<SshClient, 'run' | 'start' | 'startApart'> {
  readonly name: string;
  /** On 127.0.0.1. Users: `root`, and `viewer` without any right; both log in with `keyPath`. */
  readonly sshPort: number;
  readonly keyPath: string;
  /** The host key as `known_hosts` wants it, and a file that holds just this line. */
  readonly knownHostsLine: string;
  readonly knownHostsPath: string;
  readonly hostPublicKeyPath: string;
  /** As `uname -r` says it. */
  readonly kernelRelease: string;
  /** What the kernel printed; stays after `close()`. */
  readonly consolePath: string;
  /** From the start of QEMU to the first login. */
  readonly bootMs: number;
  qmp(execute: string, args?: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Pulls the network cable, or puts it back: packets are lost, and no connection is told. Also ours. */
  link(state: 'up' | 'down'): Promise<void>;
  /** Power off and on, at the same port; nothing is kept, not even the swap disk. Resolves at the first login. */
  reboot(): Promise<void>;
  /** Ends the machine at once, without shutting it down. May be called twice. */
  close(): Promise<void>;
}

const bootDeadlineMs = 90_000;
const logDir = fileURLToPath(new URL('../../.work/vm', import.meta.url));

/** @throws with the tail of the machine's console when it does not come up within 90 s */
export async function bootMachine(options: MachineOptions): Promise<Machine> {
  if (!/^[A-Za-z0-9-]+$/.test(options.name)) throw new Error(`not a host name: ${options.name}`);
  const image = ensureImage(options.kernel);
  const runDir = mkdtempSync(join(tmpdir(), 'tmem-vm-'));
  mkdirSync(logDir, { recursive: true });
  const place: Place = { runDir, consolePath: join(logDir, `${options.name}.console.log`) };
  const start = Date.now();
  const away = (): void => rmSync(runDir, { recursive: true, force: true });
  let powered = await powerOn(options, image, place, 0).catch((trouble: unknown) => {
    away();
    throw trouble;
  });
  const { sshPort, knownHostsLine, knownHostsPath } = powered;
  return {
    name: options.name,
    sshPort,
    keyPath: image.userKey,
    knownHostsLine,
    knownHostsPath,
    hostPublicKeyPath: image.hostPublicKey,
    kernelRelease: image.release,
    consolePath: place.consolePath,
    bootMs: Date.now() - start,
    run: (command, how) => powered.ssh.run(command, how),
    start: (command) => powered.ssh.start(command),
    startApart: (command) => powered.ssh.startApart(command),
    qmp: (execute, args) => powered.qmp.ask(execute, args),
    link: async (state) => void (await powered.qmp.ask('set_link', { name: 'net0', up: state === 'up' })),
    reboot: async () => {
      await powered.off();
      powered = await powerOn(options, image, place, sshPort);
    },
    close: async () => {
      await powered.off();
      away();
    },
  };
}

interface Place {
  /** Gone with the machine. */
  readonly runDir: string;
  readonly consolePath: string;
}

interface Powered extends Pick<Machine, 'sshPort' | 'knownHostsLine' | 'knownHostsPath'> {
  readonly ssh: SshClient;
  readonly qmp: Qmp;
  off(): Promise<void>;
}

/** From the start of QEMU to the first login. `port` 0 leaves the choice to QEMU. */
async function powerOn(options: MachineOptions, image: Image, place: Place, port: number): Promise<Powered> {
  const { consolePath } = place;
  // One of its own for each time it is switched on: the clients of the time before may still hold their sockets.
  const dir = mkdtempSync(join(place.runDir, 'on'));
  const swapDisk = options.swapDiskMiB > 0 ? join(dir, 'swap.img') : undefined;
  if (swapDisk !== undefined) {
    writeFileSync(swapDisk, '');
    truncateSync(swapDisk, options.swapDiskMiB * 1024 * 1024);
  }
  writeFileSync(consolePath, '');

  const deadline = Date.now() + bootDeadlineMs;
  const qemu = spawnTied('qemu-system-x86_64', [
    ...['-name', options.name, '-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    ...['-machine', 'q35,hpet=off,vmport=off,usb=off,smbus=off,graphics=off', '-accel', 'tcg,thread=multi'],
    ...['-cpu', 'max', '-smp', '1', '-m', String(options.memoryMiB)],
    ...['-kernel', image.vmlinux, '-initrd', image.initramfs, '-append', kernelWords(options.name)],
    ...['-serial', `file:${consolePath}`, '-qmp', `unix:${dir}/qmp,server=on,wait=off`],
    ...['-netdev', `user,id=net0,restrict=on,hostfwd=tcp:127.0.0.1:${port}-:22`],
    ...['-device', 'virtio-net-pci,netdev=net0,romfile=', '-device', 'virtio-balloon-pci,id=balloon0'],
    ...(swapDisk === undefined ? [] : ['-drive', `if=none,id=swap,file=${swapDisk},format=raw,cache=unsafe`]),
    ...(swapDisk === undefined ? [] : ['-device', 'virtio-blk-pci,drive=swap']),
  ]);
  let qmp: Qmp | undefined;
  let ssh: SshClient | undefined;
  const off = async (): Promise<void> => {
    ssh?.close();
    qmp?.close();
    await qemu.end();
  };

  try {
    await until(() => readFileSync(consolePath, 'utf8').includes('TESTHOST-READY'), deadline, qemu.running);
    // QEMU holds the disk open; without its name it is gone with QEMU, however this process ends.
    if (swapDisk !== undefined) rmSync(swapDisk);
    qmp = await connectQmp(join(dir, 'qmp'));
    const sshPort = await forwardedPort(qmp);
    const [type, key] = readFileSync(image.hostPublicKey, 'utf8').split(' ');
    const knownHostsLine = `[127.0.0.1]:${sshPort} ${type} ${key}`;
    const knownHostsPath = join(place.runDir, 'known_hosts');
    writeFileSync(knownHostsPath, `${knownHostsLine}\n`);
    ssh = await openSsh({ port: sshPort, keyPath: image.userKey, knownHostsPath, runDir: dir }, deadline, qemu.running);
    if (swapDisk !== undefined) await ssh.run('mkswap /dev/vda && swapon /dev/vda');
    return { sshPort, knownHostsLine, knownHostsPath, ssh, qmp, off };
  } catch (trouble) {
    const said = [qemu.words(), readFileSync(consolePath, 'utf8').split('\n').slice(-40).join('\n')].join('\n');
    await off();
    throw new Error(`the test host ${options.name} did not come up: ${String(trouble)}\n${said}`, { cause: trouble });
  }
}

/** rootfstype=ramfs keeps the root out of swap; the timer and tsc words spare checks that emulation makes slow. */
function kernelWords(name: string): string {
  return [
    'console=ttyS0 quiet rootfstype=ramfs panic=-1 cgroup_no_v1=all raid=noautodetect random.trust_cpu=on',
    `no_timer_check tsc=reliable mitigations=off nokaslr host.name=${name}`,
  ].join(' ');
}

/** QEMU chose the port itself (hostfwd from port 0), so no other program can have taken it meanwhile. */
async function forwardedPort(qmp: Qmp): Promise<number> {
  const shown = String(await qmp.ask('human-monitor-command', { 'command-line': 'info usernet' }));
  const port = /TCP\[HOST_FORWARD\]\s+\d+\s+127\.0\.0\.1\s+(\d+)\s/.exec(shown)?.[1];
  if (port === undefined) throw new Error(`QEMU forwards no port:\n${shown}`);
  return Number(port);
}

async function until(condition: () => boolean, deadline: number, stillUp: () => boolean): Promise<void> {
  while (!condition()) {
    if (!stillUp()) throw new Error('QEMU has ended');
    if (Date.now() > deadline) throw new Error(`not ready after ${bootDeadlineMs / 1000} s`);
    await sleep(100);
  }
}
