/** Versions nobody captured, generated to the documented format: what is rendered is read back, whole. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  clientKeysOf,
  globalKeysOf,
  poolKeysOf,
  renderCapture,
  renderTmemList,
  renderXlInfo,
  renderXlList,
  truncate,
} from '../../../../support/xen-render.ts';
import type { RenderedPool, RenderedTmem } from '../../../../support/xen-render.ts';
import { seen } from './captures.ts';

const count = fc.integer({ min: -2, max: 2 ** 31 - 1 });
const numbers = (keys: readonly string[]) => fc.record(Object.fromEntries(keys.map((key) => [key, count])));
const half = fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }).map((number) => number.toString(16));

const privatePool = (number: number): fc.Arbitrary<RenderedPool> =>
  fc.record({
    number: fc.constant(number),
    type: fc.constantFrom<'EP' | 'PP'>('EP', 'PP'),
    u0: fc.constant('0'),
    u1: fc.constant('0'),
    counts: numbers(poolKeysOf(true)),
  });

const state: fc.Arbitrary<RenderedTmem> = fc
  .record({
    minor: fc.integer({ min: 0, max: 12 }),
    timed: fc.boolean(),
    domids: fc.uniqueArray(fc.integer({ min: 1, max: 5000 }), { maxLength: 6 }),
    names: fc.uniqueArray(fc.tuple(half, half), { maxLength: 3, selector: ([u0, u1]) => `${u1} ${u0}` }),
  })
  .chain(({ minor, timed, domids, names }) =>
    fc.record({
      minor: fc.constant(minor),
      timed: fc.constant(timed),
      global: numbers(globalKeysOf(minor, true)),
      shared: fc.tuple(
        ...names.map(([u0, u1], slot) =>
          fc.record({
            slot: fc.constant(slot),
            u0: fc.constant(u0),
            u1: fc.constant(u1),
            sharers: fc.constant(domids),
            counts: numbers(poolKeysOf(true)),
          }),
        ),
      ),
      clients: fc.tuple(
        ...domids.map((domid) =>
          fc.record({
            domid: fc.constant(domid),
            counts: numbers(clientKeysOf(minor, true)),
            pools: fc.tuple(privatePool(0), privatePool(3)),
          }),
        ),
      ),
    }),
  )
  .map(({ clients, shared, ...rest }) => ({
    ...rest,
    // A pool nobody shares does not exist.
    shared: clients.length === 0 ? [] : shared,
    clients: clients.map((client) => ({
      ...client,
      pools: [
        ...client.pools,
        ...shared.map(({ u0, u1, counts, slot }) => ({ number: 8 + slot, type: 'ES' as const, u0, u1, counts })),
      ],
    })),
  }));

const read = (given: RenderedTmem, list: string) =>
  seen(
    renderCapture({
      'xl info': renderXlInfo(given.minor, 'tmem=1'),
      'xl tmem-list -l -a': list,
      'xl list': renderXlList([
        { name: 'Domain-0', domid: 0, mem: 1280, vcpus: 1, state: 'r-----', seconds: 1 },
        ...given.clients.map(({ domid }) => ({
          name: `g ${domid}`,
          domid,
          mem: 128,
          vcpus: 1,
          state: '-b----',
          seconds: 2.5,
        })),
      ]),
    }),
  );

describe('read(render(state)) is the state', () => {
  test('long lists of 4.0 to 4.12', () => {
    fc.assert(
      fc.property(state, (given) => {
        const { value, reading } = read(given, renderTmemList(given, true));
        for (const key of globalKeysOf(given.minor, true)) expect(value(`xen.tmem.G.${key}`)).toBe(given.global[key]);
        for (const { domid, counts, pools } of given.clients) {
          for (const key of clientKeysOf(given.minor, true))
            expect(value(`xen.tmem.C.${key}`, `xen:${domid}`)).toBe(counts[key]);
          for (const { number, type, counts: own } of pools.filter((pool) => pool.type !== 'ES'))
            for (const key of poolKeysOf(true))
              expect(value(`xen.tmem.P.${key}`, `xen-tmem:${domid}:${number}:${type}`)).toBe(own[key]);
        }
        const shared = reading.pools?.filter(({ sharing }) => sharing === 'shared') ?? [];
        expect(shared.length).toBe(given.shared.length);
        for (const pool of shared) expect(pool.owners).toEqual(given.clients.map(({ domid }) => `xen:${domid}`));
        expect(reading.troubles.filter(({ words }) => !words.includes('the list was cut'))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test('short lists bring what they have, and nothing that is not in them', () => {
    fc.assert(
      fc.property(state, (given) => {
        const { value, detection, reading } = read(given, renderTmemList(given, false));
        for (const key of globalKeysOf(given.minor, false)) expect(value(`xen.tmem.G.${key}`)).toBe(given.global[key]);
        expect(value('xen.tmem.G.Ec')).toBeUndefined();
        expect(value('xen-tmem.capacity.ephemeral')).toBeUndefined();
        expect(value('xen-tmem.freeable.estimate')).toBeUndefined();
        expect(detection.presence).toBe('partial');
        expect(reading.pools?.every(({ holds }) => holds === undefined)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  test('a list that was cut at any place is read as far as it goes, and never invents a figure', () => {
    fc.assert(
      fc.property(state, fc.integer({ min: 1, max: 6000 }), (given, size) => {
        const { value } = read(given, truncate(renderTmemList(given, true), size));
        for (const { domid, counts } of given.clients)
          for (const key of clientKeysOf(given.minor, true)) {
            const found = value(`xen.tmem.C.${key}`, `xen:${domid}`);
            // The last number of a C line that was cut may have lost digits; every other is whole.
            if (found !== undefined) expect(String(counts[key])).toMatch(new RegExp(`^${String(found)}`));
          }
      }),
      { numRuns: 60 },
    );
  });
});
