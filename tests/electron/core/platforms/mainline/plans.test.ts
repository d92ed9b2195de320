/** Plans made on hosts of the lab by the agent's rules: they do what they say, undo to what was, and then are empty. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seconds } from '#shared/units.ts';
import type { Wish, WishField, WishTarget } from '#shared/model/wish.ts';
import { createKvmHost } from '#core/lab/linux/kvm-host.ts';
import type { KvmHost } from '#core/lab/linux/kvm-host.ts';
import { flavours } from '#core/lab/linux/flavour.ts';
import type { Flavour } from '#core/lab/linux/flavour.ts';
import type { KvmOptions } from '#core/lab/linux/kvm-state.ts';
import { dice } from '#core/lab/random.ts';
import { mainline } from '#core/platforms/mainline/index.ts';
import { planner } from '#core/platforms/mainline/planner.ts';
import { applySteps, undoSteps } from '../../../../support/apply-steps.ts';
import { hostOf, machineIn, sitesOf } from '../../../../support/lab-sites.ts';

const { agentKnobs } = planner;

function host(flavour: Flavour, more: Partial<KvmOptions> = {}): KvmHost {
  const made = createKvmHost({
    name: 'kvm1',
    flavour,
    memoryMiB: 8192,
    swapMiB: 8192,
    zswap: { enabled: false, compressor: 'lzo', maxPoolPercent: 20 },
    ksm: { run: 0 },
    guests: [
      { name: 'db-1', workload: 'database', memoryMiB: 2048 },
      { name: 'web_2', workload: 'web', memoryMiB: 2048 },
      { name: 'idle 3', workload: 'idle', memoryMiB: 1024 },
    ],
    dice: dice(3),
    ...more,
  });
  for (let second = 0; second < 90; second++) made.step(seconds(1));
  return made;
}

const targetsOf = (machine: KvmHost, of: 'host' | 'guest' | 'cluster'): readonly WishTarget[] =>
  of === 'host'
    ? [{ host: hostOf(machine) }]
    : machine.state.guests.map(({ uuid }) => ({ host: hostOf(machine), guest: `libvirt:${uuid}` }));

/** Every value that a plan of this platform may change. */
function everything(machine: KvmHost): ReadonlyMap<string, string | undefined> {
  const all = new Map<string, string | undefined>();
  for (const knob of agentKnobs) {
    if (knob.kind !== 'file') continue;
    const cut = knob.path.lastIndexOf('/');
    const folders = knob.path.includes('*')
      ? machine.files.directories(knob.path.slice(0, cut))
      : [knob.path.slice(0, cut)];
    for (const folder of folders) {
      const path = `${folder}${knob.path.slice(cut)}`;
      all.set(path, machine.files.read(path));
    }
  }
  for (const { uuid, balloonTarget } of machine.state.guests) {
    all.set(`balloon ${uuid}`, String(balloonTarget));
    all.set(`period ${uuid}`, machine.knobs?.get('libvirt.balloon-period')?.read(uuid));
  }
  return all;
}

function wishOf(machine: KvmHost, id: string, values: Readonly<Record<string, string>> = {}): Wish {
  const of = planner.wishes.find((wish) => wish.id === id)?.of ?? 'host';
  return { id, targets: targetsOf(machine, of), values };
}

const plan = (machine: KvmHost, wish: Wish) => planner.plan(wish, sitesOf([machine], mainline));

/** Values a person may choose for a field, all within its range. */
function choices(field: WishField): fc.Arbitrary<string> {
  const { range } = field;
  switch (range.kind) {
    case 'number':
      return fc.oneof(
        fc.constant(field.value),
        fc.integer({ min: range.min, max: Math.min(range.max, 100_000) }).map(String),
      );
    case 'choice':
      return fc.constantFrom(...range.choices);
    case 'switch':
      return fc.constantFrom('on', 'off');
    case 'text':
      return fc.oneof(fc.constant('max'), fc.integer({ min: 64, max: 4096 }).map(String));
  }
}

const wished = [
  'mainline.compress',
  'mainline.merge',
  'mainline.stop-compressing',
  'mainline.guest-swap',
  'mainline.guest-share',
  'mainline.balloon',
];
const settings = planner.wishes
  .filter(({ id }) => /^knob:(?:zswap|ksm|vm|cgroup|libvirt\.balloon)/.test(id))
  .map(({ id }) => id);

const started: fc.Arbitrary<Partial<KvmOptions>> = fc.record({
  zswap: fc.record({
    enabled: fc.boolean(),
    compressor: fc.constantFrom('lzo', 'zstd'),
    maxPoolPercent: fc.constantFrom(1, 20, 50),
  }),
  ksm: fc.record({ run: fc.constantFrom<0 | 1>(0, 1), pagesToScan: fc.constantFrom(100, 1234) }),
  memoryMiB: fc.constantFrom(4096, 16_384),
  misconfigured: fc.subarray(['swappiness-zero' as const, 'no-balloon-statistics' as const]),
});

