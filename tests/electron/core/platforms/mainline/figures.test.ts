/**
 * Key figures of real kernels, worked out by hand from the recordings, and the identities that hold between
 * counters of the same kernel. Independent of the expectations that the golden test compares.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseDump } from '#core/platforms/kernel/dump.ts';
import type { Capture } from '#core/platforms/kernel/dump.ts';
import { mainline } from '#core/platforms/mainline/index.ts';
import { recordingsDir } from '../../../../support/recordings.ts';

const captureOf = (name: string): Capture => parseDump(readFileSync(join(recordingsDir, `${name}.rec`), 'utf8'));

function reading(capture: Capture) {
  const { values, guests, troubles } = mainline.read(capture);
  const hosts = new Map(
    values.map(({ metric, instance, value }) => [`${metric}${instance === '' ? '' : `/${instance}`}`, value]),
  );
  return {
    value: (metric: string) => hosts.get(metric),
    guest: (name: string) => {
      const guest = guests.find((one) => one.name === name);
      const own = new Map(guest?.values.map(({ metric, value }) => [metric, value]));
      return { ...guest, value: (metric: string) => own.get(metric) };
    },
    guests,
    troubles,
  };
}

/** The number in the one line of the raw text that begins so. */
function raw(name: string, start: string): number {
  const lines = readFileSync(join(recordingsDir, `${name}.rec`), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith(start));
  expect(lines, start).toHaveLength(1);
  return Number(/(-?\d+)(?: kB)?$/.exec(lines[0] ?? '')?.[1]);
}

describe('Debian 12, 6.1, under pressure (z3fold, disk)', () => {
  const name = 'debian-6.1/under-pressure';
  const read = reading(captureOf(name));
  const guest1 = read.guest('guest1');

  test('units: kB of meminfo are KiB', () => {
    expect(read.value('meminfo.MemTotal')).toBe(280_416_256);
    expect(read.value('meminfo.Zswap')).toBe(55_803_904);
    expect(read.value('meminfo.Zswapped')).toBe(109_308 * 1024);
    expect(read.value('mainline.saved.compressed')).toBe(111_931_392 - 55_803_904);
    expect(read.value('mainline.swap.used')).toBe((1_048_572 - 719_216) * 1024);
    expect(read.value('swap.used//dev/vda')).toBe(337_260_544);
  });

  test('the pool by meminfo and by debugfs is the same', () => {
    expect(read.value('zswap.pool_total_size')).toBe(read.value('meminfo.Zswap'));
    expect(Number(read.value('zswap.stored_pages')) * 4096).toBe(read.value('meminfo.Zswapped'));
  });

  test('counters of frontswap, zswap and vmstat agree', () => {
    expect(read.value('frontswap.succ_stores')).toBe(27_658);
    expect(read.value('vmstat.zswpout')).toBe(27_658);
    expect(read.value('frontswap.loads')).toBe(read.value('vmstat.zswpin'));
    expect(Number(read.value('frontswap.failed_stores')) + Number(read.value('zswap.written_back_pages'))).toBe(55_024);
    expect(read.value('vmstat.pswpout')).toBe(55_024);
  });

  test('refusals are counted once', () => {
    expect(read.value('zswap.pool_limit_hit')).toBe(385);
    expect(read.value('mainline.rejects')).toBe(55_018);
  });

  test('harm', () => {
    expect(read.value('pressure.memory.some.avg10')).toBe(15.58);
    expect(read.value('pressure.memory.full.total')).toBe(6_943_632);
    expect(read.value('mainline.refaults')).toBe(82_610);
  });

  test('settings', () => {
    expect([read.value('zswap.enabled'), read.value('zswap.compressor'), read.value('zswap.zpool')]).toEqual([
      1,
      'lz4',
      'z3fold',
    ]);
    expect(read.value('transparent_hugepage.enabled')).toBe('never');
  });

  test('what the host pays for a guest', () => {
    // memory.current holds the compressed pages too: 114655232 − 44903363.
    expect(guest1.pays?.resident?.bytes).toBe(69_751_869);
    expect(guest1.pays?.compressed?.bytes).toBe(44_903_363);
    expect(guest1.pays?.onDisk?.bytes).toBe(272_654_336 - 110_538_752 - 69_136_384);
    expect(guest1.value('cgroup.memory.max')).toBe('max');
    expect(guest1.kind).toBe('libvirt');
    // 62939136 − 0 − 62939136: all its swapped pages are in RAM as well.
    expect(read.guest('guest2').pays?.onDisk?.bytes).toBe(0);
  });

  test('raw lines', () => {
    expect(read.value('vmstat.pswpin')).toBe(raw(name, '/proc/vmstat:pswpin '));
    expect(read.value('vmstat.oom_kill')).toBe(raw(name, '/proc/vmstat:oom_kill '));
    expect(read.value('meminfo.SwapCached')).toBe(raw(name, '/proc/meminfo:SwapCached:') * 1024);
    expect(read.troubles).toEqual([]);
  });
});

