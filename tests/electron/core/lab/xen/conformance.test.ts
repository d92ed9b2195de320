/** What the lab prints has the form of the recordings of real hypervisors, line by line and column by column. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { XenVersion } from '#core/lab/tmem/xen-version.ts';
import { recordingsDir } from '../../../../support/recordings.ts';
import { guest, host, pass, text } from './hosts.ts';

const cases: readonly (readonly [XenVersion, string])[] = [
  ['4.4', 'xen-4.4.4-tmem/guest-frontswap'],
  ['4.11', 'xen-4.11.4-tmem/guest-frontswap'],
];

/** The first output of a command in a recording; with a guest's name, of what was run inside it. */
function recorded(name: string, command: string): string {
  const lines = readFileSync(join(recordingsDir, `${name}.rec`), 'utf8').split('\n');
  const at = lines.findIndex((line) => line === `$ ${command}` || line === `# ${command}`);
  if (at < 0) throw new Error(`${name} has no ${command}`);
  const end = lines.findIndex((line, index) => index > at && line.startsWith('[exit '));
  return lines
    .slice(at + 1, end)
    .map((line) => `${line}\n`)
    .join('');
}

/** Keys and punctuation, figures blotted out. */
const form = (output: string): string[] => output.split('\n').map((line) => line.replace(/-?\d+|:[0-9a-f]{16}/g, '#'));

/** Where each word of a line that is set flush right ends. */
const ends = (line: string): number[] => [...line.matchAll(/\S+/g)].map((word) => word.index + word[0].length);

describe.each(cases)('Xen %s', (version, recording) => {
  const machine = host({ version, guests: [guest('guest1', { workload: 'database' })] });
  pass(machine, 120);

  it.each(['xl tmem-list -a -l', 'xl tmem-list -a', 'xl tmem-list guest1', 'xl tmem-list -l guest1'])(
    '%s',
    (command) => {
      expect(form(text(machine, command))).toEqual(form(recorded(recording, command)));
    },
  );

  it('xl info: the same keys in the same order, the colon in the same column', () => {
    const keys = (output: string): string[] => output.split('\n').map((line) => line.slice(0, line.indexOf(':') + 1));
    expect(keys(text(machine, 'xl info'))).toEqual(keys(recorded(recording, 'xl info')));
  });

  it.each(['xl list', 'xl list -v', 'xl claims', 'xentop -b -i 1 -f'])('%s: the same columns', (command) => {
    const [ours, theirs] = [text(machine, command), recorded(recording, command)].map((output) => output.split('\n'));
    expect(ours?.[0]).toBe(theirs?.[0]);
    expect(ours?.length).toBe(theirs?.length);
    for (const row of [1, 2]) {
      const [own, real] = [ours?.[row] ?? '', theirs?.[row] ?? ''];
      expect(own.split(/\s+/).length).toBe(real.split(/\s+/).length);
      // The name is set flush left in xl, and its end is its own.
      expect(ends(own).slice(1)).toEqual(ends(real).slice(1));
    }
  });

  it('inside the guest: meminfo, vmstat, swaps, the balloon, frontswap and cleancache', () => {
    const { files } = machine.guestMachine('guest1');
    const own = (path: string): string => files.read(path) ?? '';
    const words = (line: string): string => line.replace(/\d+/g, '#').replace(/ +/g, ' ');
    const meminfo = recorded(recording, 'cat /proc/meminfo');
    expect(own('/proc/meminfo').split('\n').map(words)).toEqual(meminfo.split('\n').map(words));
    expect(
      own('/proc/meminfo')
        .split('\n')
        .map((line) => line.length),
    ).toEqual(meminfo.split('\n').map((line) => line.length));
    const swaps = recorded(recording, 'cat /proc/swaps');
    expect(form(own('/proc/swaps'))).toEqual(form(swaps));
    const grep =
      'find /sys/devices/system/xen_memory/xen_memory0 -type f | sort | while read f; do sed "s|^|$f:|" $f; done';
    const counters =
      'for f in /sys/kernel/debug/frontswap/* /sys/kernel/debug/cleancache/*; do sed "s|^|$f:|" $f; done';
    const parameters =
      'for f in /sys/module/tmem/parameters/*; do sed "s|^|$f:|" $f; done; ls -l /sys/module/tmem/parameters';
    for (const command of [grep, counters, parameters])
      for (const line of recorded(recording, command)
        .split('\n')
        .filter((each) => each.startsWith('/'))) {
        const cut = line.lastIndexOf(':');
        const value = own(line.slice(0, cut));
        expect(value, line).toMatch(/^\d+$/.test(line.slice(cut + 1)) ? /^\d+\n$/ : /^[YN]\n$/);
      }
  });
});

it('xl list -l tells domid, uuid and sizes in the lines the agent lets through', () => {
  const command = 'xl list -l | grep -e domid -e uuid -e max_memkb -e target_memkb';
  for (const version of ['4.4', '4.7', '4.11'] as const) {
    const machine = host({ version });
    expect(text(machine, command).replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, 'UUID')).toBe(
      '        "domid": 1,\n                "uuid": "UUID"\n                "max_memkb": 262144,\n                "target_memkb": 131072,\n'.replace(
        '"UUID"\n',
        '"UUID",\n',
      ),
    );
    expect(JSON.parse(text(machine, 'xl list -l'))).toHaveLength(1);
  }
  expect(text(host({ version: '4.1' }), 'xl list -l')).toMatch(
    /^\(domain\n\t\(domid 1\)\n[^]*\t\(max_memkb 262144\)\n/,
  );
});

it('a list longer than 32 KiB loses pool lines, and still ends', () => {
  const guests = Array.from({ length: 140 }, (_, at) => guest(`g${String(at)}`, { memoryMiB: 64, maxMemMiB: 64 }));
  const machine = host({ memoryMiB: 16_384, guests });
  const list = text(machine, 'xl tmem-list -l -a');
  expect(list.length).toBeLessThanOrEqual(32_768 + 1);
  const count = (letter: string): number => list.split('\n').filter((line) => line.startsWith(letter)).length;
  expect(count('C')).toBeGreaterThan(100);
  expect(count('P')).toBeLessThan(2 * count('C'));
});
