/** Recordings of real hypervisors against figures read off them by hand. */
import { describe, expect, test } from 'vitest';
import { captureText, seen, seenIn } from './captures.ts';

const mib = 2 ** 20;
const page = 4096;

describe('Xen 4.11.4, two guests, one compressed', () => {
  const { value, reading, detection } = seenIn('xen-4.11.4-tmem/two-guests');
  const guest1 = 'xen:88c3fa1d-3476-4be1-9bf6-16e947329ec0';
  const guest2 = 'xen:f8d91f49-800e-4ae2-8886-37400c45ce6a';

  test.each([
    ['xen.tmem.G.Tt', '', 2_881_212],
    ['xen.tmem.G.Te', '', 322_252],
    ['xen.tmem.G.Pf', '', 177_220],
    ['xen.tmem.G.Ta', '', 16_758],
    ['xen.tmem.G.Ec', '', 46_080],
    ['xen.tmem.G.Pc', '', 71_558],
    ['xen.tmem.G.Fc', '', 28_022],
    ['xen.tmem.G.Ep', '', 233_546],
    ['xen.tmem.C.ww', guest1, 500],
    ['xen.tmem.C.co', guest1, 1],
    ['xen.tmem.C.fr', guest1, 0],
    ['xen.tmem.C.Ge', guest1, 141_134],
    ['xen.tmem.C.cp', guest1, 43_536],
    ['xen.tmem.C.cb', guest1, 47_924_470],
    ['xen.tmem.C.ca', guest1, undefined],
    ['xen.tmem.C.Ec', guest2, 23_040],
    ['xen.tmem.P.px', 'xen-tmem:2:0:PP', 243_116],
    ['xen.tmem.P.pt', 'xen-tmem:2:0:PP', 611_437],
    ['xen.tmem.P.Pc', 'xen-tmem:3:0:PP', 4938],
    ['xen.info.total_memory', '', 3071 * mib],
    ['xen.list.Mem', guest1, 116 * mib],
    ['xen.list.Mem', guest2, 161 * mib],
    ['xen.list.dom0.Mem', '', 1276 * mib],
    ['xen.xentop.MAXMEM', guest1, 263_168 * 1024],
    ['xen-tmem.capacity.ephemeral', '', 46_080 * page],
    ['xen-tmem.saved.compressed', '', 43_536 * page - 47_924_470],
    ['xen-tmem.guest.saved.compressed', guest1, 130_398_986],
    ['xen-tmem.guest.saved.compressed', guest2, 0],
    ['xen-tmem.persistent', '', (20_540 + 4938) * page],
    ['xen-tmem.refused', '', 243_116 + 25_889],
  ])('%s %s', (metric, instance, expected) => {
    expect(value(metric, instance)).toBe(expected);
  });

  test('the host pays Mem and nothing on top; what the guest uses is not known', () => {
    const [first] = reading.guests;
    expect(first?.name).toBe('guest1');
    expect(first?.pays).toEqual({ resident: { bytes: 116 * mib, source: 'Mem (xl list -v)', at: 0 } });
    expect(first?.uses).toBeUndefined();
    expect(first?.unknown.join(' ')).toContain('Connect the guest itself');
  });

  test('Domain-0 is no guest', () => {
    expect(reading.guests.map(({ name }) => name)).toEqual(['guest1', 'guest2']);
  });

  test('four private pools, with their owners', () => {
    expect(reading.pools?.map(({ key, kind, sharing, owners }) => [key, kind, sharing, owners])).toEqual([
      ['xen-tmem:2:0:PP', 'persistent', 'private', [guest1]],
      ['xen-tmem:2:1:EP', 'ephemeral', 'private', [guest1]],
      ['xen-tmem:3:0:PP', 'persistent', 'private', [guest2]],
      ['xen-tmem:3:1:EP', 'ephemeral', 'private', [guest2]],
    ]);
  });

  test('what a compressed pool takes is not claimed; what whole pages take is', () => {
    const [compressed, , whole] = reading.pools ?? [];
    expect(compressed?.holds?.bytes).toBe(20_540 * page);
    expect(compressed?.takes).toBeUndefined();
    expect(whole?.takes?.bytes).toBe(4938 * page);
    expect(compressed?.traffic).toEqual({
      puts: 611_437,
      refused: 243_116,
      gets: 1_358_938,
      found: 1_358_938,
      flushes: 347_781,
    });
  });

  test('is there in full', () => {
    expect(detection.presence).toBe('full');
    expect(detection.because[0]).toBe('Xen 4.11 with tmem: 2 guests use it, 4 pools.');
  });

  test('the guest’s own files, in its own part of the capture', () => {
    const inside = seen(captureText('xen-4.11.4-tmem/two-guests'), 'guest1');
    expect(inside.value('xen.memory.target_kb')).toBe(92_160 * 1024);
    expect(inside.value('xen.memory.low_kb')).toBe(169_984 * 1024);
    expect(inside.value('xen.selfballoon.selfballoon_downhysteresis')).toBe(8);
    expect(inside.value('xen.tmem-driver.frontswap')).toBe(1);
    expect(inside.value('xen.tmem-driver.selfballooning')).toBe(0);
    expect(inside.reading.guests).toEqual([]);
  });
});

