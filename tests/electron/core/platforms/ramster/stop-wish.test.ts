/** Stopping, pointing elsewhere, single settings and boot words, on hosts of the lab. */
import { describe, expect, test } from 'vitest';
import type { RamsterCluster } from '#core/lab/ramster/ramster-hosts.ts';
import { createRamsterHosts } from '#core/lab/ramster/ramster-hosts.ts';
import { dice } from '#core/lab/random.ts';
import { swapDeviceKnob } from '#core/platforms/mainline/knobs/swap-device.ts';
import type { Planned } from '#core/platforms/change.ts';
import { ramster } from '#core/platforms/ramster/index.ts';
import { planner } from '#core/platforms/ramster/planner.ts';
import type { HostId } from '#shared/model/host.ts';
import { applySteps, undoSteps } from '../../../../support/apply-steps.ts';
import { hostOf, machineIn, sitesOf } from '../../../../support/lab-sites.ts';
import { debug, host, number, run, switches, trio, write } from '../../../../support/ramster-cluster.ts';

const plan = (cluster: RamsterCluster, id: string, values: Record<string, string> = {}): Planned =>
  planner.plan(
    { id, targets: cluster.machines.map((machine) => ({ host: hostOf(machine) })), values },
    sitesOf(cluster.machines, ramster),
  );
const knobs = [...planner.agentKnobs, swapDeviceKnob];
const apply = (cluster: RamsterCluster, planned: Planned) =>
  applySteps(machineIn(cluster.machines), knobs, planned.steps);
const missing = ({ findings }: Planned): readonly string[] =>
  findings.filter(({ level }) => level === 'missing').map(({ sentence }) => sentence);

/** A host that had a rush, which is over: its pages are away and have room at home. */
function afterRush(): RamsterCluster {
  const cluster = createRamsterHosts({
    hosts: [
      {
        name: 'busy',
        memoryMiB: 2048,
        swapMiB: 4096,
        programs: [{ name: 'db', workload: 'database', memoryMiB: 2200 }],
        target: 'donor',
      },
      { name: 'donor', memoryMiB: 8192, swapMiB: 1024, programs: [] },
    ],
    dice: dice(5),
  });
  host(cluster, 'busy').press('db', 1.6);
  run(cluster, 240);
  host(cluster, 'busy').press('db', 0.5);
  // Until what is away has room at home.
  for (let second = 0; second < 300 && missing(plan(cluster, 'ramster.stop')).length > 0; second++) run(cluster, 1);
  return cluster;
}
const foreign = (cluster: RamsterCluster): number =>
  number(host(cluster, 'donor'), `${debug}/ramster/foreign_pers_pages`);

describe('stop', () => {
  test('pages come home before the switches go off, and swap is back afterwards', () => {
    const cluster = afterRush();
    expect(foreign(cluster)).toBeGreaterThan(0);
    const planned = plan(cluster, 'ramster.stop');
    expect(missing(planned)).toEqual([]);
    expect(planned.steps.map(({ knob, to, stage }) => [stage, knob, to])).toEqual([
      [1, 'swap.device', 'off'],
      [2, 'ramster.pers_remotify_enable', '0'],
      [3, 'swap.device', 'on:auto'],
    ]);
    apply(cluster, planned);
    run(cluster, 10);
    expect(foreign(cluster)).toBe(0);
    expect(host(cluster, 'busy').files.read('/proc/swaps')).toContain('/dev/vda');
    expect(host(cluster, 'busy').files.read(`${switches}/pers_remotify_enable`)).toBe('0\n');
  });

  test('undone, the switch and the device are as before', () => {
    const cluster = afterRush();
    const made = apply(cluster, plan(cluster, 'ramster.stop'));
    expect(undoSteps(machineIn(cluster.machines), knobs, made)).toEqual(['restored', 'restored', 'restored']);
    expect(host(cluster, 'busy').files.read(`${switches}/pers_remotify_enable`)).toBe('1\n');
    expect(host(cluster, 'busy').files.read('/proc/swaps')).toContain('/dev/vda');
  });

  test('switches that were turned off first are turned on for the drain', () => {
    const cluster = afterRush();
    write(host(cluster, 'busy'), `${switches}/pers_remotify_enable`, '0');
    run(cluster, 5);
    const planned = plan(cluster, 'ramster.stop');
    expect(planned.findings.map(({ sentence }) => sentence).join(' ')).toContain(
      'switched on for the time of the drain',
    );
    expect(planned.steps.map(({ knob, to }) => `${knob} ${to}`)[0]).toBe('ramster.pers_remotify_enable 1');
    expect(planned.steps.filter(({ knob }) => knob.includes('pers_')).at(-1)?.to).toBe('0');
  });

  test('without room at home it is not begun', () => {
    const cluster = trio();
    run(cluster, 300);
    expect(missing(plan(cluster, 'ramster.stop')).join(' ')).toContain('swapoff would fail');
  });
});

