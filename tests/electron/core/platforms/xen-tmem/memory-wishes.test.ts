/** Targets, limits and single settings of guests of the lab's Xen hosts. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planner } from '#core/platforms/xen-tmem/planner.ts';
import { floorOf } from '#core/platforms/xen-tmem/planner/balloon-wish.ts';
import { hostOf } from '../../../../support/lab-sites.ts';
import { guest, pass, say, text } from '../../lab/xen/hosts.ts';
import { apply, bench, closed, settings, undo, wish } from './bench.ts';
describe('balloon', () => {
  test('the target drags no limit along: both are as asked for, and as before when undone', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<'4.4' | '4.11'>('4.4', '4.11'),
        fc.integer({ min: 130, max: 512 }),
        fc.integer({ min: 0, max: 300 }),
        fc.option(fc.integer({ min: 256, max: 900 }), { nil: undefined }),
        (version, target, room, opened) => {
          const on = bench([closed('a')], { version });
          if (opened !== undefined) say(on.xen, `xl mem-max a ${String(opened)}`);
          const values = { target_mib: String(target), room_percent: String(room) };
          const before = settings(on, ['a']);
          const made = apply(on, wish(on, 'xen-tmem.balloon', ['a'], values));
          pass(on.xen, 20);
          expect(wish(on, 'xen-tmem.balloon', ['a'], values).steps).toEqual([]);
          expect(undo(on, made)).not.toContain('failed');
          expect(settings(on, ['a'])).toBe(before);
        },
      ),
      { numRuns: 30 },
    );
  });

  test('without room the door is closed, and the plan says so', () => {
    const on = bench([closed('a')]);
    const { will } = wish(on, 'xen-tmem.balloon', ['a'], { target_mib: '200', room_percent: '0' });
    expect(will.join(' ')).toContain('No room for swap pages');
  });

  test.each([
    ['600', 'maxmem of 512 MiB'],
    ['20', 'too little'],
    ['-5', 'negative'],
    ['', 'empty'],
    ['512m', 'MiB'],
    ['1e3', 'whole number'],
  ])('a target of %j is refused', (target_mib, why) => {
    const on = bench([closed('a')]);
    const { fields, steps } = wish(on, 'xen-tmem.balloon', ['a'], { target_mib });
    expect(fields.map(({ sentence }) => sentence).join(' ')).toContain(why);
    expect(steps).toEqual([]);
  });

  test('many guests get a share of their own maxmem', () => {
    const on = bench([closed('a'), guest('b', { memoryMiB: 128, maxMemMiB: 256 })]);
    const { steps } = wish(on, 'xen-tmem.balloon', ['a', 'b'], { target_percent: '75', room_percent: '0' });
    expect(steps.map(({ to }) => to)).toEqual(['384:384', '192:192']);
  });

  test('the floor is the kernel’s own, and never above what was promised', () => {
    for (const promised of [8, 16, 63, 64, 511, 512, 4096]) expect(floorOf(promised)).toBeLessThanOrEqual(promised);
    expect(floorOf(512)).toBe(111);
  });
});

describe('single settings', () => {
  test('of a guest, and inside a guest that is a host of its own', () => {
    const on = bench([closed('a')], {}, ['a']);
    const weight = wish(on, 'knob:xen.tmem.weight', ['a'], { value: '7' });
    expect(weight.steps.map(({ place }) => place)).toEqual(['xl tmem-set -w 7 a']);
    const inside = planner.plan(
      {
        id: 'knob:xen.selfballoon.selfballooning',
        values: { value: 'on' },
        targets: [{ host: hostOf({ name: 'a' }) }],
      },
      on.sites(),
    );
    apply(on, inside);
    expect(on.xen.model.find('a')?.knobs.selfballooning).toBe(1);
  });

  test('a limit below the target is refused beside the field', () => {
    const on = bench([closed('a')]);
    expect(wish(on, 'knob:xen.mem-max', ['a'], { value: '100' }).fields.map(({ sentence }) => sentence)).toEqual([
      'The target of a is 256 MiB: xl refuses a limit below it.',
    ]);
  });

  test('no word of xl stands after the domain, and -a is never used', () => {
    const on = bench([closed('a')], { version: '4.4' });
    for (const [id, values] of [
      ['xen-tmem.share', { weight: '5', compress: 'on', frozen: 'on', cap: '9' }],
      ['xen-tmem.frontswap', {}],
    ] as const)
      for (const { place } of wish(on, id, ['a'], values).steps) expect(place).toMatch(/ a(?: \d+m)?$/);
    expect(text(on.xen, 'xl list')).toContain('a ');
  });
});
