/** Guests from synthetic hosts: who they are, the three truths, and that each is listed once. */
import { describe, expect, test } from 'vitest';
import { epochMs } from '#shared/units.ts';
import { mainline } from '#core/platforms/mainline/index.ts';
import { guestName, memoryArgument } from '#core/platforms/mainline/guests/qemu.ts';
import { syntheticCommands as say, syntheticEvidence, syntheticGroup, uuid } from './synthetic.ts';

const MiB = 2 ** 20;
const scope = '/sys/fs/cgroup/machine.slice/machine-qemu\\x2d3\\x2ddb1.scope';

const list = ` Id   Name          State
------------------------------
 3    db1           running
 7    web server    paused
 -    old           shut off

${uuid('a')} db1
${uuid('b')} web server
${uuid('c')} old`;

const domstats = `Domain: 'db1'
  state.state=1
  state.reason=1
  balloon.current=3145728
  balloon.maximum=4194304
  balloon.swap_in=12
  balloon.major_fault=5962
  balloon.unused=204800
  balloon.available=3000000
  balloon.usable=1000000
  balloon.last-update=1703555715
  balloon.rss=1234567

Domain: 'web server'
  state.state=3
  balloon.current=1048576
  balloon.maximum=1048576
  balloon.last-update=0
  balloon.rss=65536`;

const status = `/proc/900/status:VmRSS:\t  512000 kB
/proc/900/status:RssAnon:\t  500000 kB
/proc/900/status:VmSwap:\t       0 kB
/proc/900/cgroup:0::/machine.slice/machine-qemu\\x2d3\\x2ddb1.scope/libvirt/emulator
/proc/901/status:VmRSS:\t   65536 kB
/proc/901/status:VmSwap:\t    2048 kB
/proc/901/cgroup:0::/user.slice/user-0.slice/user@0.service/app.slice/x.service`;

const args = `@@pid /proc/900
name guest=db1,debug-threads=on
memory size=4194304k
uuid ${uuid('a')}
balloon

@@pid /proc/901
name lonely
memory 512
@@pid /proc/77
name gone`;

describe('libvirt with systemd', () => {
  const evidence = syntheticEvidence(
    {
      ...syntheticGroup(scope),
      '/sys/module/zswap/parameters/enabled': 'Y',
      '/proc/swaps': 'Filename Type Size Used Priority\n/dev/sda2 partition 9 1 -2',
    },
    { ...say.virshList(list), ...say.virshDomstats(domstats), ...say.qemuStatus(status), ...say.qemuArguments(args) },
  );
  const { guests, values, troubles } = mainline.read(evidence);
  const [db1, lonely, web] = guests;

  test('group, domain and process are one guest; what is shut off is none', () => {
    expect(guests.map(({ key, name, kind }) => [key, name, kind])).toEqual([
      [`libvirt:${uuid('a')}`, 'db1', 'libvirt'],
      ['qemu:901', 'lonely', 'qemu'],
      [`libvirt:${uuid('b')}`, 'web server', 'libvirt'],
    ]);
    expect(db1).toMatchObject({ uuid: uuid('a'), cgroup: scope, pid: 900 });
    expect(troubles).toEqual([]);
  });

  test('the three truths of db1, each with its source', () => {
    expect(db1?.pays.resident).toMatchObject({ bytes: 900 * MiB });
    expect(db1?.pays.compressed?.bytes).toBe(100 * MiB);
    expect(db1?.pays.onDisk?.bytes).toBe((700 - 400 - 50) * MiB);
    expect(db1?.promised?.bytes).toBe(4096 * MiB);
    expect(db1?.allowed?.bytes).toBe(3072 * MiB);
    expect(db1?.uses?.bytes).toBe(2_000_000 * 1024);
    expect(db1?.uses?.source).toContain('2023-12-26 01:55:15 UTC');
    expect(db1?.unknown).toEqual([]);
  });

  test('statistics that never came are said, not guessed', () => {
    expect(web?.uses).toBeUndefined();
    expect(web?.unknown.join(' ')).toContain('dommemstat DOMAIN --period 10 --live');
  });

  test('a process without a group: its resident size; its swap is not called disk while zswap is on', () => {
    expect(lonely?.pays.resident?.bytes).toBe(64 * MiB);
    expect(lonely?.pays.onDisk).toBeUndefined();
    expect(lonely?.promised?.bytes).toBe(512 * MiB);
    expect(lonely?.unknown.join(' ')).toContain('no balloon device');
  });

  test('what is ballooned away, over guests where both are known', () => {
    expect(values.find(({ metric }) => metric === 'mainline.saved.ballooned')?.value).toBe(1024 * MiB);
  });

  test('every value of a guest carries its key', () => {
    for (const { key, values: own } of guests) expect(own.every(({ instance }) => instance === key)).toBe(true);
    expect(db1?.values.find(({ metric }) => metric === 'balloon.rss')?.value).toBe(1_234_567 * 1024);
  });
});