describe('who sends to whom', () => {
  test('another target of the cluster, and back', () => {
    const cluster = trio();
    run(cluster, 10);
    const made = apply(cluster, plan(cluster, 'ramster.retarget', { 'target:ora1': 'ora2' }));
    expect(host(cluster, 'ora1').files.read(`${switches}/remote_target_nodenum`)).toBe('1\n');
    expect(undoSteps(machineIn(cluster.machines), knobs, made)).toEqual(['restored']);
    expect(host(cluster, 'ora1').files.read(`${switches}/remote_target_nodenum`)).toBe('2\n');
  });

  test('a node that is not linked is not taken', () => {
    const cluster = trio();
    run(cluster, 10);
    cluster.powerOff('ora2');
    run(cluster, 60);
    const two = { ...cluster, machines: cluster.machines };
    expect(missing(plan(two, 'ramster.retarget', { 'target:ora1': 'ora2' })).join(' ')).toContain(
      'is not linked with ora1',
    );
  });
});

describe('single settings', () => {
  test('switching off what would strand pages is refused beside the field', () => {
    const cluster = afterRush();
    const target = [{ host: 'busy' as HostId }];
    const planned = planner.plan(
      { id: 'knob:ramster.pers_remotify_enable', targets: target, values: { value: 'off' } },
      sitesOf(cluster.machines, ramster),
    );
    expect(planned.fields[0]?.sentence).toContain('would be stranded');
    expect(planned.steps).toEqual([]);
  });

  test('the fence method with its line end', () => {
    const cluster = trio();
    const made = apply(
      cluster,
      planner.plan(
        {
          id: 'knob:ramster.cluster.fence_method',
          targets: [{ host: 'ora1' as HostId }],
          values: { value: 'panic' },
        },
        sitesOf(cluster.machines, ramster),
      ),
    );
    expect(host(cluster, 'ora1').state.config.cluster?.fence).toBe('panic');
    undoSteps(machineIn(cluster.machines), knobs, made);
    expect(host(cluster, 'ora1').state.config.cluster?.fence).toBe('reset');
  });
});

describe('boot words', () => {
  test('zcache that runs needs none; a host that refuses frontswap gets lines and the way back', () => {
    const cluster = trio();
    expect(plan(cluster, 'ramster.frontswap').manual).toEqual([]);
    const sites = new Map(sitesOf(cluster.machines, ramster));
    const id = 'ora1' as HostId;
    const site = sites.get(id);
    const line = site?.evidence.files.get('/proc/cmdline');
    if (!site || !line) throw new Error('no command line');
    const files = new Map(site.evidence.files).set('/proc/cmdline', { ...line, text: `${line.text} nofrontswap` });
    sites.set(id, { ...site, evidence: { ...site.evidence, files } });
    const { manual } = planner.plan({ id: 'ramster.frontswap', targets: [{ host: id }], values: {} }, sites);
    expect(manual).toHaveLength(1);
    expect(manual[0]?.lines.join('\n')).toContain('nofrontswap');
    expect(manual[0]?.needs).toBe('reboot');
  });
});
