/** Every oddity of `xl` and of the hypervisor that would show a wrong figure, by its name. */
import { describe, expect, test } from 'vitest';
import { sharedName } from '#core/platforms/xen-tmem/xl/uuid.ts';
import { commands } from '#core/platforms/xen-tmem/commands.ts';
import { renderCapture, renderXlInfo, renderXlList } from '../../../../support/xen-render.ts';
import { captureText, seen, seenIn } from './captures.ts';

const P = (rest: string, counts = 'Pc:10,Pm:10,ps:10,pt:10,pd:0,pr:0,px:0,gs:0,gt:0,fs:0,ft:0,os:0,ot:0'): string =>
  `P=${rest},${counts}`;
const C = (domid: number, more = ''): string =>
  `C=CI:${domid},ww:0,co:0,fr:0,Tc:0,Ge:0,Pp:0,Gp:0,Ec:10,Em:10,cp:0,cb:0,cn:0,cm:0${more}`;
const G = 'G=Tt:5,Te:1,Ta:0,Et:0,Ea:0,Ec:10,Pc:10,Fc:10,Sc:0';
const listOf = (...lines: string[]): string =>
  renderCapture({ 'xl info': renderXlInfo(11, 'tmem=1'), 'xl tmem-list -l -a': `${lines.join('\n')}\n` });

describe('the list', () => {
  test('our own command has its options first: after the domain they are ignored without a word', () => {
    const list = commands.find(({ name }) => name === 'xen-tmem-list');
    expect(list?.script).toContain('exec xl tmem-list -l -a ;;');
    const wrong = captureText('xen-4.11.4-tmem/set-commands').split('$ xl tmem-list guest1 -l\n')[1] ?? '';
    expect(wrong.split('\n')[0]).not.toContain('Ec:');
  });

  test('tmem-freeable is 0 on 4.11 whatever there is: not shown, estimated instead', () => {
    const { value, capture } = seenIn('xen-4.11.4-tmem/relinquish');
    expect(capture.commands.get('xl tmem-freeable')?.text).toBe('0');
    expect(value('xen-tmem.freeable.told')).toBeUndefined();
    expect(value('xen-tmem.freeable.estimate')).toBe(18_266 * 4096);
  });

  test('tmem-freeable is believed from 4.1 to 4.7, and nowhere when the version is not known', () => {
    const told = (info: Record<string, string>) =>
      seen(renderCapture({ ...info, 'xl tmem-freeable': '57\n' })).value('xen-tmem.freeable.told');
    expect(told({ 'xl info': renderXlInfo(7, 'tmem') })).toBe(57 * 2 ** 20);
    expect(told({ 'xl info': renderXlInfo(8, 'tmem') })).toBeUndefined();
    expect(told({})).toBeUndefined();
  });

  test('an error in the place of tmem-freeable’s number is no number', () => {
    const text = renderCapture({ 'xl info': renderXlInfo(4, 'tmem'), 'xl tmem-freeable': 'libxl: error: 12\n' });
    expect(seen(text).value('xen-tmem.freeable.told')).toBeUndefined();
  });

  test('cap stands in C up to 4.7 and is not missed later', () => {
    expect(seenIn('xen-4.4.4-tmem/weight-cap-set-cmd').value('xen.tmem.C.ca', 'xen:1')).toBe(100);
    expect(seenIn('xen-4.11.4-tmem/frozen').reading.troubles).toEqual([]);
  });

  test('a negative weight is a negative weight', () => {
    const { value } = seen(listOf(G, C(2).replace('ww:0', 'ww:-5'), P('CI:2,PI:0,PT:EP,U0:0,U1:0'), 'T'));
    expect(value('xen.tmem.C.ww', 'xen:2')).toBe(-5);
  });

  test('Ec of G and Ec of C are two things, and no key is found inside another', () => {
    const { value } = seen(listOf(G.replace('Ec:10', 'Ec:77'), C(2), P('CI:2,PI:0,PT:EP,U0:0,U1:0'), 'T'));
    expect(value('xen.tmem.G.Ec')).toBe(77);
    expect(value('xen.tmem.C.Ec', 'xen:2')).toBe(10);
  });

  test('an unknown key is left out; a pair that is none spoils only itself and is told', () => {
    const { value, reading } = seen(listOf(G, C(2, ',Zz:9,nonsense,cq:x'), P('CI:2,PI:0,PT:EP,U0:0,U1:0'), 'T'));
    expect(value('xen.tmem.C.Ec', 'xen:2')).toBe(10);
    expect(value('xen.tmem.C.Zz', 'xen:2')).toBeUndefined();
    expect(reading.troubles.map(({ line, words }) => [line, words])).toEqual([
      [14, 'expected “key:number” pairs, found “nonsense”; the rest of the line was read'],
    ]);
  });

  test('a missing key is unknown, never 0', () => {
    const { value } = seen(listOf(G, 'C=CI:2,ww:0', P('CI:2,PI:0,PT:EP,U0:0,U1:0'), 'T'));
    expect(value('xen.tmem.C.cp', 'xen:2')).toBeUndefined();
    expect(value('xen-tmem.saved.compressed')).toBeUndefined();
  });

  test.each(['T', 'T=', 'T=Gn:3,Gt:812,Gx:400,Gm:200,1n:4,dn:0'])('the T line as “%s” is read over', (timing) => {
    const { reading } = seen(listOf(G, C(2), P('CI:2,PI:0,PT:EP,U0:0,U1:0'), timing));
    expect(reading.troubles).toEqual([]);
    expect(reading.pools).toHaveLength(1);
  });

  test('Te is no error count, and nothing alarms on it', () => {
    const { detection } = seenIn('xen-4.11.4-tmem/two-guests');
    expect(detection.because.join(' ')).not.toContain('322252');
  });

  test('counters beyond 2^63 dipped below zero', () => {
    const { value } = seen(listOf(G.replace('Te:1', 'Te:18446744073709551614'), 'T'));
    expect(value('xen.tmem.G.Te')).toBe(-2);
  });
});

