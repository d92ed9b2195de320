/** Runs that lose something on the way: a connection, a host, the console itself, the disk, the guard's patience. */
import { beforeEach, describe, expect, it } from 'vitest';
import { problemOf } from '#shared/problem.ts';
import type { ChangeHost } from '../../../support/change-link.ts';
import { stepOf, World } from '../../../support/plans-world.ts';
import type { Room } from '../../../support/plans-world.ts';
import { settled } from '../../../support/test-clock.ts';

let world: World;
let one: ChangeHost;
let other: ChangeHost;
beforeEach(() => {
  world = new World();
  world.planned = ({ targets }) => ({ steps: targets.map(({ host }, target) => stepOf({ host, target, to: '1' })) });
  one = world.addHost('one');
  other = world.addHost('two');
});

const values = (): string => [one, other].map((host) => host.values.get('k ')).join(' ');
const whats = (): string[] => world.disk.entries().map(({ what, host }) => (host ? `${what} ${host.name}` : what));
const refusal = async (work: Promise<unknown>) =>
  problemOf(
    await work.then(
      () => undefined,
      (error: unknown) => error,
    ),
  );
async function watching(waves = {}): Promise<{ room: Room; plan: string }> {
  const room = await world.open();
  const plan = await room.create({ waves });
  await room.plans.apply(plan);
  await settled();
  return { room, plan };
}

describe('a connection that is lost', () => {
  it('and comes back in time changes nothing', async () => {
    const { room, plan } = await watching();
    one.cut();
    await world.clock.pass(8_000);
    expect(room.view(plan).run?.hosts[0]?.words).toMatch(/^The connection is lost/);
    room.connect('one');
    await world.clock.pass(300_000);
    expect(room.states(plan)).toBe('watching, one armed, two armed');
    expect(values()).toBe('1 1');
  });

  it('for longer lets every host undo by itself, and the console finds out', async () => {
    const { room, plan } = await watching();
    one.cut();
    await world.clock.pass(30_000);
    expect(room.view(plan).run?.problem?.sentence).toMatch(/^There are no readings of one/);
    await world.clock.pass(130_000);
    expect(values()).toBe('0 0');
    expect(room.states(plan)).toBe('unknown, one unreachable, two undone');
    room.connect('one');
    await settled();
    expect(room.states(plan)).toBe('undone, one undone, two undone');
    expect(whats()).toContain('undone one');
  });

  it('with readings that come back before the deadline is forgotten', async () => {
    const { room, plan } = await watching();
    world.silent.add('two');
    await world.clock.pass(60_000);
    expect(room.view(plan).run?.problem?.code).toBe('timed-out');
    world.silent.clear();
    await world.clock.pass(300_000);
    expect(room.view(plan).run?.problem).toBeUndefined();
    expect(room.states(plan)).toBe('watching, one armed, two armed');
  });

  it('before a write takes everything back on the others at once, and is asked later', async () => {
    other.fate = ({ verb }) => (verb === 'write' ? 'cut-after' : 'go');
    const { room, plan } = await watching();
    expect(room.states(plan)).toBe('unknown, one undone, two unreachable');
    expect(values()).toBe('0 1');
    other.fate = () => 'go';
    room.connect('two');
    await settled();
    expect(room.states(plan)).toBe('undone, one undone, two undone');
    expect(values()).toBe('0 0');
  });

  it('with the answer of the first that is to keep takes the plan back on the others at once', async () => {
    const { room, plan } = await watching();
    one.fate = ({ verb }) => (verb === 'keep' ? 'cut-after' : 'go');
    expect(await refusal(room.plans.keep(plan))).toMatchObject({ code: 'host-gone' });
    expect(room.states(plan)).toBe('unknown, one unreachable, two undone');
    one.fate = () => 'go';
    room.connect('one');
    await settled();
    expect(room.states(plan)).toBe('partly-undone, one kept, two undone');
    expect(values()).toBe('1 0');
  });

  it('with the answer to keep is settled by what the host says', async () => {
    const { room, plan } = await watching();
    other.fate = ({ verb }) => (verb === 'keep' ? 'cut-after' : 'go');
    await room.plans.keep(plan);
    expect(room.states(plan)).toBe('unknown, one kept, two unreachable');
    other.fate = () => 'go';
    room.connect('two');
    await settled();
    expect(room.states(plan)).toBe('kept, one kept, two kept');
    expect(values()).toBe('1 1');
  });
});

