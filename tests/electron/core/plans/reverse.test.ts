/** Plans that take a kept one back: its values, what it wrote down to survive, and what others set since. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { PlanId } from '#shared/model/plan.ts';
import { usualWaves } from '#shared/model/plan.ts';
import { problemOf } from '#shared/problem.ts';
import { stepOf, World } from '../../../support/plans-world.ts';
import type { Room } from '../../../support/plans-world.ts';
import { settled } from '../../../support/test-clock.ts';

let world: World;
let room: Room;
beforeEach(async () => {
  world = new World();
  world.planned = ({ targets }) => ({ steps: targets.map(({ host }, target) => stepOf({ host, target, to: '1' })) });
  world.addHost('one', { 'k ': '0', 'k b': '3' });
  world.addHost('two');
  room = await world.open();
});

const refusal = async (work: Promise<unknown>) =>
  problemOf(
    await work.then(
      () => undefined,
      (error: unknown) => error,
    ),
  );
async function kept(persistence: 'until-reboot' | 'survives' = 'until-reboot'): Promise<PlanId> {
  const plan = await room.create({ persistence, hosts: ['one'] });
  await applyAndKeep(plan);
  return plan;
}
async function applyAndKeep(plan: PlanId): Promise<void> {
  await room.plans.apply(plan);
  await settled();
  await room.plans.keep(plan);
}

describe('a plan that takes another back', () => {
  it('writes what was so before, last first, and drops what was written down', async () => {
    world.planned = () => ({
      steps: [
        stepOf({ host: 'one', to: '1', keepAs: '', title: 'first' }),
        stepOf({ host: 'one', to: '5', instance: 'b', keepAs: 'b', stage: 1, title: 'second' }),
      ],
    });
    const one = world.host('one');
    const plan = await kept('survives');
    expect([...one.settings]).toEqual([
      ['k ', '1'],
      ['k b', '5'],
    ]);
    const back = (await room.plans.reverse(plan)).plan;
    expect(back).toMatchObject({ reverses: plan, letter: 'B', persistence: 'survives' });
    expect(back.steps.map(({ title, from, to }) => `${title} ${from}→${to}`)).toEqual(['second 5→3', 'first 1→0']);
    await applyAndKeep(back.id);
    expect([...one.values.values()]).toEqual(['0', '3']);
    expect([...one.settings]).toEqual([]);
    const again = room.plans.replay({ plan: back.id, targets: [{ host: 'two' }], waves: usualWaves });
    expect((await refusal(again))?.sentence).toContain('takes another one back');
  });

  it('leaves what somebody set since, and is refused when nothing is left', async () => {
    world.planned = () => ({
      steps: [stepOf({ host: 'one', to: '1' }), stepOf({ host: 'one', to: '5', instance: 'b' })],
    });
    const plan = await kept();
    const one = world.host('one');
    one.values.set('k b', '8');
    const back = (await room.plans.reverse(plan)).plan;
    expect(back.steps).toMatchObject([{ instance: '', from: '1', to: '0' }]);
    expect(back.will.join(' ')).toContain('it is "8" now, so somebody set it since');
    one.values.set('k ', '9');
    expect((await refusal(room.plans.reverse(plan)))?.sentence).toMatch(/^There is nothing to take back/);
  });

  it('writes down again what an earlier plan had written down there', async () => {
    const one = world.host('one');
    const to = (value: string) => () => ({ steps: [stepOf({ host: 'one', to: value, keepAs: '' })] });
    world.planned = to('1');
    await kept('survives');
    world.planned = to('2');
    const second = await kept('survives');
    expect([...one.settings]).toEqual([['k ', '2']]);
    const back = (await room.plans.reverse(second)).plan;
    expect(back.steps).toMatchObject([{ from: '2', to: '1', heldBefore: true }]);
    await applyAndKeep(back.id);
    expect(one.values.get('k ')).toBe('1');
    expect([...one.settings]).toEqual([['k ', '1']]);
  });

  it('drops what is written down also where somebody has set the old value by hand', async () => {
    world.planned = () => ({ steps: [stepOf({ host: 'one', to: '1', keepAs: '' })] });
    const one = world.host('one');
    const plan = await kept('survives');
    one.values.set('k ', '0');
    const back = (await room.plans.reverse(plan)).plan;
    expect(back.steps).toMatchObject([{ from: '0', to: '0' }]);
    await applyAndKeep(back.id);
    expect(one.values.get('k ')).toBe('0');
    expect([...one.settings]).toEqual([]);
  });

  it('says of what is not there now whether it stays written down', async () => {
    world.planned = () => ({
      steps: [
        stepOf({ host: 'one', to: '1' }),
        stepOf({ host: 'one', to: '5', instance: 'b', keepAs: 'b', title: 'kept one' }),
        stepOf({ host: 'one', to: '5', instance: 'c', title: 'other one' }),
      ],
    });
    const one = world.host('one');
    one.values.set('k c', '0');
    const plan = await kept('survives');
    one.values.delete('k b');
    one.values.delete('k c');
    const back = (await room.plans.reverse(plan)).plan;
    expect(back.steps).toMatchObject([{ instance: '' }]);
    expect(back.will).toContain(
      '"kept one" on one is left out: what it belongs to is not there now. It stays written down, and is set again when that is back.',
    );
    expect(back.will).toContain('"other one" on one is left out: what it belongs to is not there now.');
    await applyAndKeep(back.id);
    expect([...one.settings]).toEqual([['k b', '5']]);
  });

  it('is refused for a plan that was never kept, and says what cannot be undone', async () => {
    const draft = await room.create();
    expect(await refusal(room.plans.reverse(draft))).toMatchObject({ code: 'plan-refused' });
    world.planned = () => ({
      steps: [stepOf({ host: 'one', to: '1', undo: 'none', undoWords: 'It is raised until the next boot.' })],
    });
    const plan = await kept();
    expect((await refusal(room.plans.reverse(plan)))?.sentence).toContain('It is raised until the next boot.');
  });
});