describe('shared pools', () => {
  const { value, reading, detection } = seenIn('xen-4.11.4-tmem/shared-pool');

  test('in S, and in P of every sharer: shown and summed once', () => {
    expect(reading.pools).toHaveLength(1);
    expect(reading.pools?.[0]?.owners).toHaveLength(2);
    expect(value('xen-tmem.hit-rate')).toBeCloseTo((100 * 69_294) / 81_375, 6);
    expect(value('xen.tmem.P.pr', reading.pools?.[0]?.key)).toBe(67_932);
  });

  test('its hits are nobody’s: they stand with the first joiner, and that is said', () => {
    const [first, second] = reading.guests;
    expect(value('xen.tmem.C.Ge', first?.key)).toBe(69_294);
    expect(value('xen.tmem.C.Ge', second?.key)).toBe(0);
    expect(detection.because.join(' ')).toContain('the guest that mounted it first, whoever made them');
  });

  test('the second S line repeats the first one’s name: the P lines have the true one', () => {
    const { reading: two } = seenIn('xen-4.11.4-tmem/two-shared-pools');
    expect(two.pools?.map(({ key, owners, holds }) => [key, owners.length, holds?.bytes])).toEqual([
      ['xen-tmem:shared:f1e2d3c4-b5a6-9788-8879-6a5b4c3d2e1f', 2, 12_800 * 4096],
      ['xen-tmem:shared:ffeeddcc-bbaa-9988-7766-554433221100', 1, 0],
    ]);
  });

  test('the name has two spellings, one for -u and one for blkid', () => {
    expect(sharedName('88796a5b4c3d2e1f', 'f1e2d3c4b5a69788')).toEqual({
      authorise: 'f1e2d3c4-b5a6-9788-8879-6a5b4c3d2e1f',
      fileSystem: '1f2e3d4c-5b6a-7988-8897-a6b5c4d3e2f1',
    });
    expect(sharedName('1', '0')?.authorise).toBe('00000000-0000-0000-0000-000000000001');
    expect(sharedName('0', '0')).toBeUndefined();
  });

  test('a shared request without authorisation is an EP pool: private', () => {
    const { reading: denied } = seenIn('xen-4.4.4-tmem/shared-auth-required');
    expect(denied.pools?.filter(({ sharing }) => sharing === 'shared')).toHaveLength(1);
    const { detection: told } = seen(
      `${listOf(G, C(2), P('CI:2,PI:0,PT:EP,U0:0,U1:0'), 'T')}$ xl dmesg | grep -F tmem\n(XEN) tmem: allocating ephemeral-shared tmem pool for domid=2...Shared auth failed, create non shared pool instead!\n`,
    );
    expect(told.because.join(' ')).toContain('silently got a private one');
  });

  test('one that can no longer be evicted shows as attempts without evictions', () => {
    expect(seenIn('xen-4.11.4-tmem/truncation').detection.because.join(' ')).toContain(
      'Xen tried 408327 times to evict and evicted 38286 pages',
    );
    expect(seenIn('xen-4.11.4-tmem/relinquish').detection.because.join(' ')).not.toContain('to evict');
  });
});

describe('pool numbers', () => {
  test('they are not dense', () => {
    const { reading } = seenIn('xen-4.11.4-tmem/host-low-memory');
    expect(reading.pools?.map(({ key }) => key)).toEqual(['xen-tmem:4:2:EP', 'xen-tmem:4:3:PP']);
  });

  test('umount and mount keep the key while the counters go back: that is how a new pool is seen', () => {
    const pool = (text: string) => seen(text).reading.pools?.find(({ key }) => key === 'xen-tmem:2:1:EP');
    const before = pool(captureText('xen-4.11.4-tmem/set-commands'));
    const after = pool(`${captureText('xen-4.11.4-tmem/compress').split('$ xl tmem-set')[0] ?? ''}`);
    expect(before?.traffic.puts).toBe(92_160);
    expect(after?.traffic.puts).toBe(0);
  });

  test('a restarted guest has another domid, so its pools have other keys', () => {
    const key = (domid: number) =>
      seen(listOf(G, C(domid), P(`CI:${domid},PI:0,PT:EP,U0:0,U1:0`), 'T')).reading.pools?.[0]?.key;
    expect(key(2)).not.toBe(key(3));
  });
});

