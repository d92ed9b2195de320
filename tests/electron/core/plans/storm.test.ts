/**
 * Whatever fails, wherever: each host ends as it was or as planned, never between, and the console says which. Random
 * plans over random hosts, with connections cut, requests refused, hosts booted and consoles killed at any request.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { problem } from '#shared/problem.ts';
import { keyOf } from '../../../support/change-link.ts';
import type { ChangeHost, Fate } from '../../../support/change-link.ts';
import { Disk, stepOf, World } from '../../../support/plans-world.ts';
import type { Room } from '../../../support/plans-world.ts';
import { settled } from '../../../support/test-clock.ts';

type Blow = 'cut-before' | 'cut-after' | 'refuse' | 'reboot' | 'kill' | 'disk';
const blow = fc.constantFrom<Blow>('cut-before', 'cut-after', 'refuse', 'reboot', 'kill', 'disk');

const storm = fc.record({
  hosts: fc.integer({ min: 1, max: 4 }),
  knobs: fc.integer({ min: 1, max: 3 }),
  stages: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 3, maxLength: 3 }),
  canary: fc.boolean(),
  survives: fc.boolean(),
  // The so-manieth request to any host, and what happens to it.
  blows: fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), blow), { maxLength: 3 }),
  ending: fc.constantFrom('keep' as const, 'undo' as const, 'nothing' as const),
});

const before = '0';
const after = '1';

async function settle(world: World, room: Room): Promise<void> {
  for (let round = 0; round < 4; round++) {
    for (const host of world.hosts.values()) if (!host.isConnected) room.connect(host.id);
    await world.clock.pass(60_000);
  }
}

describe('a storm', () => {
  it('leaves no host half-way, and the console knows of each how it is', async () => {
    await fc.assert(
      fc.asyncProperty(storm, async ({ hosts, knobs, stages, canary, survives, blows, ending }) => {
        const world = new World();
        const instances = Array.from({ length: knobs }, (_, index) => `i${index}`);
        const start = Object.fromEntries(instances.map((instance) => [keyOf('k', instance), before]));
        for (let index = 0; index < hosts; index++) world.addHost(`h${index}`, start);
        world.planned = ({ targets }) => ({
          steps: targets.flatMap(({ host }, target) =>
            instances.map((instance, index) =>
              stepOf({ host, target, instance, to: after, stage: stages[index] ?? 0, keepAs: instance }),
            ),
          ),
        });
        let room = await world.open();
        const plan = await room.create({
          persistence: survives ? 'survives' : 'until-reboot',
          waves: { canary, size: 1, watchSeconds: 5 },
        });

        let count = 0;
        let killed = false;
        const byRequest = new Map(blows);
        const fateOf = (host: ChangeHost) => (): Fate => {
          const what = byRequest.get(count++);
          if (what === 'refuse') return problem('knob-refused', 'no');
          if (what === 'reboot') host.reboot();
          if (what === 'disk') world.disk.full = () => true;
          if (what === 'kill') {
            killed = true;
            room.kill();
          }
          return what === 'cut-before' || what === 'cut-after' ? what : 'go';
        };
        for (const host of world.hosts.values()) host.fate = fateOf(host);

        await room.plans.apply(plan).catch(() => undefined);
        await world.clock.pass(30_000);
        if (!killed && ending === 'keep') await room.plans.keep(plan).catch(() => undefined);
        if (!killed && ending === 'undo') await room.plans.undo(plan).catch(() => undefined);
        await settled();
        world.disk.full = () => false;
        byRequest.clear();
        // Nobody answers for what is armed: the console is started again.
        if (!killed) room.kill();
        room = await world.open();
        await settle(world, room);

        const { state, run } = room.view(plan);
        expect(['draft', 'kept', 'undone', 'partly-undone']).toContain(state);
        for (const host of world.hosts.values()) {
          const values = new Set(host.values.values());
          expect(values.size, `${host.id} is half-way`).toBe(1);
          const its = run?.hosts.find((one) => one.host === host.id)?.state ?? 'undone';
          const isPlanned = values.has(after);
          if (its === 'kept') expect(isPlanned || (!survives && host.boots > 1), `${host.id} ${its}`).toBe(true);
          else expect(isPlanned, `${host.id} is ${its}`).toBe(false);
          const told = world.disk.entries().filter((entry) => entry.host?.id === host.id);
          const last = told.findLast(({ what }) => what === 'kept' || what === 'undone');
          if (its === 'kept') expect(last?.what).toBe('kept');
        }
        expect(world.bugs).toEqual([]);
        expect((await room.plans.list()).length).toBe(1);
      }),
      { numRuns: 400 },
    );
  });
});

describe('two consoles', () => {
  it('that change the same at the same time: one wins, the other is told, nothing is lost', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.boolean(), { minLength: 2, maxLength: 2 }),
        fc.integer({ min: 0, max: 6 }),
        async (keep, delay) => {
          const world = new World();
          const host = world.addHost('one');
          world.planned = () => ({ steps: [stepOf({ host: 'one', to: world.disk === disks[0] ? '1' : '2' })] });
          const disks = [world.disk, new Disk()];
          const rooms = [await world.open(), await world.open({ connect: false, disk: disks[1] as Disk })];
          const links = rooms.map((room) => {
            room.connect('one');
            return room;
          });
          const plans: string[] = [];
          for (const [index, room] of links.entries()) {
            world.planned = () => ({ steps: [stepOf({ host: 'one', to: String(index + 1) })] });
            plans.push(await room.create());
          }
          const [first, second] = links as [Room, Room];
          const [a, b] = plans as [string, string];
          await first.plans.apply(a);
          for (let turn = 0; turn < delay; turn++) await Promise.resolve();
          await second.plans.apply(b);
          await settled();
          const states = [first.view(a), second.view(b)];
          const winners = states.filter(({ state }) => state === 'watching');
          const losers = states.filter(({ state }) => state === 'undone');
          expect([winners.length, losers.length]).toEqual([1, 1]);
          expect(['plan-busy', 'knob-conflict']).toContain(losers[0]?.run?.problem?.code);
          const winner = first.view(a).state === 'watching' ? 0 : 1;
          expect(host.values.get('k ')).toBe(String(winner + 1));
          const [room, plan] = winner === 0 ? [first, a] : [second, b];
          if (keep[winner] === true) await room.plans.keep(plan);
          else await room.plans.undo(plan);
          expect(host.values.get('k ')).toBe(keep[winner] === true ? String(winner + 1) : '0');
        },
      ),
      { numRuns: 50 },
    );
  });
});
