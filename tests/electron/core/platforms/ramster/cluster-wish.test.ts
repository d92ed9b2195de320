/** Building a cluster on hosts of the lab: from nothing, again, and out of every dead end. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RamsterCluster } from '#core/lab/ramster/ramster-hosts.ts';
import { bare, config, host, number, run, switches, trio, write } from '../../../../support/ramster-cluster.ts';
import { apply, hosts, missing, plan, settings, undo } from './bench.ts';
describe('from nothing', () => {
  test('the recommended answers give a cluster that links and sends to the emptiest host', () => {
    const cluster = hosts(3);
    run(cluster, 30);
    const planned = plan(cluster);
    expect(planned.fields).toEqual([]);
    expect(missing(planned)).toEqual([]);
    apply(cluster, planned);
    run(cluster, 120);
    for (const machine of cluster.machines)
      expect([...machine.state.sides.values()].map(({ state }) => state)).toEqual(['up', 'up']);
    expect(host(cluster, 'node1').files.read(`${switches}/remote_target_nodenum`)).toBe('0\n');
    expect(host(cluster, 'node0').files.read(`${switches}/remote_target_nodenum`)).toBe('unset\n');
    expect(number(host(cluster, 'node0'), '/sys/kernel/debug/ramster/foreign_pers_pages')).toBeGreaterThan(0);
  });

  test('all hosts raise in one stage, after every directory and before any target', () => {
    const { steps } = plan(hosts(3));
    const stagesOf = (knob: string) => [
      ...new Set(steps.filter((step) => step.knob === knob).map(({ stage }) => stage)),
    ];
    expect(stagesOf('ramster.manual_node_up')).toHaveLength(1);
    expect(steps.filter(({ knob }) => knob === 'ramster.manual_node_up')).toHaveLength(9);
    const [raise = -1] = stagesOf('ramster.manual_node_up');
    expect(Math.max(...stagesOf('ramster.node'))).toBeLessThan(raise);
    expect(Math.min(...stagesOf('ramster.remote_target_nodenum'))).toBeGreaterThan(raise);
  });

  test('what cannot be taken back is said before', () => {
    const { steps } = plan(hosts(2));
    for (const step of steps) {
      const forGood = ['ramster.manual_node_up', 'ramster.remote_target_nodenum'].includes(step.knob);
      expect(step.undo, step.title).toBe(forGood ? 'none' : 'old-value');
      if (forGood) expect(step.undoWords).toMatch(/until (?:the|its) next boot/);
    }
    expect(steps.find(({ knob }) => knob === 'ramster.pers_remotify_enable')?.riskWords).toContain('unpatched 3.10');
  });

  test('any cluster of two to eight: undone it is as before, applied it is done', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 8 }),
        fc.array(fc.integer({ min: -1, max: 7 }), { minLength: 8, maxLength: 8 }),
        fc.boolean(),
        fc.boolean(),
        fc.integer({ min: 5000, max: 90_000 }),
        (count, roles, persistent, ephemeral, idle) => {
          const values: Record<string, string> = {
            name: 'lab',
            persistent: persistent ? 'on' : 'off',
            ephemeral: ephemeral ? 'on' : 'off',
            idle_timeout_ms: String(idle),
          };
          for (let at = 0; at < count; at++) {
            const to = roles[at] ?? -1;
            values[`target:node${String(at)}`] = to < 0 || to >= count || to === at ? 'none' : `node${String(to)}`;
          }
          const undone = hosts(count);
          const before = settings(undone);
          const fates = undo(undone, apply(undone, plan(undone, values)));
          expect(fates).not.toContain('failed');
          expect(settings(undone)).toBe(before);

          const kept = hosts(count);
          apply(kept, plan(kept, values));
          run(kept, 10);
          for (const { state } of kept.machines) for (const side of state.sides.values()) expect(side.state).toBe('up');
          expect(plan(kept, values).steps).toEqual([]);
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe('out of dead ends', () => {
  test('numbers that were raised before the cluster was there are not used again', () => {
    const cluster = bare();
    for (const machine of cluster.machines)
      for (const num of ['0', '1']) write(machine, `${switches}/manual_node_up`, num);
    const planned = plan(cluster);
    expect(planned.findings.some(({ sentence }) => sentence.includes('used up until its next boot'))).toBe(true);
    apply(cluster, planned);
    run(cluster, 10);
    for (const { state } of cluster.machines) {
      expect([...(state.config.cluster?.nodes.values() ?? [])].map(({ num }) => num)).toEqual([2, 3]);
      expect([...state.sides.values()].map((side) => side.state)).toContain('up');
    }
  });

  test('after an undo the same wish takes the next numbers, until all are used up', () => {
    const cluster = bare();
    for (let round = 0; round < 4; round++) {
      const planned = plan(cluster);
      expect(missing(planned)).toEqual([]);
      undo(cluster, apply(cluster, planned));
    }
    const [why] = missing(plan(cluster));
    expect(why).toContain('Eight numbers are not enough');
    expect(plan(cluster).findings.find(({ fix }) => fix?.startsWith('Reboot'))?.fix).toContain(
      'node0 (0, 1, 2, 3, 4, 5, 6, 7)',
    );
  });

  test('a node that a refused write has locked is made anew', () => {
    const cluster = bare();
    for (const machine of cluster.machines) {
      machine.run(['mkdir', `${config}/ramster`]);
      machine.run(['mkdir', `${config}/ramster/node/node0`]);
      expect(write(machine, `${config}/ramster/node/node0/num`, '0')).toBe('EINVAL');
      expect(write(machine, `${config}/ramster/node/node0/num`, '0')).toBe('EBUSY');
    }
    apply(cluster, plan(cluster));
    run(cluster, 10);
    expect(host(cluster, 'node0').state.config.byNumber(0)?.local).toBe(true);
    expect(plan(cluster).steps).toEqual([]);
  });

  test('links that were given up get new numbers on all hosts', () => {
    const cluster = trio();
    cluster.cut('ora1', 'ora3');
    run(cluster, 60);
    cluster.heal('ora1', 'ora3');
    run(cluster, 10);
    const values = { 'target:ora1': 'ora3', 'target:ora2': 'ora3' };
    const planned = plan(cluster, values);
    expect(planned.steps.filter(({ knob }) => knob === 'ramster.node').length).toBeGreaterThan(0);
    const raised = new Set(
      planned.steps.filter(({ knob }) => knob === 'ramster.manual_node_up').map(({ instance }) => instance),
    );
    for (const num of raised) expect(Number(num)).toBeGreaterThan(2);
  });

  test('a host joins a cluster without the others being made anew', () => {
    const cluster = hosts(3);
    const two: RamsterCluster = { ...cluster, machines: cluster.machines.slice(0, 2) };
    apply(two, plan(two));
    run(cluster, 10);
    const planned = plan(cluster);
    expect(missing(planned)).toEqual([]);
    expect(planned.steps.filter(({ to }) => to === 'absent')).toEqual([]);
    expect(planned.steps.filter(({ knob, host: on }) => knob === 'ramster.node' && on !== 'node2')).toHaveLength(2);
    apply(cluster, planned);
    run(cluster, 10);
    for (const machine of cluster.machines)
      expect([...machine.state.sides.values()].map(({ state }) => state)).toEqual(['up', 'up']);
  });

  test('a cluster of another name is taken away, and comes back with an undo', () => {
    const cluster = trio({ configured: true });
    for (const machine of cluster.machines)
      for (const kind of ['pers', 'eph']) write(machine, `${switches}/${kind}_remotify_enable`, '0');
    const before = settings(cluster);
    const planned = plan(cluster, { name: 'other' });
    expect(missing(planned)).toEqual([]);
    const made = apply(cluster, planned);
    expect(host(cluster, 'ora1').state.config.cluster?.name).toBe('other');
    expect(undo(cluster, made)).not.toContain('failed');
    expect(settings(cluster)).toBe(before);
  });

  test('pages that are away stand in the way of making nodes anew', () => {
    const cluster = trio();
    run(cluster, 300);
    expect(number(host(cluster, 'ora3'), '/sys/kernel/debug/ramster/foreign_pers_pages')).toBeGreaterThan(0);
    const said = missing(plan(cluster, { name: 'other', 'target:ora1': 'ora3', 'target:ora2': 'ora3' })).join(' ');
    expect(said).toContain('they would be lost');
  });

  test('the idle timeout of a cluster that is linked stays', () => {
    const cluster = trio();
    run(cluster, 10);
    expect(missing(plan(cluster, { idle_timeout_ms: '60000' })).join(' ')).toContain(
      'cannot be changed while a peer is linked',
    );
  });
});
