/**
 * A real Debian kernel under real memory pressure, seen through plain ssh: the facts that the console's figures are
 * held against. The tests of one host build on each other, in order: calm, one guest in zswap, a full pool, back.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { whatIsMissing, type KernelChoice } from '../support/vm/build-image.ts';
import { startGuest, type Guest } from '../support/vm/guest.ts';
import { readCounters, readGroup, readSettled, type KernelCounters } from '../support/vm/kernel-counters.ts';
import { bootMachine, type Machine } from '../support/vm/machine.ts';

const missing = whatIsMissing();
const why = missing.length === 0 ? '' : ` (not run: ${missing.join('; ')})`;
const pagesPerMiB = 256;
const kernels: readonly KernelChoice[] = ['stable', 'backports'];

describe.skipIf(missing.length > 0).each(kernels)(`a Debian host with the %s kernel${why}`, (kernel) => {
  let machine: Machine;
  let database: Guest;
  let website: Guest;
  let calm: KernelCounters;
  let compressed: KernelCounters;
  let full: KernelCounters;

  beforeAll(async () => {
    machine = await bootMachine({ name: `pressed-${kernel}`, memoryMiB: 320, swapDiskMiB: 1024, kernel });
    await machine.run(
      'modprobe zsmalloc && cd /sys/module/zswap/parameters && echo zsmalloc >zpool && echo Y >enabled',
    );
    calm = await readCounters(machine);
  });
  afterAll(async () => {
    await machine?.close();
  });

  test('is up, and has swapped nothing yet', async () => {
    expect((await machine.run('uname -r')).trim()).toBe(machine.kernelRelease);
    expect((await machine.run('stat -f -c %T /sys/fs/cgroup')).trim()).toBe('cgroup2fs');
    expect(await machine.qmp('query-status')).toMatchObject({ running: true });
    expect(calm.vmstat).toMatchObject({ pswpin: 0, pswpout: 0, zswpin: 0, zswpout: 0 });
    expect(calm.meminfoKiB.SwapTotal).toBe(1024 * 1024 - 4);
    expect(calm.meminfoKiB.SwapFree).toBe(calm.meminfoKiB.SwapTotal);
    expect(calm.zswap?.stored_pages).toBe(0);
    expect(calm.frontswap !== undefined, 'frontswap was taken out in 6.6').toBe(isBefore(machine.kernelRelease, 6, 6));
  });

  test('lets an unprivileged user in, who may read /proc and not the debugfs', async () => {
    const asViewer = { user: 'viewer' } as const;
    expect(await machine.run('id -u; head -n 1 /proc/meminfo', asViewer)).toMatch(/^1000\nMemTotal: +\d+ kB\n$/);
    const secret = machine.run('cat /sys/kernel/debug/zswap/stored_pages', asViewer);
    await expect(secret).rejects.toThrow('Permission denied');
  });

  test('keeps a guest over its limit in zswap, and off the disk', async () => {
    const mib = 120;
    const limitMiB = 64;
    database = await startGuest(machine, { name: 'db-1', id: 1, mib, compressiblePercent: 70, limitMiB });
    expect(database.group).toBe(String.raw`machine.slice/machine-qemu\x2d1\x2ddb\x2d1.scope`);
    expect(database.pages).toBe(mib * pagesPerMiB);

    compressed = await readSettled(machine);
    const { vmstat, zswap, meminfoKiB, pressureUs } = compressed;
    expect(vmstat.zswpout).toBeGreaterThan((mib - limitMiB) * pagesPerMiB);
    // A store may fail for want of a free page at that instant; such a page goes to the disk.
    expect(vmstat.pswpout).toBeLessThan(vmstat.zswpout / 100);
    expect(zswap?.stored_pages).toBeGreaterThan((mib - limitMiB) * pagesPerMiB);
    expect(zswap?.pool_total_size).toBe(meminfoKiB.Zswap * 1024);
    expect(meminfoKiB.Zswap).toBeLessThan(meminfoKiB.Zswapped / 2);
    expect(pressureUs.some).toBeGreaterThan(calm.pressureUs.some);
    expectAgreement(compressed);

    const group = await readGroup(machine, database);
    expect(group.current).toBeLessThanOrEqual(limitMiB * 1024 * 1024);
    expect(group.zswapCurrent).toBeGreaterThan(0);
    expect(group.zswapCurrent).toBeLessThanOrEqual(zswap?.pool_total_size ?? 0);
    expect(group.zswapped).toBeGreaterThan(2 * group.zswapCurrent);
    expect(group.swapCurrent).toBeGreaterThanOrEqual(group.zswapped);
  });

  test('writes to the disk once the pool is full', async () => {
    website = await startGuest(machine, { name: 'web', id: 2, mib: 200, compressiblePercent: 50 });
    full = await readSettled(machine);
    expect(full.zswap?.pool_limit_hit).toBeGreaterThan(0);
    // max_pool_percent is 20; the kernel counts it over a little more memory than MemTotal.
    expect(full.zswap?.pool_total_size).toBeGreaterThan(compressed.zswap?.pool_total_size ?? 0);
    expect(full.zswap?.pool_total_size).toBeLessThan(full.meminfoKiB.MemTotal * 1024 * 0.22);
    expect(full.vmstat.pswpout).toBeGreaterThan(compressed.vmstat.pswpout);
    expect(full.pressureUs.some).toBeGreaterThan(compressed.pressureUs.some);
    expect(full.vmstat.oom_kill).toBe(0);
    expectAgreement(full);
    expect((await readGroup(machine, website)).zswapCurrent).toBeGreaterThan(0);
  });

  test('gives every swapped page back unharmed', async () => {
    for (const guest of [database, website]) {
      expect(await guest.verify()).toMatchObject({ intact: true, badPages: 0, sum: guest.sum });
    }
    const back = await readSettled(machine);
    expect(back.vmstat.zswpin).toBeGreaterThan(full.vmstat.zswpin);
    expect(back.vmstat.pswpin).toBeGreaterThan(full.vmstat.pswpin);
    expect(back.vmstat.pgmajfault).toBeGreaterThan(full.vmstat.pgmajfault);
    expectAgreement(back);
  });

  test('has its pool back when the guests end, and its counters stay', async () => {
    for (const guest of [database, website]) await guest.stop();
    const after = await readSettled(machine);
    expect(after.zswap?.pool_total_size).toBeLessThan((full.zswap?.pool_total_size ?? 0) / 10);
    expect(after.vmstat.zswpout).toBeGreaterThanOrEqual(full.vmstat.zswpout);
    expect(await machine.run('ls /sys/fs/cgroup/machine.slice')).not.toContain('machine-qemu');
  });

  test('merges the equal pages of two guests', async () => {
    await machine.run('cd /sys/kernel/mm/ksm && echo 20000 >pages_to_scan && echo 10 >sleep_millisecs && echo 1 >run');
    const twins: Guest[] = [];
    for (const id of [3, 4]) {
      twins.push(
        await startGuest(machine, { name: `twin-${id}`, id, mib: 30, compressiblePercent: 50, duplicatePercent: 60 }),
      );
    }
    const equalPages = 0.6 * 2 * 30 * pagesPerMiB;
    await poll(async () => (await readCounters(machine)).ksm.pages_sharing > 0.8 * equalPages);
    const { ksm } = await readCounters(machine);
    expect(ksm.pages_shared).toBeGreaterThan(0);
    expect(ksm.pages_sharing).toBeLessThanOrEqual(equalPages);
    for (const twin of twins) expect(await twin.verify()).toMatchObject({ intact: true });
    for (const twin of twins) await twin.stop();
  });

  test('gives memory back through its balloon', async () => {
    const before = (await readCounters(machine)).meminfoKiB.MemTotal;
    await machine.qmp('balloon', { value: 256 * 1024 * 1024 });
    const inflated = 64 * 1024;
    await poll(async () => (await readCounters(machine)).meminfoKiB.MemTotal <= before - inflated);
    expect(await machine.qmp('query-balloon')).toEqual({ actual: 256 * 1024 * 1024 });
  });
});

/** What the kernel counts in two places must be the same once it has settled. */
function expectAgreement({ frontswap, zswap, vmstat }: KernelCounters): void {
  if (frontswap === undefined) return;
  expect(frontswap.succ_stores).toBe(vmstat.zswpout);
  expect(frontswap.loads).toBe(vmstat.zswpin);
  // A page reaches the disk because zswap would not have it, or because zswap wrote it back.
  expect(frontswap.failed_stores + (zswap?.written_back_pages ?? 0)).toBe(vmstat.pswpout);
}

function isBefore(release: string, major: number, minor: number): boolean {
  const [ours = 0, oursMinor = 0] = release.split('.').map(Number);
  return ours < major || (ours === major && oursMinor < minor);
}

async function poll(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('not so after 60 s');
    await sleep(500);
  }
}
