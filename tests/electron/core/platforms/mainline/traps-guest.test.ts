/** What bites with guests: limits that trim nothing, balloons moved blindly, kernels of others. */
import { describe, expect, test } from 'vitest';
import type { HostId } from '#shared/model/host.ts';
import type { Site } from '#core/platforms/change.ts';
import { planner } from '#core/platforms/mainline/planner.ts';
import {
  here,
  there,
  scope,
  guestKey,
  guests,
  meminfo,
  base,
  modules,
  groupFiles,
  domain,
  siteOf,
  sites,
  known,
  wish,
  sentences,
  missing,
} from './trap-sites.ts';
import { syntheticCommands, syntheticEvidence } from './synthetic.ts';

describe('a guest', () => {
  const files = { ...base, ...groupFiles };
  const on = { ...files, '/sys/module/zswap/parameters/enabled': 'Y' };
  test('lowering its share trims nothing, and says so', () => {
    const planned = planner.plan(
      wish('mainline.guest-swap', guests, { 'zswap-max': '8' }),
      known(on, { ...modules, ...domain(1_000_000) }),
    );
    expect(planned.steps.map(({ knob, to, keepAs }) => [knob, to, keepAs])).toEqual([
      [
        'cgroup.memory.zswap.max',
        '8388608',
        '/sys/fs/cgroup/machine.slice/machine-qemu\\x2d*\\x2ddb\\x2d1.scope/memory.zswap.max',
      ],
    ]);
    expect(sentences(planned.findings)).toContain(
      'zswap keeps 43 MiB for db-1 now: the new limit trims nothing and only refuses new pages.',
    );
  });

  test('write-back off is a high risk, and is asked only where the kernel has it', () => {
    const newer = known({ ...on, [`${scope}/memory.zswap.writeback`]: '1' }, domain(1_000_000));
    const [step] = planner.plan(wish('mainline.guest-swap', guests, { writeback: 'off' }), newer).steps;
    expect([step?.knob, step?.to, step?.risk]).toEqual(['cgroup.memory.zswap.writeback', '0', 'high']);
    expect(planner.form('mainline.guest-swap', guests, known(on, domain())).fields.map(({ id }) => id)).toEqual([
      'zswap-max',
      'swap-max',
    ]);
  });

  test('a throttle below what it takes is a high risk with figures', () => {
    const planned = planner.plan(wish('mainline.guest-share', guests, { high: '512' }), known(on, domain(1_000_000)));
    const step = planned.steps.find(({ knob }) => knob === 'cgroup.memory.high');
    expect([step?.to, step?.risk, step?.riskWords]).toEqual([
      '536870912',
      'high',
      'db-1 takes 1.0 GiB now, more than the limit of 512 MiB: it is slowed down until it fits.',
    ]);
    expect(
      sentences(
        planner.plan(wish('mainline.guest-share', guests, { low: '600', high: '512' }), known(on, domain())).fields,
      ),
    ).toEqual(['Spared below 600 MiB and throttled above 512 MiB contradict each other. Give a lower number here.']);
  });

  test('a limit that is no whole number of pages would read back as another', () => {
    const odd = planner.plan(wish('knob:cgroup.memory.high', guests, { value: '1000000001' }), known(on, domain()));
    expect(sentences(odd.fields)).toEqual([
      'The kernel keeps limits in whole pages of 4096 bytes: give 999997440 or 1000001536.',
    ]);
  });

  test('its balloon is never made smaller than what it uses, nor blindly', () => {
    // available − usable: 1 000 000 KiB are in use.
    const telling = known(on, domain(1_000_000));
    const low = planner.plan(wish('mainline.balloon', guests, { target: '900' }), telling);
    expect(sentences(low.fields)).toEqual([
      'db-1 says it uses 977 MiB: with 900 MiB it would swap or kill programs. Give 977 MiB or more.',
    ]);
    const [step] = planner.plan(wish('mainline.balloon', guests), telling).steps;
    expect([step?.knob, step?.from, step?.to]).toEqual(['libvirt.balloon', '2097152', String(1216 * 1024)]);

    const silent = known(on, domain());
    expect(planner.plan(wish('mainline.balloon', guests), silent).steps.map(({ knob, to }) => [knob, to])).toEqual([
      ['libvirt.balloon-period', '10'],
    ]);
    expect(planner.plan(wish('mainline.balloon', guests, { statistics: 'leave' }), silent).steps).toEqual([]);
    expect(sentences(planner.plan(wish('mainline.balloon', guests, { target: '1024' }), silent).fields)).toEqual([
      'What db-1 uses is unknown, so it is not made smaller. Leave 2048 MiB, switch its statistics on, and lower it afterwards.',
    ]);
  });

  test('of another kind has no balloon that is reached', () => {
    const plain = known({ '/sys/fs/cgroup/lxc/web/memory.current': '1' }, {});
    expect(planner.fits('mainline.balloon', [{ host: here, guest: 'cgroup:/lxc/web' }], plain)).toMatchObject({
      fits: false,
      because: 'web is a container: it has no balloon. Its limits are those of its control group.',
    });
  });

  test('Proxmox: the configuration is written, so nothing else is kept', () => {
    const pve = known(
      { '/sys/fs/cgroup/qemu.slice/101.scope/memory.current': '1' },
      {
        ...syntheticCommands.proxmoxConfig(
          '/etc/pve/qemu-server/101.conf:name: db\n/etc/pve/qemu-server/101.conf:memory: 4096',
        ),
        ...syntheticCommands.proxmoxStatus('pve2.3-vm/101:1:db:running:0:1:2:0.1:4294967296:1073741824'),
      },
    );
    const [step] = planner.plan(
      wish('mainline.balloon', [{ host: here, guest: 'proxmox:101' }], { target: '2048' }),
      pve,
    ).steps;
    expect([step?.knob, step?.instance, step?.from, step?.to, step?.survives, step?.keepAs]).toEqual([
      'proxmox.balloon',
      '101',
      'unset',
      '2048',
      'reboot',
      undefined,
    ]);
  });
});

