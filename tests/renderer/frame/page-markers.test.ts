/** Which changes are marked on a page's charts is decided by the address. */
import { flushPromises } from '@vue/test-utils';
import { defineComponent, h } from 'vue';
import { afterEach, expect, it } from 'vitest';
import { usePageMarkers } from '../../../renderer/frame/page-markers.ts';
import { useMarkers } from '../../../renderer/parts/chart-markers.ts';
import { fakeConsole } from '../../support/fake-console.ts';
import { mountPage, type Mounted } from '../../support/mount-page.ts';
import { plan, runOf } from '../../support/plan-views.ts';

const Chart = defineComponent(() => {
  const markers = useMarkers();
  return () => h('p', markers.value.map(({ letter }) => letter).join());
});
const Frame = defineComponent(() => {
  usePageMarkers();
  return () => h(Chart);
});
const on = (...names: string[]) => names.map((name) => ({ host: `id-${name}`, name }));
let mounted: Mounted | undefined;
afterEach(() => mounted?.wrapper.unmount());

it.each([
  [{ name: 'fleet' }, 'A,B,C'],
  [{ name: 'host', params: { host: 'id-db-1' } }, 'A,C'],
  [{ name: 'host', params: { host: 'id-db-9' } }, ''],
  [{ name: 'guest', params: { host: 'id-db-2', guest: 'k' } }, 'B,C'],
] as const)('on %o', async (at, letters) => {
  const fake = fakeConsole({
    'plans.list': () => [
      runOf(plan('a', { letter: 'A', hosts: on('db-1') }), 'kept'),
      runOf(plan('b', { letter: 'B', hosts: on('db-2') }), 'watching'),
      runOf(plan('c', { letter: 'C', hosts: on('db-1', 'db-2') }), 'kept'),
    ],
  });
  mounted = await mountPage(Frame, fake, { at });
  await flushPromises();
  expect(mounted.wrapper.text()).toBe(letters);
});
