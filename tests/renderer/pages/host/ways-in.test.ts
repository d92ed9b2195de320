/** The ways into a change from the Host page, and the role that decides whether there is one. */
import { flushPromises } from '@vue/test-utils';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { HostView } from '#shared/model/host.ts';
import { defaultSettings } from '#shared/model/settings.ts';
import { epochMs } from '#shared/units.ts';
import HostPage from '../../../../renderer/pages/host/HostPage.vue';
import { fakeConsole, type Answers } from '../../../support/fake-console.ts';
import { GiB, hostView, noon } from '../../../support/host-view.ts';
import { mountPage, type Mounted } from '../../../support/mount-page.ts';

const answers: Answers = {
  'settings.get': () => defaultSettings,
  'samples.catalogue': () => [
    {
      id: 'zswap.enabled',
      title: 'enabled',
      unit: 'flag',
      kind: 'setting',
      instance: 'host',
      help: 'Off stops new stores.',
      charted: false,
      platform: 'p',
    },
    {
      id: 'zram.algorithm',
      title: 'algorithm',
      unit: 'text',
      kind: 'setting',
      instance: 'device',
      help: 'How pages are compressed.',
      charted: false,
      platform: 'p',
    },
  ],
  'samples.watch': () => null,
  'samples.series': () => [],
  'guests.changes': () => ({ revision: 1, rows: [], gone: [] }),
  'hosts.reading': () => ({
    host: 'id-db-1',
    at: epochMs(noon),
    values: [
      { metric: 'zswap.enabled', instance: '', value: 1, source: '/x', at: epochMs(noon) },
      { metric: 'zram.algorithm', instance: 'zram0', value: 'zstd', source: '/y', at: epochMs(noon) },
    ],
    pools: [],
    files: [],
    unread: [],
    troubles: [],
  }),
};
let mounted: Mounted | undefined;
afterEach(() => {
  mounted?.wrapper.unmount();
  document.body.replaceChildren();
});

async function show(view: HostView, more: Answers = {}, tab?: string) {
  const fake = fakeConsole({ ...answers, 'hosts.list': () => [view], ...more });
  mounted = await mountPage(HostPage, fake, { props: { host: view.config.id, ...(tab === undefined ? {} : { tab }) } });
  await flushPromises();
  const body = () => document.body.textContent?.replace(/\u00a0/g, ' ').replace(/\s+/g, ' ') ?? '';
  const press = async (words: string) => {
    const button = [...document.querySelectorAll('button')].find((one) => one.textContent?.trim() === words);
    (button ?? expect.fail(`no button "${words}"`)).click();
    await flushPromises();
  };
  const called = (name: string) => fake.calls.filter((call) => call.name === name).map(({ args }) => args);
  return { fake, body, press, called, wrapper: mounted.wrapper };
}
const signals = { 'memory.total': 128 * GiB } as const;

