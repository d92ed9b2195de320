/** A host over a day: the same for a seed, with sums that hold, and guests that do what guests do. */
import { describe, expect, it } from 'vitest';
import { dice } from '#core/lab/random.ts';
import { workloadKinds } from '#core/lab/workload.ts';
import { broken, poolsOf } from '../tmem/hypervisor.ts';
import { figure, guest, halfSecond, host, pass, say, text } from './hosts.ts';

const fleet = (seed: number) =>
  host({
    memoryMiB: 20_480,
    startHour: 0,
    dice: dice(seed),
    guests: Array.from({ length: 16 }, (_, at) =>
      guest(`g${String(at)}`, {
        workload: workloadKinds[at % 4] ?? 'idle',
        memoryMiB: 1024,
        maxMemMiB: at % 3 === 0 ? 2048 : 1024,
        selfballooning: at % 2 === 0,
        ...(at >= 12 ? { clusterFs: '66554433-2211-0099-8877-665544332211' } : {}),
      }),
    ),
  });
const everything = ['xl tmem-list -l -a', 'xl list -v', 'xl info', 'xentop -b -i 1 -f', 'xl dmesg'];

it('the same seed gives the same texts, another seed others', () => {
  const [one, two, other] = [fleet(5), fleet(5), fleet(6)];
  for (const machine of [one, two, other]) pass(machine, 900);
  for (const command of everything) expect(text(one, command)).toBe(text(two, command));
  expect(one.bootId).toBe(two.bootId);
  expect(text(one, 'xl tmem-list -l -a')).not.toBe(text(other, 'xl tmem-list -l -a'));
  for (const path of ['/proc/meminfo', '/proc/vmstat', '/proc/uptime'])
    expect(one.files.read(path)).toBe(two.files.read(path));
});

it('asking changes nothing, and steps may be shorter than a second', () => {
  const [one, two] = [fleet(5), fleet(5)];
  for (let second = 0; second < 300; second++) {
    one.step(halfSecond);
    for (const command of everything) if (second % 50 === 0) text(one, command);
    one.step(halfSecond);
  }
  pass(two, 300);
  for (const command of everything) expect(text(one, command)).toBe(text(two, command));
});

describe('a day', () => {
  const machine = fleet(7);
  const { model } = machine;
  const frames = model.heap.free + model.guests.reduce((sum, { domain }) => sum + domain.tot, 0);
  const samples: string[] = [];
  const swapped = { front: 0, disk: 0 };
  for (let minute = 0; minute < 24 * 60; minute++) {
    pass(machine, 60);
    for (const each of model.guests) {
      swapped.front = Math.max(swapped.front, each.front);
      swapped.disk = Math.max(swapped.disk, each.disk);
    }
    if (minute % 30 !== 0) continue;
    const charged = new Map(model.guests.map((each) => [each.domain.domid, each.current]));
    const balloons = model.guests.reduce((sum, each) => sum + each.current, 0);
    samples.push(...broken(model.tmem, frames - balloons, charged));
    for (const each of model.guests) {
      const amounts = [each.anon, each.cache, each.disk, each.front, each.killed, model.heap.free];
      if (amounts.some((amount) => amount < 0 || !Number.isInteger(amount)))
        samples.push(`${each.options.name}: ${amounts.join()}`);
      if (each.current > each.promised) samples.push(`${each.options.name} has more than it was promised`);
      if (each.domain.tot > each.domain.max) samples.push(`${each.options.name} has more than its limit`);
      if (each.anon + each.cache > each.room) samples.push(`${each.options.name} holds more than it has`);
      if (each.front + each.disk > each.swap)
        samples.push(`${each.options.name} swapped more than its disk has room for`);
    }
  }

  it('no figure is negative, every frame is accounted for, no guest has more than it may', () => {
    expect(samples).toEqual([]);
  });

  it('what guests counted is what tmem counted', () => {
    for (const each of model.guests) {
      expect(each.frontPool?.stats.ps).toBe(each.frontswap.succ_stores);
      expect(each.frontPool?.stats.gs).toBe(each.frontswap.loads);
      expect(each.frontPool?.stats.fs).toBe(each.frontswap.invalidates);
      expect(each.vm.pswpout).toBe(each.frontswap.failed_stores);
    }
    const clean = model.guests.filter(({ options }) => options.clusterFs === undefined);
    for (const each of clean) expect(each.cleanPool?.stats.gs).toBe(each.cleancache.succ_gets);
  });

  it('all of it was used: frontswap and the disk, hits and misses, a shared pool, balloons that moved', () => {
    expect(swapped.front).toBeGreaterThan(1000);
    expect(swapped.disk).toBeGreaterThan(1000);
    const pools = poolsOf(model.tmem);
    const shared = pools.find(({ uuid }) => uuid);
    expect(shared?.stats.pr).toBeGreaterThan(0);
    expect(shared?.stats.gs).toBeGreaterThan(0);
    for (const { ephemeral, stats } of pools)
      if (ephemeral && stats.gt > 10_000) expect(stats.gs).toBeLessThan(stats.gt);
    for (const each of model.guests)
      if (each.knobs.selfballooning === 1) expect(each.current).not.toBe(each.target);
      else expect(each.current).toBe(each.target);
  });
});