describe('a host that is booted in the middle', () => {
  it('is as its start leaves it, and the others take the plan back', async () => {
    const { room, plan } = await watching();
    one.reboot();
    room.connect('one');
    await settled();
    expect(room.states(plan)).toBe('undone, one rebooted, two undone');
    expect(values()).toBe('0 0');
  });

  it('keeps what outlives a boot by itself where that was begun, and says which step it is', async () => {
    world.planned = () => ({
      steps: [
        stepOf({ host: 'one', to: '1', title: 'the disk', survives: 'reboot' }),
        stepOf({ host: 'two', to: '1' }),
        stepOf({ host: 'two', to: '2', stage: 1, title: 'never begun', survives: 'reboot' }),
      ],
    });
    // The connection goes while the host is told the plan: nothing is begun there.
    other.fate = (request) => (request.verb === 'step' && request.to === '2' ? 'cut-after' : 'go');
    const early = await watching();
    other.reboot();
    early.room.connect('two');
    await settled();
    expect(early.room.states(early.plan)).toBe('undone, one undone, two rebooted');
    other.fate = () => 'go';
    const plan = await early.room.create();
    await early.room.plans.apply(plan);
    await settled();
    one.reboot();
    early.room.connect('one');
    await settled();
    expect(early.room.states(plan)).toBe('partly-undone, one partly-undone, two undone');
    expect(early.room.view(plan).run?.hosts[0]?.words).toBe(
      'one was booted since. "the disk" outlives a boot and may still be set: compare it with the step.',
    );
  });

  it('after it has kept what survives counts as kept', async () => {
    world.planned = ({ targets }) => ({
      steps: targets.map(({ host }, target) => stepOf({ host, target, to: '1', keepAs: '' })),
    });
    const room = await world.open();
    const plan = await room.create({ persistence: 'survives' });
    await room.plans.apply(plan);
    await settled();
    other.fate = ({ verb }) => (verb === 'keep' ? 'cut-after' : 'go');
    await room.plans.keep(plan);
    other.fate = () => 'go';
    other.reboot();
    room.connect('two');
    await settled();
    expect(room.states(plan)).toBe('kept, one kept, two kept');
    expect(values()).toBe('1 1');
  });
});

describe('a console that is killed', () => {
  it('finds the plan still armed, and undoes it at once without going on', async () => {
    const { room, plan } = await watching();
    room.kill();
    await world.clock.pass(10_000);
    expect(values()).toBe('1 1');
    const next = await world.open({ connect: false });
    expect(next.states(plan)).toBe('unknown, one unreachable, two unreachable');
    next.connectAll();
    await settled();
    expect(next.states(plan)).toBe('undone, one undone, two undone');
    expect(values()).toBe('0 0');
    expect(whats()).toEqual(expect.arrayContaining(['found', 'found one', 'found two', 'undone one']));
    expect(await refusal(next.plans.keep(plan))).toMatchObject({ code: 'plan-refused' });
  });

  it('finds what the hosts have undone by themselves meanwhile', async () => {
    const { room, plan } = await watching();
    room.kill();
    await world.clock.pass(200_000);
    const next = await world.open();
    expect(next.states(plan)).toBe('undone, one undone, two undone');
    expect(world.disk.entries().find(({ what, host }) => what === 'found' && host?.id === 'one')?.words).toContain(
      'undone',
    );
  });

  it('while hosts are told to keep finds which did', async () => {
    const { room, plan } = await watching();
    other.fate = ({ verb }) => {
      if (verb === 'keep') room.kill();
      return verb === 'keep' ? 'cut-before' : 'go';
    };
    void room.plans.keep(plan);
    await settled();
    other.fate = () => 'go';
    const next = await world.open();
    expect(next.states(plan)).toBe('partly-undone, one kept, two undone');
    expect(values()).toBe('1 0');
  });

  it('loads drafts and what is over as they were', async () => {
    const { room, plan } = await watching();
    await room.plans.keep(plan);
    const draft = await room.create({ hosts: [] }).catch(() => undefined);
    expect(draft).toBeUndefined();
    world.planned = ({ targets }) => ({ steps: targets.map(({ host }) => stepOf({ host, to: '4' })) });
    const second = await room.create();
    const before = room.plans.list();
    room.kill();
    const next = await world.open();
    expect(next.plans.list()).toEqual(before);
    expect(next.view(second).plan.letter).toBe('B');
  });
});

