/** What bites on a host: a sentence with figures before anything is written, never a plan that fails half-way. */
import { describe, expect, test } from 'vitest';
import type { Sites } from '#core/platforms/change.ts';
import { planner } from '#core/platforms/mainline/planner.ts';
import {
  kvm,
  gib,
  meminfo,
  disk,
  ksmFiles,
  base,
  siteOf,
  sites,
  known,
  wish,
  sentences,
  missing,
} from './trap-sites.ts';
import { syntheticEvidence, withUnread } from './synthetic.ts';

describe('zswap', () => {
  test('allocator and compressor are set before the switch, their modules first of all', () => {
    const { steps } = planner.plan(wish('mainline.compress', kvm), known(base));
    const order = [...steps].sort((a, b) => a.stage - b.stage).map(({ knob, to }) => `${knob}=${to}`);
    expect(order).toEqual([
      'kernel.module=present',
      'kernel.module=present',
      'zswap.zpool=zsmalloc',
      'zswap.compressor=zstd',
      'zswap.enabled=Y',
    ]);
    expect(steps.filter(({ knob }) => knob === 'kernel.module').map(({ instance, undo }) => [instance, undo])).toEqual([
      ['zsmalloc', 'none'],
      ['zstd', 'none'],
    ]);
  });

  test('the allocator is never changed under pages', () => {
    const full = known({ ...base, '/sys/kernel/debug/zswap/stored_pages': '316' });
    expect(planner.plan(wish('mainline.compress', kvm), full).steps.map(({ knob }) => knob)).not.toContain(
      'zswap.zpool',
    );
    const refused = planner.plan(wish('mainline.compress', kvm, { zpool: 'zsmalloc' }), full);
    expect(refused.steps).toEqual([]);
    expect(refused.fields).toEqual([
      {
        field: 'zpool',
        sentence:
          'zswap on kvm1 holds pages of 1 MiB in zbud. Leave zbud, or empty zswap first: switch it off, then swap off and on.',
      },
    ]);
    expect(sentences(planner.plan(wish('knob:zswap.zpool', kvm, { value: 'zsmalloc' }), full).fields)).toEqual([
      'zswap on kvm1 holds pages of 1 MiB: empty it first, by switching it off, then swapping off and on.',
    ]);
  });

  test('no swap device stands in the way, with exact lines', () => {
    const planned = planner.plan(
      wish('mainline.compress', kvm),
      known({ ...base, '/proc/swaps': 'Filename Type Size Used Priority' }),
    );
    expect(missing(planned)).toEqual(['kvm1 has no swap device: every page that is compressed needs a slot in one.']);
    expect(planned.findings.find(({ level }) => level === 'missing')?.fix).toContain(
      'mkswap /swapfile && swapon /swapfile',
    );
  });

  test('a percentage over 100 is refused though the kernel takes it', () => {
    const planned = planner.plan(wish('mainline.compress', kvm, { 'max-pool': '101' }), known(base));
    expect(planned.steps).toEqual([]);
    expect(sentences(planned.fields)).toEqual([
      'Largest pool cannot be above 100 %. Give a whole number from 1 to 100 %, digits only.',
    ]);
  });

  test('one that is there already can be left, and is said not to come back', () => {
    const odd = known({ ...base, '/sys/module/zswap/parameters/max_pool_percent': '101' });
    const step = planner
      .plan(wish('mainline.compress', kvm), odd)
      .steps.find(({ knob }) => knob === 'zswap.max_pool_percent');
    expect([step?.from, step?.to, step?.undo, step?.undoWords]).toEqual([
      '101',
      '25',
      'none',
      'The old value 101 is none that may be written: it does not come back.',
    ]);
  });

  test('in front of zram it compresses twice, and says so', () => {
    const both = known({ ...base, '/proc/swaps': `${disk}\n/dev/zram0 partition 4194300 0 100` });
    expect(sentences(planner.plan(wish('mainline.compress', kvm), both).findings)).toContain(
      'zram0 is swap on kvm1: with zswap in front of it pages are compressed twice.',
    );
  });

  test('swappiness 0 is raised, the shrinker asked for only where it is', () => {
    const planned = planner.plan(wish('mainline.compress', kvm), known({ ...base, '/proc/sys/vm/swappiness': '0' }));
    expect(planned.steps.find(({ knob }) => knob === 'vm.swappiness')?.to).toBe('60');
    const fields = (all: Sites) => planner.form('mainline.compress', kvm, all).fields.map(({ id }) => id);
    expect(fields(known(base))).not.toContain('shrinker');
    expect(fields(known({ ...base, '/sys/module/zswap/parameters/shrinker_enabled': 'N' }))).toContain('shrinker');
  });

  test('6.1 does not write back, and says so; without modprobe only what is built in is offered', () => {
    const old = known({ ...base, '/sys/kernel/debug/frontswap/loads': '0' }, {});
    const form = planner.form('mainline.compress', kvm, old);
    expect(sentences(form.findings)).toContain(
      'On this kernel a full zswap hardly writes old pages back: new ones go to the swap device instead.',
    );
    const field = form.fields.find(({ id }) => id === 'compressor');
    expect([field?.range, field?.value]).toEqual([{ kind: 'choice', choices: ['lzo'] }, 'lzo']);
  });

  test('a compressor the kernel does not have is put right, and does not come back', () => {
    const wrong = known({ ...base, '/sys/module/zswap/parameters/compressor': 'zstd-fast' });
    const step = planner
      .plan(wish('mainline.compress', kvm), wrong)
      .steps.find(({ knob }) => knob === 'zswap.compressor');
    expect([step?.to, step?.undo, step?.undoWords]).toEqual([
      'zstd',
      'none',
      'This kernel does not have zstd-fast: it refuses it once zswap was on.',
    ]);
    expect(sentences(planner.plan(wish('knob:zswap.compressor', kvm, { value: '842' }), wrong).fields)).toEqual([
      'The kernel of kvm1 has no 842: neither built in nor as a module.',
    ]);
  });

  test('a kernel without it is said to be one', () => {
    const bare = sites(
      siteOf(
        withUnread(syntheticEvidence({ '/proc/meminfo': meminfo(), '/proc/swaps': disk }), {
          '/sys/module/zswap/parameters/enabled': 'absent',
        }),
      ),
    );
    expect(planner.fits('mainline.compress', kvm, bare)).toMatchObject({ fits: false });
    expect(missing(planner.plan(wish('mainline.compress', kvm), bare))).toEqual(['The kernel of kvm1 has no zswap.']);
  });
});

