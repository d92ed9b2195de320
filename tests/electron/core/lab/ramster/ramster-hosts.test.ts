import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RamsterCluster, RamsterHost } from '#core/lab/ramster/ramster-hosts.ts';
import { debugNames } from '#core/lab/ramster/debug-files.ts';
import { dice } from '#core/lab/random.ts';
import { mainline } from '#core/platforms/mainline/index.ts';
import { ramster } from '#core/platforms/ramster/index.ts';
import { evidenceOf } from '../../../../support/lab-evidence.ts';
import { debug, host, number, run, switches, trio, write } from '../../../../support/ramster-cluster.ts';
import { recordingsDir } from '../../../../support/recordings.ts';

function holds(cluster: RamsterCluster): void {
  for (const machine of cluster.machines) {
    const { state } = machine;
    for (const name of debugNames) {
      const text = machine.files.read(`${debug}/${name}`) ?? '';
      expect(text, `${machine.name} ${name}`).toMatch(/^\d+\n$/);
    }
    const counts = [state.resident, state.local, state.lost, state.device, state.file, state.ephLocal, state.leaked];
    for (const count of [...counts, ...state.remote.values(), ...state.ephRemote.values()]) {
      expect(Number.isInteger(count)).toBe(true);
      expect(count).toBeGreaterThanOrEqual(0);
    }
    expect(state.pers.zpages).toBe(state.local + state.foreignPers);
    expect(state.eph.zpages).toBe(state.ephLocal + state.foreignEph);
    for (const kind of ['eph', 'pers'] as const) {
      const at = (group: string, name: string): number => number(machine, `${debug}/${group}/${kind}_${name}`);
      expect(at('zbud', 'zpages')).toBe(2 * at('zbud', 'buddied_count') + at('zbud', 'unbuddied_count'));
      expect(at('zbud', 'pageframes')).toBe(at('zbud', 'buddied_count') + at('zbud', 'unbuddied_count'));
      expect(at('zbud', 'zbytes') - at('zcache', 'zbytes')).toBe(32 * at('zbud', 'zpages'));
      expect(at('zcache', 'zpages')).toBeLessThanOrEqual(at('zcache', 'zpages_max'));
    }
    const frontswap = (name: string): number => number(machine, `${debug}/frontswap/${name}`);
    expect(/^pswpout (\d+)$/m.exec(machine.files.read('/proc/vmstat') ?? '')?.[1]).toBe(
      String(frontswap('failed_stores')),
    );
    const sent = number(machine, `${debug}/ramster/pers_pages_remoted`);
    const flushed = number(machine, `${debug}/ramster/remote_pages_flushed`);
    expect(number(machine, `${switches}/remote_pers_pages`)).toBe(Math.max(0, sent - flushed));
  }
}

