import { describe, expect, it } from 'vitest';
import { filterGuests, type GuestFilter } from '../../../../renderer/pages/guests/filter-guests.ts';
import { sumGuests } from '../../../../renderer/pages/guests/sum-guests.ts';
import { gibibytes, guestRow, said, without } from '../../../support/guest-rows.ts';

const rows = [
  guestRow({ key: 'db', name: 'DB-1', host: 'h1', hostName: 'alpha', uuid: 'AAAA-1', pressure: 3 }),
  guestRow({ key: 'web', name: 'web-1', host: 'h2', hostName: 'beta', kind: 'proxmox', swapIn: 20, saved: -5 }),
  guestRow({
    key: 'tool',
    name: 'tool',
    host: 'h2',
    hostName: 'beta',
    kind: 'cgroup',
    pays: {},
    unknown: ['Nobody says.'],
  }),
];
const all: GuestFilter = { text: '', hurts: false, unknown: false };
const keys = (filter: Partial<GuestFilter>) => filterGuests(rows, { ...all, ...filter }).map(({ key }) => key);

describe('filterGuests', () => {
  it.each([
    [{}, ['db', 'web', 'tool']],
    [{ text: 'db' }, ['db']],
    [{ text: 'BETA web' }, ['web']],
    [{ text: 'aaaa' }, ['db']],
    [{ hosts: new Set(['h2']) }, ['web', 'tool']],
    [{ kind: 'cgroup' as const }, ['tool']],
    [{ paysOver: gibibytes(3.9) }, ['db', 'web']],
    [{ hurts: true }, ['db', 'web']],
    [{ unknown: true }, ['tool']],
    [{ text: 'db', unknown: true }, []],
  ])('%j', (filter, expected) => {
    expect(keys(filter)).toEqual(expected);
  });
});

describe('sumGuests', () => {
  it('adds up what is known', () => {
    expect(sumGuests(rows)).toEqual({
      guests: 3,
      hosts: 2,
      pays: gibibytes(8),
      promised: gibibytes(24),
      withoutPromise: 0,
      saved: -5,
      hurt: 2,
      harmTold: 3,
      unknown: 1,
    });
  });

  it('has no figure where no guest has one', () => {
    const unlimited = without(guestRow({ key: 'a', pays: { compressed: said(5) } }), 'promised');
    expect(sumGuests([unlimited])).toEqual({
      guests: 1,
      hosts: 1,
      withoutPromise: 1,
      hurt: 0,
      harmTold: 1,
      unknown: 1,
    });
  });

  it('goes through ten thousand guests within a frame', () => {
    const many = Array.from({ length: 10_000 }, (_, index) => guestRow({ key: `vm-${index}` }));
    const before = process.cpuUsage();
    for (let round = 0; round < 10; round += 1) {
      expect(filterGuests(many, { ...all, text: 'vm-9', hurts: false }).length).toBe(1111);
      sumGuests(many);
    }
    expect(process.cpuUsage(before).user / 1000 / 10).toBeLessThan(16);
  });
});
