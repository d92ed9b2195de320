/** "Nothing set up yet": every wizard of the old platforms finds something to do there, and it works. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { LabMachine } from '#core/lab/machine.ts';
import { dice } from '#core/lab/random.ts';
import { greenfield } from '#core/lab/scenarios/greenfield.ts';
import { ramster } from '#core/platforms/ramster/index.ts';
import { planner as ramsterPlanner } from '#core/platforms/ramster/planner.ts';
import { xenTmem } from '#core/platforms/xen-tmem/index.ts';
import { planner as xenPlanner } from '#core/platforms/xen-tmem/planner.ts';
import type { HostId } from '#shared/model/host.ts';
import { seconds } from '#shared/units.ts';
import { applySteps } from '../../../../support/apply-steps.ts';
import { machineIn, sitesOf } from '../../../../support/lab-sites.ts';

let machines: readonly LabMachine[] = [];
const pass = (span: number): void => {
  for (let second = 0; second < span; second++) for (const machine of machines) machine.step(seconds(1));
};
const named = (name: string): LabMachine => machineIn(machines)(name);
const uuidOf = (name: string): string => (named(name).files.read('/sys/hypervisor/uuid') ?? '').trim();

beforeAll(() => {
  machines = greenfield.build(dice(1)).machines;
  pass(600);
});

describe('nothing is set up', () => {
  test('swap is there, and zswap, a cluster and room in tmem are not', () => {
    for (const name of ['kvm-01', 'kvm-02']) {
      expect(named(name).files.read('/sys/module/zswap/parameters/enabled')).toBe('N\n');
      expect(named(name).files.read('/proc/swaps')?.split('\n').length).toBeGreaterThan(2);
    }
    for (const name of ['ram-1', 'ram-2', 'ram-3'])
      expect(named(name).files.directories('/sys/kernel/config/cluster/*')).toEqual([]);
    const detected = xenTmem.detect(sitesOf([named('xen-01')], xenTmem).get('xen-01' as HostId)?.evidence ?? empty);
    expect(detected.because.join(' ')).toContain('No room for swap pages in tmem');
  });

  test('guests that are hosts of their own are known by their uuid', () => {
    const list = named('xen-01').run(['xl', 'list', '-v']).text;
    for (const name of ['erp', 'legacy']) expect(list).toContain(uuidOf(name));
  });
});

const empty = { files: new Map(), commands: new Map(), unread: new Map(), pageSize: 4096 };

test('the cluster wizard’s own answers give a cluster that works', () => {
  const targets = ['ram-1', 'ram-2', 'ram-3'].map((name) => ({ host: name as HostId }));
  const planned = ramsterPlanner.plan({ id: 'ramster.cluster', targets, values: {} }, sitesOf(machines, ramster));
  expect(planned.findings.filter(({ level }) => level === 'missing')).toEqual([]);
  applySteps(machineIn(machines), ramsterPlanner.agentKnobs, planned.steps);
  pass(60);
  expect(Number(named('ram-3').files.read('/sys/kernel/debug/ramster/foreign_pers_pages'))).toBeGreaterThan(0);
});

test('the frontswap wizard opens the doors of all guests', () => {
  const linked = new Map(['erp', 'legacy'].map((name) => [`xen:${uuidOf(name)}`, name as HostId]));
  const sites = () => sitesOf(machines, xenTmem, new Map([['xen-01', linked]]));
  const evidence = sites().get('xen-01' as HostId)?.evidence ?? empty;
  const targets = xenTmem.read(evidence).guests.map(({ key }) => ({ host: 'xen-01' as HostId, guest: key }));
  const planned = xenPlanner.plan({ id: 'xen-tmem.frontswap', targets, values: {} }, sites());
  expect(planned.findings.filter(({ level }) => level === 'missing')).toEqual([]);
  expect(planned.manual.map(({ host }) => host)).toEqual(['legacy']);
  expect(planned.steps.some(({ host }) => host === 'erp')).toBe(true);
  applySteps(machineIn(machines), xenPlanner.agentKnobs, planned.steps);
  expect(xenPlanner.plan({ id: 'xen-tmem.frontswap', targets, values: {} }, sites()).steps).toEqual([]);
});