describe('KSM', () => {
  const merged = { ...base, ...ksmFiles };
  test('splitting needs RAM for all of it: refused with figures', () => {
    const planned = planner.plan(wish('mainline.stop-compressing', kvm, { ksm: 'split' }), known(merged));
    expect(planned.steps).toEqual([]);
    expect(planned.fields).toEqual([
      {
        field: 'ksm',
        sentence:
          'Splitting what is merged needs 7.6 GiB of RAM on kvm1, and 4.0 GiB are available. Free memory first, or leave it.',
      },
    ]);
    expect(sentences(planner.plan(wish('knob:ksm.run', kvm, { value: '2' }), known(merged)).fields)).toEqual([
      'Splitting needs 7.6 GiB of RAM on kvm1, and 4.0 GiB are available. Free memory first.',
    ]);
    const roomy = known({ ...merged, '/proc/meminfo': meminfo(12 * gib) });
    const [step] = planner.plan(wish('mainline.stop-compressing', kvm, { ksm: 'split' }), roomy).steps;
    expect([step?.knob, step?.to, step?.risk]).toEqual(['ksm.run', '2', 'high']);
    expect(step?.riskWords).toContain('7.6 GiB');
  });

  test('merge_across_nodes only while nothing is merged', () => {
    const [sentence] = sentences(
      planner.plan(wish('knob:ksm.merge_across_nodes', kvm, { value: 'off' }), known(merged)).fields,
    );
    expect(sentence).toContain('with 12425 merged pages. Set KSM to 2 first, which needs 7.6 GiB of RAM.');
    const clean = known({ ...merged, '/sys/kernel/mm/ksm/run': '2', '/sys/kernel/mm/ksm/pages_shared': '0' });
    expect(planner.plan(wish('knob:ksm.merge_across_nodes', kvm, { value: 'off' }), clean).steps[0]?.to).toBe('0');
  });

  test('guests can find out about each other: said before', () => {
    expect(sentences(planner.form('mainline.merge', kvm, known(merged)).findings).join(' ')).toContain('by timing');
  });

  test('what the advisor forgets is brought back by a step', () => {
    const advised = {
      ...merged,
      '/sys/kernel/mm/ksm/run': '0',
      '/sys/kernel/mm/ksm/pages_to_scan': '1234',
      '/sys/kernel/mm/ksm/advisor_mode': '[none] scan-time',
    };
    const order = planner
      .plan(wish('mainline.merge', kvm), known(advised))
      .steps.map(({ knob, to }) => `${knob}=${to}`);
    expect(order).toEqual(['ksm.pages_to_scan=100', 'ksm.advisor_mode=scan-time', 'ksm.run=1']);
    const on = known({ ...advised, '/sys/kernel/mm/ksm/advisor_mode': 'none [scan-time]' });
    expect(sentences(planner.plan(wish('knob:ksm.pages_to_scan', kvm, { value: '500' }), on).fields)).toEqual([
      'The advisor of kvm1 sets this. Switch the advisor off first.',
    ]);
  });
});

