/** The scripts of command knobs, run by the shells of hosts against programs and files made here. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CommandKnob } from '#core/platforms/change.ts';
import { agentKnobs } from '#core/platforms/mainline/agent-knobs.ts';
import { commands } from '#core/platforms/mainline/commands.ts';
import { libvirtBalloonKnob, libvirtPeriodKnob, proxmoxBalloonKnob } from '#core/platforms/mainline/knobs/balloon.ts';
import { moduleKnob } from '#core/platforms/mainline/knobs/module.ts';
import { swapDeviceKnob } from '#core/platforms/mainline/knobs/swap-device.ts';
import { zramKnob } from '#core/platforms/mainline/knobs/zram.ts';
import { uuid } from './synthetic.ts';

const knobs = agentKnobs.filter((knob): knob is CommandKnob => knob.kind === 'command');
const shells: readonly (readonly string[])[] = [['dash'], ['busybox', 'sh'], ['bash', '--norc'], ['mksh']].filter(
  ([program = '']) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0,
);

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'knob-scripts-'));
  mkdirSync(join(root, 'bin'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function put(path: string, text: string): void {
  const whole = join(root, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, text);
}
const get = (path: string): string => readFileSync(join(root, path), 'utf8');
function program(name: string, script: string): void {
  put(`bin/${name}`, `#!/bin/sh\nprintf '%s\\n' "${name} $*" >>'${root}/asked'\n${script}\n`);
  chmodSync(join(root, 'bin', name), 0o755);
}
const asked = (): readonly string[] =>
  existsSync(join(root, 'asked'))
    ? get('asked')
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('readlink'))
    : [];

/** As the agent runs it, but /proc, /sys, /etc and /dev are below the test's own folder. */
function run(shell: readonly string[], script: string, ...words: readonly string[]) {
  const moved = script.replaceAll(/(?<![\w.}])\/(proc|sys|etc|dev)(?=\/)(?!\/null)/g, `${root}/$1`);
  // busybox takes its own programs before those on the PATH.
  const own = /(?<![\w/-])(modprobe|swapon|swapoff|mkswap|cat|sleep)(?= )/g;
  const aimed =
    shell[0] === 'busybox'
      ? moved.replace(own, (name) => (existsSync(join(root, 'bin', name)) ? join(root, 'bin', name) : name))
      : moved;
  const done = spawnSync(shell[0] ?? 'sh', [...shell.slice(1), '-c', aimed, 'knob', ...words], {
    encoding: 'utf8',
    env: { PATH: `${join(root, 'bin')}:/usr/sbin:/usr/bin:/sbin:/bin`, LC_ALL: 'C' },
  });
  return { said: `${done.stdout}${done.stderr}`.trimEnd(), status: done.status };
}

test.each(shells)('%s can parse them all', (program, ...more) => {
  for (const { read, write } of knobs) {
    for (const script of [read, write]) execFileSync(program, [...more, '-n'], { input: script });
  }
  for (const { script } of commands) execFileSync(program, [...more, '-n'], { input: script });
});

