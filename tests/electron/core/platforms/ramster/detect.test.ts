import { describe, expect, test } from 'vitest';
import { logShown } from '#core/platforms/ramster/commands.ts';
import { ramster } from '#core/platforms/ramster/index.ts';
import { recorded } from './captures.ts';
import { syntheticEvidence, syntheticNode, syntheticV1 } from './synthetic.ts';
import type { Texts } from './synthetic.ts';

const ofState = (name: string) => {
  const { presence, because } = ramster.detect(recorded(name));
  return { presence, words: because.join('\n') };
};
const of = (files: Texts, commands: Texts = {}, unread = {}) => {
  const { presence, because } = ramster.detect(syntheticEvidence(files, commands, unread));
  return { presence, words: because.join('\n') };
};
const without = (files: Texts, ...starts: string[]): Texts =>
  Object.fromEntries(Object.entries(files).filter(([path]) => !starts.some((start) => path.startsWith(start))));

describe('what the boot parameters leave, on a real kernel', () => {
  test.each([
    ['node0-idle', 'full', 'No cluster is configured'],
    ['node0-linked', 'full', 'Cluster “ramster” has 2 nodes; this host is node 0 (node0).'],
    ['node0-boot-no-params', 'partial', 'was booted without it'],
    ['node0-boot-zcache-only', 'partial', 'RAMster is off'],
    ['node0-boot-ramster-only', 'full', 'zcache runs, with “lzo”.'],
    ['node0-boot-nofrontswap', 'partial', 'booted with nofrontswap'],
    ['node0-boot-nocleancache', 'partial', 'booted with nocleancache'],
    ['node0-boot-noselfshrink-nonexclusive', 'full', 'booted with noselfshrink'],
    ['node0-boot-bad-compressor', 'partial', 'the compressor “842” of the command line is not supported'],
  ])('%s', (name, presence, words) => {
    expect(ofState(name)).toMatchObject({ presence });
    expect(ofState(name).words).toContain(words);
  });

  test('what is off has no pool, and what is not running saves nothing', () => {
    const keys = (name: string) => ramster.read(recorded(name)).pools?.map(({ key }) => key);
    expect(keys('node0-boot-no-params')).toEqual([]);
    expect(keys('node0-boot-bad-compressor')).toEqual([]);
    expect(keys('node0-boot-nofrontswap')).toEqual(['zcache:ephemeral']);
    expect(keys('node0-boot-nocleancache')).toEqual(['zcache:persistent']);
    const saved = ramster
      .read(recorded('node0-boot-no-params'))
      .values.filter(({ metric }) => metric.includes('saved'));
    expect(saved).toEqual([]);
  });
});

test('a host of today has none of it, and a foreign cluster in configfs is not ours', () => {
  const today = {
    '/proc/cmdline': 'quiet',
    '/sys/kernel/debug/frontswap/loads': '5',
    '/sys/kernel/config/cluster/ocfs/idle_timeout_ms': '30000',
  };
  expect(of(today, {}, { '/sys/kernel/debug/zcache/eph_zpages': 'refused' }).presence).toBe('none');
  expect(ramster.read(syntheticEvidence(today))).toEqual({
    values: [],
    guests: [],
    pools: [],
    clusters: [],
    troubles: [],
  });
});

describe('partial builds (synthetic)', () => {
  test('everything there', () => {
    expect(of(syntheticNode).presence).toBe('full');
  });
  test('without CONFIG_ZCACHE_DEBUG', () => {
    const { presence, words } = of(without(syntheticNode, '/sys/kernel/debug/zcache'));
    expect(presence).toBe('partial');
    expect(words).toContain('without CONFIG_ZCACHE_DEBUG');
  });
  test('without CONFIG_RAMSTER_DEBUG: the switches are still read', () => {
    const files = without(syntheticNode, '/sys/kernel/debug/ramster');
    expect(of(files).words).toContain('takes a kernel with CONFIG_RAMSTER_DEBUG');
    const [cluster] = ramster.read(syntheticEvidence(files)).clusters ?? [];
    expect(cluster).toMatchObject({ self: 1, role: 'none' });
    expect(cluster?.away).toBeUndefined();
    expect(cluster?.foreign).toBeUndefined();
    expect(cluster?.traffic).toEqual({});
  });
  test('asked for, and the kernel has no RAMster', () => {
    expect(of(without(syntheticNode, '/sys/kernel/mm/ramster', '/sys/kernel/debug/ramster')).words).toContain(
      'built without CONFIG_RAMSTER',
    );
  });
  test('debugfs for root only', () => {
    const files = without(syntheticNode, '/sys/kernel/debug');
    const { presence, words } = of(files, {}, { '/sys/kernel/debug/zcache/eph_zpages': 'refused' });
    expect(presence).toBe('partial');
    expect(words).toContain('for root only');
    expect(words).toContain('RAMster is on.');
  });
  test('asked for, and nothing is there', () => {
    expect(of({ '/proc/cmdline': 'zcache' })).toMatchObject({ presence: 'partial' });
    expect(of({ '/proc/cmdline': 'zcache' }).words).toContain('built without zcache or without CONFIG_ZCACHE_DEBUG');
  });
  test('no command line, all counters 0: nothing is claimed', () => {
    const files = { '/sys/kernel/debug/zcache/eph_zpages': '0', '/sys/kernel/debug/zbud/eph_zpages': '0' };
    expect(of(files).words).toContain('cannot be told');
    expect(of({ ...files, '/sys/kernel/debug/zcache/eph_zpages': '7' }).words).toContain('zcache runs');
  });
  test('a module needs no word on the command line', () => {
    const files = {
      ...without(syntheticNode, '/proc/cmdline'),
      '/proc/cmdline': 'quiet',
      '/sys/module/zcache/parameters/disable_frontswap': 'Y',
      '/sys/module/zcache/parameters/ramster_enabled': 'Y',
    };
    expect(of(files).words).toContain('booted with nofrontswap');
    expect(of(files).words).not.toContain('booted without it');
  });
  test('the log for root only', () => {
    const log = { [logShown]: 'dmesg: read kernel buffer failed: Operation not permitted' };
    expect(of(syntheticNode, log)).toMatchObject({ presence: 'partial' });
    expect(of(syntheticNode, log).words).toContain('for root only (dmesg)');
    expect(of(without(syntheticNode, '/sys/kernel/mm', '/sys/kernel/debug'), log).words).not.toContain('(dmesg)');
  });
});

describe('older kernels (synthetic)', () => {
  test('zcache v1 that runs', () => {
    expect(of(syntheticV1)).toMatchObject({ presence: 'full' });
    expect(of(syntheticV1).words).toContain('the one of kernels before 3.7');
  });
  test('zcache v1 that was not asked for', () => {
    const off = { ...syntheticV1, '/proc/cmdline': 'quiet' };
    expect(of(off).words).toContain('Add zcache to the kernel’s command line');
    expect(ramster.read(syntheticEvidence(off)).pools).toEqual([]);
  });
  test('cleancache alone', () => {
    expect(of({ '/sys/kernel/mm/cleancache/puts': '0' })).toMatchObject({ presence: 'partial' });
  });
});
