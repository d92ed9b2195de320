import { flushPromises } from '@vue/test-utils';
import { afterEach, describe, expect, it } from 'vitest';
import type { HistoryStatus } from '#shared/model/history.ts';
import { defaultSettings } from '#shared/model/settings.ts';
import { ProblemError, problem } from '#shared/problem.ts';
import { epochMs } from '#shared/units.ts';
import SavingsPage from '../../../../renderer/pages/savings/SavingsPage.vue';
import { fakeConsole, type Answers } from '../../../support/fake-console.ts';
import { hostView, noon } from '../../../support/host-view.ts';
import { mountPage, type Mounted } from '../../../support/mount-page.ts';
import { day, hostLedger, ksmEntry, ledger, scope, zswapEntry } from './ledgers.ts';

const status: HistoryStatus = {
  state: 'recording',
  file: '/var/lib/tmem/history.db',
  bytes: 1e6,
  budgetBytes: 2e9,
  tiers: [{ tier: 'raw', from: epochMs(noon - 40 * day), to: epochMs(noon), bytes: 1e6 }],
};
const fleet = { tier: 'hour', stepMs: 3_600_000, at: [], signals: {}, hosts: [], damaged: 0 } as const;
const answers: Answers = {
  'settings.get': () => defaultSettings,
  'hosts.list': () => [hostView('db-1'), hostView('db-2')],
  'history.entities': () => [],
  'history.status': () => status,
  'history.fleet': () => fleet,
  'ledger.get': () => ledger(),
};
let mounted: Mounted | undefined;
afterEach(() => mounted?.wrapper.unmount());

const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');

async function show(more: Answers = {}, at = '/savings') {
  const fake = fakeConsole({ ...answers, ...more });
  mounted = await mountPage(SavingsPage, fake, { at });
  await flushPromises();
  const { wrapper, router } = mounted;
  const card = (label: string) => wrapper.get(`section[aria-label="${label}"]`);
  const row = (label: string, name: string) =>
    card(label)
      .findAll('tr')
      .find((one) => one.text().startsWith(name)) ?? expect.fail(name);
  const cells = (label: string, name: string) =>
    row(label, name)
      .findAll('td')
      .map((cell) => plain(cell.text()).replace(/,.*$/, ''));
  const asked = () => fake.calls.filter(({ name }) => name === 'ledger.get').map(({ args }) => args);
  const dialog = () => plain(document.querySelector('[role="dialog"]')?.textContent ?? '');
  return { fake, wrapper, router, card, row, cells, asked, dialog, text: () => plain(wrapper.text()) };
}