it('an idle guest that balloons itself goes down, its target stays, and a busy one comes back up', () => {
  const machine = host({ guests: [guest('guest2', { memoryMiB: 160, selfballooning: true })] });
  const own = machine.model.find('guest2');
  pass(machine, 60);
  const low = own?.current ?? 0;
  expect(low / 256).toBeLessThan(125);
  expect(text(machine, 'xl list -l | grep -e target_memkb')).toContain('163840');
  machine.setWorkload('guest2', 'database');
  pass(machine, 300);
  expect(own?.current).toBeGreaterThan(low + 20 * 256);
});

it('a frozen guest leaks its pages to the swap disk, and a thawed one stores again', () => {
  const machine = host({
    guests: [guest('guest1', { workload: 'database', memoryMiB: 120, maxMemMiB: 256 })],
  });
  say(machine, 'xl mem-max guest1 256');
  pass(machine, 900);
  const before = figure(text(machine, 'xl tmem-list -l guest1'), 'P=CI:1,PI:0', 'Pc');
  expect(before).toBeGreaterThan(2000);
  say(machine, 'xl tmem-freeze guest1');
  const disk = machine.model.find('guest1')?.disk ?? 0;
  pass(machine, 900);
  const frozen = text(machine, 'xl tmem-list -l guest1');
  expect(figure(frozen, 'P=CI:1,PI:0', 'Pc')).toBeLessThan(before);
  expect(machine.model.find('guest1')?.disk).toBeGreaterThan(disk);
  say(machine, 'xl tmem-thaw guest1');
  pass(machine, 60);
  expect(figure(text(machine, 'xl tmem-list -l guest1'), 'P=CI:1,PI:0', 'ps')).toBeGreaterThan(
    figure(frozen, 'P=CI:1,PI:0', 'ps'),
  );
});

it('knobs inside a guest take what the driver takes, and act', () => {
  const machine = host({ guests: [guest('guest1', { memoryMiB: 160, selfballooning: true })] });
  const { files } = machine.guestMachine('guest1');
  const at = '/sys/devices/system/xen_memory/xen_memory0';
  expect(files.write(`${at}/selfballoon/selfballooning`, '2')).toEqual({ outcome: 'refused', errno: 'EINVAL' });
  expect(files.write(`${at}/selfballoon/selfballoon_min_usable_mb`, '0')).toEqual({
    outcome: 'refused',
    errno: 'EINVAL',
  });
  expect(files.write('/sys/module/tmem/parameters/frontswap', 'N')).toEqual({ outcome: 'refused', errno: 'EACCES' });
  expect(files.write(`${at}/none`, '1')).toEqual({ outcome: 'refused', errno: 'ENOENT' });
  expect(files.write(`${at}/selfballoon/selfballoon_min_usable_mb`, '140')).toEqual({ outcome: 'ok' });
  pass(machine, 120);
  expect(Number(files.read(`${at}/info/current_kb`))).toBeGreaterThan(140 * 1024);
  expect(files.write(`${at}/selfballoon/selfballooning`, '0')).toEqual({ outcome: 'ok' });
  expect(files.write(`${at}/target_kb`, '122880')).toEqual({ outcome: 'ok' });
  pass(machine, 30);
  expect(files.read(`${at}/info/current_kb`)).toBe('122880\n');
  expect(files.directories(`${at}/*`)).toEqual([`${at}/info`, `${at}/selfballoon`]);
  expect(files.directories('/sys/block/zram*')).toEqual([]);
});