describe('the cluster', () => {
  it('links within seconds, sends from the sixtieth second on, and at most 200 pages a second', () => {
    const cluster = trio();
    run(cluster, 10);
    expect(host(cluster, 'ora1').run(['dmesg']).text).toContain(
      'ramster: Accepted connection from node ora3 (num 2) at 192.168.77.12:7777',
    );
    expect(host(cluster, 'ora3').run(['dmesg']).text).toContain(
      'ramster: Connected to node ora1 (num 0) at 192.168.77.10:7777',
    );
    run(cluster, 45);
    expect(number(host(cluster, 'ora1'), `${debug}/ramster/pers_pages_remoted`)).toBe(0);
    let before = 0;
    for (let second = 0; second < 300; second++) {
      run(cluster, 1);
      const sent = number(host(cluster, 'ora1'), `${debug}/ramster/pers_pages_remoted`);
      expect(sent - before).toBeLessThanOrEqual(200);
      before = sent;
    }
    expect(before).toBeGreaterThan(1000);
    expect(number(host(cluster, 'ora3'), `${debug}/ramster/foreign_pers_pages`)).toBeGreaterThan(0);
    expect(number(host(cluster, 'ora3'), `${debug}/ramster/foreign_pers_pages_max`)).toBe(0);
    holds(cluster);
  });

  it('keeps its sums through loss, cuts, pressure and switches', () => {
    const move = fc.constantFrom('off', 'on', 'cut', 'heal', 'press', 'ease', 'stop', 'start', 'eph');
    fc.assert(
      fc.property(
        fc.array(fc.record({ move, steps: fc.integer({ min: 1, max: 80 }) }), { maxLength: 10 }),
        fc.integer(),
        (moves, seed) => {
          const cluster = trio({ dice: dice(seed) });
          run(cluster, 150);
          const first = host(cluster, 'ora1');
          for (const { move: what, steps } of moves) {
            if (what === 'off') cluster.powerOff('ora3');
            if (what === 'on') cluster.powerOn('ora3');
            if (what === 'cut') cluster.cut('ora1', 'ora3');
            if (what === 'heal') cluster.heal('ora1', 'ora3');
            if (what === 'press') first.press('db', 1.6);
            if (what === 'ease') first.press('db', 0.3);
            if (what === 'stop') write(first, `${switches}/pers_remotify_enable`, '0');
            if (what === 'start') write(first, `${switches}/pers_remotify_enable`, '1');
            if (what === 'eph') write(first, `${switches}/eph_remotify_enable`, '0');
            run(cluster, steps);
            holds(cluster);
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it('the donor keeps exactly what was sent and neither fetched nor found by a flush', () => {
    const cluster = trio();
    run(cluster, 900);
    const [one, two, donor] = cluster.machines;
    if (!one || !two || !donor) throw new Error('three hosts');
    const of = (machine: RamsterHost, name: string): number => number(machine, `${debug}/ramster/${name}`);
    const away = (machine: RamsterHost): number =>
      of(machine, 'pers_pages_remoted') -
      of(machine, 'remote_pers_pages_succ_get') -
      of(machine, 'remote_pages_flushed');
    expect(of(donor, 'foreign_pers_pages')).toBe(away(one) + away(two));
    expect(away(one)).toBeGreaterThan(0);
  });

  it('switching both off strands the pages; the queue is worked off once one is on again', () => {
    const cluster = trio();
    run(cluster, 600);
    const [first, second, donor] = [host(cluster, 'ora1'), host(cluster, 'ora2'), host(cluster, 'ora3')];
    for (const machine of [first, second]) {
      write(machine, `${switches}/pers_remotify_enable`, '0');
      write(machine, `${switches}/eph_remotify_enable`, '0');
      machine.press('db', 0.05);
      machine.press('web', 0.05);
    }
    run(cluster, 1200);
    const stranded = number(donor, `${debug}/ramster/foreign_pers_pages`);
    expect(stranded).toBeGreaterThan(0);
    for (const machine of [first, second]) write(machine, `${switches}/pers_remotify_enable`, '1');
    run(cluster, 30);
    expect(number(donor, `${debug}/ramster/foreign_pers_pages`)).toBeLessThan(stranded);
  });

  it('a full donor refuses, and the sender counts it', () => {
    const cluster = trio({
      hosts: [
        {
          name: 'ora1',
          memoryMiB: 2048,
          swapMiB: 4096,
          programs: [{ name: 'db', workload: 'database', memoryMiB: 3400 }],
          target: 'small',
        },
        { name: 'small', memoryMiB: 128, swapMiB: 256, programs: [] },
      ],
    });
    run(cluster, 900);
    expect(number(host(cluster, 'ora1'), `${debug}/ramster/pers_pages_remote_failed`)).toBeGreaterThan(0);
    expect(number(host(cluster, 'ora1'), `${debug}/ramster/pers_pages_remote_nomem`)).toBeGreaterThan(0);
    holds(cluster);
  });

  it('a lost donor hangs its clients until the idle timeout, then programs die', () => {
    const cluster = trio();
    run(cluster, 600);
    const first = host(cluster, 'ora1');
    cluster.powerOff('ora3');
    run(cluster, 20);
    expect(host(cluster, 'ora3').reachable).toBe(false);
    expect(first.reachable).toBe(false);
    expect(first.files.read('/proc/net/tcp')).toContain(' 0C4DA8C0:');
    run(cluster, 60);
    expect(first.reachable).toBe(true);
    const log = first.run(['dmesg']).text;
    expect(log).toMatch(
      /Connection to node ora3 \(num 2\) at 192\.168\.77\.12:7777 has been idle for 3\d\.81 secs, shutting it down\./,
    );
    expect(log).toContain('ramster: No longer connected to node ora3 (num 2) at 192.168.77.12:7777');
    expect(log).toContain('zcache_get fails on persistent pool, bad things are very likely to happen soon');
    expect(first.state.died).toBeGreaterThan(0);
    expect(number(first, `${debug}/ramster/remote_page_flushes_failed`)).toBeGreaterThan(0);
    expect(first.files.read(`${switches}/remote_target_nodenum`)).toBe('2\n');
    expect(first.files.read(`${switches}/manual_node_up`)).toBe('0 1 2 \n');
    expect(first.files.read('/proc/net/tcp')).not.toContain(' 0C4DA8C0:');
  });

  it('a cut that heals in time costs nothing but waiting', () => {
    const cluster = trio();
    run(cluster, 600);
    cluster.cut('ora1', 'ora3');
    run(cluster, 15);
    expect(host(cluster, 'ora1').reachable).toBe(false);
    cluster.heal('ora1', 'ora3');
    run(cluster, 3);
    expect(host(cluster, 'ora1').reachable).toBe(true);
    expect(host(cluster, 'ora1').state.died).toBe(0);
    expect(host(cluster, 'ora1').state.lost).toBe(0);
  });

  it('a host that boots again is another boot, with nothing in it', () => {
    const cluster = trio();
    run(cluster, 300);
    const donor = host(cluster, 'ora3');
    const before = donor.bootId;
    cluster.powerOff('ora3');
    run(cluster, 5);
    cluster.powerOn('ora3');
    run(cluster, 1);
    expect(donor.bootId).not.toBe(before);
    expect(donor.uptime()).toBeLessThan(10);
    expect(number(donor, `${debug}/ramster/foreign_pers_pages`)).toBe(0);
  });

  it('says the same for the same seed and steps', () => {
    const texts = (): readonly string[] => {
      const cluster = trio();
      run(cluster, 400);
      cluster.powerOff('ora3');
      run(cluster, 100);
      return cluster.machines.flatMap((machine) => {
        const evidence = evidenceOf(machine, mainline, ramster);
        return [...evidence.files.values(), ...evidence.commands.values()].map(({ text }) => text);
      });
    };
    expect(texts()).toEqual(texts());
  });
});

describe('read by the platform', () => {
  it('gives back what was rendered, and both ends of the link', () => {
    const cluster = trio();
    run(cluster, 600);
    const [first, donor] = [host(cluster, 'ora1'), host(cluster, 'ora3')];
    const reading = ramster.read(evidenceOf(first, mainline, ramster));
    expect(reading.troubles).toEqual([]);
    const value = (metric: string): unknown => reading.values.find((one) => one.metric === metric)?.value;
    expect(value('zcache.pers_zpages')).toBe(first.state.pers.zpages);
    expect(value('zcache.eph_zbytes')).toBe(first.state.eph.zbytes);
    expect(value('ramster.pers_pages_remoted')).toBe(first.state.counted('ramster/pers_pages_remoted'));
    expect(reading.clusters?.[0]).toMatchObject({ name: 'ramster', self: 0, target: 2, role: 'client', linked: true });
    expect(ramster.read(evidenceOf(donor, mainline, ramster)).clusters?.[0]).toMatchObject({
      self: 2,
      role: 'donor',
      linked: true,
    });
    expect(mainline.read(evidenceOf(first, mainline)).troubles).toEqual([]);
    expect(ramster.detect(evidenceOf(first, mainline, ramster)).presence).toBe('full');
  });

  it('has the counters of the recorded kernel, and no other', () => {
    const recorded = readFileSync(join(recordingsDir, 'linux-3.10-ramster', 'node0-ramster-active.rec'), 'utf8')
      .split('\n')
      .flatMap((line) => /^(\/sys\/kernel\/debug\/[^:]+):/.exec(line)?.[1] ?? []);
    expect(debugNames.map((name) => `${debug}/${name}`).sort()).toEqual(recorded.sort());
  });
});