describe('the guard', () => {
  it('takes everything back when pressure stays above its limit, and says what it saw', async () => {
    const { room, plan } = await watching();
    let hurt = false;
    world.reading = (host, signal) => (hurt && host === 'two' && signal === 'harm.psi-some' ? 60 : 0);
    await world.clock.pass(10_000);
    hurt = true;
    await world.clock.pass(3_000);
    expect(room.states(plan)).toBe('undone, one undone, two undone');
    expect(values()).toBe('0 0');
    expect(room.view(plan).run?.problem).toMatchObject({ code: 'guard-tripped' });
    expect(room.view(plan).run?.problem?.sentence).toContain('two: tasks waited for memory 60 % of the time');
    expect(room.view(plan).run?.guard.find(({ breached }) => breached)).toMatchObject({ host: 'two', now: 60 });
    expect(whats()).toContain('guard two');
  });

  it('watches the canary alone first, and no other host is touched when that one suffers', async () => {
    world.reading = (host, signal, at) => (host === 'one' && signal === 'harm.oom-kills' && at > 1_010_000 ? 1 : 0);
    const { room, plan } = await watching({ canary: true, size: 1, watchSeconds: 60 });
    expect(room.view(plan).run).toMatchObject({ state: 'watching', wave: 0 });
    expect(room.view(plan).run?.waveReadyAt).toBe(1_060_000);
    expect(values()).toBe('1 0');
    await world.clock.pass(20_000);
    expect(room.states(plan)).toBe('undone, one undone, two undone');
    expect(other.asked.map(({ verb }) => verb)).not.toContain('write');
  });

  it('lets the next wave begin when it stayed green', async () => {
    const { room, plan } = await watching({ canary: true, size: 1, watchSeconds: 60 });
    expect(await refusal(room.plans.keep(plan))).toMatchObject({ code: 'plan-refused' });
    await world.clock.pass(59_000);
    expect(values()).toBe('1 0');
    await world.clock.pass(2_000);
    expect(values()).toBe('1 1');
    await room.plans.keep(plan);
    expect(room.states(plan)).toBe('kept, one kept, two kept');
  });

  it('does not let the next wave begin before every host that was written to was read twice since', async () => {
    world.interval = 60_000;
    world.addHost('three');
    // Readings are due at 1 020 000, 1 080 000 and so on; of one host the first is missing.
    world.reads = (host, at) => host !== 'two' || at !== 1_020_000;
    await watching({ canary: false, size: 2, watchSeconds: 5 });
    const third = () => world.host('three').values.get('k ');
    expect(values()).toBe('1 1');
    await world.clock.pass(139_000);
    expect(third()).toBe('0');
    await world.clock.pass(3_000);
    expect(third()).toBe('1');
  });

  it('does not let the next wave begin while nothing is seen of the first', async () => {
    await watching({ canary: true, size: 1, watchSeconds: 60 });
    world.silent.add('one');
    await world.clock.pass(100_000);
    expect(values()).toBe('1 0');
  });

  it('measures the effect while it is watched and after it was kept', async () => {
    const room = await world.open();
    const plan = await room.create();
    await world.clock.pass(60_000);
    world.reading = (_, signal, at) => (signal === 'saved.compressed' ? (at > 1_070_000 ? 500 : 100) : 0);
    await room.plans.apply(plan);
    await world.clock.pass(3_000);
    expect(room.view(plan).impact).toMatchObject({ enough: false });
    await world.clock.pass(8_000);
    expect(room.view(plan).impact?.enough).toBe(true);
    await world.clock.pass(60_000);
    await room.plans.keep(plan);
    await world.clock.pass(400_000);
    const line = room
      .view(plan)
      .impact?.lines.find(({ host, signal }) => host === 'one' && signal === 'saved.compressed');
    expect(line).toMatchObject({ before: 100, after: 500 });
    await world.clock.pass(600_000);
    expect(world.clock.waiting).toBeLessThan(10);
  });
});

describe('a disk that is full', () => {
  it('refuses the run before anything is asked of a host', async () => {
    const room = await world.open();
    const plan = await room.create();
    for (const what of ['plan', 'journal'] as const) {
      world.disk.full = (which) => which === what;
      expect(await refusal(room.plans.apply(plan))).toMatchObject({ code: 'disk-full' });
      expect(room.view(plan).state).toBe('draft');
    }
    expect(one.asked.map(({ verb }) => verb)).not.toContain('begin');
    world.disk.full = () => false;
    await room.plans.apply(plan);
    await settled();
    expect(room.states(plan)).toBe('watching, one armed, two armed');
  });

  it('in the middle takes everything back', async () => {
    world.planned = ({ targets }) => ({
      steps: targets.flatMap(({ host }, target) => [
        stepOf({ host, target, to: '1' }),
        stepOf({ host, target, to: '2', stage: 1 }),
      ]),
    });
    one.fate = ({ verb }) => {
      if (verb === 'write') world.disk.full = (which) => which === 'journal';
      return 'go';
    };
    const { room, plan } = await watching();
    expect(room.states(plan)).toBe('undone, one undone, two undone');
    expect(room.view(plan).run?.problem).toMatchObject({ code: 'disk-full' });
    expect(values()).toBe('0 0');
    expect(world.notices.map(({ id }) => id)).toContain('plan-unwritten');
  });
});
