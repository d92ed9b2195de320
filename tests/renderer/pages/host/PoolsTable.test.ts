import { flushPromises } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PoolReading } from '#shared/model/pool.ts';
import { epochMs } from '#shared/units.ts';
import PoolsTable from '../../../../renderer/pages/host/PoolsTable.vue';
import {
  densityOf,
  densityWords,
  hitRateOf,
  hitWords,
  poolsSentence,
} from '../../../../renderer/pages/host/pool-columns.ts';
import { fakeConsole } from '../../../support/fake-console.ts';
import { gibibytes, guestRow, said } from '../../../support/guest-rows.ts';
import { mountPage, type Mounted } from '../../../support/mount-page.ts';

const pool = (key: string, more: Partial<PoolReading> = {}): PoolReading => ({
  key,
  title: key,
  mechanism: 'compressed',
  kind: 'persistent',
  sharing: 'private',
  owners: [],
  traffic: {},
  ...more,
});
const text = (words: string): string => words.replace(/\u00a0/g, ' ').replace(/\u202f/g, ' ');

describe('a pool in figures', () => {
  it('has a density only where both sides are told and something is taken', () => {
    const full = pool('p', { holds: said(gibibytes(4)), takes: said(gibibytes(1.5)) });
    expect(text(densityWords(full))).toBe('2.67 : 1');
    expect(densityOf(pool('p', { holds: said(0), takes: said(0) }))).toBeUndefined();
    expect(densityWords(pool('p', { holds: said(5) }))).toBe('—');
  });
  it('has a hit rate only once something was asked for, and never above one', () => {
    expect(hitRateOf(pool('p', { traffic: { gets: 200, found: 50 } }))).toBe(0.25);
    expect(hitRateOf(pool('p', { traffic: { gets: 0, found: 0 } }))).toBeUndefined();
    expect(hitRateOf(pool('p', { traffic: { found: 5 } }))).toBeUndefined();
    // Two counters that are not read in the same instant.
    expect(hitRateOf(pool('p', { traffic: { gets: 9, found: 10 } }))).toBe(1);
    expect(hitWords(pool('p', { traffic: { gets: 200, found: 50 } }))).toBe('50 of 200');
    expect(hitWords(pool('p', { traffic: { found: 5 } }))).toBe('5 found');
    expect(hitWords(pool('p', { traffic: { gets: 5 } }))).toBe('of 5');
    expect(hitWords(pool('p'))).toBe('');
  });
  it('adds up to a sentence that says how much of it is told', () => {
    const told = pool('a', { holds: said(gibibytes(4)), takes: said(gibibytes(1)) });
    expect(text(poolsSentence([told]))).toBe('1 pool holds 4.00 GiB and takes 1.00 GiB of RAM');
    expect(text(poolsSentence([told, pool('b', { holds: said(gibibytes(2)) })]))).toBe(
      '2 pools hold 6.00 GiB and take 1.00 GiB of RAM, as far as 1 of them tell',
    );
    expect(text(poolsSentence([pool('b', { holds: said(gibibytes(2)) })]))).toBe('1 pool holds 2.00 GiB');
    expect(poolsSentence([pool('a'), pool('b')])).toBe('2 pools');
  });
});

let mounted: Mounted | undefined;
beforeEach(() => localStorage.clear());
afterEach(() => mounted?.wrapper.unmount());
async function show(pools: readonly PoolReading[], more: Record<string, unknown> = {}) {
  const fake = fakeConsole({
    'guests.changes': () => ({
      revision: 1,
      rows: [guestRow({ key: 'xen:1', name: '<i>ora</i>' }), guestRow({ key: 'xen:2', name: 'web' })],
      gone: [],
    }),
    'samples.catalogue': () => [
      {
        id: 'x.puts',
        title: 'Puts taken',
        unit: 'count',
        kind: 'counter',
        instance: 'device',
        help: 'Pages it took.',
        charted: false,
        platform: 'x',
      },
    ],
  });
  mounted = await mountPage(PoolsTable, fake, { props: { host: 'h1', pools, ...more } });
  await flushPromises();
  const { wrapper } = mounted;
  return {
    wrapper,
    cells: (row: number) =>
      wrapper
        .findAll('tbody tr')
        [row]?.findAll('th, td')
        .map((cell) => text(cell.text())),
    names: () => wrapper.findAll('tbody th').map((cell) => cell.text()),
    sort: async (title: string) =>
      wrapper
        .findAll('thead button')
        .find((one) => one.text() === title)
        ?.trigger('click'),
  };
}

describe('the pools table', () => {
  it('says in words what each pool is, whose, at what price and how well it does', async () => {
    const { wrapper, cells } = await show([
      pool('cache of both', {
        kind: 'ephemeral',
        sharing: 'shared',
        owners: ['xen:1', 'xen:2', 'gone'],
        holds: said(gibibytes(3)),
        takes: said(gibibytes(1)),
        traffic: { puts: 500, refused: 12_345, gets: 1000, found: 730 },
        frozen: true,
      }),
      pool('own'),
    ]);
    expect(cells(0)).toEqual([
      'cache of both',
      'ephemeral',
      'shared',
      '<i>ora</i>, web, goneSet share…',
      '3.00 GiB',
      '1.00 GiB',
      '3.00 : 1',
      '73 %730 of 1000',
      '12 345',
      'frozen',
    ]);
    expect(cells(1)).toEqual(['own', 'persistent', 'private', 'the host', '—', '—', '—', '—', '—', '—']);
    expect(wrapper.find('tbody i').exists()).toBe(false);
    expect(wrapper.findAll('tbody a').map((one) => one.attributes('href'))).toEqual([
      '/hosts/h1/guests/xen:1',
      '/hosts/h1/guests/xen:2',
      '/hosts/h1/guests/gone',
      '/change/pool?t=h1/xen%253A1&t=h1/xen%253A2&t=h1/gone',
    ]);
    expect(wrapper.find('tbody td').attributes('title')).toContain('may be dropped');
  });
  it('sorts by any column, unknown last both ways', async () => {
    const { wrapper, names, sort } = await show([
      pool('a', { holds: said(1), traffic: { refused: 5 } }),
      pool('b', { traffic: { refused: 50 } }),
      pool('c', { holds: said(9) }),
    ]);
    expect(names()).toEqual(['c', 'a', 'b']);
    await sort('Holds');
    expect(names()).toEqual(['a', 'c', 'b']);
    await sort('Refused');
    expect(names()).toEqual(['b', 'a', 'c']);
    await sort('Pool');
    expect(names()).toEqual(['a', 'b', 'c']);
    expect(wrapper.findAll('thead th')[0]?.attributes('aria-sort')).toBe('ascending');
  });
  it('shows what is counted for a pool when it is opened', async () => {
    const { wrapper } = await show([pool('a'), pool('b')], {
      values: [{ metric: 'x.puts', instance: 'a', value: 4321, source: 'xl', at: epochMs(1) }],
    });
    expect(wrapper.text()).not.toContain('Puts taken');
    const [disclose, ...others] = wrapper.findAll('tbody button');
    expect(others).toEqual([]);
    await disclose?.trigger('click');
    await flushPromises();
    expect(disclose?.attributes('aria-expanded')).toBe('true');
    expect(text(wrapper.text())).toContain('Puts taken4321');
    await disclose?.trigger('click');
    expect(wrapper.text()).not.toContain('Puts taken');
  });
  it('says so when no pool is counted on its own', async () => {
    const { wrapper } = await show([]);
    expect(wrapper.find('table').exists()).toBe(false);
    expect(wrapper.text()).toContain('No pool of this host is counted on its own.');
  });
});
