/** The frame, used by keyboard alone, with a fake core behind it. */
import { flushPromises } from '@vue/test-utils';
import { afterEach, describe, expect, it } from 'vitest';
import App from '../../renderer/App.vue';
import { fakeConsole, type Answers } from '../support/fake-console.ts';
import { hostView } from '../support/host-view.ts';
import { mountPage, type Mounted } from '../support/mount-page.ts';

const answers: Answers = {
  'hosts.list': () => [hostView('db-1'), hostView('db-2')],
  'settings.get': () => ({ intervalSeconds: 5, theme: 'system', density: 'comfortable' }),
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
};
/** Pages are loaded when they are first gone to. */
const patience = { timeout: 10_000 };
let mounted: Mounted | undefined;
afterEach(() => {
  mounted?.wrapper.unmount();
  document.body.replaceChildren();
});
async function start() {
  const fake = fakeConsole({ ...answers });
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
