/** The frame, used by keyboard alone, with a fake core behind it. */
import { flushPromises } from '@vue/test-utils';
import { afterEach, describe, expect, it } from 'vitest';
import App from '../../renderer/App.vue';
import { fakeConsole, type Answers } from '../support/fake-console.ts';
import { hostView } from '../support/host-view.ts';
import { mountPage, type Mounted } from '../support/mount-page.ts';
import { labStatus, scenarios } from './lab-status.ts';
import { defaultSettings } from '#shared/model/settings.ts';

const answers: Answers = {
  'hosts.list': () => [hostView('db-1'), hostView('db-2')],
  'settings.get': () => defaultSettings,
  'settings.set': ({ settings }) => settings,
  'console.notices': () => [{ id: 'n', level: 'warning', sentence: 'The inventory was kept aside.' }],
  'console.dismiss': () => null,
  'samples.catalogue': () => [],
  'samples.fleet': () => ({ at: [], signals: {} }),
  'samples.series': () => [],
  'samples.watch': () => null,
  'hosts.reading': () => null,
  'guests.changes': () => ({ revision: 1, rows: [], gone: [] }),
  'hosts.refresh': () => null,
  'lab.status': () => null,
  'lab.scenarios': () => scenarios,
  'clusters.members': () => [],
  'plans.list': () => [],
};
/** Pages are loaded when they are first gone to. */
const patience = { timeout: 10_000 };
let mounted: Mounted | undefined;
afterEach(() => {
  mounted?.wrapper.unmount();
  document.body.replaceChildren();
});
async function start(more: Answers = {}) {
  const fake = fakeConsole({ ...answers, ...more });
  mounted = await mountPage(App, fake);
  await flushPromises();
  const press = async (key: string, more: KeyboardEventInit = {}, on: EventTarget = document.body) => {
    on.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }));
    await flushPromises();
  };
  return { fake, press, router: mounted.router, wrapper: mounted.wrapper };
}
const byRole = (role: string) => [...document.querySelectorAll<HTMLElement>(`[role="${role}"]`)];

describe('the frame', () => {
  it('goes to rooms by two letters, and not while somebody types', async () => {
    const { press, router } = await start();
    await press('g');
    await press('s');
    await expect.poll(() => router.currentRoute.value.name, patience).toBe('settings');
    const field = document.createElement('input');
    document.body.append(field);
    await press('g', {}, field);
    await press('f', {}, field);
    expect(router.currentRoute.value.name).toBe('settings');
  });
  it('goes there also from a check box or radio button, which take no letters', async () => {
    const { press, router } = await start();
    const box = document.createElement('input');
    box.type = 'radio';
    document.body.append(box);
    await press('g', {}, box);
    await press('s', {}, box);
    await expect.poll(() => router.currentRoute.value.name, patience).toBe('settings');
  });
  it('shows the way here and names the window', async () => {
    const { router, wrapper } = await start();
    await router.push({ name: 'host', params: { host: 'id-db-2' } });
    await flushPromises();
    expect(wrapper.find('[aria-label="Breadcrumb"]').text()).toBe('Fleetdb-2');
    expect(document.title).toBe('db-2 · Tmem Console');
  });
  it('finds a host in the palette and opens it', async () => {
    const { press, router } = await start();
    await press('k', { ctrlKey: true });
    const search = document.querySelector<HTMLInputElement>('[role="combobox"]') ?? expect.fail('no palette');
    search.value = 'db-2';
    search.dispatchEvent(new Event('input'));
    await flushPromises();
    expect(byRole('option')[0]?.textContent).toContain('db-2');
    await press('Enter', {}, search);
    await expect.poll(() => router.currentRoute.value.params['host'], patience).toBe('id-db-2');
    await flushPromises();
    expect(byRole('dialog')).toEqual([]);
  });
  it('does what the palette offers, and says there when it cannot be done', async () => {
    const { press, fake } = await start();
    await press('k', { metaKey: true });
    const search = document.querySelector<HTMLInputElement>('[role="combobox"]') ?? expect.fail('no palette');
    search.value = 'disconnect db-1';
    search.dispatchEvent(new Event('input'));
    await flushPromises();
    await press('Enter', {}, search);
    expect(fake.calls.at(-1)).toEqual({ name: 'hosts.disconnect', args: { host: 'id-db-1' } });
    expect(byRole('alert').at(-1)?.textContent).toContain('This test has no answer to hosts.disconnect.');
  });
  it('lists the keys', async () => {
    const { press } = await start();
    await press('?');
    expect(byRole('dialog')[0]?.textContent).toContain('Go to Guests');
  });
  it('shows notices until they are dismissed', async () => {
    const { wrapper, fake } = await start();
    const notices = wrapper.find('[aria-label="Notices"]');
    expect(notices.text()).toContain('The inventory was kept aside.');
    await notices.find('button').trigger('click');
    await flushPromises();
    expect(wrapper.find('[aria-label="Notices"]').exists()).toBe(false);
    expect(fake.calls.at(-1)).toEqual({ name: 'console.dismiss', args: { notice: 'n' } });
  });
  it('says when the console itself is gone, and is calm again when it is back', async () => {
    const { wrapper, fake } = await start();
    fake.lose();
    await flushPromises();
    expect(wrapper.text()).toContain('The console has stopped');
    fake.reopen();
    await flushPromises();
    expect(wrapper.text()).not.toContain('The console has stopped');
  });
});

