/** The agent's own stream, as the console keeps it while it watches: newest answer of each command, with its moment. */
import { describe, expect, test } from 'vitest';
import { epochMs } from '#shared/units.ts';
import { parseAnswer } from '#core/platforms/kernel/answer.ts';
import type { Evidence } from '#core/platforms/platform.ts';
import { xenTmem } from '#core/platforms/xen-tmem/index.ts';
import { renderXlInfo, renderXlList } from '../../../../support/xen-render.ts';
import { captureText, seenIn } from './captures.ts';

/** Each answer at its own moment, as `run` brings it. */
function evidence(answers: readonly (readonly [command: string, output: string, at: number])[]): Evidence {
  const parsed = answers.map(([command, output, at]) => {
    const lines = output.replace(/\n$/, '').split('\n');
    const text = [
      '/proc/uptime:5.0 4.0',
      `$ ${command}`,
      ...lines.map((line) => (line === '' ? '>' : `> ${line}`)),
      '$? 0',
    ];
    return parseAnswer(text, epochMs(at));
  });
  return {
    files: new Map(),
    commands: new Map(parsed.flatMap(({ commands }) => [...commands])),
    unread: new Map(),
    pageSize: 4096,
  };
}

const guest = (name: string, domid: number) => ({ name, domid, mem: 128, vcpus: 1, state: '-b----', seconds: 1 });
const list = 'G=Tt:1,Ta:0,Ec:0,Pc:0\nC=CI:2,ww:0,Ec:0,cp:0,cb:0\nC=CI:9,ww:0,Ec:0,cp:0,cb:0\nT\n\n';

test('a recording’s words in the agent’s stream give the same figures', () => {
  const text = captureText('xen-4.11.4-tmem/shared-pool');
  const output = (command: string): string => (text.split(`$ ${command}\n`)[1] ?? '').split('\n[exit 0]')[0] ?? '';
  const streamed = evidence(
    ['xl tmem-list -l -a', 'xl list -v', 'xl info', 'xl claims', 'xentop -b -i 1 -f'].map((command) => [
      command,
      `${output(command)}\n`,
      7000,
    ]),
  );
  const numbers = ({ values }: { values: readonly { metric: string; instance: string; value: number | string }[] }) =>
    values.map(({ metric, instance, value }) => [metric, instance, value]);
  expect(numbers(xenTmem.read(streamed))).toEqual(numbers(seenIn('xen-4.11.4-tmem/shared-pool').reading));
  expect(xenTmem.detect(streamed)).toEqual(seenIn('xen-4.11.4-tmem/shared-pool').detection);
  expect(xenTmem.read(streamed).guests[0]?.pays.resident?.at).toBe(7000);
});

describe('a list of domains and a list of tmem of different moments', () => {
  const names = (domainsAt: number) =>
    xenTmem
      .read(
        evidence([
          ['xl info', renderXlInfo(11, 'tmem'), 1000],
          ['xl tmem-list -l -a', list, 2000],
          ['xl list -v', renderXlList([guest('a', 2)]), domainsAt],
        ]),
      )
      .guests.map(({ name }) => name);

  test('a client that only the newer tmem list has was just started', () => {
    expect(names(1000)).toEqual(['a', 'domain 9']);
  });

  test('a client that the newer list of domains lacks is gone', () => {
    expect(names(3000)).toEqual(['a']);
  });
});

test('where xl is, an xm that stayed silent changes nothing', () => {
  const { guests } = xenTmem.read(
    evidence([
      ['xl list -v', renderXlList([guest('a', 2)]), 1000],
      ['xm list', '', 2000],
      ['xm info', '', 2000],
    ]),
  );
  expect(guests.map(({ name }) => name)).toEqual(['a']);
});

test('xm alone (Xen 4.0) is read like xl', () => {
  const { guests, values } = xenTmem.read(
    evidence([
      ['xm list', renderXlList([guest('a', 2)]), 1000],
      ['xm info', renderXlInfo(0, 'tmem'), 1000],
      ['xm tmem-list -l -a', list, 1000],
    ]),
  );
  expect(guests.map(({ name }) => name)).toEqual(['a', 'domain 9']);
  expect(values.find(({ metric }) => metric === 'xen.info.free_memory')?.value).toBe(1500 * 2 ** 20);
});
