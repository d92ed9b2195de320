import { flushPromises } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import GuestsPage from '../../../../renderer/pages/guests/GuestsPage.vue';
import type { GuestRow } from '#shared/model/guest-row.ts';
import type { HostView } from '#shared/model/host.ts';
import { defaultSettings } from '#shared/model/settings.ts';
import { problem, ProblemError } from '#shared/problem.ts';
import { epochMs } from '#shared/units.ts';
import { fakeConsole } from '../../../support/fake-console.ts';
import { gibibytes, guestRow, hostView, said, without } from '../../../support/guest-rows.ts';
import { mountPage } from '../../../support/mount-page.ts';
import { givenScreen } from '../../../support/screen-size.ts';

beforeEach(() => {
  localStorage.clear();
  givenScreen();
});
afterEach(() => {
  vi.restoreAllMocks();
  document.body.replaceChildren();
});

async function guestsPage(rows: readonly GuestRow[], hosts: readonly HostView[], at = '/guests') {
  const fake = fakeConsole({
    'hosts.list': () => hosts,
    'settings.get': () => defaultSettings,
    'settings.set': ({ settings }) => settings,
    'guests.changes': () => ({ revision: 2, rows, gone: [] }),
  });
  const page = await mountPage(GuestsPage, fake, { at });
  await flushPromises();
  // The table measures itself once it is in the page.
  await flushPromises();
  const names = () => page.wrapper.findAll('[role="rowheader"]').map((cell) => cell.text());
  return { ...page, fake, names };
}

