/** Which machine is what, in the sentences an operator reads. */
import { describe, expect, test } from 'vitest';
import { renderCapture, renderXlInfo, renderXlList } from '../../../../support/xen-render.ts';
import { captureText, seen, seenIn } from './captures.ts';

const empty = 'G=Tt:0,Te:0,Ta:0,Et:0,Ea:0,Ec:0,Pc:0,Fc:0,Sc:0\nT\n\n';
const host = (minor: number, commandline: string, more: Record<string, string> = {}) =>
  seen(
    renderCapture({
      'xl info': renderXlInfo(minor, commandline),
      'xl tmem-list -l -a': empty,
      'xl list -v': renderXlList([{ name: 'Domain-0', domid: 0, mem: 1280, vcpus: 1, state: 'r-----', seconds: 1 }]),
      ...more,
    }),
  ).detection;

describe('tmem off in the hypervisor', () => {
  const { detection, value, reading } = seenIn('xen-4.11.4-tmem/tmem-off');

  test('is recognised although tmem-list answers', () => {
    expect(detection.presence).toBe('partial');
    expect(detection.because[0]).toBe(
      'tmem is switched off in the hypervisor: “tmem” is not on its command line. xl tmem-list answers all the same, and guests with the driver are refused every page. Boot Xen with tmem=1 to have it.',
    );
    expect(value('xen.info.total_memory')).toBe(3071 * 2 ** 20);
  });

  test('a client of Domain-0 is no guest, and is explained', () => {
    expect(reading.guests).toEqual([]);
    expect(detection.because.join(' ')).toContain('somebody ran xl tmem-shared-auth on it');
  });

  test('the guest itself shows it in its counters, whatever its kernel says', () => {
    const { detection: inside } = seen(captureText('xen-4.11.4-tmem/tmem-off'), 'guest1');
    expect(inside.because.join(' ')).toContain('Every one of 29369 pages offered to the hypervisor was refused');
    expect(inside.because.join(' ')).toContain('Self-ballooning is on');
  });
});

describe('the hypervisor’s command line', () => {
  test.each(['tmem', 'tmem=1', 'tmem=yes', 'loglvl=all tmem=1 noreboot', 'tmem=0 tmem=1'])('“%s” is on', (words) => {
    expect(host(11, words).presence).toBe('full');
  });

  test.each(['', 'tmem=0', 'tmem=no', 'tmem=off', 'no-tmem', 'tmem no-tmem', 'tmem_compress=1', 'mytmem=1'])(
    '“%s” is off',
    (words) => {
      expect(host(11, words).because[0]).toContain('tmem is switched off in the hypervisor');
    },
  );
});

test('4.13 and later have none: guests are shown all the same', () => {
  expect(host(17, 'tmem=1')).toMatchObject({
    presence: 'partial',
    because: ['Xen 4.17 has no tmem: it was removed in 4.13. Guests and their memory are shown.'],
  });
});

test.each([
  [0, true],
  [2, true],
  [3, false],
  [11, false],
])('4.%i: the holes of XSA-15 are told: %s', (minor, told) => {
  expect(host(minor, 'tmem').because.some((said) => said.includes('XSA-15'))).toBe(told);
});

test('4.12 without an answer: mostly built without it', () => {
  const { because } = host(12, 'tmem', { 'xl tmem-list -l -a': 'libxl: error: Function not implemented\n' });
  expect(because[0]).toBe('Xen 4.12 is mostly built without tmem, and xl tmem-list did not answer.');
});

test('xl that is for root only', () => {
  const { detection } = seen(
    '$ xl list -v\nxencall: error: Could not obtain handle on privileged command interface: Permission denied\n[exit 1]\n',
  );
  expect(detection).toEqual({
    presence: 'partial',
    because: ['This is a Xen host, and xl is for root only: log in as root or allow the agent through sudo.'],
  });
});

test('Domain-0 without xl', () => {
  expect(seen('/proc/xen/capabilities:control_d\n').detection.because[0]).toContain('install the Xen tools');
});

test('a list without a command line: pools prove that tmem is on', () => {
  const { detection } = seenIn('xen-4.11.4-tmem/compress');
  expect(detection.presence).toBe('full');
  expect(seenIn('xen-4.11.4-tmem/set-commands').detection.because).toContain(
    'xl list was not read: what guests have is not known.',
  );
});

test('tmem-list alone, empty: nothing is claimed', () => {
  const { detection } = seen(renderCapture({ 'xl tmem-list -l -a': empty }));
  expect(detection.because[0]).toContain('Whether tmem is on is not known');
});

test('the first message of the hypervisor is a proof as well', () => {
  const { detection } = seen(
    renderCapture({ 'xl tmem-list -l -a': empty, 'xl dmesg | grep tmem': '(XEN) tmem: initialized comp=0\n' }),
  );
  expect(detection.because.join(' ')).toContain('no guest uses it');
});

test('a Xen guest without the driver', () => {
  const { detection } = seen('/sys/devices/system/xen_memory/xen_memory0/target_kb:1048576\n');
  expect(detection.presence).toBe('partial');
  expect(detection.because[0]).toContain('no tmem driver');
});

test('a Xen guest with the driver', () => {
  const { detection } = seen(captureText('xen-4.11.4-tmem/frozen'), 'guest1');
  expect(detection).toEqual({
    presence: 'full',
    because: ['This is a Xen guest whose kernel can speak to tmem.', 'Self-ballooning is off.'],
  });
});

test('any other machine', () => {
  expect(seen('/proc/meminfo:MemTotal: 1024 kB\n').detection).toEqual({
    presence: 'none',
    because: ['Neither Xen’s xl nor the files of a Xen guest were found.'],
  });
});
