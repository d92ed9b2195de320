/** frontswap, shares and shared pools for guests of the lab's Xen hosts: applied they are done, undone all is as before. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planner } from '#core/platforms/xen-tmem/planner.ts';
import { hostOf } from '../../../../support/lab-sites.ts';
import { guest, pass, say } from '../../lab/xen/hosts.ts';
import { apply, bench, closed, keyOf, missing, settings, undo, wish } from './bench.ts';
describe('frontswap', () => {
  test('opens the door that creating a guest leaves closed, and swapped pages come', () => {
    const on = bench([closed('web-1', { workload: 'database', maxMemMiB: 1024 })]);
    pass(on.xen, 120);
    // The MiB that libxl lets a domain have more than it says.
    expect(on.xen.model.find('web-1')?.front).toBeLessThanOrEqual(256);
    apply(on, wish(on, 'xen-tmem.frontswap', ['web-1']));
    pass(on.xen, 300);
    expect(on.xen.model.find('web-1')?.front).toBeGreaterThan(1000);
    expect(wish(on, 'xen-tmem.frontswap', ['web-1']).steps).toEqual([]);
  });

  test('a guest that is connected itself is told to balloon itself; one that is not gets lines', () => {
    const on = bench([closed('web-1'), closed('web-2', { frontswap: false, cleancache: false })], {}, ['web-1']);
    const planned = wish(on, 'xen-tmem.frontswap', ['web-1', 'web-2']);
    expect(planned.steps.filter(({ host: where }) => where === 'web-1').map(({ knob, to }) => `${knob} ${to}`)).toEqual(
      ['xen.selfballoon.selfballooning 1', 'xen.selfballoon.frontswap_selfshrinking 1'],
    );
    const [manual, ...others] = planned.manual;
    expect(others).toEqual([]);
    expect(manual?.title).toContain('web-2');
    expect(manual?.lines.join('\n')).toMatch(/tmem/);
    expect(manual?.undoLines).not.toEqual([]);
    expect(planned.steps.every(({ target }) => target !== undefined)).toBe(true);
  });

  test('thirty guests at once, each step naming its target', () => {
    const names = Array.from({ length: 30 }, (_, at) => `vm-${String(at)}`);
    const on = bench(names.map((name) => guest(name, { memoryMiB: 32, maxMemMiB: 128 })));
    const planned = wish(on, 'xen-tmem.frontswap', names);
    expect(new Set(planned.steps.map(({ target }) => target)).size).toBe(30);
    apply(on, planned);
    expect(wish(on, 'xen-tmem.frontswap', names).steps).toEqual([]);
  });

  test('tmem switched off in the hypervisor, and a stopped guest, stand in the way', () => {
    const off = bench([closed('web-1')], { tmem: false });
    const planned = wish(off, 'xen-tmem.frontswap', ['web-1']);
    expect(missing(planned)).toEqual([
      'tmem is switched off in the hypervisor of dom0: guests are refused every page.',
    ]);
    expect(planned.findings.find(({ level }) => level === 'missing')?.fix).toContain('tmem=1');
    const gone = bench([closed('web-1')]);
    const target = keyOf(gone.xen, 'web-1');
    say(gone.xen, 'xl destroy web-1');
    const after = planner.plan(
      { id: 'xen-tmem.frontswap', values: {}, targets: [{ host: hostOf(gone.xen), guest: target }] },
      gone.sites(),
    );
    expect(missing(after).join(' ')).toContain('no guest of dom0 that xl lists');
  });

  test.each(['007', '-a', 'two words', 'x;reboot', '.hidden'])('a guest named %j cannot be addressed', (name) => {
    const on = bench([closed(name)]);
    const planned = wish(on, 'xen-tmem.frontswap', [name]);
    expect(missing(planned).join(' ')).toContain('cannot be given to xl safely');
    expect(planned.steps.filter(({ knob }) => knob.startsWith('xen.mem') || knob.startsWith('xen.tmem'))).toEqual([]);
  });
});

test('undone, frontswap leaves limits, compression and the guest’s own balloon as they were', () => {
  const names = ['web-1', 'web-2'];
  const on = bench(
    names.map((name) => closed(name)),
    {},
    ['web-1'],
  );
  say(on.xen, 'xl mem-max web-2 300');
  const before = settings(on, names);
  const made = apply(on, wish(on, 'xen-tmem.frontswap', names));
  expect(settings(on, names)).not.toBe(before);
  expect(undo(on, made).filter((fate) => fate !== 'restored')).toEqual([]);
  expect(settings(on, names)).toBe(before);
});

describe('share', () => {
  test('weights, compression and freezing, undone exactly; planned again there is nothing to do', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<'4.4' | '4.11'>('4.4', '4.11'),
        fc.integer({ min: 0, max: 2_147_483_647 }),
        fc.boolean(),
        fc.boolean(),
        (version, weight, compress, frozen) => {
          const on = bench([closed('a'), closed('b')], { version });
          say(on.xen, 'xl tmem-set -w 300 -p 1 a');
          const values = { weight: String(weight), compress: compress ? 'on' : 'off', frozen: frozen ? 'on' : 'off' };
          const before = settings(on, ['a', 'b']);
          const made = apply(on, wish(on, 'xen-tmem.share', ['a', 'b'], values));
          expect(wish(on, 'xen-tmem.share', ['a', 'b'], values).steps).toEqual([]);
          expect(undo(on, made)).not.toContain('failed');
          expect(settings(on, ['a', 'b'])).toBe(before);
        },
      ),
      { numRuns: 30 },
    );
  });

  test('the cap is offered only where the hypervisor has one', () => {
    const form = (version: '4.4' | '4.11') => {
      const on = bench([closed('a')], { version });
      return planner.form('xen-tmem.share', [{ host: hostOf(on.xen), guest: keyOf(on.xen, 'a') }], on.sites());
    };
    expect(form('4.4').fields.map(({ id }) => id)).toContain('cap');
    expect(
      form('4.4')
        .findings.map(({ sentence }) => sentence)
        .join(' '),
    ).toContain('enforced nowhere');
    expect(form('4.11').fields.map(({ id }) => id)).not.toContain('cap');
    expect(
      form('4.11')
        .findings.map(({ sentence }) => sentence)
        .join(' '),
    ).toContain('does not give more cache');
  });

  test('a guest without a client is told why', () => {
    const on = bench([closed('a', { frontswap: false, cleancache: false })]);
    expect(missing(wish(on, 'xen-tmem.share', ['a'])).join(' ')).toContain('has not used tmem yet');
  });
});

describe('shared pool', () => {
  const fileSystem = '1f2e3d4c-5b6a-7988-8897-a6b5c4d3e2f1';

  test('the file system’s uuid is turned round, and the next pool is shared', () => {
    const on = bench([closed('a')]);
    const planned = wish(on, 'xen-tmem.shared-pool', ['a'], { uuid: fileSystem });
    expect(planned.steps.map(({ instance, place }) => [instance, place])).toEqual([
      ['a/f1e2d3c4-b5a6-9788-8879-6a5b4c3d2e1f', 'xl tmem-shared-auth -u f1e2d3c4-b5a6-9788-8879-6a5b4c3d2e1f -A 1 a'],
    ]);
    expect(planned.manual.map(({ needs }) => needs)).toEqual(['remount']);
    apply(on, planned);
    expect([...(on.xen.model.find('a')?.client?.authorised ?? [])]).toHaveLength(1);
  });

  test.each(['', 'x', '1f2e3d4c5b6a79888897a6b5c4d3e2f1', '00000000-0000-0000-0000-000000000000', '$(reboot)'])(
    '%j is no uuid',
    (uuid) => {
      const on = bench([closed('a')]);
      const { fields, steps } = wish(on, 'xen-tmem.shared-pool', ['a'], { uuid });
      expect(fields.map(({ field }) => field)).toEqual(['uuid']);
      expect(steps).toEqual([]);
    },
  );

  test('Xen 4.4 cannot authorise letters, and digits it can', () => {
    const on = bench([closed('a')], { version: '4.4', sharedAuth: true });
    expect(missing(wish(on, 'xen-tmem.shared-pool', ['a'], { uuid: fileSystem })).join(' ')).toContain(
      'misreads the digits a to f',
    );
    const digits = wish(on, 'xen-tmem.shared-pool', ['a'], { uuid: '12345678-1234-1234-1234-123456789012' });
    expect(missing(digits)).toEqual([]);
  });
});