describe('guests', () => {
  const rows = [
    guestRow({ key: 'a', name: 'small', pays: { resident: said(gibibytes(1)) } }),
    guestRow({ key: 'b', name: 'large', pays: { resident: said(gibibytes(6)) }, pressure: 12 }),
    guestRow({ key: 'c', name: '<img src=x onerror=alert(1)>', host: 'h2', hostName: 'host-02' }),
  ];
  const hosts = [hostView('h1', { config: { group: 'rack' } }), hostView('h2')];

  it('are said in a sentence and listed, dearest first, names as text', async () => {
    const { wrapper, names } = await guestsPage(rows, hosts);
    expect(wrapper.get('.verdict').text()).toBe(
      '3\u00a0guests on 2\u00a0hosts; the hosts pay 11.0\u00a0GiB, promised are 24.0\u00a0GiB; 1\u00a0waits for memory.',
    );
    expect(names()).toEqual(['large', '<img src=x onerror=alert(1)>', 'small']);
    expect(wrapper.find('img').exists()).toBe(false);
  });

  it('are not said to be calm when nobody tells', async () => {
    const silent = (key: string) => without(guestRow({ key }), 'pressure', 'swapIn');
    const quiet = await guestsPage([silent('a'), silent('b')], hosts);
    expect(quiet.wrapper.get('.verdict').text()).toContain('whether they wait for memory is not known');
    const half = await guestsPage([silent('a'), guestRow({ key: 'b' })], hosts);
    expect(half.wrapper.get('.verdict').text()).toContain('none of the 1 that tell waits for memory');
  });

  it('are narrowed by the filter, which stands in the address', async () => {
    const { wrapper, names, router } = await guestsPage(rows, hosts);
    await wrapper.get('[data-filter]').setValue('sma');
    await flushPromises();
    expect(names()).toEqual(['small']);
    expect(wrapper.get('[role="status"]').text()).toBe('1 of 3 guests');
    expect(router.currentRoute.value.query).toEqual({ text: 'sma' });
    await wrapper.get('[data-filter]').setValue('nothing like it');
    await flushPromises();
    expect(wrapper.text()).toContain('No guest is like that');
    const all = wrapper.findAll('button').find((button) => button.text() === 'Show all guests');
    await all?.trigger('click');
    await flushPromises();
    expect(names().length).toBe(3);
    expect(router.currentRoute.value.query).toEqual({});
  });

  it('take their filter from the address and from the verdict', async () => {
    const { wrapper, names } = await guestsPage(rows, hosts, '/guests?among=group:rack');
    expect(names()).toEqual(['large', 'small']);
    await wrapper.get('.verdict button').trigger('click');
    await flushPromises();
    expect(names()).toEqual(['large']);
  });

  it('add up what is selected', async () => {
    const { wrapper } = await guestsPage(rows, hosts);
    await wrapper.get('input[aria-label="Select small"]').trigger('change');
    await wrapper.get('input[aria-label="Select large"]').trigger('change');
    expect(wrapper.get('[role="status"]').text()).toBe(
      '2 selected: the host pays 7.00\u00a0GiB, promised are 16.0\u00a0GiB',
    );
  });

  it('are selected in ranges with Shift, by mouse and by keyboard', async () => {
    const many = Array.from({ length: 8 }, (_, n) =>
      guestRow({ key: `k${n}`, name: `vm-${n}`, pays: { resident: said(gibibytes(20 - n)) } }),
    );
    const { wrapper } = await guestsPage(many, hosts);
    const tick = async (name: string, shiftKey = false) => {
      const box = wrapper.get(`input[aria-label="Select ${name}"]`);
      await box.trigger('click', { shiftKey });
      await flushPromises();
    };
    const chosen = () =>
      wrapper.findAll('[role="row"][aria-selected="true"] [role="rowheader"]').map((one) => one.text());
    await tick('vm-1');
    await tick('vm-4', true);
    expect(chosen().sort()).toEqual(['vm-1', 'vm-2', 'vm-3', 'vm-4']);
    // As the first one is, so become all: cleared from there on.
    await tick('vm-3');
    await tick('vm-1', true);
    expect(chosen()).toEqual(['vm-4']);
    const grid = wrapper.get('[role="grid"]');
    await grid.trigger('keydown', { key: 'End' });
    await grid.trigger('keydown', { key: ' ' });
    await grid.trigger('keydown', { key: 'ArrowUp' });
    await grid.trigger('keydown', { key: 'ArrowUp' });
    await grid.trigger('keydown', { key: ' ', shiftKey: true });
    expect(chosen().sort()).toEqual(['vm-4', 'vm-5', 'vm-6', 'vm-7']);
  });

  it('are changed in bulk: those that are selected, listed or not', async () => {
    const thirty = Array.from({ length: 30 }, (_, n) => guestRow({ key: `k${n}`, name: `vm-${n}` }));
    const { wrapper, router } = await guestsPage([...thirty, ...rows], hosts);
    const press = async (words: string) => {
      const found = wrapper.findAll('button').find((one) => one.text() === words);
      await (found ?? expect.fail(`no button "${words}"`)).trigger('click');
    };
    await wrapper.get('input[aria-label="Select large"]').trigger('change');
    await wrapper.get('[data-filter]').setValue('vm-');
    await flushPromises();
    expect(wrapper.get('[role="status"]').text()).toContain('1 of them not listed now');
    await press('Select all 30 listed');
    expect(wrapper.get('[role="status"]').text()).toContain('31 selected');
    const menu = wrapper.findAll('button').find((one) => one.text() === 'Change 31 guests');
    menu?.element.focus();
    await menu?.trigger('keydown', { key: 'Enter' });
    await flushPromises();
    const items = [...document.querySelectorAll<HTMLElement>('[role="menuitem"]')];
    expect(items.map((one) => /^[^…]*…/.exec(one.textContent?.trim() ?? '')?.[0])).toEqual([
      'Enable frontswap…',
      'Extra page cache (cleancache)…',
      'Set a pool’s share…',
      'Balloon policy…',
    ]);
    items[0]?.click();
    await flushPromises();
    await vi.waitFor(() => expect(router.currentRoute.value.params).toEqual({ wizard: 'frontswap' }), {
      timeout: 10_000,
    });
    expect([router.currentRoute.value.query['t']].flat().length).toBe(31);
  });

  it('say when their host does not tell any more', async () => {
    const stale: HostView = {
      ...hostView('h1'),
      state: {
        kind: 'stale',
        since: epochMs(Date.now() - 180_000),
        problem: problem('host-gone', 'The connection broke off.'),
      },
    };
    const { wrapper } = await guestsPage(rows.slice(0, 1), [stale]);
    expect(wrapper.get('[role="grid"]').text()).toContain('Stale, 3\u00a0min ago');
  });

  it('stand still while somebody scrolls, and move on when they stop', async () => {
    const { wrapper, fake } = await guestsPage(rows, hosts);
    const asked = () => fake.calls.filter(({ name }) => name === 'guests.changes').length;
    const before = asked();
    const table = wrapper.findComponent({ name: 'VirtualTable' });
    table.vm.$emit('scrolling', true);
    fake.emit('guests.moved', { revision: 7 });
    await flushPromises();
    expect(asked()).toBe(before);
    table.vm.$emit('scrolling', false);
    await flushPromises();
    expect(asked()).toBe(before + 1);
  });

  it('lead to their pages by plain addresses', async () => {
    const odd = guestRow({ key: 'cgroup:a/b c?#', name: 'odd' });
    const { wrapper, router } = await guestsPage([odd], hosts);
    const link = wrapper.get('[role="rowheader"] a');
    expect(router.resolve(link.attributes('href') ?? '').params).toEqual({ host: 'h1', guest: 'cgroup:a/b c?#' });
    await link.trigger('click', { button: 0 });
    await vi.waitFor(() => expect(router.currentRoute.value.params).toEqual({ host: 'h1', guest: 'cgroup:a/b c?#' }));
  });

  it('open with Enter', async () => {
    const { wrapper, router } = await guestsPage(rows, hosts);
    const grid = wrapper.get('[role="grid"]');
    await grid.trigger('focus');
    await grid.trigger('keydown', { key: 'Enter' });
    await vi.waitFor(() => expect(router.currentRoute.value.params).toEqual({ host: 'h1', guest: 'b' }));
  });
});

describe('without guests', () => {
  it('and without hosts, offers to add one', async () => {
    const { wrapper } = await guestsPage([], []);
    expect(wrapper.text()).toContain('there are no hosts yet');
    expect(wrapper.find('a[href$="/add-host"]').exists()).toBe(true);
  });

  it('says where they are looked for', async () => {
    const { wrapper } = await guestsPage([], [hostView('h1')]);
    for (const place of ['libvirt', 'Proxmox', 'QEMU processes', 'Control groups', 'Further control groups'])
      expect(wrapper.text()).toContain(place);
  });

  it('says when no host has told yet', async () => {
    const silent = without(hostView('h1', { state: { kind: 'off' } }), 'summary');
    const { wrapper } = await guestsPage([], [silent]);
    expect(wrapper.text()).toContain('No host has told of its guests yet');
  });

  it('says what went wrong', async () => {
    const fake = fakeConsole({
      'hosts.list': () => [],
      'guests.changes': () => Promise.reject(new ProblemError(problem('internal', 'It broke.'))),
    });
    const { wrapper } = await mountPage(GuestsPage, fake, { at: '/guests' });
    await flushPromises();
    expect(wrapper.get('[role="alert"]').text()).toContain('It broke.');
  });
});
