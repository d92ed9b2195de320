/**
 * `npm run screenshots [-- --all]`: pictures of the console watching two real kernels (6.1 and 6.12 of Debian, under
 * QEMU) with guests under memory pressure, into docs/screenshots/. With `--all` every page is also taken in both
 * themes at both sizes, into tests/.work/pictures/, to be looked at.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { HostDraft } from '#shared/model/host.ts';
import { defaultSettings } from '#shared/model/settings.ts';
import { launchBrowser, openPage } from '../tests/support/browser.ts';
import type { Look } from '../tests/support/browser.ts';
import { startConsole } from '../tests/support/console-process.ts';
import { until } from '../tests/support/until.ts';
import { startGuest } from '../tests/support/vm/guest.ts';
import type { Guest } from '../tests/support/vm/guest.ts';
import { bootMachine } from '../tests/support/vm/machine.ts';
import type { Machine } from '../tests/support/vm/machine.ts';

const kept = fileURLToPath(new URL('../docs/screenshots', import.meta.url));
const looks: readonly Look[] = [
  { width: 1440, height: 900, theme: 'light' },
  { width: 1440, height: 900, theme: 'dark' },
  { width: 1024, height: 700, theme: 'light' },
  { width: 1024, height: 700, theme: 'dark' },
];

/** What the picture of the history shows of a host. */
const figures = ['meminfo.Zswapped', 'meminfo.Zswap', 'mainline.saved.merged', 'vmstat.zswpout', 'vmstat.zswpin'];

const home = mkdtempSync(join(tmpdir(), 'tmem-shots-'));
const machines = await Promise.all([
  bootMachine({ name: 'oslo', memoryMiB: 448, swapDiskMiB: 1024, kernel: 'stable' }),
  bootMachine({ name: 'bergen', memoryMiB: 448, swapDiskMiB: 1024, kernel: 'backports' }),
]);
mkdirSync(join(home, '.ssh'), { mode: 0o700 });
writeFileSync(join(home, '.ssh', 'known_hosts'), machines.map(({ knownHostsLine }) => `${knownHostsLine}\n`).join(''));
const running = await startConsole({ dataDir: join(home, 'data'), env: { HOME: home } });
const browser = await launchBrowser();