describe('the lab band', () => {
  const happened = [
    { at: 0, words: 'The lab begins.' },
    { at: 600, words: 'donor-1 <b>loses</b> its power.' },
  ];
  const inLab: Answers = { 'lab.status': () => labStatus({ happened }) };
  const band = () => document.querySelector<HTMLElement>('[aria-label="Lab"]');
  const button = (words: string) =>
    [...(band()?.querySelectorAll<HTMLButtonElement>('button') ?? [])].find((one) =>
      one.textContent?.includes(words),
    ) ?? expect.fail(`no button "${words}"`);

  it('is not there without a lab, nor is the word in the title', async () => {
    await start();
    expect(band()).toBeNull();
    expect(document.title).toBe('Fleet · Tmem Console');
  });
  it('says on every page that this is the lab, which, what time it is there and what happened last', async () => {
    const { router } = await start(inLab);
    for (const name of ['fleet', 'guests', 'clusters', 'settings', 'add-host']) {
      await router.push({ name });
      await flushPromises();
      const words = band()?.textContent ?? '';
      for (const said of [
        'Lab',
        'First five minutes',
        '08:15',
        'seed 4711',
        '08:10',
        'donor-1 <b>loses</b> its power.',
      ])
        expect(words).toContain(said);
      expect(document.title).toContain(' · Lab · ');
    }
    expect(band()?.querySelector('b')).toBeNull();
  });
  it('warns that a host added now is the lab’s', async () => {
    const { router, wrapper } = await start(inLab);
    await router.push({ name: 'add-host' });
    await expect.poll(() => wrapper.find('[role="note"]').text(), patience).toContain('is forgotten with it');
  });
  it('lists all that happened, newest first', async () => {
    await start(inLab);
    button('loses').click();
    await flushPromises();
    const list = byRole('dialog').at(-1);
    expect([...(list?.querySelectorAll('li') ?? [])].map((one) => one.textContent)).toEqual([
      '08:10donor-1 <b>loses</b> its power.',
      '08:00The lab begins.',
    ]);
  });
  it('steers the lab’s time', async () => {
    const { fake } = await start({
      ...inLab,
      'lab.steer': ({ speed, paused }) => labStatus({ speed, paused, happened }),
    });
    const group = band()?.querySelector('[role="radiogroup"]');
    const radios = [...(group?.querySelectorAll<HTMLInputElement>('input[type="radio"]') ?? [])];
    expect(radios.map(({ value, checked }) => [value, checked])).toEqual([
      ['1', true],
      ['10', false],
      ['60', false],
    ]);
    radios[2]?.click();
    await flushPromises();
    expect(fake.calls.at(-1)).toEqual({ name: 'lab.steer', args: { speed: 60, paused: false } });
    button('Pause').click();
    await flushPromises();
    expect(fake.calls.at(-1)).toEqual({ name: 'lab.steer', args: { speed: 60, paused: true } });
    expect(button('Run')).toBeDefined();
    expect(band()?.textContent).toContain('paused');
  });
  it('says why the lab could not be steered', async () => {
    await start(inLab);
    button('Pause').click();
    await flushPromises();
    expect(band()?.querySelector('[role="alert"]')?.textContent).toContain('no answer to lab.steer');
    expect(button('Pause')).toBeDefined();
  });
  it('takes everything of the other world off the screen when the hosts become other ones', async () => {
    const { fake, router, wrapper } = await start();
    await router.push({ name: 'host', params: { host: 'id-db-2' } });
    await flushPromises();
    await expect.poll(() => wrapper.find('main').text(), patience).toContain('db-2');
    fake.answers['hosts.list'] = () => [hostView('lab-1')];
    fake.emit('lab.changed', labStatus());
    fake.emit('lab.switched', null);
    await wrapper.vm.$nextTick();
    expect(wrapper.find('main').text()).toBe('');
    await flushPromises();
    await expect.poll(() => wrapper.find('main').text(), patience).toContain('lab-1');
    expect(router.currentRoute.value.name).toBe('fleet');
    expect(document.body.textContent).not.toContain('db-');
    expect(document.activeElement?.id).toBe('main');
  });
  it('leaves the lab, and the band goes when the core says so', async () => {
    const { fake } = await start({ ...inLab, 'lab.leave': () => null });
    button('Leave the lab').click();
    await flushPromises();
    expect(fake.calls.at(-1)?.name).toBe('lab.leave');
    fake.emit('lab.changed', null);
    fake.emit('lab.switched', null);
    await flushPromises();
    expect(band()).toBeNull();
  });
  it('opens a scenario from the palette, and closes it', async () => {
    const { fake, press } = await start({ 'lab.open': () => labStatus() });
    await press('k', { ctrlKey: true });
    const search = document.querySelector<HTMLInputElement>('[role="combobox"]') ?? expect.fail('no palette');
    search.value = 'lab monday';
    search.dispatchEvent(new Event('input'));
    await flushPromises();
    await press('Enter', {}, search);
    expect(fake.calls.filter(({ name }) => name === 'lab.open')).toEqual([
      { name: 'lab.open', args: { scenario: 'monday' } },
    ]);
    expect(byRole('combobox')).toEqual([]);
  });
});

describe('going to Cluster', () => {
  it('takes g c, or the rail', async () => {
    const { press, router, wrapper } = await start();
    await press('g');
    await press('c');
    await expect.poll(() => router.currentRoute.value.name, patience).toBe('clusters');
    const rail = wrapper.findAll('[aria-label="Rooms"] a');
    expect(rail.map((room) => [room.text(), room.attributes('aria-current')])).toEqual([
      ['Fleet', undefined],
      ['Guests', undefined],
      ['Cluster', 'page'],
      ['Changes', undefined],
      ['History', undefined],
      ['Savings', undefined],
      ['Reports', undefined],
      ['Settings', undefined],
    ]);
  });
});