test('the key is the same whether or not virsh has answered yet, once the process is known', () => {
  const early = syntheticEvidence(syntheticGroup(scope), { ...say.qemuStatus(status), ...say.qemuArguments(args) });
  expect(mainline.read(early).guests[0]?.key).toBe(`libvirt:${uuid('a')}`);
});

describe('statistics that were switched off stay as the guest’s boot left them', () => {
  const told = (now: number) =>
    mainline
      .read(syntheticEvidence({}, { ...say.virshList(list), ...say.virshDomstats(`now=${String(now)}\n${domstats}`) }))
      .guests.find(({ name }) => name === 'db1');

  test('what is older than ten minutes by the host’s own clock says nothing of now', () => {
    const guest = told(1_703_555_715 + 601);
    expect(guest?.uses).toBeUndefined();
    expect(guest?.unknown.join(' ')).toContain('are those of 2023-12-26 01:55:15 UTC');
    expect(guest?.allowed).toBeDefined();
  });
  test('what is younger counts', () => {
    expect(told(1_703_555_715 + 599)?.uses).toBeDefined();
  });
});

describe('the list is older than the statistics', () => {
  const evidence = syntheticEvidence(
    {},
    { ...say.virshList(list), ...say.virshDomstats(domstats.split('\n\n')[0] ?? '') },
  );
  const commands = new Map(
    [...evidence.commands].map(([name, said]) => [
      name,
      { ...said, at: epochMs(said.text.startsWith('Domain') ? 60_000 : 1_000) },
    ]),
  );
  test('a guest that is only in the list has been shut off since', () => {
    expect(mainline.read({ ...evidence, commands }).guests.map(({ name }) => name)).toEqual(['db1']);
  });
  test('a guest that the list calls shut off has been started since', () => {
    const off = syntheticEvidence({}, { ...say.virshList(' -    db1  shut off'), ...say.virshDomstats(domstats) });
    expect(mainline.read(off).guests.map(({ name }) => name)).toEqual(['db1', 'web server']);
  });
});

test('libvirt without machined joins by the domain’s number', () => {
  const directory = '/sys/fs/cgroup/machine/qemu-3-db1.libvirt-qemu';
  const { guests } = mainline.read(syntheticEvidence(syntheticGroup(directory), say.virshList(list)));
  expect(guests.map(({ key, cgroup }) => [key, cgroup])).toEqual([
    [`libvirt:${uuid('a')}`, directory],
    [`libvirt:${uuid('b')}`, undefined],
  ]);
});

describe('Proxmox', () => {
  const config = `/etc/pve/qemu-server/101.conf:balloon: 2048
/etc/pve/qemu-server/101.conf:memory: 4096
/etc/pve/qemu-server/101.conf:name: mail
/etc/pve/qemu-server/101.conf:smbios1: uuid=${uuid('d')}
/etc/pve/qemu-server/101.conf:[before-update]
/etc/pve/qemu-server/101.conf:memory: 1024
/etc/pve/qemu-server/102.conf:balloon: 0
/etc/pve/qemu-server/102.conf:memory: current=1024
/etc/pve/qemu-server/102.conf:name: db
/etc/pve/qemu-server/103.conf:memory: 512
/etc/pve/lxc/200.conf:hostname: ct
/etc/pve/lxc/200.conf:memory: 256`;
  const rrd = `pve2.3-vm/101:600:mail:running:0:1700000000:4:0.1:4294967296:1073741824:34359738368:0:1:2:3:4
pve2.3-vm/102:600:db:running:0:1700000000:4:0.1:1073741824:1073000000:34359738368:0:1:2:3:4
pve2.3-vm/103:0:off:stopped:0:1700000000:4:U:536870912:U:U:U:U:U:U:U
pve2.3-vm/999:600:elsewhere:running:0:1700000000:4:0.1:1:1:1:1:1:1:1:1`;
  const { guests } = mainline.read(
    syntheticEvidence(
      {
        ...syntheticGroup('/sys/fs/cgroup/qemu.slice/101.scope'),
        ...syntheticGroup('/sys/fs/cgroup/qemu.slice/102.scope'),
        ...syntheticGroup('/sys/fs/cgroup/lxc/200'),
      },
      { ...say.proxmoxConfig(config), ...say.proxmoxStatus(rrd) },
    ),
  );
  const [mail, db, container] = guests;

  test('running guests of this node, named by their configuration', () => {
    expect(guests.map(({ key, name, kind }) => [key, name, kind])).toEqual([
      ['proxmox:101', 'mail', 'proxmox'],
      ['proxmox:102', 'db', 'proxmox'],
      ['proxmox:200', 'ct', 'container'],
    ]);
    expect(mail?.uuid).toBe(uuid('d'));
  });

  test('a snapshot’s settings are not in force', () => {
    expect(mail?.promised?.bytes).toBe(4096 * MiB);
    expect(db?.promised?.bytes).toBe(1024 * MiB);
    expect(container?.promised?.bytes).toBe(256 * MiB);
  });

  test('without a balloon the daemon’s figure is its own estimate, so it is not the guest’s word', () => {
    expect(mail?.uses?.bytes).toBe(1024 * MiB);
    expect(db?.uses).toBeUndefined();
    expect(db?.unknown.join(' ')).toContain('balloon: 0');
  });
});

