/**
 * The console against a real kernel under real memory pressure: connected over the host's real sshd, its figures must
 * be the kernel's own, and move when the kernel's move. Once as root, once as a login without any right.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HostDraft, HostId } from '#shared/model/host.ts';
import type { ConsoleUnderTest } from '../support/console-core.ts';
import { openConsole } from '../support/console-core.ts';
import { until } from '../support/until.ts';
import { whatIsMissing } from '../support/vm/build-image.ts';
import { startGuest } from '../support/vm/guest.ts';
import type { Guest } from '../support/vm/guest.ts';
import { readGroup, readSettled } from '../support/vm/kernel-counters.ts';
import type { Machine } from '../support/vm/machine.ts';
import { bootMachine } from '../support/vm/machine.ts';

const missing = whatIsMissing();
const why = missing.length === 0 ? '' : ` (not run: ${missing.join('; ')})`;

describe.skipIf(missing.length > 0)(`the console and a real kernel${why}`, () => {
  let machine: Machine;
  let database: Guest;
  let ui: ConsoleUnderTest;
  let asRoot: HostId;
  let asViewer: HostId;

  const draft = (user: string): HostDraft => ({
    name: `${machine.name} as ${user}`,
    address: '127.0.0.1',
    port: machine.sshPort,
    user,
    login: { method: 'key', keyFile: machine.keyPath },
    group: '',
    tags: [],
    jumps: [],
    agent: 'pushed',
    sudo: 'never',
    guestGroups: [],
    connect: true,
  });

  /** The newest values by metric, of the host or of one guest. */
  async function values(host: HostId, instance = ''): Promise<Map<string, number | string>> {
    const reading = await ui.page.call('hosts.reading', { host });
    const guest = instance === '' ? null : await ui.page.call('guests.get', { host, key: instance });
    const all = instance === '' ? (reading?.values ?? []) : (guest?.values ?? []);
    return new Map(all.filter((value) => value.instance === instance).map(({ metric, value }) => [metric, value]));
  }

  const guestRows = async (host: HostId) => (await ui.page.call('guests.changes', { since: 0, host })).rows;

  beforeAll(async () => {
    machine = await bootMachine({ name: 'watched', memoryMiB: 320, swapDiskMiB: 1024 });
    await machine.run(
      'modprobe zsmalloc && cd /sys/module/zswap/parameters && echo zsmalloc >zpool && echo Y >enabled',
    );
    ui = await openConsole({ knownHosts: `${machine.knownHostsLine}\n`, intervalSeconds: 1 });
  });
  afterAll(async () => {
    await ui?.close();
    await machine?.close();
  });

  test('goes live over the host’s own sshd, with the kernel it really is', async () => {
    asRoot = await ui.addLive(draft('root'));
    asViewer = await ui.addLive(draft('viewer'));
    const { facts, state, platforms } = await ui.view(asRoot);
    expect(facts).toMatchObject({
      kernel: machine.kernelRelease,
      hostname: 'watched',
      pageSize: 4096,
      uid: 0,
      rights: 'root',
    });
    expect(state).toMatchObject({ kind: 'live', missing: [] });
    expect(platforms.find(({ id }) => id === 'mainline')?.presence).toBe('full');
  });

  test('says what a login without rights cannot read, and shows the rest', async () => {
    const { facts, state, summary } = await ui.view(asViewer);
    expect(facts).toMatchObject({ user: 'viewer', rights: 'user' });
    expect(state.kind === 'live' && state.missing.map(({ path }) => path)).toContain(
      '/sys/kernel/debug/zswap/stored_pages',
    );
    expect(summary?.signals['memory.total']).toBeGreaterThan(0);
    expect((await values(asViewer)).get('zswap.stored_pages')).toBeUndefined();
  });

  test('moves with the kernel when a guest is pressed into zswap', async () => {
    const before = (await values(asRoot)).get('vmstat.zswpout');
    expect(before).toBe(0);
    database = await startGuest(machine, { name: 'db-1', id: 1, mib: 120, compressiblePercent: 70, limitMiB: 64 });
    const kernel = await readSettled(machine);
    await until(
      'the console to have the kernel’s zswpout',
      async () => (await values(asRoot)).get('vmstat.zswpout') === kernel.vmstat.zswpout,
    );

    const seen = await values(asRoot);
    expect(seen.get('frontswap.succ_stores')).toBe(kernel.frontswap?.succ_stores);
    expect(seen.get('zswap.stored_pages')).toBe(kernel.zswap?.stored_pages);
    expect(seen.get('zswap.pool_total_size')).toBe(kernel.zswap?.pool_total_size);
    expect(seen.get('vmstat.pswpout')).toBe(kernel.vmstat.pswpout);
    const saved = (kernel.meminfoKiB.Zswapped - kernel.meminfoKiB.Zswap) * 1024;
    expect((await ui.view(asRoot)).summary?.signals['saved.compressed']).toBe(saved);
    // The other login's host is read on a phase of its own.
    await until(
      'the viewer to see the same saving',
      async () => (await ui.view(asViewer)).summary?.signals['saved.compressed'] === saved,
    );
  });

  test('shows the guest with what the host pays for it', async () => {
    const group = await readGroup(machine, database);
    await until('the guest to be listed', async () => (await guestRows(asRoot)).length === 1);
    const [row] = await guestRows(asRoot);
    expect(row).toMatchObject({ name: 'db-1', cgroup: `/sys/fs/cgroup/${database.group}` });
    expect(row?.pays.compressed?.bytes).toBe(group.zswapCurrent);
    expect(row?.pays.resident?.source).toContain('memory.current');
    expect(row?.promised).toBeUndefined();
    expect(row?.unknown.join(' ')).toContain('libvirt');
    expect((await values(asRoot, row?.key ?? '')).get('cgroup.memory.zswap.current')).toBe(group.zswapCurrent);
    // A host that had no guest is asked for some every ten seconds.
    await until('the viewer to see the guest', async () => (await guestRows(asViewer)).length === 1);
    expect((await guestRows(asViewer)).map(({ name }) => name)).toEqual(['db-1']);
  });

  test('has drawn it as a rate and as pressure, and nothing before it', async () => {
    const [stores, pressure] = await ui.page.call('samples.series', {
      host: asRoot,
      keys: [
        { metric: 'vmstat.zswpout', instance: '' },
        { metric: 'pressure.memory.some.total', instance: '' },
      ],
      spanSeconds: 3600,
      points: 4000,
    });
    const peak = (values: readonly (number | null)[] | undefined) =>
      Math.max(...(values ?? []).map((value) => value ?? 0));
    expect(peak(stores?.values)).toBeGreaterThan(0);
    expect(peak(pressure?.values)).toBeGreaterThan(0);
    expect(stores?.values.find((value) => value !== null)).toBe(0);
  });

  test('keeps the last figures and says since when, as the host goes away', async () => {
    const last = (await ui.view(asRoot)).summary?.at;
    await machine.close();
    await until(
      'both hosts to be stale',
      async () => {
        const states = await Promise.all([asRoot, asViewer].map(async (host) => (await ui.view(host)).state.kind));
        return states.every((kind) => kind === 'stale' || kind === 'waiting');
      },
      90_000,
    );
    const { state, summary } = await ui.view(asRoot);
    expect(summary?.at).toBeGreaterThanOrEqual(last ?? 0);
    expect('problem' in state && state.problem.sentence).toContain('127.0.0.1');
    expect((await guestRows(asRoot)).map(({ name }) => name)).toEqual(['db-1']);
  });
});