describe.each(flavours)('on %s', (flavour) => {
  test.each([...wished, ...settings])(
    '%s: applied it is so, planned again it is empty, undone it is as before',
    (id) => {
      fc.assert(
        fc.property(started, fc.integer({ min: 1, max: 1e6 }), (options, seed) => {
          const machine = host(flavour, options);
          const wish = wishOf(machine, id);
          const form = planner.form(id, wish.targets, sitesOf([machine], mainline));
          const values = fc.sample(
            fc.record(Object.fromEntries(form.fields.map((field) => [field.id, choices(field)]))),
            { numRuns: 1, seed },
          )[0] as Record<string, string>;
          const before = everything(machine);
          const planned = plan(machine, { ...wish, values });
          if (planned.fields.length > 0) {
            expect(planned.steps).toEqual([]);
            return;
          }
          const made = applySteps(machineIn([machine]), agentKnobs, planned.steps);
          // A balloon takes its time, and it is out of the guest's hands while it moves.
          for (let second = 0; second < 12; second++) machine.step(seconds(1));
          const again = plan(machine, { ...wish, values });
          if (again.fields.length === 0) expect(again.steps.filter(({ from }) => from !== '')).toEqual([]);
          const told = undoSteps(machineIn([machine]), agentKnobs, made);
          expect(told).not.toContain('failed');
          for (const { step } of made) {
            if (step.undo === 'none') expect(step.undoWords).not.toBe('');
          }
          if (made.some(({ step }) => step.undo === 'none' && step.knob !== 'kernel.module')) return;
          expect([...everything(machine)]).toEqual([...before]);
        }),
        { numRuns: 8 },
      );
    },
  );
});

test('recommended values alone make a plan that works, and are what a left-out field has', () => {
  for (const flavour of flavours) {
    const machine = host(flavour);
    const planned = plan(machine, wishOf(machine, 'mainline.compress'));
    expect(planned.fields).toEqual([]);
    expect(planned.findings.filter(({ level }) => level === 'missing')).toEqual([]);
    applySteps(machineIn([machine]), agentKnobs, planned.steps);
    const zswap = machine.state.zswap;
    expect([zswap.enabled, zswap.compressor, zswap.zpool, zswap.maxPoolPercent]).toEqual([
      true,
      'zstd',
      'zsmalloc',
      20,
    ]);
    expect(planned.will[0]).toMatch(/^zswap may take up to 1\.\d GiB of the 7\.\d GiB of kvm1\.$/);
  }
});

test('the whole host is a step for all guests, made before theirs', () => {
  const machine = host('6.12');
  const { steps } = plan(machine, wishOf(machine, 'mainline.guest-swap', { 'zswap-max': '100' }));
  expect(steps.map(({ title, target, stage }) => [title, target, stage])).toEqual([
    ['zswap', undefined, 3],
    ['memory.zswap.max of db-1', 0, 4],
    ['memory.zswap.max of web_2', 1, 4],
    ['memory.zswap.max of idle 3', 2, 4],
  ]);
  expect(steps[1]?.keepAs).toBe('/sys/fs/cgroup/machine.slice/machine-qemu\\x2d*\\x2ddb\\x2d1.scope/memory.zswap.max');
});

test('a fleet: a guest that is gone and a host nobody knows stand in the way, the others are planned', () => {
  const machine = host('6.12');
  const wish: Wish = {
    id: 'mainline.guest-swap',
    targets: [
      ...targetsOf(machine, 'guest'),
      { host: hostOf(machine), guest: 'libvirt:gone' },
      { host: hostOf({ name: 'nowhere' }), guest: 'x' },
    ],
    values: {},
  };
  const planned = plan(machine, wish);
  expect(planned.findings.filter(({ level }) => level === 'missing').map(({ sentence }) => sentence)).toEqual([
    'Nothing is known of this host yet: it has not answered since the console was started.',
    'This guest is not running on kvm1 any more.',
  ]);
});

test('never throws for what a page may send', () => {
  const machine = host('6.12');
  const sites = sitesOf([machine], mainline);
  const ids = fc.constantFrom(...planner.wishes.map(({ id }) => id), 'constructor', '__proto__', '');
  const target = fc.record({
    host: fc.constantFrom(hostOf(machine), hostOf({ name: 'toString' })),
    guest: fc.option(
      fc.oneof(
        fc.string(),
        fc.constantFrom('constructor', ...machine.state.guests.map(({ uuid }) => `libvirt:${uuid}`)),
      ),
      { nil: undefined },
    ),
  });
  const fields = planner.wishes.flatMap(({ id, of }) =>
    planner.form(id, targetsOf(machine, of), sites).fields.map((field) => field.id),
  );
  const values = fc.dictionary(fc.oneof(fc.constantFrom(...new Set(fields)), fc.string()), fc.string());
  fc.assert(
    fc.property(ids, fc.array(target, { maxLength: 4 }), values, (id, targets, given) => {
      planner.fits(id, targets, sites);
      planner.form(id, targets, sites);
      for (const step of planner.plan({ id, targets, values: given }, sites).steps) {
        expect(agentKnobs.map(({ name }) => name)).toContain(step.knob);
      }
    }),
    { numRuns: 300 },
  );
});