describe('inside the guest', () => {
  const inner = (system: string): Site =>
    siteOf(syntheticEvidence({ ...base, '/etc/os-release': system, '/proc/cmdline': 'ro quiet' }, modules), {
      host: there,
      name: 'db-1',
    });
  const outer = siteOf(syntheticEvidence({ ...base, ...groupFiles }, domain()), {
    inside: new Map([[guestKey, there]]),
  });

  test.each([
    ['ID=debian', 'update-initramfs -u', 'update-grub'],
    [
      'ID="ol"\nID_LIKE="fedora"',
      'dracut -f',
      'grubby --update-kernel=ALL --args="zswap.enabled=1 zswap.compressor=zstd',
    ],
  ])('%s: set at run time there, and lines for the boot with their undo', (system, image, loader) => {
    const planned = planner.plan(wish('mainline.inside', guests), sites(outer, inner(system)));
    expect(new Set(planned.steps.map(({ host, target }) => `${host} ${String(target)}`))).toEqual(new Set(['g1 0']));
    expect(planned.steps.at(-1)).toMatchObject({ knob: 'zswap.enabled', to: 'Y' });
    const [manual] = planned.manual;
    expect([manual?.host, manual?.needs]).toEqual([there, 'reboot']);
    const lines = manual?.lines.join('\n') ?? '';
    for (const words of [image, loader, 'zswap.enabled=1', 'zstd']) expect(lines).toContain(words);
    expect(manual?.undoLines.join('\n')).toContain(image);
  });

  test('a guest that is no host of the console, or is not connected, is said to be so', () => {
    const alone = { ...outer, inside: new Map<string, HostId>() };
    expect(missing(planner.plan(wish('mainline.inside', guests), sites(alone)))).toEqual([
      'This guest is not among the hosts of this console, so nothing can be set inside it.',
    ]);
    expect(missing(planner.plan(wish('mainline.inside', guests), sites(outer)))).toEqual([
      'This guest is among the hosts of this console, but is not connected.',
    ]);
  });

  test('cleancache without a backend keeps nothing, and is not offered', () => {
    const counts = siteOf(syntheticEvidence({ '/proc/meminfo': meminfo(), '/sys/kernel/debug/cleancache/puts': '7' }), {
      host: there,
      name: 'db-1',
    });
    expect(planner.fits('mainline.cleancache', guests, sites(outer, counts))).toMatchObject({ fits: false });
    expect(planner.fits('mainline.cleancache', guests, sites(outer, inner('ID=debian'))).because).toContain(
      'removed in 5.17',
    );
  });
});