describe('containers', () => {
  test('podman, docker, LXD; podman’s monitor is none', () => {
    const id = 'ab'.repeat(32);
    const { guests } = mainline.read(
      syntheticEvidence({
        ...syntheticGroup(`/sys/fs/cgroup/machine.slice/libpod-${id}.scope`),
        [`/sys/fs/cgroup/machine.slice/libpod-${id}.scope/memory.max`]: String(512 * MiB),
        ...syntheticGroup(`/sys/fs/cgroup/machine.slice/libpod-conmon-${id}.scope`),
        ...syntheticGroup(`/sys/fs/cgroup/system.slice/docker-${id}.scope`),
        ...syntheticGroup('/sys/fs/cgroup/lxc.payload.build'),
        ...syntheticGroup('/sys/fs/cgroup/system.slice/ssh.service'),
      }),
    );
    expect(guests.map(({ name, kind, promised }) => [name, kind, promised?.bytes])).toEqual([
      ['abababababab', 'container', 512 * MiB],
      ['abababababab', 'container', undefined],
      ['build', 'container', undefined],
    ]);
  });
});

describe('cgroup v1', () => {
  const directory = '/sys/fs/cgroup/memory/machine/qemu-3-db1.libvirt-qemu';
  const files = {
    [`${directory}/memory.usage_in_bytes`]: String(800 * MiB),
    [`${directory}/memory.memsw.usage_in_bytes`]: String(900 * MiB),
  };

  test('swap is on disk only where zswap is known to be empty', () => {
    const none = { '/sys/module/zswap/parameters/enabled': 'N', '/proc/meminfo': 'Zswapped: 0 kB' };
    const off = mainline.read(syntheticEvidence({ ...files, ...none })).guests[0];
    expect(off?.pays).toMatchObject({ resident: { bytes: 800 * MiB }, onDisk: { bytes: 100 * MiB } });
    const left = { ...none, '/proc/meminfo': 'Zswapped: 4 kB' };
    expect(mainline.read(syntheticEvidence({ ...files, ...left })).guests[0]?.pays.onDisk).toBeUndefined();
    const on = mainline.read(syntheticEvidence({ ...files, '/sys/module/zswap/parameters/enabled': 'Y' })).guests[0];
    expect(on?.pays.onDisk).toBeUndefined();
    expect(on?.unknown.join(' ')).toContain('systemd.unified_cgroup_hierarchy=1');
  });
});

describe('hostile hosts', () => {
  test('names are cleaned, figures never go below zero, keys stay apart', () => {
    const evil = '/sys/fs/cgroup/machine.slice/machine-qemu\\x2d5\\x2d\\x1b[31m<script>.scope';
    const { guests } = mainline.read(
      syntheticEvidence(
        {
          [`${evil}/memory.current`]: '10',
          [`${evil}/memory.zswap.current`]: '50',
          [`${evil}/memory.swap.current`]: '5',
          [`${evil}/memory.stat`]: 'zswapped 100\nswapcached 100',
        },
        say.virshList(`${uuid('e')} one\n${uuid('e')} two\n 8    one   running\n 9    two   running`),
      ),
    );
    expect(guests.map(({ name }) => name)).toEqual(['\uFFFD[31m<script>', 'one', 'two']);
    expect(guests[0]?.pays).toMatchObject({ resident: { bytes: 0 }, onDisk: { bytes: 0 } });
    expect(guests.map(({ key }) => key).slice(1)).toEqual([`libvirt:${uuid('e')}`, `libvirt:${uuid('e')}#2`]);
  });
});

test.each([
  ['4096', 4096 * MiB],
  ['4G', 4096 * MiB],
  ['size=4194304k,slots=16,maxmem=8G', 4096 * MiB],
  ['512M', 512 * MiB],
  ['many', undefined],
])('-m %s', (argument, size) => {
  expect(memoryArgument(argument)).toBe(size);
});

test.each([
  ['guest=db1,debug-threads=on', 'db1'],
  ['db1', 'db1'],
  ['guest=web,,1,process=x', 'web,1'],
])('-name %s', (argument, name) => {
  expect(guestName(argument)).toBe(name);
});
