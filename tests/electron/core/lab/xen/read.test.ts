/** What the platform reads from the lab's texts is the state of the model: read(render(state)) = state. */
import { describe, expect, it } from 'vitest';
import { parseDump } from '#core/platforms/kernel/dump.ts';
import { xenTmem } from '#core/platforms/xen-tmem/index.ts';
import { kernelOf } from '#core/lab/xen/userland.ts';
import { xenVersions } from '#core/lab/tmem/xen-version.ts';
import type { XenHost } from '#core/lab/xen/host.ts';
import type { LabMachine } from '#core/lab/machine.ts';
import { poolsOf } from '../tmem/hypervisor.ts';
import { guest, host, pass, say } from './hosts.ts';

const mib = 2 ** 20;
const page = 4096;

/** All that the agent would bring of a machine, as a capture. */
function captured(machine: LabMachine): string {
  const files = xenTmem.sets
    .flatMap((set) => (set.kind === 'files' ? set.files : []))
    .flatMap((path) => {
      const text = machine.files.read(path);
      return text === undefined || text === '' ? [] : [`${path}:${text}`];
    });
  const commands = xenTmem.commands.map(({ shown }) => {
    const { text, status } = machine.run(shown.split(' '));
    return status === 127 ? '' : `$ ${shown}\n${text}[exit ${String(status)}]\n\n`;
  });
  return [...files, ...commands].join('');
}

function readBack(machine: LabMachine) {
  const capture = parseDump(captured(machine));
  const reading = xenTmem.read(capture);
  const all = [...reading.values, ...reading.guests.flatMap(({ values }) => values)];
  return {
    reading,
    detection: xenTmem.detect(capture),
    value: (metric: string, instance = '') =>
      all.find((value) => value.metric === metric && value.instance === instance)?.value,
  };
}

const busy = (version: (typeof xenVersions)[number]): XenHost => {
  const machine = host({
    version,
    memoryMiB: 6144,
    startHour: 1,
    guests: [
      guest('batch', { workload: 'batch', memoryMiB: 512, maxMemMiB: 1024, selfballooning: true }),
      guest('web', { workload: 'web', memoryMiB: 512, maxMemMiB: 512, selfballooning: true }),
      guest('db one', { workload: 'database', memoryMiB: 768, maxMemMiB: 1024 }),
      guest('quiet', { frontswap: false, cleancache: false }),
      guest('a', { clusterFs: '66554433-2211-0099-8877-665544332211', workload: 'web', maxMemMiB: 512 }),
      guest('b', { clusterFs: '66554433-2211-0099-8877-665544332211', workload: 'web', maxMemMiB: 512 }),
    ],
  });
  say(machine, 'xl tmem-set -w -5 batch');
  machine.run(['xl', 'tmem-set', '-p', '1', 'db one']);
  machine.run(['xl', 'mem-max', 'db one', '1024']);
  pass(machine, 3600);
  return machine;
};

describe.each(xenVersions)('Xen %s', (version) => {
  const machine = busy(version);
  const { model } = machine;
  const { reading, value, detection } = readBack(machine);

  it('is found whole, and nothing in it was not understood', () => {
    expect(detection.presence).toBe('full');
    expect(reading.troubles).toEqual([]);
  });

  it('the host: every counter, and its memory', () => {
    for (const [key, figure] of Object.entries(model.tmem.stats)) {
      // Lists are operations themselves where they are counted: they moved on after the one that was read.
      if (key === 'Tt' && model.tmem.traits.countsControl) continue;
      expect(value(`xen.tmem.G.${key}`), key).toBe(figure);
    }
    expect(value('xen.info.total_memory')).toBe(model.totalMiB * mib);
    expect(value('xen.info.free_memory')).toBe(Math.floor(model.heap.free / 256) * mib);
    expect(value('xen.list.dom0.Mem')).toBe(Math.floor(model.dom0.tot / 256) * mib);
  });

  it('the guests: names, what they pay, were promised and are allowed, and every counter', () => {
    expect(reading.guests.map(({ name }) => name)).toEqual(model.guests.map(({ options }) => options.name));
    for (const each of model.guests) {
      const key = `xen:${each.uuid}`;
      const read = reading.guests.find((found) => found.key === key);
      expect(read?.pays.resident?.bytes).toBe(Math.floor(each.domain.tot / 256) * mib);
      if (version !== '4.1') {
        expect(read?.promised?.bytes).toBe(each.promised * page);
        expect(read?.allowed?.bytes).toBe(each.target * page);
      }
      expect(value('xen.xentop.MAXMEM', key)).toBe(each.domain.max * page);
      for (const [name, figure] of Object.entries(each.client?.stats ?? {}))
        if (name !== 'ca' || model.tmem.traits.cap) expect(value(`xen.tmem.C.${name}`, key), name).toBe(figure);
    }
  });

  it('the pools: kind, owners, pages and traffic, a shared one once', () => {
    const pools = poolsOf(model.tmem);
    expect(reading.pools).toHaveLength(pools.length);
    expect(pools.filter(({ uuid }) => uuid)).toHaveLength(1);
    for (const pool of pools) {
      const owners = pool.sharers.map(
        ({ domain }) => `xen:${model.guests.find((each) => each.domain === domain)?.uuid ?? ''}`,
      );
      const found = reading.pools?.filter(
        (each) => each.owners.join() === owners.join() && each.kind === (pool.ephemeral ? 'ephemeral' : 'persistent'),
      );
      expect(found).toHaveLength(1);
      const { stats } = pool;
      expect(found?.[0]).toMatchObject({
        sharing: pool.uuid ? 'shared' : 'private',
        holds: { bytes: stats.Pc * page },
        traffic: { puts: stats.pt, refused: stats.px + stats.pd, gets: stats.gt, found: stats.gs, flushes: stats.ft },
      });
    }
  });

  it('inside a guest: the balloon and its knobs', () => {
    const inside = readBack(machine.guestMachine('batch'));
    const own = model.find('batch');
    expect(inside.detection.presence).toBe('full');
    expect(inside.value('xen.memory.current_kb')).toBe((own?.current ?? 0) * page);
    expect(inside.value('xen.memory.target_kb')).toBe((own?.wanted ?? 0) * page);
    expect(inside.value('xen.selfballoon.selfballooning')).toBe(1);
    expect(inside.value('xen.selfballoon.frontswap_hysteresis')).toBe(20);
    expect(inside.reading.troubles).toEqual([]);
  });

  it('Domain-0 is a Linux of its time', () => {
    expect(machine.kernel).toBe(kernelOf(version).release);
    expect(machine.files.read('/proc/pressure/memory')).toBeUndefined();
    expect(machine.files.read('/proc/meminfo')?.includes('MemAvailable')).toBe(kernelOf(version).memAvailable);
    expect(machine.files.read('/proc/xen/capabilities')).toBe('control_d\n');
  });
});

it('tmem switched off is recognised', () => {
  const { detection } = readBack(host({ tmem: false }));
  expect(detection.presence).toBe('partial');
  expect(detection.because.join(' ')).toContain('switched off');
});