test('the identities hold in the other recordings of 6.1', () => {
  for (const name of ['under-pressure-cgroup-limits', 'remote-swap', 'zswap-on-idle']) {
    const read = reading(captureOf(`debian-6.1/${name}`));
    expect(read.value('frontswap.succ_stores'), name).toBe(read.value('vmstat.zswpout'));
    const out = Number(read.value('frontswap.failed_stores')) + Number(read.value('zswap.written_back_pages'));
    // Files are read one after another: a few pages move in between.
    expect(Math.abs(out - Number(read.value('vmstat.pswpout'))), name).toBeLessThanOrEqual(8);
  }
  expect(reading(captureOf('debian-6.1/remote-swap')).value('vmstat.pswpout')).toBeGreaterThan(50_000);
});

test('counters of a capture that took a minute under load: what is read later is never less', () => {
  const read = reading(captureOf('debian-6.1/remote-swap-nbd'));
  expect(read.value('frontswap.succ_stores')).toBeGreaterThanOrEqual(Number(read.value('vmstat.zswpout')));
  expect(read.value('mainline.rejects')).toBeGreaterThanOrEqual(Number(read.value('vmstat.pswpout')));
});

describe('Debian 12, 6.12, under pressure (no frontswap)', () => {
  const read = reading(captureOf('debian-6.12/under-pressure'));

  test('figures', () => {
    expect(read.value('meminfo.Zswap')).toBe(41_708 * 1024);
    expect(read.value('meminfo.Zswapped')).toBe(98_148 * 1024);
    expect(read.value('mainline.saved.compressed')).toBe((98_148 - 41_708) * 1024);
    expect(read.value('vmstat.zswpout')).toBe(87_442);
    expect(read.value('vmstat.zswpwb')).toBe(0);
    expect(read.value('vmstat.swpout_zero')).toBe(79);
    expect(read.value('zswap.shrinker_enabled')).toBe(0);
    expect(read.value('zswap.reject_compress_fail')).toBe(7);
    expect(read.value('frontswap.succ_stores')).toBeUndefined();
    expect(read.value('ksm.general_profit')).toBe(0);
    expect(read.value('ksm.advisor_mode')).toBe('none');
    expect(read.value('lru_gen.enabled')).toBe('0x0007');
  });

  test('what zswap refused is what went to the device', () => {
    expect(read.value('mainline.rejects')).toBe(7);
    expect(read.value('vmstat.pswpout')).toBe(7);
  });

  test('a guest', () => {
    const guest = read.guest('guest1');
    expect(guest.value('cgroup.memory.zswap.writeback')).toBe(1);
    expect(Number(guest.pays?.resident?.bytes) + Number(guest.pays?.compressed?.bytes)).toBe(
      guest.value('cgroup.memory.current'),
    );
  });
});

describe('zram and KSM (6.1)', () => {
  const name = 'debian-6.1/zram-ksm';
  const read = reading(captureOf(name));

  test('zram: RAM really taken, not the compressed size', () => {
    // mm_stat of the recording; zramctl in the same capture ran a moment earlier.
    const [orig, compr, used] = [
      read.value('zram.orig_data_size/zram0'),
      read.value('zram.compr_data_size/zram0'),
      read.value('zram.mem_used_total/zram0'),
    ].map(Number);
    expect(Number(orig)).toBeGreaterThan(100_000_000);
    expect(Number(used)).toBeGreaterThan(Number(compr));
    expect(read.value('mainline.saved.zram')).toBe(Number(orig) - Number(used));
    expect(read.value('zram.comp_algorithm/zram0')).toBe('zstd');
  });

  test('KSM without general_profit: pages saved minus 64 bytes for each page watched', () => {
    expect(raw(name, '/sys/kernel/mm/ksm/pages_sharing:')).toBe(6856);
    expect(read.value('mainline.saved.merged')).toBe(6856 * 4096 - (6856 + 27 + 4588 + 0) * 64);
  });

  test('swap in zram is not on disk', () => {
    const pressed = read.guests.filter(({ unknown }) =>
      unknown.some((sentence) => sentence.includes('swapped to zram')),
    );
    expect(pressed.length).toBeGreaterThan(0);
    for (const { pays } of pressed) expect(pays.onDisk).toBeUndefined();
  });
});

test('a zram device that another machine swaps to is no saving of this host', () => {
  const read = reading(captureOf('debian-6.1/remote-swap-donor'));
  expect(read.value('zram.orig_data_size/zram0')).toBeGreaterThan(100_000_000);
  expect(read.value('zram.saved/zram0')).toBeGreaterThan(0);
  expect(read.value('mainline.saved.zram')).toBeUndefined();
});

test('kernel 3.10: bare sections, no MemAvailable, frontswap and cleancache', () => {
  const read = reading(captureOf('linux-3.10-ramster/node0-frontswap-active'));
  expect(read.value('meminfo.MemTotal')).toBe(186_580 * 1024);
  expect(read.value('meminfo.MemAvailable')).toBeUndefined();
  expect(read.value('frontswap.failed_stores')).toBe(read.value('vmstat.pswpout'));
  expect(read.value('cleancache.succ_gets')).toBe(127_607);
  expect(read.value('swap.used//dev/vda')).toBe(147_988 * 1024);
});

test('the guests of a Xen host speak for themselves', () => {
  const capture = captureOf('xen-4.11.4-tmem/two-guests');
  expect(reading(capture).value('meminfo.MemTotal')).toBeUndefined();
  expect(capture.others.map((guest) => [guest.machine, reading(guest).value('frontswap.succ_stores')])).toEqual([
    ['guest1', 368_324],
    ['guest2', 7_743],
  ]);
});
