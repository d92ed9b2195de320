/** The ways into the history from the pages of a host and of a guest, and back by the address. */
import { flushPromises } from '@vue/test-utils';
import { afterEach, expect, it } from 'vitest';
import HostPage from '../../../../renderer/pages/host/HostPage.vue';
import { guestHistory, hostHistory } from '../../../../renderer/pages/history/history-links.ts';
import { readView } from '../../../../renderer/pages/history/history-query.ts';
import { epochMs } from '#shared/units.ts';
import { hostView, noon, states } from '../../../support/host-view.ts';
import { mountPage, type Mounted } from '../../../support/mount-page.ts';
import { historyConsole } from './history-support.ts';

let mounted: Mounted | undefined;
afterEach(() => mounted?.wrapper.unmount());

async function hostPage(view: ReturnType<typeof hostView> | undefined) {
  const fake = historyConsole(noon, {
    'hosts.list': () => (view === undefined ? [] : [view]),
    'guests.changes': ({ since }) => ({ revision: since + 1, rows: [], gone: [] }),
    'samples.watch': () => null,
    'samples.series': () => [
      { metric: 'signal.saved.merged', instance: '', at: [epochMs(noon)], values: [1] },
      { metric: 'signal.memory.total', instance: '', at: [epochMs(noon)], values: [9] },
    ],
  });
  const at = { name: 'host', params: { host: 'id-db-1' } };
  mounted = await mountPage(HostPage, fake, { at, props: { host: 'id-db-1' } });
  await flushPromises();
  const { wrapper, router } = mounted;
  return (words: string) => {
    const link = wrapper.findAll('a').find((one) => one.text() === words);
    return readView(router.resolve(link?.attributes('href') ?? expect.fail()).query);
  };
}

it('a host’s chart leads to the same figures over the same span', async () => {
  const led = await hostPage(hostView('db-1', { signals: {} }));
  expect(led('Open in History')).toEqual({
    series: [{ host: 'id-db-1', guest: '', metric: 'signal.saved.merged', instance: '' }],
    span: { last: 900 },
    apart: false,
  });
});
it('a host that never told anything leads to what was recorded of it earlier', async () => {
  const led = await hostPage(hostView('db-1', { state: states.waiting }));
  expect(led('See what was recorded of this host earlier').series.map(({ metric }) => metric)).toContain(
    'signal.saved.compressed',
  );
});
it('so does one that was removed', async () => {
  const led = await hostPage(undefined);
  expect(led('See what was recorded of it').series.every(({ host }) => host === 'id-db-1')).toBe(true);
});
it('a guest leads to its own figures', () => {
  expect(guestHistory({ host: 'h', guest: 'g/1' }, 60, ['guest.uses'])).toEqual({
    name: 'history',
    query: { s: ['h/g%2F1/guest.uses/'], last: '60' },
  });
  expect(hostHistory('h', 60, ['harm.rejects'])).toMatchObject({ query: { s: ['h//signal.harm.rejects/'] } });
});