try {
  const core = await running.page();
  await core.call('settings.set', {
    settings: { ...defaultSettings, intervalSeconds: 1, money: { pricePerGiBMonth: 4, currency: 'EUR' } },
  });
  for (const machine of machines) await prepare(machine);
  const ids = [];
  for (const machine of machines) ids.push((await core.call('hosts.add', { draft: draftOf(machine) })).id);
  await until('both hosts to be live', async () =>
    (await core.call('hosts.list', {})).every(({ state, summary }) => state.kind === 'live' && summary !== undefined),
  );
  await sleep(5000);
  const guests = await Promise.all(machines.map(press));
  await sleep(4000);
  for (const guest of guests.flat()) await guest.verify();
  await sleep(6000);
  const rows = (await core.call('guests.changes', { since: 0 })).rows;
  const guest = rows.find(({ name }) => name === 'orders-db') ?? rows[0];
  const [first = ''] = ids;
  const places: readonly (readonly [name: string, address: string])[] = [
    ['fleet', '/'],
    ['host', `/hosts/${first}`],
    ['pools', `/hosts/${first}/pools`],
    ['knobs', `/hosts/${first}/knobs`],
    ['doctor', `/hosts/${first}/doctor`],
    ['raw', `/hosts/${first}/raw`],
    ['guests', '/guests'],
    ['guest', `/hosts/${first}/guests/${encodeURIComponent(guest?.key ?? '')}`],
    ['history', `/history?last=300&${figures.map((metric) => `s=${first}//${metric}/`).join('&')}`],
    ['savings', '/savings?last=86400'],
    ['reports', '/reports?show=new'],
    ['settings', '/settings'],
    ['add-host', '/add-host'],
  ];
  const all = process.argv.includes('--all');
  for (const look of all ? looks : looks.slice(0, 2)) await take(look, places, all);
  await takeChange(first);
  await takeLab();
} finally {
  await browser.close();
  await running.stop();
  await Promise.all(machines.map((machine) => machine.close()));
  rmSync(home, { recursive: true, force: true });
}

async function take(look: Look, places: readonly (readonly [string, string])[], all: boolean): Promise<void> {
  const { page, complaints } = await openPage(browser, running.url, look);
  const base = page.url().split('#')[0] ?? '';
  await page.getByRole('button', { name: /Charts show the last/ }).click();
  await page.getByRole('menuitemradio', { name: /^5\smin$/ }).click();
  for (const [name, address] of places) {
    await page.goto(`${base}#${address}`);
    await sleep(2500);
    const wide = look.width === 1440;
    const file = `${name}-${look.theme}${wide ? '' : '-narrow'}.png`;
    if (all)
      await page.screenshot({ path: fileURLToPath(new URL(`../tests/.work/pictures/${file}`, import.meta.url)) });
    const shown =
      look.theme === 'light' ? ['fleet', 'host', 'guests', 'guest', 'history', 'savings', 'add-host'] : ['fleet'];
    if (wide && shown.includes(name)) await page.screenshot({ path: join(kept, file) });
  }
  if (complaints.length > 0) console.error(complaints.join('\n'));
  await page.context().close();
}

/** A change of a real kernel: under review, and while it is watched. It is undone at the end. */
async function takeChange(host: string): Promise<void> {
  const address = `${running.url}#/change/compress?t=${encodeURIComponent(host)}`;
  const { page } = await openPage(browser, address, { width: 1440, height: 900, theme: 'light' });
  const button = (name: string | RegExp) => page.getByRole('button', { name }).first();
  await button('Choose the settings').click();
  await page.getByLabel('Largest pool').fill('30');
  await button('Review the steps').click();
  await page.getByRole('heading', { name: 'Review', level: 2 }).waitFor();
  await sleep(1000);
  await page.screenshot({ path: join(kept, 'change-review-light.png') });
  await button(/^Apply to/).click();
  await button(/^Keep on/).waitFor();
  await sleep(20_000);
  await page.screenshot({ path: join(kept, 'change-watching-light.png') });
  await button(/^Undo now on/).click();
  await page.getByText('Undone').first().waitFor();
  await page.context().close();
}

/** The cluster of the lab: the band says that it is one. */
async function takeLab(): Promise<void> {
  const lab = await startConsole({ words: ['--lab=tour'], env: { HOME: home } });
  const core = await lab.page();
  await core.call('settings.set', { settings: { ...defaultSettings, intervalSeconds: 1 } });
  await core.call('lab.steer', { speed: 10, paused: false });
  await sleep(20_000);
  const { page } = await openPage(browser, `${lab.url}#/clusters`, { width: 1440, height: 900, theme: 'light' });
  await page
    .getByText(/if ram-3 dies/)
    .first()
    .waitFor();
  await sleep(3000);
  await page.screenshot({ path: join(kept, 'cluster-light.png') });
  await page.context().close();
  await lab.stop();
}

function draftOf(machine: Machine): HostDraft {
  return {
    name: machine.name,
    address: '127.0.0.1',
    port: machine.sshPort,
    user: 'root',
    login: { method: 'key', keyFile: machine.keyPath },
    group: 'Norway',
    tags: ['test'],
    jumps: [],
    agent: 'pushed',
    sudo: 'never',
    guestGroups: [],
    connect: true,
    role: 'operator',
  };
}

async function prepare(machine: Machine): Promise<void> {
  await machine.run(
    'modprobe zsmalloc; cd /sys/module/zswap/parameters && echo zsmalloc >zpool && echo Y >enabled; ' +
      'cd /sys/kernel/mm/ksm && echo 5000 >pages_to_scan && echo 20 >sleep_millisecs && echo 1 >run',
  );
}

/** Three guests: one pressed hard into compression, one with equal pages, one at ease. */
async function press(machine: Machine): Promise<readonly Guest[]> {
  const orders = await startGuest(machine, {
    name: 'orders-db',
    id: 1,
    mib: 160,
    compressiblePercent: 65,
    limitMiB: 80,
  });
  const web = await startGuest(machine, {
    name: 'web-frontend',
    id: 2,
    mib: 70,
    compressiblePercent: 50,
    duplicatePercent: 60,
  });
  const batch = await startGuest(machine, {
    name: 'nightly-batch',
    id: 3,
    mib: 110,
    compressiblePercent: 40,
    limitMiB: 90,
  });
  return [orders, web, batch];
}
