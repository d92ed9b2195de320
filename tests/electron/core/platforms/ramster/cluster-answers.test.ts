/** What an operator may type and choose for a cluster, and what is said when it cannot be. */
import { describe, expect, test } from 'vitest';
import type { RamsterCluster } from '#core/lab/ramster/ramster-hosts.ts';
import { planner } from '#core/platforms/ramster/planner.ts';
import { ramster } from '#core/platforms/ramster/index.ts';
import { hostOf, sitesOf } from '../../../../support/lab-sites.ts';
import { bare, host } from '../../../../support/ramster-cluster.ts';
import { hosts, missing, plan } from './bench.ts';
describe('what is typed', () => {
  const cluster = bare();
  test.each([
    ['name', '../x'],
    ['name', ''],
    ['name', '$(reboot)'],
    ['address:node0', '192.168.77'],
    ['address:node0', '192.168.77.256'],
    ['address:node0', '127.0.0.1'],
    ['address:node0', 'node0; reboot'],
    ['address:node0', '192.168.77.11'],
    ['port', '0'],
    ['port', '7777/tcp'],
    ['port', '-1'],
    ['idle_timeout_ms', '30s'],
    ['idle_timeout_ms', '4294967295'],
    ['target:node0', 'node0'],
    ['persistent', '1'],
  ])('%s cannot be %j', (field, value) => {
    const { fields, steps } = plan(cluster, { [field]: value });
    expect(fields).toHaveLength(1);
    expect(fields[0]?.sentence).toMatch(/\.$/);
    expect(steps).toEqual([]);
  });
});

describe('hosts that do not fit', () => {
  test('one alone, and more than eight', () => {
    const cluster = hosts(8);
    const one: RamsterCluster = { ...cluster, machines: cluster.machines.slice(0, 1) };
    expect(missing(plan(one))).toEqual(['A cluster takes two hosts at least.']);
    const nine: RamsterCluster = {
      ...cluster,
      machines: [...cluster.machines, { ...host(cluster, 'node0'), name: 'node8' }],
    };
    expect(missing(plan(nine)).join(' ')).toContain('9 hosts are chosen');
  });

  test('a kernel that was booted without the word is told how to get it', () => {
    const cluster = bare();
    const sites = new Map(sitesOf(cluster.machines, ramster));
    const id = hostOf({ name: 'node1' });
    const site = sites.get(id);
    if (!site) throw new Error('no site');
    const files = new Map([...site.evidence.files].filter(([path]) => !path.startsWith('/sys/kernel/mm/ramster/')));
    const line = files.get('/proc/cmdline');
    if (line) files.set('/proc/cmdline', { ...line, text: 'root=/dev/vda2 ro' });
    sites.set(id, { ...site, evidence: { ...site.evidence, files } });
    const planned = planner.plan(
      { id: 'ramster.cluster', targets: cluster.machines.map((machine) => ({ host: hostOf(machine) })), values: {} },
      sites,
    );
    const found = planned.findings.find(({ level, host: on }) => level === 'missing' && on === id);
    expect(found?.sentence).toContain('RAMster is off on node1');
    expect(found?.fix).toContain('ramster');
    expect(planned.steps).toEqual([]);
  });
});
