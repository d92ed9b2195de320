/** What the ledger needs of a Xen host beyond its lines: sums over guests, and cache told apart from swap pages. */
import { describe, expect, test } from 'vitest';
import { compressedPersistent } from '#core/platforms/xen-tmem/guests.ts';
import { parseRecord } from '#core/platforms/xen-tmem/xl/record.ts';
import { seenIn } from './captures.ts';

const mib = 2 ** 20;
const persistentIn = (line: string) => {
  const record = parseRecord(line, 1);
  if (record === undefined) throw new Error(`no record: ${line}`);
  return compressedPersistent(record);
};

describe('compressed swap pages', () => {
  test('as many compressed pages as can be are taken to be cache', () => {
    expect(persistentIn('C=CI:1,Ec:30,cp:100,cb:5000')).toEqual({ pages: 70, bytes: 3500 });
    expect(persistentIn('C=CI:1,Ec:100,cp:100,cb:5000')).toEqual({ pages: 0, bytes: 0 });
    expect(persistentIn('C=CI:1,Ec:100,cp:0,cb:0')).toEqual({ pages: 0, bytes: 0 });
  });

  test('a short list does not tell', () => {
    expect(persistentIn('C=CI:1,Ge:1')).toBeUndefined();
  });

  test('4.11.4: of the guest that compresses, and of the host', () => {
    const { value } = seenIn('xen-4.11.4-tmem/two-guests');
    const guest1 = 'xen:88c3fa1d-3476-4be1-9bf6-16e947329ec0';
    expect(value('xen-tmem.guest.compressed.persistent', guest1)).toBe(43_536 - 23_040);
    expect(value('xen-tmem.compressed.persistent')).toBe(43_536 - 23_040);
    expect(value('xen-tmem.compressed.persistent.bytes')).toBe(22_562_016);
  });
});

describe('hits', () => {
  test('of the host each once; of a guest those of its private pools', () => {
    const { value } = seenIn('xen-4.11.4-tmem/two-guests');
    expect(value('xen-tmem.ephemeral.hits')).toBe(141_134 + 23_292);
    // Pool 1 of guest1 was made anew: its counter began at 0, the client's went on.
    expect(value('xen-tmem.guest.ephemeral.hits', 'xen:88c3fa1d-3476-4be1-9bf6-16e947329ec0')).toBe(72_014);
  });

  test('of a shared pool no guest has any', () => {
    const { value, reading } = seenIn('xen-4.11.4-tmem/shared-pool');
    expect(value('xen-tmem.ephemeral.hits')).toBe(69_294);
    for (const { key } of reading.guests) expect(value('xen-tmem.guest.ephemeral.hits', key)).toBeUndefined();
  });
});

test('what a guest has beyond its target takes back what the balloon gave', () => {
  const { value } = seenIn('xen-4.11.4-tmem/px-maxmem');
  expect(value('xen-tmem.guests.promised')).toBe(256 * mib);
  expect(value('xen-tmem.balloon.allowed')).toBe(90 * mib);
  expect(value('xen-tmem.guests.taken')).toBe(107 * mib);
  expect(value('xen-tmem.balloon.beyond')).toBe((107 - 90) * mib);
});
