/** From wish to plan and on: drafts that show what is so now, plans as text, drift. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Persistence, PlanId } from '#shared/model/plan.ts';
import { usualWaves } from '#shared/model/plan.ts';
import { problem, problemOf } from '#shared/problem.ts';
import { keyOf } from '../../../support/change-link.ts';
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

const draftOf = (hosts: readonly string[] = ['one'], wish = 'test.set', persistence: Persistence = 'until-reboot') =>
  room.plans.draft({
    wish: { id: wish, targets: hosts.map((host) => ({ host })), values: {} },
    persistence,
    waves: usualWaves,
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
  await room.plans.apply(plan);
  await settled();
  await room.plans.keep(plan);
  return plan;
}

describe('a draft', () => {
  it('reads the hosts anew and shows the values they have now', async () => {
    world.host('one').values.set('k ', '7');
    const { plan, findings } = await draftOf();
    expect(world.renewed).toEqual(['one']);
    expect(plan?.steps).toMatchObject([{ host: 'one', from: '7', to: '1', wave: 0 }]);
    expect(plan).toMatchObject({ title: 'Set it on one', letter: 'A', createdBy: 'ann@desk' });
    expect(findings).toEqual([]);
    expect(room.plans.list()).toEqual([]);
  });

  it('has no step for what is so already, and is empty after it was applied', async () => {
    const plan = await room.create();
    await room.plans.apply(plan);
    await settled();
    await room.plans.keep(plan);
    expect((await draftOf(['one', 'two'])).plan?.steps).toEqual([]);
    expect(await refusal(room.create())).toMatchObject({ code: 'plan-refused' });
  });

  it('that is to survive writes down what is so already, once', async () => {
    world.planned = () => ({ steps: [stepOf({ host: 'one', to: '1', keepAs: '' })] });
    const one = world.host('one');
    one.values.set('k ', '1');
    expect((await draftOf()).plan?.steps).toEqual([]);
    const steps = async () => (await draftOf(['one'], 'test.set', 'survives')).plan?.steps;
    expect(await steps()).toMatchObject([{ from: '1', to: '1', keepAs: '' }]);
    expect((await steps())?.[0]).not.toHaveProperty('heldBefore');
    one.settings.set('k ', '2');
    expect(await steps()).toMatchObject([{ from: '1', to: '1', keepAs: '', heldBefore: true }]);
    one.settings.set('k ', '1');
    expect(await steps()).toEqual([]);
    one.settings.clear();
    await kept('survives');
    expect([...one.settings]).toEqual([['k ', '1']]);
    // What cannot be written down has nothing left to do.
    world.planned = () => ({ steps: [stepOf({ host: 'one', to: '3', instance: 'b' })] });
    expect(await steps()).toEqual([]);
  });

  it('begins a knob that is set twice where the first time has led', async () => {
    world.planned = () => ({
      steps: ['2', '5', '0'].map((to, stage) => stepOf({ host: 'one', to, stage })),
    });
    expect((await draftOf()).plan?.steps.map(({ from, to }) => `${from}→${to}`)).toEqual(['0→2', '2→5', '5→0']);
  });

  it('is no plan when something is not there, is not connected or could not be asked', async () => {
    world.planned = () => ({ steps: [stepOf({ host: 'one', instance: 'nowhere', to: '1', title: 'It' })] });
    const absent = await draftOf();
    expect(absent.plan).toBeUndefined();
    expect(absent.findings).toMatchObject([
      { level: 'missing', host: 'one', sentence: '"It" cannot be set on one: /sys/k is not there.' },
    ]);
    expect((await refusal(room.create({ hosts: ['one'] })))?.sentence).toBe(absent.findings[0]?.sentence);
    world.host('two').cut();
    expect((await draftOf(['two'])).findings).toMatchObject([{ level: 'missing', host: 'two' }]);
    world.planned = () => ({ steps: [stepOf({ host: 'one', to: '1' })] });
    world.host('one').fate = () => problem('agent-refused', 'It does not know that.');
    expect((await draftOf()).findings[0]?.sentence).toContain('It does not know that.');
  });

  it('takes the planner’s word for what cannot be read before', async () => {
    world.planned = () => ({ steps: [stepOf({ host: 'one', instance: 'nowhere', from: 'unknown', to: '1' })] });
    expect((await draftOf()).plan?.steps).toMatchObject([{ from: 'unknown' }]);
  });

  it('is told to one who may only watch, with how the right is got', async () => {
    world.host('one').cut();
    world.host('one').grade = 'viewer';
    room.connect('one');
    const { plan, findings } = await draftOf();
    expect(plan?.steps.length).toBe(1);
    expect(findings).toMatchObject([{ level: 'note', host: 'one', sentence: expect.stringMatching(/only watched/) }]);
    expect(findings[0]?.fix).toMatch(/^Give the host the role operator/);
  });

  it('hands fields back, and refuses to keep a plan with them', async () => {
    world.planned = () => ({ fields: [{ field: 'size', sentence: 'That is no size.' }] });
    expect(await draftOf()).toEqual({ fields: [{ field: 'size', sentence: 'That is no size.' }], findings: [] });
    expect((await refusal(room.create()))?.sentence).toContain('That is no size.');
  });

  it('makes all hosts of a cluster one change, whatever the waves', async () => {
    const { plan } = await room.plans.draft({
      wish: { id: 'test.cluster', targets: [{ host: 'one' }, { host: 'two' }], values: {} },
      persistence: 'until-reboot',
      waves: { canary: true, size: 1, watchSeconds: 9 },
    });
    expect(plan?.steps.map(({ wave }) => wave)).toEqual([0, 0]);
    expect(plan?.title).toBe('Join them on 2 hosts');
  });

  it('of ten thousand guests on a hundred hosts is there in seconds', async () => {
    const guests: [string, string][] = [];
    for (let host = 0; host < 100; host++) {
      const name = `h${host}`;
      const values: Record<string, string> = {};
      for (let guest = 0; guest < 100; guest++) {
        values[keyOf('k', `${host}-${guest}`)] = '0';
        guests.push([name, `${host}-${guest}`]);
      }
      world.addHost(name, values);
    }
    room.connectAll();
    world.planned = ({ targets }) => ({
      steps: targets.map(({ host, guest = '' }, target) => stepOf({ host, target, instance: guest, to: '1' })),
    });
    const began = performance.now();
    const plan = await room.create({
      wish: 'test.guest',
      guests,
      waves: { canary: true, size: 1000, watchSeconds: 5 },
    });
    expect(performance.now() - began).toBeLessThan(5000);
    expect(room.view(plan).plan.steps.at(-1)?.wave).toBe(10);
    expect(room.view(plan).plan.title).toBe('Set it for 10000 guests on 100 hosts');
    expect(room.plans.export(plan).length).toBeLessThanOrEqual(8_000_000);
    await room.plans.apply(plan);
    // Eleven waves, five seconds each.
    const applied = performance.now();
    await world.clock.pass(120_000);
    expect(room.view(plan).run?.steps.every(({ state }) => state === 'done')).toBe(true);
    await room.plans.keep(plan);
    expect(room.view(plan).state).toBe('kept');
    expect(performance.now() - applied).toBeLessThan(30_000);
  });
});

describe('offers', () => {
  it('are ranked, fitting ones first, with at most one recommended', async () => {
    const targets = [{ host: 'one' }];
    expect(room.plans.offers({ wizard: 'compress', targets })).toMatchObject([
      { wish: { id: 'test.set' }, fits: true, recommended: true },
    ]);
    world.fits = () => ({ fits: false, because: 'it cannot', rank: 90 });
    expect(room.plans.offers({ wizard: 'compress', targets })).toMatchObject([{ fits: false, recommended: false }]);
    expect(room.plans.offers({ wizard: 'balloon', targets })).toEqual([]);
    expect(() => room.plans.offers({ wizard: 'compress', targets: [{ host: 'nobody' }] })).toThrow(
      'not in the inventory',
    );
    await expect(room.plans.form({ wish: 'no.such', targets })).rejects.toThrow('knows no change "no.such"');
  });
});

describe('guests that are hosts', () => {
  it('are known by their UUID, also in the older byte order, and go with their target’s wave', async () => {
    world.guests.set('one', [
      { key: 'g1', name: 'db-1', uuid: '00112233-4455-6677-8899-aabbccddeeff' },
      { key: 'g2', name: 'db-2', uuid: '99112233-4455-6677-8899-AABBCCDDEEFF' },
      { key: 'g3', name: 'db-3' },
    ]);
    world.addHost('three');
    room.connect('three');
    world.files.set('two', { '/sys/class/dmi/id/product_uuid': '33221100-5544-7766-8899-AABBCCDDEEFF' });
    world.files.set('three', { '/sys/hypervisor/uuid': '99112233-4455-6677-8899-aabbccddeeff\n' });
    world.files.set('one', { '/sys/hypervisor/uuid': '00000000-0000-0000-0000-000000000000' });
    let inside: [string, string][] = [];
    world.planned = (_, sites) => {
      inside = [...(sites.get('one')?.inside ?? [])];
      return { steps: [stepOf({ host: 'two', to: '1' }), stepOf({ host: 'three', to: '1' })] };
    };
    const { plan } = await room.plans.draft({
      wish: {
        id: 'test.guest',
        targets: [
          { host: 'one', guest: 'g1' },
          { host: 'one', guest: 'g2' },
        ],
        values: {},
      },
      persistence: 'until-reboot',
      waves: { ...usualWaves, canary: true },
    });
    expect(inside).toEqual([
      ['g1', 'two'],
      ['g2', 'three'],
    ]);
    expect(plan?.steps.map(({ host, wave }) => `${host} ${wave}`)).toEqual(['two 0', 'three 1']);
    expect([...world.renewed].sort()).toEqual(['one', 'three', 'two']);
  });
});

describe('a plan as text', () => {
  it('comes back as a draft of its own, for the host of the same name', async () => {
    const plan = await room.create({ hosts: ['one'], waves: { watchSeconds: 77 } });
    const text = room.plans.export(plan).replaceAll('"host": "one"', '"host": "other-id"');
    const view = await room.plans.import({ text });
    expect(view).toMatchObject({ state: 'draft', plan: { letter: 'B', waves: { watchSeconds: 77 } } });
    expect(view.plan.steps).toMatchObject([{ host: 'one', to: '1' }]);
    const elsewhere = await room.plans.import({ text, targets: [{ host: 'two' }] });
    expect(elsewhere.plan.steps).toMatchObject([{ host: 'two' }]);
    expect(world.disk.entries().map(({ what }) => what)).toEqual(['created', 'imported', 'imported']);
  });

  it.each([
    ['not JSON', 'hello', /not JSON/],
    ['something else', '{"a":1}', /no plan of this console/],
    ['a newer one', '{"format":"tmem-console plan","version":2}', /newer version/],
    ['a changed one', '{"format":"tmem-console plan","version":1,"plan":{"wish":7}}', /was changed/],
  ])('that is %s is refused', async (_, text, sentence) => {
    const why = await refusal(room.plans.import({ text }));
    expect(why).toMatchObject({ code: 'plan-refused', sentence: expect.stringMatching(sentence) });
  });

  it('for a host that is not here is refused by its name', async () => {
    const plan = await room.create({ hosts: ['one'] });
    const text = room.plans.export(plan).replaceAll('"one"', '"gone"');
    expect((await refusal(room.plans.import({ text })))?.sentence).toContain('for gone and this console');
  });

  it('is replayed on other hosts, canary first', async () => {
    const plan = await kept();
    const view = await room.plans.replay({
      plan,
      targets: [{ host: 'two' }],
      waves: { canary: true, size: 1, watchSeconds: 30 },
    });
    expect(view.plan).toMatchObject({ steps: [{ host: 'two' }], waves: { canary: true } });
  });
});

describe('drafts', () => {
  it('can be removed, and nothing else can', async () => {
    const draft = await room.create();
    await room.plans.remove(draft);
    expect(world.removed).toEqual([draft]);
    expect(room.plans.get(draft)).toBeUndefined();
    expect(world.disk.plans.size).toBe(0);
    const plan = await kept();
    expect(await refusal(room.plans.remove(plan))).toMatchObject({ code: 'plan-refused' });
    expect(await refusal(room.plans.remove('p999'))).toMatchObject({ code: 'not-found' });
  });
});

describe('drift', () => {
  beforeEach(() => {
    const one = world.host('one');
    one.settings.set('k ', '5');
    one.settings.set('k gone', '1');
    one.settings.set('k b', '3');
  });

  it('is looked for soon and then each minute, with the title of the knob', async () => {
    await world.clock.pass(4_000);
    expect(world.drift).toEqual([
      { host: 'one', hostName: 'one', knob: 'k', keptAs: '', wanted: '5', now: '0', title: 'The knob' },
      { host: 'one', hostName: 'one', knob: 'k', keptAs: 'gone', wanted: '1', title: 'The knob' },
    ]);
    world.host('one').values.set('k ', '5');
    world.host('one').settings.delete('k gone');
    await world.clock.pass(61_000);
    expect(room.plans.drift()).toEqual([]);
    expect(world.drift).toEqual([]);
  });

  it('is put back by a plan that leaves what is written down', async () => {
    const { plan } = await room.plans.putBack('one');
    expect(plan.steps).toMatchObject([{ from: '0', to: '5', instance: '' }]);
    await room.plans.apply(plan.id);
    await settled();
    await room.plans.keep(plan.id);
    expect(world.host('one').values.get('k ')).toBe('5');
    expect(world.host('one').settings.get('k ')).toBe('5');
    expect(await refusal(room.plans.putBack('one'))).toMatchObject({ code: 'plan-refused' });
  });

  it('of a number that changes is put back where that is now', async () => {
    const one = world.host('one');
    one.settings.clear();
    one.settings.set('k /g/machine-*-db/high', 'max');
    one.values.set('k /g/machine-12-db/high', '9');
    world.files.set('one', { '/g/machine-12-db/high': '9', '/g/machine-x-db/high': '9', '/g/machine--db/high': '9' });
    const { plan } = await room.plans.putBack('one');
    expect(plan.steps).toMatchObject([{ instance: '/g/machine-12-db/high', from: '9', to: 'max' }]);
  });

  it('is accepted: what is so now is written down, and the journal says so', async () => {
    await room.plans.accept('one');
    expect([...world.host('one').settings]).toEqual([
      ['k ', '0'],
      ['k b', '3'],
    ]);
    expect(room.plans.drift()).toEqual([]);
    expect(world.disk.entries()).toMatchObject([
      { what: 'drift', instance: '', before: '5', after: '0' },
      { what: 'drift', instance: 'gone', before: '1', words: expect.stringMatching(/not there any more/) },
    ]);
    world.host('two').cut();
    world.host('two').grade = 'viewer';
    room.connect('two');
    expect(await refusal(room.plans.accept('two'))).toMatchObject({ code: 'read-only' });
  });
});
