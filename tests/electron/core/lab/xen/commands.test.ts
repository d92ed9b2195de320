/** xl as it really answers: order of options, exit codes, messages, and what settings truly change. */
import { describe, expect, it } from 'vitest';
import { figure, guest, host, pass, say, text } from './hosts.ts';

const usage = (cap: boolean): string =>
  `Usage: xl [-vf] tmem-set [<Domain>|-a] [-w[=WEIGHT]|-c[=CAP]|-p[=COMPRESS]]\n\nChange tmem settings.\n\nOptions:\n\n` +
  `  -a                             Operate on all tmem\n  -w WEIGHT                      Weight (int)\n` +
  `${cap ? '  -c CAP                         Cap (int)\n' : ''}  -p COMPRESS                    Compress (int)\n`;

describe('Xen 4.11', () => {
  it('lists a guest that has just started as it was seen', () => {
    const machine = host();
    expect(text(machine, 'xl tmem-list -l -a')).toBe(
      `G=Tt:2,Te:0,Cf:0,Af:0,Pf:0,Ta:0,Lm:0,Et:0,Ea:0,Rt:0,Ra:0,Rx:0,Fp:0,Ec:0,Em:0,Oc:0,Om:0,Nc:0,Nm:0,Pc:0,Pm:0,Fc:0,Fm:0,Sc:0,Sm:0,Ep:0,Gd:0,Zt:0,Gz:0
C=CI:1,ww:0,co:0,fr:0,Tc:0,Ge:0,Pp:0,Gp:0,Ec:0,Em:0,cp:0,cb:0,cn:0,cm:0
P=CI:1,PI:0,PT:PP,U0:0,U1:0,Pc:0,Pm:0,Oc:0,Om:0,Nc:0,Nm:0,ps:0,pt:0,pd:0,pr:0,px:0,gs:0,gt:0,fs:0,ft:0,os:0,ot:0
P=CI:1,PI:1,PT:EP,U0:0,U1:0,Pc:0,Pm:0,Oc:0,Om:0,Nc:0,Nm:0,ps:0,pt:0,pd:0,pr:0,px:0,gs:0,gt:0,fs:0,ft:0,os:0,ot:0
T

`,
    );
    expect(text(machine, 'xl tmem-list guest1')).toBe(
      'C=CI:1,ww:0,co:0,fr:0,Tc:0,Ge:0,Pp:0,Gp:0\nP=CI:1,PI:0,PT:PP,U0:0,U1:0\nP=CI:1,PI:1,PT:EP,U0:0,U1:0\n\n',
    );
    expect(text(machine, 'xl info')).toContain('\ntotal_memory           : 3071\nfree_memory            : 1625\n');
  });

  it.each([
    [
      'xl tmem-list 0',
      1,
      'libxl: error: libxl_tmem.c:28:libxl_tmem_list: Domain 0:Can not get tmem list: Operation not permitted\n',
    ],
    ['xl tmem-set guest1 -w 500', 1, `No set value specified.\n\n${usage(false)}`],
    ['xl tmem-set', 1, `You must specify -a or a domain id.\n\n${usage(false)}`],
    ['xl tmem-set nosuch -w 5', 1, 'nosuch is an invalid domain identifier (rc=-6)\n'],
    [
      'xl tmem-set -w 5 0',
      1,
      'libxl: error: libxl_tmem.c:112:libxl_tmem_set: Domain 0:Can not set tmem weight: No such file or directory\n',
    ],
    [
      'xl tmem-set -c 1000 guest1',
      1,
      'libxl: error: libxl_tmem.c:104:libxl_tmem_set: Domain 1:Invalid set, valid sets are <weight|compress>\n',
    ],
    [
      'xl tmem-set -c 7 -p 1 guest1',
      0,
      'libxl: error: libxl_tmem.c:104:libxl_tmem_set: Domain 1:Invalid set, valid sets are <weight|compress>\n',
    ],
    [
      'xl tmem-set -c 1000 -w 600 guest1',
      1,
      'libxl: error: libxl_tmem.c:104:libxl_tmem_set: Domain 1:Invalid set, valid sets are <weight|compress>\n',
    ],
    [
      'xl tmem-shared-auth -u nonsense -A 1 guest1',
      1,
      "xc: error: Can't parse uuid, use xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx (0 = Success): Internal error\nlibxl: error: libxl_tmem.c:131:libxl_tmem_shared_auth: Domain 1:Can not set tmem shared auth: Success\n",
    ],
    [
      'xl tmem-shared-auth -u 1f2e3d4c-5b6a-7988-8897-a6b5c4d3e2f1 -A yes guest1',
      1,
      'Invalid auth, valid auth are <0|1>.\n\n',
    ],
    [
      'xl tmem-shared-auth -a -u f1e2d3c4-b5a6-9788-8879-6a5b4c3d2e1f -A 1',
      1,
      'libxl: error: libxl_tmem.c:131:libxl_tmem_shared_auth: Can not set tmem shared auth: Cannot allocate memory\n',
    ],
    ['xl tmem-freeable', 0, '0\n'],
    [
      'xl mem-set guest1 512',
      1,
      'libxl: error: libxl_mem.c:270:libxl_set_memory_target: Domain 1:memory_dynamic_max must be less than or equal to memory_static_max\n\ncannot set domid 1 dynamic max memory to : 512\n',
    ],
    [
      'xl mem-max guest1 100',
      1,
      'libxl: error: libxl_mem.c:60:libxl_domain_setmaxmem: Domain 1:memory_static_max must be greater than or or equal to memory_dynamic_max: Success\ncannot set domid 1 static max memory to : 100\n',
    ],
    ['virsh list', 127, 'sh: virsh: not found\n'],
  ])('%s', (line, status, words) => {
    expect(say(host(), line)).toEqual({ text: words, status });
  });

  it('ignores what stands after the domain', () => {
    const machine = host({ guests: [guest('guest1'), guest('guest2')] });
    expect(say(machine, 'xl tmem-list guest1 -l')).toEqual(say(machine, 'xl tmem-list guest1'));
    expect(say(machine, 'xl tmem-freeze guest1 -a')).toEqual({ text: '', status: 0 });
    const list = text(machine, 'xl tmem-list -a');
    expect([figure(list, 'C=CI:1', 'fr'), figure(list, 'C=CI:2', 'fr')]).toEqual([1, 0]);
  });

  it('stores any number, and -a wipes the other settings', () => {
    const machine = host();
    const after = (line: string): number[] => {
      say(machine, line);
      const list = text(machine, 'xl tmem-list guest1');
      return [figure(list, 'C', 'ww'), figure(list, 'C', 'co')];
    };
    expect(after('xl tmem-set -w -5 guest1')).toEqual([-5, 0]);
    expect(after('xl tmem-set -w abc guest1')).toEqual([0, 0]);
    expect(after('xl tmem-set -w 4294967295 guest1')).toEqual([-1, 0]);
    expect(after('xl tmem-set -p 2 guest1')).toEqual([-1, 0]);
    expect(after('xl tmem-set -p 3 guest1')).toEqual([-1, 1]);
    expect(after('xl tmem-set -w 300 guest1')).toEqual([300, 1]);
    expect(after('xl tmem-set -a -w 700')).toEqual([700, 0]);
    expect(after('xl tmem-set -a -p 1')).toEqual([0, 1]);
    expect(text(machine, 'xl dmesg | grep -F tmem | tail -n 4')).toBe(
      '(XEN) tmem: weight set to 700 for domid=1\n(XEN) tmem: compression disabled for domid=1\n' +
        '(XEN) tmem: weight set to 0 for domid=1\n(XEN) tmem: compression enabled for domid=1\n',
    );
  });

  it('lists an empty hypervisor with tmem off, and refuses every page of its guests', () => {
    const machine = host({ tmem: false, guests: [guest('guest1', { workload: 'batch' })], startHour: 0 });
    pass(machine, 600);
    expect(text(machine, 'xl tmem-list -a')).toBe(
      'G=Tt:0,Te:0,Cf:0,Af:0,Pf:0,Ta:0,Lm:0,Et:0,Ea:0,Rt:0,Ra:0,Rx:0,Fp:0\nT\n\n',
    );
    expect(say(machine, 'xl tmem-freeze -a')).toEqual({ text: '', status: 0 });
    expect(say(machine, 'xl tmem-set -a -w 5')).toEqual({
      text: 'libxl: error: libxl_tmem.c:112:libxl_tmem_set: Can not set tmem weight: No such file or directory\n',
      status: 1,
    });
    const { files } = machine.guestMachine('guest1');
    expect(files.read('/sys/kernel/debug/frontswap/succ_stores')).toBe('0\n');
    expect(Number(files.read('/sys/kernel/debug/frontswap/failed_stores'))).toBeGreaterThan(1000);
    expect(files.read('/sys/kernel/debug/cleancache/puts')).toBe('0\n');
    expect(Number(files.read('/sys/kernel/debug/cleancache/failed_gets'))).toBeGreaterThan(0);
    say(machine, 'xl tmem-shared-auth -u f1e2d3c4-b5a6-9788-8879-6a5b4c3d2e1f -A 1 0');
    expect(text(machine, 'xl tmem-list -a')).toContain('C=CI:0,ww:0,co:0,fr:0,Tc:0,Ge:0,Pp:0,Gp:0\n');
  });
});

