/**
 * Figures of a real 3.10 pair, worked out by hand from the recordings, and the identities that hold between counters of
 * one node and of both. Independent of the expectations that the golden test compares.
 */
import { describe, expect, test } from 'vitest';
import { everyState, reading, recorded, states } from './captures.ts';

const pair = (state: string) => [reading(recorded(`node0-${state}`)), reading(recorded(`node1-${state}`))] as const;

test('every state is read without trouble, with all that zcache counts', () => {
  for (const name of everyState) {
    const { values, troubles } = reading(recorded(name));
    expect(troubles, name).toEqual([]);
    const files = values.filter(({ source }) => source.startsWith('/sys/kernel/debug/zcache/'));
    expect(files, name).toHaveLength(40);
  }
});

describe('cleancache under load', () => {
  const read = reading(recorded('node0-cleancache-active'));

  test('the ephemeral pool: 14748 pages in 7374 frames', () => {
    const pool = read.pool('zcache:ephemeral');
    expect(pool).toMatchObject({ kind: 'ephemeral', mechanism: 'compressed', sharing: 'private', owners: [] });
    expect(pool?.holds?.bytes).toBe(14_748 * 4096);
    expect(pool?.takes?.bytes).toBe(7374 * 4096);
    expect(pool?.traffic).toEqual({ puts: 142_355, refused: 0, gets: 127_607 + 49_152, found: 127_607, flushes: 0 });
    expect(pool?.holds?.at).toBe(Date.parse('2026-11-23T18:17:04Z'));
  });

  test('cache gained is no memory saved', () => {
    expect(read.value('zcache.capacity.ephemeral')).toBe(30_203_904);
    expect(read.value('zcache.saved.persistent')).toBe(0);
    expect(read.source('zcache.capacity.ephemeral')).toContain('gross');
  });

  test('density and compression', () => {
    expect(read.value('zcache.eph_density')).toBe(200);
    // 14748 · 4096 / 23419824
    expect(read.value('zcache.eph_ratio')).toBe(257.9);
    expect(read.value('zcache.pers_density')).toBeUndefined();
  });

  test('high-water mark and LRU sizes', () => {
    expect(read.value('zcache.eph_zpages_max')).toBe(14_782);
    expect(read.value('zcache.last_inactive_file_pageframes')).toBe(34_404);
    expect(read.value('zbud.eph_buddied_count')).toBe(7374);
  });
});

describe('frontswap under load', () => {
  const read = reading(recorded('node0-frontswap-active'));

  test('the persistent pool: 23271 pages in 11636 frames', () => {
    const pool = read.pool('zcache:persistent');
    expect(pool?.holds?.bytes).toBe(23_271 * 4096);
    expect(pool?.takes?.bytes).toBe(11_636 * 4096);
    expect(pool?.traffic).toEqual({ puts: 23_406 + 13_660, refused: 13_660, found: 135, flushes: 0 });
  });

  test('saved: (23271 − 11636) · 4096', () => {
    expect(read.value('zcache.saved.persistent')).toBe(47_656_960);
    expect(read.value('zcache.pers_ratio')).toBe(372.2);
    expect(read.value('zcache.evicted_eph_zpages')).toBe(49_001);
    expect(read.value('zcache.pers_ate_eph_failed')).toBe(13_503);
  });

  test('refusals are frontswap’s own and are not counted a second time', () => {
    expect(read.value('zcache.failed_pers_puts')).toBe(13_660);
    expect(read.value('ramster.rejects')).toBeUndefined();
  });
});