describe('a list that was cut', () => {
  const blocks = captureText('xen-4.11.4-tmem/truncation').split(/^(?=\$ )/m);
  const cut = (size: number) => seen(blocks.find((block) => block.startsWith(`$ tmemq list ${size}\n`)) ?? '');

  test.each([200, 300, 500, 700, 1000])('at %i bytes: said, with where to look', (size) => {
    const { detection, reading } = cut(size);
    expect(detection.presence).toBe('partial');
    expect(detection.because.join(' ')).toContain('was cut');
    expect(reading.troubles.length).toBeGreaterThan(0);
  });

  test('pages without pool lines give the domain’s name', () => {
    expect(cut(700).reading.troubles[0]?.words).toContain('domain 4 has pages and no pool lines');
  });

  test('dropped pool lines show in the sum, though T is there', () => {
    expect(cut(1000).reading.troubles[0]?.words).toContain('tmem keeps 18351 pages, and the pools listed hold 12800');
  });

  test('without its G line figures of the host are absent, not 0', () => {
    expect(cut(200).value('xen.tmem.G.Ta')).toBeUndefined();
    expect(cut(200).value('xen-tmem.idle')).toBeUndefined();
  });

  test('one that fits is not suspected', () => {
    expect(cut(1400).reading.troubles).toEqual([]);
  });
});

describe('memory', () => {
  test('Mem has the persistent pages in it: nothing is added', () => {
    const { reading } = seenIn('xen-4.11.4-tmem/guest-frontswap');
    expect(reading.guests[0]?.pays.resident?.bytes).toBe(259 * 2 ** 20);
    expect(reading.guests[0]?.pays.compressed).toBeUndefined();
  });

  test('freed frames of a destroyed guest lie on Ta: available counts them, free_memory does not', () => {
    const { value, detection } = seenIn('xen-4.11.4-tmem/guest-crashed');
    expect(value('xen.info.free_memory')).toBe(1441 * 2 ** 20);
    expect(value('xen-tmem.available')).toBe(1441 * 2 ** 20 + (32_788 + 23_040) * 4096);
    expect(detection.because.join(' ')).toContain('128 MiB lie idle');
  });

  test('the hypervisor’s limit at the target: no room for swap pages, and how to open it', () => {
    const text = `${listOf(G, C(2), P('CI:2,PI:0,PT:EP,U0:0,U1:0'), 'T')}${renderCapture({
      'xl list': renderXlList([{ name: 'db 1', domid: 2, mem: 90, vcpus: 1, state: '-b----', seconds: 1 }]),
      'xl list -l':
        '    {\n        "domid": 2,\n                "max_memkb": 262144,\n                "target_memkb": 92160,\n',
      'xentop -b -i 1 -f':
        '      NAME  STATE   CPU(sec) CPU(%)     MEM(k) MEM(%)  MAXMEM(k) MAXMEM(%) VCPUS NETS\n' +
        '      db 1 --b---          2    0.0      92160    4.2      93184       4.2     1    0\n',
    })}`;
    const { detection, reading } = seen(text);
    expect(reading.guests[0]?.allowed?.bytes).toBe(90 * 2 ** 20);
    expect(detection.because.join(' ')).toContain('No room for swap pages in tmem: db 1.');
    const open = seen(text.replace('      93184', '     263168'));
    expect(open.detection.because.join(' ')).not.toContain('No room for swap pages');
  });

  test('a frozen guest is named', () => {
    const { reading, detection } = seenIn('xen-4.11.4-tmem/frozen');
    expect(reading.pools?.map(({ frozen }) => frozen)).toEqual([true, true]);
    expect(detection.because.join(' ')).toContain('Frozen: guest1.');
  });

  test('refused puts of an ephemeral pool count as well', () => {
    const px = 'Pc:10,Pm:10,ps:10,pt:17,pd:0,pr:0,px:7,gs:0,gt:0,fs:0,ft:0,os:0,ot:0';
    const { value } = seen(listOf(G, C(2), P('CI:2,PI:0,PT:EP,U0:0,U1:0', px), 'T'));
    expect(value('xen-tmem.refused')).toBe(7);
  });

  test('single domains make no figure of the whole host', () => {
    const { value, detection, reading } = seenIn('xen-4.11.4-tmem/px-maxmem');
    expect(value('xen-tmem.capacity.ephemeral')).toBeUndefined();
    expect(value('xen.tmem.P.px', 'xen-tmem:2:0:PP')).toBe(111_943);
    expect(detection.because).toContain('Only single domains were listed: figures of the whole host are not known.');
    const [guest] = reading.guests;
    expect([guest?.promised?.bytes, guest?.allowed?.bytes]).toEqual([256 * 2 ** 20, 90 * 2 ** 20]);
  });
});