describe('Xen 4.4', () => {
  it.each([
    ['xl tmem-list 0', 255, 'libxl: error: libxl.c:5250:libxl_tmem_list: Can not get tmem list\n'],
    ['xl tmem-list 99', 255, 'libxl: error: libxl.c:5250:libxl_tmem_list: Can not get tmem list\n'],
    ['xl tmem-freeze 0', 0, 'libxl: error: libxl.c:5265:libxl_tmem_freeze: Can not freeze tmem pools\n'],
    ['xl tmem-freeze nosuch', 2, 'nosuch is an invalid domain identifier (rc=-6)\n'],
    ['xl tmem-set -w 5 0', 0, 'libxl: error: libxl.c:5312:libxl_tmem_set: Can not set tmem weight\n'],
    ['xl tmem-set guest1 -w 500', 1, `No set value specified.\n\n${usage(true)}`],
    [
      'xl tmem-shared-auth -u nonsense -A 1 guest1',
      0,
      "xc: error: Can't parse uuid, use xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx (0 = Success): Internal error\nlibxl: error: libxl.c:5327:libxl_tmem_shared_auth: Can not set tmem shared auth\n",
    ],
    ['xl tmem-shared-auth -a -u f1e2d3c4-b5a6-9788-8879-6a5b4c3d2e1f -A 1', 0, ''],
    [
      'xl tmem-shared-auth -u 66554433-2211-0099-8877-665544332211 -A 1 0',
      0,
      'libxl: error: libxl.c:5327:libxl_tmem_shared_auth: Can not set tmem shared auth\n',
    ],
  ])('%s', (line, status, words) => {
    expect(say(host({ version: '4.4' }), line)).toEqual({ text: words, status });
  });

  it('shows the cap and enforces it nowhere; -a keeps the other settings', () => {
    const machine = host({ version: '4.4', guests: [guest('guest1', { workload: 'database' })] });
    say(machine, 'xl tmem-set -w 500 -c 100 guest1');
    say(machine, 'xl tmem-set -p 2 guest1');
    say(machine, 'xl tmem-set -a -w 700');
    pass(machine, 900);
    const list = text(machine, 'xl tmem-list -l guest1');
    expect(list).toMatch(/^C=CI:1,ww:700,ca:100,co:1,fr:0,/);
    expect(figure(list, 'C', 'Ec')).toBeGreaterThan(100);
  });

  it('tells how much is freeable, and counts its own lists', () => {
    const machine = host({ version: '4.4', guests: [guest('guest1', { workload: 'database' })] });
    pass(machine, 900);
    const list = text(machine, 'xl tmem-list -l -a');
    const pages = figure(list, 'G', 'Ta') + figure(list, 'G', 'Ec');
    expect(text(machine, 'xl tmem-freeable')).toBe(`${String(Math.floor(pages / 256))}\n`);
    expect(figure(text(machine, 'xl tmem-list -a'), 'G', 'Tt')).toBe(figure(list, 'G', 'Tt') + 1);
  });

  it('misreads a uuid with letters: such a pool cannot be authorised', () => {
    const made = (clusterFs: string): string =>
      text(host({ version: '4.4', sharedAuth: true, guests: [guest('guest1', { clusterFs })] }), 'xl tmem-list guest1');
    expect(made('66554433-2211-0099-8877-665544332211')).toContain('PT:ES,U0:8877665544332211,U1:6655443322110099');
    expect(made('f1e2d3c4-b5a6-9788-8879-6a5b4c3d2e1f')).toContain('PI:1,PT:EP,U0:0,U1:0');
  });
});