describe('a pair that sends', () => {
  const [sender, donor] = pair('ramster-active');

  test('the sender', () => {
    expect(sender.value('ramster.pers_pages_remoted')).toBe(5800);
    expect(sender.value('ramster.remote_pers_pages_succ_get')).toBe(2593);
    expect(sender.value('ramster.remote_pages_flushed')).toBe(322);
    expect(sender.value('ramster.away_at_most')).toBe(3207);
    expect(sender.value('ramster.away')).toBe(2885);
    expect(sender.value('ramster.saved.remote')).toBe(2885 * 4096);
    expect(sender.source('ramster.saved.remote')).toMatch(/estimate.*foreign_pers_pages is exact/);
    expect(sender.pool('zcache:persistent')?.holds?.bytes).toBe(16_817 * 4096);
    expect(sender.value('zcache.saved.persistent')).toBe((16_817 - 8410) * 4096);
  });

  test('what it has on its target', () => {
    const pool = sender.pool('ramster:away:persistent');
    expect(pool).toMatchObject({ mechanism: 'remote', kind: 'persistent', title: 'On node 1, persistent' });
    expect(pool?.traffic).toEqual({ puts: 5800, refused: 0, gets: 2593, found: 2593, flushes: 322 });
    expect(pool?.takes).toBeUndefined();
    expect(sender.pool('ramster:away:ephemeral')?.holds).toBeUndefined();
    expect(sender.pool('ramster:away:ephemeral')?.traffic.puts).toBe(9);
  });

  test('the switches', () => {
    expect(sender.value('ramster.remote_target_nodenum')).toBe('1');
    expect(sender.value('ramster.manual_node_up')).toBe('0 1');
    expect(sender.value('ramster.pers_remotify_enable')).toBe(1);
    expect(sender.value('ramster.interface_revision')).toBe(5);
    expect(sender.value('ramster.remote_pers_pages')).toBe(5478);
  });

  test('the donor', () => {
    expect(donor.value('ramster.foreign_pers_pages')).toBe(2660);
    expect(donor.value('ramster.foreign_eph_pages')).toBe(9);
    expect(donor.value('ramster.foreign_pers_pages_max')).toBe(0);
    expect(donor.pool('ramster:foreign:ephemeral')?.holds?.bytes).toBe(9 * 4096);
    expect(donor.pool('ramster:foreign:ephemeral')?.takes?.bytes).toBe(5 * 4096);
    expect(donor.value('ramster.remote_target_nodenum')).toBe('unset');
    expect(donor.value('ramster.saved.remote')).toBe(0);
  });

  test('the cluster, from both ends', () => {
    expect(sender.cluster).toMatchObject({
      name: 'ramster',
      system: 'ramster',
      self: 0,
      target: 1,
      role: 'client',
      linked: true,
      sends: { persistent: true, ephemeral: true },
      traffic: { sent: 5809, failed: 0, fetched: 2593 },
      peers: [
        { name: 'node0', num: 0, address: '192.168.77.10', port: 7777, up: true },
        { name: 'node1', num: 1, address: '192.168.77.11', port: 7777, up: true },
      ],
    });
    expect(sender.cluster?.linkedBecause).toContain('node1');
    expect(donor.cluster).toMatchObject({ self: 1, role: 'donor', linked: true });
    expect(donor.cluster?.target).toBeUndefined();
    expect(donor.cluster?.foreign?.bytes).toBe(2669 * 4096);
  });

  test('the timeouts, by cluster', () => {
    expect(sender.value('cluster.idle_timeout_ms ramster')).toBe(1_000_000);
    expect(sender.value('cluster.heartbeat.dead_threshold ramster')).toBe(500);
    expect(sender.value('cluster.fence_method ramster')).toBe('reset');
    expect(sender.value('cluster.node.ipv4_port ramster/node1')).toBe(7777);
    expect(sender.value('cluster.node.local ramster/node1')).toBe(0);
  });
});

