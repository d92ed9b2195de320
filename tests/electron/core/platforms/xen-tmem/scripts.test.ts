/** The scripts of this platform's knobs under the shells of old and small hosts, with stand-ins for xl and xentop. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { agentKnobs } from '#core/platforms/xen-tmem/agent-knobs.ts';
import { commandOf, runScript, scriptShells } from '../../../../support/knob-scripts.ts';

const xl = `#!/bin/sh
[ ! -e $DOWN ] || { echo 'xl: cannot reach the hypervisor' >&2; exit 1; }
case "$1 $2" in
'tmem-list -l')
[ "$3" = web-1 ] || { echo 'libxl: error: Can not get tmem list' >&2; exit 1; }
echo 'C=CI:2,ww:-5,ca:100,co:1,fr:0,Tc:0,Ge:69120,Pp:1,Gp:1,Ec:23040,Em:23040,cp:0,cb:0,cn:0,cm:0'
echo 'P=CI:2,PI:0,PT:PP,U0:0,U1:0,Pc:5200,ww:9,co:7'
echo ;;
'domid web-1') echo 2 ;;
'domid '*) echo 'invalid domain identifier' >&2; exit 1 ;;
'list ')
echo 'Name                                        ID   Mem VCPUs      State   Time(s)'
echo 'Domain-0                                     0  1279     1     r-----      51.0'
echo 'webx1                                        1   128     1     -b----      10.0'
echo 'web-1                                        2   128     1     -b----      10.0'
echo 'idle                                         3   128     1     -b----      10.0' ;;
'list -l') printf '[\\n    {\\n        "domid": 2,\\n                "max_memkb": 262144,\\n                "target_memkb": 131072,\\n' ;;
'tmem-shared-auth '*)
case $* in *bad*) echo 'libxl: error: Can not set tmem shared auth' >&2; exit 0 ;; esac
echo "xl $*" >>"$LOG" ;;
*) echo "xl $*" >>"$LOG" ;;
esac
`;
const xentop = `#!/bin/sh
[ ! -e $DOWN ] || exit 1
cat <<'END'
      NAME  STATE   CPU(sec) CPU(%)     MEM(k) MEM(%)  MAXMEM(k) MAXMEM(%) VCPUS NETS NETTX(k) NETRX(k) VBDS   VBD_OO   VBD_RD   VBD_WR  VBD_RSECT  VBD_WSECT SSID
  Domain-0 -----r         51    0.0    1309440   41.6   no limit       n/a     1    0        0        0    0        0        0        0          0          0    0
    webx1 --b---         10    0.0     131072    4.2     999424       4.2     1    0        0        0    2        0        0        0          0          0    0
    web-1 --b---         10    0.0     131072    4.2     263168       4.2     1    0        0        0    2        0        0        0          0          0    0
END
`;

describe.each(scriptShells)('%s', (_, shell) => {
  let bin = '';
  beforeAll(() => {
    bin = mkdtempSync(join(tmpdir(), 'xen-knobs-'));
    for (const [name, text] of [
      ['xl', xl.replaceAll('$LOG', join(bin, 'log')).replace('$DOWN', join(bin, 'down'))],
      ['xentop', xentop.replace('$DOWN', join(bin, 'down'))],
    ] as const) {
      writeFileSync(join(bin, name), text);
      chmodSync(join(bin, name), 0o755);
    }
  });
  afterAll(() => rmSync(bin, { recursive: true }));

  const place = () => ({ shell, instead: new Map<string, string>(), path: `${bin}:/usr/bin:/bin` });
  const read = (name: string, instance: string) => runScript(commandOf(agentKnobs, name).read, [instance], place());
  const write = (name: string, instance: string, value: string): string => {
    writeFileSync(join(bin, 'log'), '');
    const { complaint, status } = runScript(commandOf(agentKnobs, name).write, [instance, value], place());
    expect({ complaint, status }).toEqual({ complaint: '', status: 0 });
    return runScript('cat log', [], { ...place(), before: `cd ${bin}` }).said;
  };

  test('settings are read from the C line alone, by their whole key', () => {
    expect(read('xen.tmem.weight', 'web-1').said).toBe('-5');
    expect(read('xen.tmem.cap', 'web-1').said).toBe('100');
    expect(read('xen.tmem.compress', 'web-1').said).toBe('1');
    expect(read('xen.tmem.frozen', 'web-1').said).toBe('0');
    expect(read('xen.tmem.frozen', 'other')).toMatchObject({ status: 3, said: '' });
  });

  test('options stand before the domain', () => {
    expect(write('xen.tmem.weight', 'web-1', '500')).toBe('xl tmem-set -w 500 web-1');
    expect(write('xen.tmem.cap', 'web-1', '9')).toBe('xl tmem-set -c 9 web-1');
    expect(write('xen.tmem.compress', 'web-1', '1')).toBe('xl tmem-set -p 1 web-1');
    expect(write('xen.tmem.frozen', 'web-1', '1')).toBe('xl tmem-freeze web-1');
    expect(write('xen.tmem.frozen', 'web-1', '0')).toBe('xl tmem-thaw web-1');
    expect(write('xen.tmem.shared-auth', 'web-1/f1e2d3c4-b5a6-9788-8879-6a5b4c3d2e1f', '1')).toBe(
      'xl tmem-shared-auth -u f1e2d3c4-b5a6-9788-8879-6a5b4c3d2e1f -A 1 web-1',
    );
  });

  test('a refusal with exit status 0 is a refusal', () => {
    const { write: script } = commandOf(agentKnobs, 'xen.tmem.shared-auth');
    const { status, complaint } = runScript(script, ['bad/f1e2d3c4-b5a6-9788-8879-6a5b4c3d2e1f', '1'], place());
    expect(status).toBe(1);
    expect(complaint).toContain('Can not set tmem shared auth');
    expect(read('xen.tmem.shared-auth', 'web-1/x').said).toBe('unknown');
    expect(read('xen.tmem.shared-auth', 'other/x').status).toBe(3);
  });

  test('limit and target in MiB, of this domain and no other', () => {
    expect(read('xen.mem-max', 'web-1').said).toBe('256');
    expect(read('xen.mem-max', 'web.1')).toMatchObject({ status: 3 });
    expect(read('xen.mem-max', 'Domain-0')).toMatchObject({ status: 1 });
    expect(read('xen.mem-set', 'web-1').said).toBe('128:256');
    expect(read('xen.mem-set', 'other').status).toBe(3);
    writeFileSync(join(bin, 'xenstore-read'), '#!/bin/sh\n[ "$1" = /local/domain/2/memory/target ] && echo 92160\n');
    chmodSync(join(bin, 'xenstore-read'), 0o755);
    expect(read('xen.mem-set', 'web-1').said).toBe('90:256');
  });

  const domains = [
    ['xen.tmem.weight', ''],
    ['xen.tmem.cap', ''],
    ['xen.tmem.compress', ''],
    ['xen.tmem.frozen', ''],
    ['xen.tmem.shared-auth', '/x'],
    ['xen.mem-set', ''],
    ['xen.mem-max', ''],
  ] as const;

  test.each(domains)('%s of an unknown domain is not there; of an xl that fails nothing is known', (name, tail) => {
    for (const domain of ['other', 'web.1', 'web', 'idl'])
      expect(read(name, `${domain}${tail}`)).toEqual({ status: 3, said: '', complaint: expect.any(String) });
    writeFileSync(join(bin, 'down'), '');
    try {
      for (const domain of ['other', 'web-1'])
        expect(read(name, `${domain}${tail}`)).toMatchObject({
          status: 1,
          said: '',
          complaint: expect.stringContaining('xl: cannot reach the hypervisor'),
        });
    } finally {
      rmSync(join(bin, 'down'));
    }
  });

  test('a domain that xl lists is there, also when nothing is told of it', () => {
    for (const name of ['xen.tmem.weight', 'xen.tmem.frozen', 'xen.mem-set', 'xen.mem-max'])
      expect([name, read(name, 'idle')]).toMatchObject([
        name,
        { status: 1, said: '', complaint: expect.stringContaining('xl tells nothing of it') },
      ]);
  });

  test('target first, then the limit that it dragged along', () => {
    expect(write('xen.mem-max', 'web-1', '300')).toBe('xl mem-max web-1 300m');
    expect(write('xen.mem-set', 'web-1', '90:256')).toBe('xl mem-set web-1 90m\nxl mem-max web-1 256m');
    expect(write('xen.mem-set', 'web-1', '90:90')).toBe('xl mem-set web-1 90m');
  });
});