describe('memory', () => {
  it('mem-set closes the door for frontswap, mem-max opens it', () => {
    const machine = host({ guests: [guest('guest1', { workload: 'database', memoryMiB: 256 })] });
    pass(machine, 60);
    say(machine, 'xl mem-set guest1 110');
    pass(machine, 60);
    const closed = text(machine, 'xl tmem-list -l guest1');
    // A MiB more than the target is all there is.
    expect(figure(closed, 'P=CI:1,PI:0', 'Pc')).toBeLessThanOrEqual(256);
    expect(figure(closed, 'P=CI:1,PI:0', 'px')).toBeGreaterThan(1000);
    expect(text(machine, 'xl list')).toMatch(/^guest1 +1 +11[01] +1 +/m);
    expect(say(machine, 'xl mem-max guest1 256')).toEqual({ text: '', status: 0 });
    pass(machine, 600);
    const open = text(machine, 'xl tmem-list -l guest1');
    expect(figure(open, 'P=CI:1,PI:0', 'Pc')).toBeGreaterThan(1000);
    // Its charge holds those pages.
    const [, mem] = /^guest1 +1 +(\d+)/m.exec(text(machine, 'xl list')) ?? [];
    expect(Number(mem)).toBe(Math.floor((110 * 256 + figure(open, 'P=CI:1,PI:0', 'Pc')) / 256));
    expect(text(machine, 'xentop -b -i 1 -f')).toMatch(/guest1 --b--- .* 263168 /);
  });

  it('a destroyed guest leaves its frames on the free list of tmem, and a new guest gets them', () => {
    const machine = host({
      guests: [guest('guest1', { workload: 'database' }), guest('guest2', { workload: 'database' })],
    });
    pass(machine, 1800);
    const before = text(machine, 'xl tmem-list -l -a');
    expect(say(machine, 'xl destroy guest2')).toEqual({ text: '', status: 0 });
    const after = text(machine, 'xl tmem-list -l -a');
    expect(after).not.toContain('CI:2');
    const gone = figure(before, 'G', 'Pc') - figure(after, 'G', 'Pc');
    expect(gone).toBeGreaterThan(1000);
    expect(figure(after, 'G', 'Ta') - figure(before, 'G', 'Ta')).toBe(gone);
    machine.create(guest('guest3', { memoryMiB: 1510, maxMemMiB: 1510 }));
    const full = text(machine, 'xl tmem-list -l -a');
    expect(figure(full, 'G', 'Ta')).toBe(0);
    expect(figure(full, 'G', 'Rt')).toBeGreaterThan(0);
    expect(figure(full, 'G', 'Et')).toBeGreaterThan(0);
    expect(() => machine.create(guest('guest4', { memoryMiB: 900, maxMemMiB: 900 }))).toThrow(
      /no memory for guest guest4/,
    );
  });

  it('two guests of one cluster file system share a pool, and a second one repeats the head of the first', () => {
    const one = 'f1e2d3c4-b5a6-9788-8879-6a5b4c3d2e1f';
    const two = 'ffeeddcc-bbaa-9988-7766-554433221100';
    const machine = host({
      guests: [
        guest('a', { clusterFs: one }),
        guest('b', { clusterFs: one }),
        guest('c', { clusterFs: two, frontswap: false }),
      ],
    });
    expect(text(machine, 'xl tmem-list -a').split('\n').slice(1, 3)).toEqual([
      'S=SI:0,PT:ES,U0:88796a5b4c3d2e1f,U1:f1e2d3c4b5a69788,SC:1,SC:2',
      'S=SI:0,PT:ES,U0:88796a5b4c3d2e1f,U1:f1e2d3c4b5a69788,SC:3',
    ]);
    expect(text(machine, 'xl tmem-list c')).toContain('P=CI:3,PI:0,PT:ES,U0:7766554433221100,U1:ffeeddccbbaa9988\n');
  });
});