describe('the Savings page', () => {
  it('says the verdict, each mechanism with gross, overhead and net, and the sum', async () => {
    const { text, cells } = await show();
    expect(text()).toContain('Saved 59.8 of 512 GiB on average over the last 30 days, for 0.4 % of time waited');
    expect(cells('Saved by mechanism', 'zswap')).toEqual(['80.0 GiB', '20.0 GiB', '60.0 GiB', '100 %']);
    expect(cells('Saved by mechanism', 'All mechanisms')[2]).toBe('59.8 GiB');
  });
  it('shows a loss as a loss', async () => {
    const { cells, row } = await show();
    expect(cells('Saved by mechanism', 'KSM')).toEqual(['−192 MiB', '—', '−192 MiB', '−0.3 %']);
    expect(row('Saved by mechanism', 'KSM').find('button.warn').exists()).toBe(true);
  });
  it('keeps capacity out of what is saved, in a place of its own', async () => {
    const { card, cells } = await show();
    expect(card('Saved by mechanism').text()).not.toContain('ephemeral');
    expect(cells('Capacity gained', 'Cache kept besides')).toEqual(['5.00 GiB']);
    expect(cells('Other hosts’ RAM', 'Moved to other hosts')).toEqual(['—']);
  });
  it('shows harm beside it, with peaks; what nobody tells is absent', async () => {
    const { cells } = await show();
    expect(cells('What it cost', 'Some tasks wait for memory')).toEqual(['0.4 %', '23 %']);
    expect(cells('What it cost', 'OOM kills')).toEqual(['—', '—']);
  });
  it('asks for the last 30 days of all hosts at first, and for what the address says', async () => {
    const { asked } = await show({}, '/savings?last=86400&hosts=id-db-2');
    const [first] = asked() as { from: number; to: number; hosts: string[]; guests: boolean }[];
    expect(first).toMatchObject({ hosts: ['id-db-2'], guests: false });
    expect((first?.to ?? 0) - (first?.from ?? 0)).toBe(86_400_000);
  });
  it('asks anew when the address changes, and drops an answer about what was asked before', async () => {
    let late: (() => void) | undefined;
    const slow = ledger({ hosts: [hostLedger('slow', [zswapEntry('slow')])] });
    const { router, text } = await show({
      'ledger.get': ({ hosts }) =>
        hosts.length === 0 ? new Promise((resolve) => (late = () => resolve(slow))) : ledger(),
    });
    await router.push({ query: { hosts: 'id-db-1,id-db-2' } });
    await flushPromises();
    expect(text()).toContain('db-1');
    late?.();
    await flushPromises();
    expect(text()).not.toContain('slow');
  });
  it('leads to a report of the same', async () => {
    const { wrapper } = await show({}, '/savings?last=604800&hosts=id-db-1');
    const link = wrapper.findAll('a').find((one) => one.text() === 'Make a report of this');
    expect(link?.attributes('href')).toBe('/reports?show=new&kind=savings&last=604800&hosts=id-db-1');
  });
});

describe('a figure', () => {
  it('opens to its formula, the numbers in it, and the file of each', async () => {
    const { row, dialog, fake } = await show({
      'ledger.get': () => ledger({ hosts: [hostLedger('db-1', [zswapEntry('id-db-1')])] }),
    });
    await row('Saved by mechanism', 'zswap').findAll('button')[2]?.trigger('click');
    expect(dialog()).toContain('Zswapped − Zswap');
    expect(dialog()).toContain('42 949 672 960 − 10 737 418 240 = 32 212 254 720 bytes');
    expect(dialog()).toContain('/proc/meminfo, Zswapped');
    expect(dialog()).toContain('mean over the time it is known');
    expect(dialog()).toContain('Known for 29 d of 30 d.');
    expect(dialog()).toContain('Swapped pages that are kept compressed are not on a disk.');
    expect(fake.calls.filter(({ name }) => name === 'ledger.get')).toHaveLength(1);
  });
  it('that is a sum opens to its parts, each part to its formula, and back', async () => {
    const { row, dialog } = await show();
    const press = async (words: string) => {
      const button = [...document.querySelectorAll<HTMLElement>('[role="dialog"] button')].find((one) =>
        plain(one.textContent).includes(words),
      );
      (button ?? expect.fail(words)).click();
      await flushPromises();
    };
    await row('Saved by mechanism', 'All mechanisms').findAll('button')[2]?.trigger('click');
    expect(dialog()).toContain('Sum64 223 125 120 bytes');
    await press('zswap');
    expect(dialog()).toContain('db-2: Compressed by zswap');
    await press('on db-2');
    expect(dialog()).toContain('42 949 672 960 − 10 737 418 240');
    await press('Back to');
    expect(dialog()).toContain('The sum of 2 figures');
  });
  it('is a button that says what it is, for those who do not see the table', async () => {
    const { row } = await show();
    const button = row('Saved by mechanism', 'KSM').findAll('button')[1];
    expect(button?.text()).toContain('Merged by KSM, net, on db-1: show how it was counted');
    expect(button?.attributes('title')).toBe('= general_profit (general_profit: Title of general_profit)');
  });
});

