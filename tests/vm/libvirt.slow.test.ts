/**
 * A guest's balloon through a real libvirt, over a real sshd: statistics switched on and the target set by a plan, told
 * by virsh itself before and after, and all of it undone.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HostDraft, HostId } from '#shared/model/host.ts';
import type { WishTarget } from '#shared/model/wish.ts';
import type { ConsoleUnderTest } from '../support/console-core.ts';
import { openConsole } from '../support/console-core.ts';
import type { Libvirt } from '../support/libvirt/libvirt.ts';
import { startLibvirt, whatLibvirtLacks } from '../support/libvirt/libvirt.ts';
import type { Sshd } from '../support/sshd.ts';
import { keygen, sshdObstacle, startSshd } from '../support/sshd.ts';
import { until } from '../support/until.ts';
import { applied, guestTargets, undone } from '../support/vm/plan-console.ts';

const missing = [...whatLibvirtLacks(), ...(sshdObstacle === undefined ? [] : [sshdObstacle])];
const why = missing.length === 0 ? '' : ` (not run: ${missing.join('; ')})`;

describe.skipIf(missing.length > 0)(`balloons of a real libvirt${why}`, () => {
  const keys = mkdtempSync(join(tmpdir(), 'tmem-libvirt-key-'));
  let libvirt: Libvirt;
  let sshd: Sshd;
  let ui: ConsoleUnderTest;
  let host: HostId;
  let targets: WishTarget[];

  /** What virsh says of the balloon: KiB it allows now, and seconds between two statistics (0 is off). */
  async function balloon(): Promise<{ actualKiB: number; period: number }> {
    const { name } = libvirt.guest;
    const told = await libvirt.virsh('domstats', '--balloon', name);
    const xml = await libvirt.virsh('dumpxml', name);
    return {
      actualKiB: Number(/balloon\.current=(\d+)/.exec(told)?.[1]),
      period: Number(/<stats period='(\d+)'/.exec(xml)?.[1] ?? 0),
    };
  }

  beforeAll(async () => {
    libvirt = await startLibvirt();
    const publicKey = keygen(join(keys, 'id'), '-t', 'ed25519', '-N', '', '-C', '');
    sshd = await startSshd({ config: [`ForceCommand ${libvirt.forceCommand}`], authorized: [publicKey] });
    ui = await openConsole({
      knownHosts: `[127.0.0.1]:${sshd.port} ${sshd.hostKeys['ssh-ed25519'] ?? ''}\n`,
      intervalSeconds: 1,
    });
    const draft: HostDraft = {
      name: 'hypervisor',
      address: '127.0.0.1',
      port: sshd.port,
      user: 'root',
      login: { method: 'key', keyFile: join(keys, 'id') },
      group: '',
      tags: [],
      jumps: [],
      agent: 'pushed',
      sudo: 'never',
      role: 'operator',
      guestGroups: [],
      connect: true,
    };
    host = await ui.addLive(draft);
    targets = await guestTargets(ui.page, host, [libvirt.guest.name]);
  });
  afterAll(async () => {
    await ui?.close();
    await sshd?.stop();
    await libvirt?.close();
    rmSync(keys, { recursive: true, force: true });
  });

  test('is listed with what libvirt promised it', async () => {
    const { rows } = await ui.page.call('guests.changes', { since: 0, host });
    expect(rows).toEqual([
      expect.objectContaining({
        name: libvirt.guest.name,
        key: `libvirt:${libvirt.guest.uuid}`,
        promised: expect.objectContaining({ bytes: libvirt.guest.memoryKiB * 1024 }),
      }),
    ]);
  });

  test('gets statistics and a smaller balloon by a plan, and both are undone', async () => {
    const startedAt = Date.now();
    const before = await balloon();
    expect(before).toEqual({ actualKiB: libvirt.guest.memoryKiB, period: 0 });
    const form = await ui.page.call('plans.form', { wish: 'mainline.balloon', targets });
    expect(form.fields.map(({ id }) => id)).toEqual(expect.arrayContaining(['target', 'statistics', 'period']));
    const values = { target: '192', statistics: 'on', period: '2' };
    const { plan } = await applied(ui.page, { id: 'mainline.balloon', targets, values });
    await until('the balloon to be there', async () => (await balloon()).actualKiB === 192 * 1024);
    expect((await balloon()).period).toBe(2);
    await until('the guest’s own figures to move', async () => {
      const told = await libvirt.virsh('domstats', '--balloon', libvirt.guest.name);
      return Number(/balloon\.last-update=(\d+)/.exec(told)?.[1]) * 1000 > startedAt + 2000;
    });
    await undone(ui.page, plan.id);
    await until('the balloon to be back', async () => (await balloon()).actualKiB === before.actualKiB);
    expect(await balloon()).toEqual(before);
  });
});