describe('tabs', () => {
  const view = hostView('db-1', { signals });
  it('Knobs: leads to the change of those that the host offers to change, asked once', async () => {
    const wish = (id: string, fits = true) => ({
      wish: { id, wizard: 'knob' as const, title: id, about: '', of: 'host' as const },
      fits,
      because: '',
      recommended: false,
    });
    const { wrapper, called, fake } = await show(
      view,
      { 'plans.offers': () => [wish('knob:zswap.enabled'), wish('knob:zram.algorithm'), wish('knob:vm.swappiness')] },
      'knobs',
    );
    const links = () => wrapper.findAll('.change a').map((one) => one.attributes());
    expect(links()).toMatchObject([
      { href: '/change/knob?t=id-db-1&wish=knob:zswap.enabled', 'aria-label': 'Change enabled' },
      {
        href: '/change/knob?t=id-db-1/zram0&wish=knob:zram.algorithm',
        'aria-label': 'Change algorithm of zram0',
      },
    ]);
    fake.emit('hosts.changed', [view]);
    await flushPromises();
    expect(called('plans.offers')).toEqual([{ wizard: 'knob', targets: [{ host: 'id-db-1' }] }]);
    // Whoever cannot change it is offered nothing.
    mounted?.wrapper.unmount();
    const other = await show(view, { 'plans.offers': () => [wish('knob:zswap.enabled', false)] }, 'knobs');
    expect(other.wrapper.findAll('.change a')).toEqual([]);
  });
  it('Pools: lead to a new pool, and to the shares of those that have one', async () => {
    const { wrapper } = await show(
      view,
      {
        'plans.offers': () => [
          {
            wish: { id: 'p.new', wizard: 'pool', title: 'New pool', about: '', of: 'host' },
            fits: true,
            because: '',
            recommended: true,
          },
        ],
        'hosts.reading': () => ({
          host: 'id-db-1',
          at: epochMs(noon),
          values: [],
          pools: ['xen:1', 'xen:2', 'xen:1'].map((owner, n) => ({
            key: `pool-${n}`,
            title: `pool ${n}`,
            mechanism: 'tmem' as const,
            kind: 'persistent' as const,
            sharing: 'private' as const,
            owners: [owner],
            traffic: {},
          })),
          files: [],
          unread: [],
          troubles: [],
        }),
      },
      'pools',
    );
    const to = (words: string) =>
      wrapper
        .findAll('a')
        .find((one) => one.text() === words)
        ?.attributes('href');
    expect(to('Create a pool…')).toBe('/change/pool?t=id-db-1');
    expect(to('Set share…')).toBe('/change/pool?t=id-db-1/xen%253A1&t=id-db-1/xen%253A2');
  });
});

describe('what may be changed', () => {
  const operator = { config: { role: 'operator' as const }, signals };
  const grade = (is: 'viewer' | 'operator') => ({
    kernel: '6.1',
    hostname: 'db-1',
    os: 'Debian',
    pageSize: 4096,
    bootId: 'x',
    uid: 0,
    user: 'root',
    rights: 'root' as const,
    grade: is,
  });

  it('is nothing on a host that is only watched, which says so and offers more', async () => {
    const { body, press, called } = await show(hostView('db-1', { signals, config: { user: 'anna' } }), {
      'hosts.edit': ({ host, draft }) => ({ ...draft, id: host }),
    });
    await press('watch only');
    expect(body()).toContain('has to allow anna to run /usr/local/sbin/tmem-agent --operator');
    expect(called('hosts.edit')).toEqual([]);
    await press('Watch and change db-1');
    expect(called('hosts.edit')).toMatchObject([
      { host: 'id-db-1', draft: { name: 'db-1', role: 'operator', address: 'db-1.example.net' } },
    ]);
  });
  it('is said by nothing where it may be changed', async () => {
    const { body } = await show({ ...hostView('db-1', operator), facts: grade('operator') });
    expect(body()).not.toContain('watch only');
  });
  it('is decided by the host in the end', async () => {
    const { body, press, called } = await show({ ...hostView('db-1', operator), facts: grade('viewer') });
    await press('watch only');
    expect(body()).toContain('db-1 lets this console watch only');
    expect(body()).not.toContain('Watch and change db-1');
    expect(called('hosts.edit')).toEqual([]);
  });
  it('begins from the menu: the host as the target, guests by its name', async () => {
    const choose = async (words: string) => {
      const { wrapper } = await show(hostView('db-1', operator));
      const trigger = wrapper.findAll('button').find((one) => one.text() === 'Change…');
      trigger?.element.focus();
      await trigger?.trigger('keydown', { key: 'Enter' });
      await flushPromises();
      const item = [...document.querySelectorAll<HTMLElement>('[role="menuitem"]')].find((one) =>
        one.textContent?.includes(words),
      );
      (item ?? expect.fail(`no item "${words}"`)).click();
      await flushPromises();
      await vi.waitFor(() => expect(mounted?.router.currentRoute.value.name).toBe('change'), { timeout: 10_000 });
      const at = mounted?.router.currentRoute.value.fullPath;
      mounted?.wrapper.unmount();
      document.body.replaceChildren();
      return at;
    };
    expect(await choose('Compress memory')).toBe('/change/compress?t=id-db-1');
    expect(await choose('RAMster cluster')).toBe('/change/cluster?t=id-db-1');
    expect(await choose('Enable frontswap')).toBe('/change/frontswap?find=db-1');
  });
});
