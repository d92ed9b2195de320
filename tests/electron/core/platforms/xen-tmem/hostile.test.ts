/** No text makes the platform throw, and no text makes it say what is not in its catalogue. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDump } from '#core/platforms/kernel/dump.ts';
import { xenTmem } from '#core/platforms/xen-tmem/index.ts';

const known = new Set(xenTmem.catalogue.map(({ id }) => id));
const piece = fc.oneof(
  fc.constantFrom(
    '$ xl tmem-list -l -a\n',
    '$ xl list\n',
    '$ xl list -l\n',
    '$ xl info\n',
    '$ xl tmem-freeable\n',
    '$ xl claims\n',
    '$ xl dmesg\n',
    '$ xentop -b -i 1 -f\n',
    '$ xenstore-ls /local/domain/3/memory\n',
    'Name                                        ID   Mem VCPUs\tState\tTime(s)\n',
    '      NAME  STATE   CPU(sec) CPU(%)     MEM(k) MEM(%)  MAXMEM(k) MAXMEM(%) VCPUS\n',
    'G=Tt:',
    'C=CI:',
    'P=CI:',
    'S=SI:',
    'T=',
    ',PI:',
    ',PT:ES,U0:1,U1:',
    ',SC:',
    ',Ec:',
    ',cp:9,cb:',
    'a 1 2 3 r----- 4.0',
    'xen_commandline : tmem',
    'xen_minor : ',
    '"domid": ',
    '"max_memkb": ',
    'target = "',
    '\n',
    '[exit 0]\n',
    '> ',
    '/sys/module/tmem/parameters/frontswap:',
    '/sys/devices/system/xen_memory/xen_memory0/target_kb:',
  ),
  fc.integer().map(String),
  fc.bigInt().map(String),
  fc.string({ unit: 'binary', maxLength: 20 }),
);

test('never throws', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const capture = parseDump(pieces.join(''));
      const { because } = xenTmem.detect(capture);
      const { values, guests, pools = [] } = xenTmem.read(capture);
      const all = [...values, ...guests.flatMap((guest) => guest.values)];
      expect(all.every(({ metric }) => known.has(metric))).toBe(true);
      expect(all.every(({ value }) => typeof value === 'string' || Number.isFinite(value))).toBe(true);
      expect(because.length).toBeGreaterThan(0);
      expect(new Set(guests.map(({ key }) => key)).size).toBe(guests.length);
      expect(new Set(pools.map(({ key }) => key)).size).toBe(pools.length);
    }),
    { numRuns: 400 },
  );
});

test('a list of a megabyte is read in time and in bounded trouble', () => {
  const line = `C=${'CI:1,xx'.repeat(9000)}\n`;
  const rows = `${'a 1 2 3 '.repeat(120)}\n`.repeat(500);
  const capture = parseDump(
    `$ xl tmem-list -l -a\n${line.repeat(16)}[exit 0]\n\n$ xl list\nName ID Mem VCPUs State Time(s)\n${rows}[exit 0]\n`,
  );
  const { troubles } = xenTmem.read(capture);
  expect(troubles.length).toBeLessThan(50);
}, 5000);