describe('hosts', () => {
  it('each have their row, with the definition of overcommit at hand', async () => {
    const { cells, card } = await show();
    expect(cells('Hosts', 'db-2')).toEqual(['30.0 GiB', '—', '0.4 %', '—', '—', '256 GiB', '1.50', '97 %']);
    expect(card('Hosts').text()).toContain('promised ÷ RAM');
  });
  it('open to their guests, asked for then', async () => {
    const guest = scope('vm<b>1</b>', [zswapEntry('id-db-1', { guest: 'k' })], { host: 'id-db-1', guest: 'k' });
    const { row, card, asked } = await show({
      'ledger.get': ({ guests }) =>
        guests ? ledger({ hosts: [hostLedger('db-1', [], { guests: [guest] })] }) : ledger(),
    });
    await row('Hosts', 'db-1').get('button').trigger('click');
    await flushPromises();
    expect(asked().at(-1)).toMatchObject({ hosts: ['id-db-1'], guests: true });
    expect(card('Hosts').get('[aria-label="Guests of db-1"]').text()).toContain('vm<b>1</b>');
  });
});

describe('money', () => {
  it('is told with its assumption', async () => {
    const money = { amount: 80, perMonth: 83.2, currency: 'EUR', pricePerGiBMonth: 2, assumption: 'At 2 EUR.' };
    const { card } = await show({ 'ledger.get': () => ledger({ money }) });
    expect(plain(card('In money').text())).toContain('80.00 EUR');
    expect(card('In money').text()).toContain('At 2 EUR.');
  });
  it('without a price leads to where one is set', async () => {
    const { card } = await show();
    expect(card('In money').text()).toContain('Say what a GiB of RAM costs to see this in money.');
    expect(card('In money').get('a').attributes('href')).toBe('/settings#money');
  });
});

describe('where figures are missing', () => {
  it('says since when it records', async () => {
    const { text } = await show({ 'ledger.get': () => ledger({ hosts: [] }) });
    expect(text()).toContain('Nothing was recorded in the last 30 days.');
    expect(text()).toMatch(/The console records since 2025-12-06 \d\d:00/);
  });
  it('speaks of the part that is recorded, and draws that part', async () => {
    const began = epochMs(Date.now() - 7_200_000);
    const { text, fake } = await show({
      'ledger.get': ({ from, to }) => ledger({ from: epochMs(from), to: epochMs(to) }),
      'history.status': () => ({ ...status, tiers: [] }),
      'history.fleet': ({ from }) => ({ ...fleet, at: [epochMs(from), began], hosts: [0, 2] }),
    });
    expect(text()).toContain('on average over the 2 h recorded so far');
    const charts = fake.calls.filter(({ name }) => name === 'history.fleet');
    expect(charts).toHaveLength(2);
    expect(charts[1]?.args).toMatchObject({ from: began });
  });
  it('says why nothing is recorded', async () => {
    const { text } = await show({
      'ledger.get': () => ledger({ hosts: [] }),
      'history.status': () => ({ ...status, state: 'paused', because: 'The disk is full.' }),
    });
    expect(text()).toContain('The disk is full.');
  });
  it('says what went wrong, and asks again', async () => {
    let broken = true;
    const { wrapper, text } = await show({
      'ledger.get': () => {
        if (broken) throw new ProblemError(problem('internal', 'The console made a mistake.'));
        return ledger();
      },
    });
    expect(text()).toContain('The console made a mistake.');
    broken = false;
    await wrapper
      .findAll('button')
      .find((one) => one.text() === 'Ask for the savings again')
      ?.trigger('click');
    await flushPromises();
    expect(text()).toContain('Saved 59.8 of 512 GiB');
  });
  it('has skeletons while it waits', async () => {
    const { wrapper } = await show({ 'ledger.get': () => new Promise(() => undefined) });
    expect(wrapper.findAll('.page > *').length).toBeGreaterThan(3);
    expect(wrapper.text()).not.toContain('Nothing was recorded');
  });
  it('asks nothing once it is gone', async () => {
    const { fake, asked } = await show({ 'ledger.get': () => ledger({ hosts: [hostLedger('a', [ksmEntry('a')])] }) });
    mounted?.wrapper.unmount();
    fake.reopen();
    await flushPromises();
    expect(asked()).toHaveLength(1);
  });
});