describe('identities', () => {
  test('at rest the donor keeps exactly what was sent and not fetched: 6200 − 3379', () => {
    const [sender, donor] = pair('ramster-paused');
    expect(sender.value('ramster.away_at_most')).toBe(2821);
    expect(donor.value('ramster.foreign_pers_pages')).toBe(2821);
    // 322 flushes were sent and none of them found a page there, so the estimate is low by as many.
    expect(sender.number('ramster.away')).toBe(2821 - 322);
    expect([donor.value('zcache.flush_total'), donor.value('zcache.flush_found')]).toEqual([322, 0]);
  });

  test('the sender’s own gauge is no witness', () => {
    const [sender] = pair('ramster-paused');
    expect(sender.number('ramster.remote_pers_pages')).toBe(5366);
    expect(sender.warnings).toContain('remote_pers_pages says 5366, but at most 2821');
  });

  test('a donor’s foreign pages are not also its own', () => {
    const [, donor] = pair('ramster-paused');
    expect(donor.pool('zcache:persistent')?.holds?.bytes).toBe(0);
    expect(donor.pool('ramster:foreign:persistent')?.holds?.bytes).toBe(2821 * 4096);
    expect(donor.pool('ramster:foreign:persistent')?.takes?.bytes).toBe(1411 * 4096);
    expect(donor.value('zcache.saved.persistent')).toBe(0);
    expect(donor.value('ramster.lent')).toBe((1411 + 5) * 4096);
  });

  test('both ways, while load ends: within the flushes', () => {
    const [zero, one] = pair('after-swapoff');
    for (const [sender, donor] of [
      [zero, one],
      [one, zero],
    ] as const) {
      const kept = donor.number('ramster.foreign_pers_pages');
      expect(kept).toBeLessThanOrEqual(sender.number('ramster.away_at_most'));
      expect(sender.cluster?.role).toBe('both');
    }
    expect([zero.value('ramster.away_at_most'), one.value('ramster.away_at_most')]).toEqual([3293, 4522]);
    expect([zero.value('ramster.foreign_pers_pages'), one.value('ramster.foreign_pers_pages')]).toEqual([156, 458]);
  });

  test('zbud counts a handle of 32 bytes for each page that zcache does not', () => {
    for (const [name, kind] of [
      ['node1-ramster-paused', 'eph'],
      ['node0-cleancache-active', 'eph'],
      ['node0-ramster-active', 'pers'],
      ['node0-frontswap-active', 'pers'],
      ['node0-peer-crashed', 'pers'],
      ['node0-peer-lost-at-timeout', 'pers'],
    ] as const) {
      const read = reading(recorded(name));
      const handles = read.number(`zbud.${kind}_zbytes`) - read.number(`zcache.${kind}_zbytes`);
      expect(handles, name).toBe(32 * read.number(`zcache.${kind}_zpages`));
      expect(handles, name).toBeGreaterThan(0);
    }
  });

  test('frames are pairs and singles, and never hold more than two pages', () => {
    for (const name of states.busy) {
      const read = reading(recorded(name));
      for (const kind of ['eph', 'pers']) {
        const [pairs, singles, frames, zpages] = ['buddied_count', 'unbuddied_count', 'pageframes', 'zpages'].map(
          (column) => read.number(`zbud.${kind}_${column}`),
        );
        // Files are read one after another: under load a few frames change in between.
        expect(Math.abs(Number(pairs) + Number(singles) - Number(frames)), name).toBeLessThanOrEqual(12);
        expect(Number(zpages), name).toBeLessThanOrEqual(2 * Number(frames) + 24);
      }
    }
  });

  test('what zcache refused is what frontswap counts as failed, to a page in flight', () => {
    for (const name of states.busy) {
      const read = reading(recorded(name));
      const refused = read.pool('zcache:persistent')?.traffic.refused ?? NaN;
      expect(Math.abs(refused - read.number('zcache.failed_pers_puts')), name).toBeLessThanOrEqual(1);
    }
  });
});

describe('a peer that is gone', () => {
  test('lost: its pages save nothing, and the log’s worst line is said', () => {
    const read = reading(recorded('node0-peer-lost-at-timeout'));
    expect(read.cluster).toMatchObject({
      linked: false,
      role: 'client',
      traffic: { sent: 7600 + 16_138, failed: 100 },
    });
    expect(read.value('ramster.saved.remote')).toBeUndefined();
    expect(read.value('ramster.away_at_most')).toBe(5859);
    expect(read.value('zbud.pers_zombie_count')).toBe(100);
    expect(read.warnings).toContain('have lost data');
    expect(read.warnings).toContain('up to 5859 swapped pages of this host were there');
    expect(read.warnings).toContain('100 pages could not be handed to the target');
    expect(read.pool('zcache:persistent')?.holds?.bytes).toBe(36_470 * 4096);
  });

  test('crashed on the first page: the connection stands, nothing has arrived', () => {
    const read = reading(recorded('node0-peer-crashed'));
    expect(read.cluster).toMatchObject({ linked: true, traffic: { sent: 0 } });
    expect(read.cluster?.linkedBecause).toContain('a peer that has crashed keeps it');
    expect(read.warnings).toContain('not one has arrived on node1');
  });
});