describe('Xen 4.4.4, two guests and two shared pools', () => {
  const { value, reading, detection } = seenIn('xen-4.4.4-tmem/two-guests-two-shared-pools');
  const guest1 = 'xen:a55eb3e4-3028-467c-864f-7f2d4de01fb1';

  test.each([
    ['xen.tmem.G.Tt', '', 1_407_406],
    ['xen.tmem.G.Ec', '', 54_706],
    ['xen.tmem.C.ca', guest1, 100],
    ['xen.tmem.C.ww', guest1, 500],
    ['xen.tmem.C.Ec', guest1, 35_840],
    ['xen.list.Mem', guest1, 128 * mib],
    ['xen-tmem.freeable.told', '', 229 * mib],
    ['xen-tmem.available', '', (1269 + 229) * mib],
    ['xen.tmem.P.pr', 'xen-tmem:shared:f1e2d3c4-b5a6-9788-8879-6a5b4c3d2e1f', 22_816],
  ])('%s %s', (metric, instance, expected) => {
    expect(value(metric, instance)).toBe(expected);
  });

  test('each shared pool once, by the name in its P lines', () => {
    const shared = reading.pools?.filter(({ sharing }) => sharing === 'shared');
    expect(shared?.map(({ key, owners }) => [key, owners.length])).toEqual([
      ['xen-tmem:shared:f1e2d3c4-b5a6-9788-8879-6a5b4c3d2e1f', 2],
      ['xen-tmem:shared:ffeeddcc-bbaa-9988-7766-554433221100', 1],
    ]);
  });

  test('a shared pool without authorisation is told of', () => {
    expect(detection.presence).toBe('full');
    expect(detection.because).toContain(
      'Shared pools need no authorisation here: any guest that names a file system’s uuid reads its cache. Boot with tmem_shared_auth=1 to ask for it.',
    );
  });
});

describe('deduplication (4.4.4)', () => {
  const { value } = seenIn('xen-4.4.4-tmem/dedup-steps');

  test('two guests with one file: 47 % of the pages need no room', () => {
    expect(value('xen-tmem.saved.merged')).toBe((28_826 - 15_254) * page);
    expect(value('xen-tmem.dedup')).toBeCloseTo(47.08, 2);
    expect(value('xen-tmem.tze')).toBeCloseTo(1.09, 2);
    expect(value('xen.tmem.G.Gd')).toBe(27_895);
  });
});

describe('what tmem would give back', () => {
  /** Seen beside the list: `xl tmem-freeable` where it tells the truth, a direct hypercall on 4.11.4. */
  test.each([
    ['xen-4.11.4-tmem/compress', 191],
    ['xen-4.11.4-tmem/guest-crashed', 232],
    ['xen-4.11.4-tmem/host-low-memory', 51],
    ['xen-4.11.4-tmem/truncation', 51],
    ['xen-4.4.4-tmem/dedup-steps', 94],
    ['xen-4.4.4-tmem/frozen', 135],
    ['xen-4.4.4-tmem/guest-frontswap', 93],
    ['xen-4.4.4-tmem/two-guests-two-shared-pools', 229],
    ['xen-4.4.4-tmem/weight-cap-set', 105],
  ])('%s: the estimate is within 14 MiB of %i MiB, and never above', (name, told) => {
    const estimate = Number(seenIn(name).value('xen-tmem.freeable.estimate')) / mib;
    expect(estimate).toBeLessThanOrEqual(told + 1);
    expect(estimate).toBeGreaterThan(told - 14);
  });
});