describe.each(shells.map((shell) => ({ shell, name: shell.join(' ') })))('$name', ({ shell }) => {
  const id = uuid('a');

  test('a balloon is read and set by virsh; a domain that is not there is told apart', () => {
    program(
      'virsh',
      `case "$*" in *list*) echo ${uuid('c')} ;; *${id}*) printf 'actual 2097152\\nswap_in 0\\nrss 99\\n\\n' ;; *) echo 'error: failed to get domain' >&2; exit 1 ;; esac`,
    );
    expect(run(shell, libvirtBalloonKnob.read, id)).toEqual({ said: '2097152', status: 0 });
    expect(run(shell, libvirtBalloonKnob.read, uuid('b')).status).toBe(3);
    // One that runs and says nothing is not one that is gone.
    expect(run(shell, libvirtBalloonKnob.read, uuid('c').toUpperCase()).status).toBe(1);
    run(shell, libvirtBalloonKnob.write, id, '1048576');
    expect(asked().at(-1)).toBe(`virsh setmem ${id} 1048576 --live`);
  });

  test('a libvirt that does not answer is no domain that is gone', () => {
    program('virsh', 'echo "error: failed to connect to the hypervisor" >&2; exit 1');
    for (const knob of [libvirtBalloonKnob, libvirtPeriodKnob]) {
      const { said, status } = run(shell, knob.read, id);
      expect(status).toBe(1);
      expect(said).toContain('failed to connect');
    }
  });

  test('the period of the statistics is in the XML of a running domain', () => {
    const xml = (head: string, stats: string) =>
      `<domain ${head}>\n  <devices>\n    <interface><stats period='99'/></interface>\n    <memballoon model='virtio'>\n${stats}      <alias name='balloon0'/>\n    </memballoon>\n  </devices>\n</domain>`;
    const domain = (head: string, stats = '') => {
      put('xml', xml(head, stats));
      program('virsh', `case "$*" in *list*) ;; *) cat '${root}/xml' ;; esac`);
      return run(shell, libvirtPeriodKnob.read, id);
    };
    expect(domain("type='kvm' id='7'", "      <stats period='10'/>\n")).toEqual({ said: '10', status: 0 });
    expect(domain("type='kvm' id='7'")).toEqual({ said: '0', status: 0 });
    expect(domain("type='kvm'").status).toBe(3);
    run(shell, libvirtPeriodKnob.write, id, '10');
    expect(asked().at(-1)).toBe(`virsh dommemstat ${id} --period 10 --live`);
  });

  test('Proxmox: before any snapshot, and taken out of the configuration again', () => {
    const conf = 'etc/pve/qemu-server/101.conf';
    put(conf, 'memory: 4096\nname: db\n[before-update]\nballoon: 512\n');
    expect(run(shell, proxmoxBalloonKnob.read, '101')).toEqual({ said: 'unset', status: 0 });
    put(conf, 'balloon: 2048\n[snap]\nballoon: 512');
    expect(run(shell, proxmoxBalloonKnob.read, '101')).toEqual({ said: '2048', status: 0 });
    expect(run(shell, proxmoxBalloonKnob.read, '102').status).toBe(3);
    program('qm', 'exit 0');
    for (const value of ['1024', 'unset', 'x;reboot']) run(shell, proxmoxBalloonKnob.write, '101', value);
    expect(asked()).toEqual(['qm set 101 --balloon 1024', 'qm set 101 --delete balloon']);
  });

  test('modules: only those on the list, whatever is asked', () => {
    program(
      'modprobe',
      `case "$*" in '-D zstd') echo insmod /lib/zstd.ko ;; '-D lzo') echo builtin lzo ;; -D*) exit 1 ;; esac`,
    );
    put('proc/crypto', 'name         : lz4\ndriver       : lz4-generic\n');
    put('sys/module/lzo_rle/refcnt', '0');
    const read = (name: string) => run(shell, moduleKnob.read, name);
    expect(read('zstd')).toEqual({ said: 'absent', status: 0 });
    for (const name of ['lz4', 'lzo-rle', 'lzo']) expect(read(name)).toEqual({ said: 'present', status: 0 });
    expect(read('z3fold').status).toBe(3);
    rmSync(join(root, 'asked'));
    for (const name of ['nbd', 'zstd;reboot', 'zst'])
      expect(run(shell, moduleKnob.write, name, 'present').status).toBe(3);
    expect(asked()).toEqual([]);
    for (const [name, value] of [
      ['zstd', 'present'],
      ['zram', 'present'],
      ['zstd', 'absent'],
    ] as const)
      run(shell, moduleKnob.write, name, value);
    expect(asked()).toEqual(['modprobe zstd', 'modprobe zram num_devices=0', 'modprobe -r zstd']);
  });

  describe('zram', () => {
    const spec = '1073741824:zstd:536870912:100';
    beforeEach(() => {
      put('proc/swaps', 'Filename Type Size Used Priority\n');
      put('proc/meminfo', 'MemTotal: 4000000 kB\nMemAvailable: 500000 kB\n');
      // A pipe would do for hot_add, but its number is all that matters here.
      put('sys/class/zram-control/hot_add', '1\n');
      program('mkswap', 'exit 0');
      program('swapon', 'exit 0');
      program('swapoff', 'exit 0');
      program('sleep', 'exit 0');
    });
    const inUse = (used: number, prio = '100'): void => {
      put(
        'proc/swaps',
        `Filename Type Size Used Priority\n${root}/dev/zram1 partition 1048572 ${String(used)} ${prio}\n`,
      );
      put('sys/block/zram1/disksize', '1073741824\n');
      put('sys/block/zram1/comp_algorithm', 'lzo lzo-rle [zstd]\n');
      put('sys/block/zram1/mm_stat', '  4096  74  12288 536870912 12288 0 0 0 0\n');
    };

    test('reads as it is: absent, not finished, and whole', () => {
      expect(run(shell, zramKnob.read, 'zram1')).toEqual({ said: 'absent', status: 0 });
      put('sys/block/zram1/disksize', '0\n');
      expect(run(shell, zramKnob.read, 'zram1')).toEqual({ said: 'partial', status: 0 });
      inUse(10);
      expect(run(shell, zramKnob.read, 'zram1')).toEqual({ said: spec, status: 0 });
      inUse(10, '-2');
      expect(run(shell, zramKnob.read, 'zram1').said).toBe(spec.replace(/100$/, 'auto'));
      for (const name of ['sda', 'zram', 'zram01', 'zramx']) expect(run(shell, zramKnob.read, name).status).toBe(3);
    });

    test('another number than the kernel’s next is given back at once', () => {
      const done = run(shell, zramKnob.write, 'zram0', spec);
      expect([done.status, done.said]).toEqual([1, 'the kernel would have made zram1 and not zram0']);
      expect(get('sys/class/zram-control/hot_remove')).toBe('1\n');
      expect(asked()).toEqual([]);
    });

    test('is set up in the order the kernel wants, and taken down when a part fails', () => {
      // The kernel makes the folder; the fake hot_add does it when it is read by the fake cat.
      program('cat', `mkdir -p '${root}/sys/block/zram1'; exec /bin/cat "$@"`);
      expect(run(shell, zramKnob.write, 'zram1', spec).status).toBe(0);
      const set = ['comp_algorithm', 'disksize', 'mem_limit'].map((name) => get(`sys/block/zram1/${name}`).trim());
      expect(set).toEqual(['zstd', '1073741824', '536870912']);
      expect(asked().slice(1)).toEqual([`mkswap ${root}/dev/zram1`, `swapon -p 100 ${root}/dev/zram1`]);
      expect(existsSync(join(root, 'sys/class/zram-control/hot_remove'))).toBe(false);

      rmSync(join(root, 'sys/block'), { recursive: true });
      program('swapon', 'echo swapon: failed >&2; exit 1');
      const failed = run(shell, zramKnob.write, 'zram1', spec);
      expect([failed.status, failed.said]).toEqual([1, 'swapon: failed']);
      expect([get('sys/block/zram1/reset'), get('sys/class/zram-control/hot_remove')]).toEqual(['1\n', '1\n']);
    });

    test('goes only when there is room for what it holds', () => {
      inUse(500_000);
      const kept = run(shell, zramKnob.write, 'zram1', 'absent');
      expect([kept.status, kept.said]).toEqual([
        1,
        'zram1 holds 500000 KiB and only 500000 KiB of memory are available: it stays',
      ]);
      expect(asked()).toEqual([]);
      inUse(1000);
      expect(run(shell, zramKnob.write, 'zram1', 'absent').status).toBe(0);
      expect(asked()).toEqual([`swapoff ${root}/dev/zram1`]);
      expect([get('sys/block/zram1/reset'), get('sys/class/zram-control/hot_remove')]).toEqual(['1\n', '1\n']);
    });

    test('a device that is half made is taken away without a word', () => {
      put('sys/block/zram1/disksize', '0\n');
      expect(run(shell, zramKnob.write, 'zram1', 'absent')).toEqual({ said: '', status: 0 });
      expect(get('sys/class/zram-control/hot_remove')).toBe('1\n');
    });

    test.each(['x:zstd:0:1', '1:zstd:y:1', '1:zstd:0:-1', '1:zstd:0:', 'nothing'])(
      '%s is refused before anything is done',
      (value) => {
        expect(run(shell, zramKnob.write, 'zram1', value).status).toBe(1);
        expect(existsSync(join(root, 'sys/block/zram1'))).toBe(false);
        expect(asked()).toEqual([]);
      },
    );
  });

  test('a swap device: on, off, and only with room', () => {
    // No block device can be made here: the test for one is answered by hand.
    const there = (script: string): string => script.replace('[ -b "$1" ]', '[ -e "$1" ]');
    put('dev/vdb', '');
    const device = `${root}/dev/vdb`;
    put('proc/meminfo', 'MemAvailable: 500 kB\n');
    put('proc/swaps', 'Filename Type Size Used Priority\n');
    for (const name of ['swapon', 'swapoff']) program(name, 'exit 0');
    const read = () => run(shell, there(swapDeviceKnob.read), device).said;
    expect(read()).toBe('off');
    for (const value of ['on:5', 'on:auto', 'on:-1', 'on:', 'off', '--all'])
      run(shell, there(swapDeviceKnob.write), device, value);
    expect(asked()).toEqual([`swapon -p 5 ${device}`, `swapon ${device}`]);
    put('proc/swaps', `Filename Type Size Used Priority\n${device} partition 1000 600 -2\n`);
    expect(read()).toBe('on:auto');
    expect(run(shell, there(swapDeviceKnob.write), device, 'off').said).toBe(
      `${device} holds 600 KiB and only 500 KiB of memory are available: it stays`,
    );
    put('proc/swaps', `Filename Type Size Used Priority\n${device} partition 1000 60 7\n`);
    expect(read()).toBe('on:7');
    run(shell, there(swapDeviceKnob.write), device, 'off');
    expect(asked().at(-1)).toBe(`swapoff ${device}`);
    expect(run(shell, swapDeviceKnob.read, `${root}/dev/none`).status).toBe(3);
  });
});

test.runIf(spawnSync('sh', ['-c', 'command -v shellcheck']).status === 0)('shellcheck has nothing to say', () => {
  for (const { name, read, write } of knobs) {
    for (const script of [read, write]) {
      // Unused words of a line that is read are columns that do not matter here.
      const done = spawnSync('shellcheck', ['-s', 'sh', '-e', 'SC2034', '-'], {
        input: `${script}\n`,
        encoding: 'utf8',
      });
      expect(`${name}\n${done.stdout}`).toBe(`${name}\n`);
    }
  }
});
