/** xl list, claims, xentop, configurations: rows read from the right, joined, and nothing believed that is not said. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderCapture, renderXlList } from '../../../../support/xen-render.ts';
import type { RenderedDomain } from '../../../../support/xen-render.ts';
import { seen } from './captures.ts';

const domain = (name: string, more: Partial<RenderedDomain> = {}): RenderedDomain => ({
  name,
  domid: 7,
  mem: 128,
  vcpus: 2,
  state: '-b----',
  seconds: 2.5,
  ...more,
});
const listed = (...domains: RenderedDomain[]) => seen(renderCapture({ 'xl list': renderXlList(domains) }));

describe('names', () => {
  test.each([
    ['with blanks', 'web server 1'],
    ['that end in numbers like columns', 'db 3 512 4'],
    ['that are a whole row', 'x 1 2 3 r----- 4.0'],
    ['longer than the column', 'a'.repeat(60)],
    ['of no letters', '(null)'],
  ])('%s', (_, name) => {
    const { reading, value } = listed(domain(name));
    expect(reading.guests.map((guest) => guest.name)).toEqual([name]);
    expect(value('xen.list.Mem', 'xen:7')).toBe(128 * 2 ** 20);
    expect(value('xen.list.VCPUs', 'xen:7')).toBe(2);
    expect(value('xen.list.State', 'xen:7')).toBe('-b----');
  });

  test('control and direction-changing characters are replaced', () => {
    expect(listed(domain('a\u202eb\u0007c')).reading.guests[0]?.name).toBe('a\uFFFDb\uFFFDc');
  });

  test('whatever the name, the columns are right', () => {
    const name = fc
      .string({ minLength: 1, maxLength: 40 })
      .map((text) => text.replace(/[^\x21-\x7e ]/g, '').trim())
      .filter((text) => text !== '' && !text.startsWith('$') && !text.startsWith('/') && !text.startsWith('='));
    fc.assert(
      fc.property(
        name,
        fc.integer({ min: 1, max: 65_000 }),
        fc.integer({ min: 0, max: 900_000 }),
        (text, domid, mem) => {
          // Lines that mean something to the capture itself are not a name's fault.
          fc.pre(!/^(?:>|#|\[|grep:|proc\/|sys\/|\.\/|Name )/.test(text) && !/^[\w.-]+@/.test(text));
          const { value } = listed(domain(text, { domid, mem }));
          expect(value('xen.list.Mem', `xen:${domid}`)).toBe(mem * 2 ** 20);
        },
      ),
    );
  });
});

describe('who is a guest', () => {
  test('keys: the uuid where it is known, else the number', () => {
    const uuid = '88c3fa1d-3476-4be1-9bf6-16e947329ec0';
    const text = renderCapture({
      'xl list': renderXlList([domain('a'), domain('b', { domid: 8 })]),
      'xl list -v': renderXlList([
        domain('a', { uuid }),
        domain('b', { domid: 8, uuid: '00000000-0000-0000-0000-000000000000' }),
      ]),
    });
    expect(seen(text).reading.guests.map(({ key }) => key)).toEqual([`xen:${uuid}`, 'xen:8']);
  });

  test('two domains with one uuid keep keys of their own', () => {
    const uuid = '88c3fa1d-3476-4be1-9bf6-16e947329ec0';
    const { reading } = listed(domain('a', { uuid }), domain('b', { domid: 8, uuid }));
    expect(reading.guests.map(({ key }) => key)).toEqual([`xen:${uuid}`, `xen:${uuid}#8`]);
  });

  test('a crashed one is still there, and said so', () => {
    const { detection, reading } = listed(domain('db', { state: '---sc-' }));
    expect(reading.guests).toHaveLength(1);
    expect(detection.because.join(' ')).toContain('Crashed: db.');
  });

  test('a client the list does not name yet is one; with a newer list it is gone', () => {
    const list = 'G=Tt:1,Ta:0,Ec:0,Pc:0\nC=CI:9,ww:0,Ec:0,cp:0,cb:0\nT\n';
    const text = renderCapture({ 'xl tmem-list -l -a': list, 'xl list': renderXlList([domain('a')]) });
    expect(seen(text).reading.guests.map(({ name }) => name)).toEqual(['a', 'domain 9']);
    expect(seen(text).reading.guests[1]?.unknown[0]).toContain('xl list does not name it');
  });
});

describe('other witnesses', () => {
  test('claims are no list, and bring what is claimed', () => {
    const claims =
      'Name                                        ID   Mem VCPUs\tState\tTime(s)  Claimed\n' +
      'a                                            7   300     2     --p---       2.5   172\n';
    const { value } = seen(renderCapture({ 'xl claims': claims, 'xl list': renderXlList([domain('a')]) }));
    expect(value('xen.claims.Claimed', 'xen:7')).toBe(172 * 2 ** 20);
    expect(value('xen.list.Mem', 'xen:7')).toBe(128 * 2 ** 20);
    expect(seen(renderCapture({ 'xl claims': claims })).reading.guests).toEqual([]);
  });

  test('a limit of “no limit” is none', () => {
    const top =
      '      NAME  STATE   CPU(sec) CPU(%)     MEM(k) MEM(%)  MAXMEM(k) MAXMEM(%) VCPUS NETS\n' +
      '         a --b---          2    0.0     131072    4.2   no limit       n/a     1    0\n';
    const { reading } = seen(renderCapture({ 'xl list': renderXlList([domain('a')]), 'xentop -b -i 1 -f': top }));
    expect(reading.guests[0]?.allowed).toBeUndefined();
    expect(reading.guests[0]?.unknown.join(' ')).toContain('neither its target nor its limit');
  });

  test('configurations: the uuid of a device is not the guest’s', () => {
    const json = [
      '        "domid": 7,',
      '                "name": "a",',
      '                "uuid": "88c3fa1d-3476-4be1-9bf6-16e947329ec0",',
      '                "max_memkb": 262144,',
      '                "target_memkb": 131072,',
      '                "uuid": "11111111-3476-4be1-9bf6-16e947329ec0",',
    ].join('\n');
    const { reading, value } = seen(
      renderCapture({ 'xl list': renderXlList([domain('a')]), 'xl list -l': `${json}\n` }),
    );
    expect(reading.guests[0]?.uuid).toBe('88c3fa1d-3476-4be1-9bf6-16e947329ec0');
    expect(reading.guests[0]?.promised?.bytes).toBe(256 * 2 ** 20);
    expect(value('xen-tmem.saved.ballooned')).toBe(128 * 2 ** 20);
  });
});