describe('zram', () => {
  test('gets the lowest free number, sizes by RAM, in whole MiB', () => {
    const one = known({ ...base, '/sys/block/zram0/initstate': '0', '/sys/block/zram2/initstate': '0' });
    const planned = planner.plan(wish('mainline.zram', kvm), one);
    expect(planned.steps.map(({ instance, from, to }) => [instance, from, to])).toEqual([
      ['zram1', 'absent', `${String(8 * 2 ** 30)}:zstd:${String(4 * 2 ** 30)}:100`],
    ]);
    // A device that is there says that the module is loaded.
    const first = planner.plan(wish('mainline.zram', kvm), known(base)).steps;
    expect(first.map(({ instance, to, undo }) => [instance, to, undo])).toEqual([
      ['zram', 'present', 'old-value'],
      ['zram0', expect.any(String), 'old-value'],
    ]);
    expect(planned.will).toEqual(['kvm1 gets 8.0 GiB more swap, kept in at most 4.0 GiB of the 16.0 GiB of RAM.']);
  });

  const swapped = (spec: { size: number; used: number }) => ({
    ...base,
    '/proc/swaps': `${disk}\n/dev/zram0 partition ${String(spec.size / 1024)} ${String(spec.used / 1024)} 100`,
    '/sys/block/zram0/disksize': String(spec.size),
    '/sys/block/zram0/comp_algorithm': 'lzo [zstd]',
    '/sys/block/zram0/mm_stat': `0 0 0 ${String(4 * 2 ** 30)} 0 0 0 0 0`,
  });

  test('one that is so already is nothing to do; another is in the way', () => {
    expect(planner.plan(wish('mainline.zram', kvm), known(swapped({ size: 8 * 2 ** 30, used: 0 })))).toMatchObject({
      steps: [],
      fields: [],
    });
    const other = planner.plan(wish('mainline.zram', kvm), known(swapped({ size: 2 ** 30, used: 0 })));
    expect(other.steps).toEqual([]);
    expect(missing(other)).toEqual([
      `zram0 of kvm1 is swap already, as ${String(2 ** 30)}:zstd:${String(4 * 2 ** 30)}:100.`,
    ]);
  });

  test('is taken away only where what it holds has room', () => {
    const holds = (used: number) =>
      planner.plan(wish('mainline.stop-compressing', kvm), known(swapped({ size: 8 * 2 ** 30, used })));
    expect(holds(2 ** 30).steps.map(({ knob, from, to }) => [knob, from, to])).toEqual([
      ['zram.swap', `${String(8 * 2 ** 30)}:zstd:${String(4 * 2 ** 30)}:100`, 'absent'],
    ]);
    expect(sentences(holds(5 * 2 ** 30).fields)).toEqual([
      'Taking zram away needs 5.0 GiB of RAM on kvm1, and 4.0 GiB are available. Free memory first, or leave it.',
    ]);
  });
});
