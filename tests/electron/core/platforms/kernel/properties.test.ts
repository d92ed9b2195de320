/** No input makes a parser throw; what is rendered is read back; line numbers are the capture's. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAnswer } from '#core/platforms/kernel/answer.ts';
import { parseDump } from '#core/platforms/kernel/dump.ts';
import { parseKeyValue, parseMeminfo } from '#core/platforms/kernel/table.ts';
import { platforms } from '#core/platforms/index.ts';
import { listRecordings, readRecording } from '../../../../support/recordings.ts';
import { epochMs } from '#shared/units.ts';

const lineOf = (text: string, number: number): string | undefined => text.split('\n')[number - 1];

/** Lines that look like what hosts say, mixed with lines that look like nothing. */
const line = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc
    .tuple(
      fc.constantFrom(
        '/proc/meminfo:',
        '/proc/vmstat:',
        '/proc/swaps:',
        '/proc/pressure/memory:',
        '/sys/block/zram0/mm_stat:',
        '/sys/block/zram1/bd_stat:',
        '/sys/kernel/mm/ksm/pages_sharing:',
        '/sys/kernel/debug/zswap/stored_pages:',
        '/sys/fs/cgroup/machine.slice/machine-qemu\\x2d1\\x2da.scope/memory.stat:',
        '/sys/fs/cgroup/machine.slice/machine-qemu\\x2d1\\x2da.scope/memory.current:',
        '/sys/fs/cgroup/memory/machine/qemu-1-a.libvirt-qemu/memory.usage_in_bytes:',
        '$ virsh -r list --all',
        '$ ',
        '> ',
        '$? ',
        '# ',
        '## ',
        '##### guest ',
        '=fact ',
        'grep: ',
        "> Domain: '",
        '>   balloon.current=',
        '> /proc/1/status:VmRSS:\t ',
      ),
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 40 }),
        fc.integer().map(String),
        fc.constantFrom('MemTotal: 5 kB', 'zswap 4', 'max'),
      ),
    )
    .map(([start, rest]) => start + rest),
);
const dump = fc.array(line, { maxLength: 60 }).map((lines) => lines.join('\n'));

describe('no text makes the platforms throw', () => {
  test.each(platforms)('$id', (platform) => {
    fc.assert(
      fc.property(dump, (text) => {
        const capture = parseDump(text);
        for (const machine of [capture, ...capture.others]) {
          const { values, guests, troubles } = platform.read(machine);
          platform.detect(machine);
          const lines = text.split('\n').length;
          for (const { line: number } of [...values, ...troubles, ...guests.flatMap((guest) => guest.values)]) {
            if (number !== undefined && (number < 1 || number > lines + 1))
              throw new Error(`line ${String(number)} of ${String(lines)}`);
          }
          expect(new Set(guests.map(({ key }) => key)).size).toBe(guests.length);
        }
      }),
      { numRuns: 400 },
    );
  });

  test('nor the reader of answers', () => {
    fc.assert(fc.property(dump, (text) => void parseAnswer(text, epochMs(0))));
  });
});

test('a real capture, cut or damaged anywhere, is still read', () => {
  const recording = listRecordings().find(({ name }) => name.endsWith('6.1/under-pressure'));
  const whole = recording === undefined ? '' : readRecording(recording);
  expect(whole.length).toBeGreaterThan(50_000);
  fc.assert(
    fc.property(
      fc.nat(whole.length),
      fc.nat(2000),
      fc.string({ unit: 'binary', maxLength: 30 }),
      (from, length, put) => {
        const capture = parseDump(whole.slice(0, from) + put + whole.slice(from + length));
        for (const platform of platforms) {
          platform.detect(capture);
          platform.read(capture);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('every value of every recording stands in the line it names', () => {
  let checked = 0;
  for (const recording of listRecordings()) {
    const text = readRecording(recording);
    const capture = parseDump(text);
    for (const machine of [capture, ...capture.others]) {
      for (const { metric, value, source, line: number } of platforms.flatMap(
        (platform) => platform.read(machine).values,
      )) {
        if (
          number === undefined ||
          !source.startsWith('/') ||
          typeof value !== 'number' ||
          metric.startsWith('zram.bd')
        )
          continue;
        const told = lineOf(text, number) ?? '';
        // A module's switch is printed as Y or N, meminfo in KiB.
        const printed = [value, value / 1024, value === 1 ? 'Y' : 'N'].map(String);
        if (metric.includes('.avg')) continue;
        expect(
          printed.some((digits) => told.includes(digits)),
          `${recording.name}: ${metric} = ${String(value)} in “${told}”`,
        ).toBe(true);
        checked++;
      }
    }
  }
  expect(checked).toBeGreaterThan(800);
});

describe('render, then read', () => {
  const name = fc.stringMatching(/^[A-Za-z_]{1,20}$/);
  const amount = fc.integer({ min: 0, max: 2 ** 40 });

  test('meminfo', () => {
    fc.assert(
      fc.property(fc.dictionary(name, amount), (table) => {
        const text = Object.entries(table).map(
          ([key, kib]) => `/proc/meminfo:${key}:${' '.repeat(8)}${String(kib)} kB\n`,
        );
        const file = parseDump(text.join('')).files.get('/proc/meminfo');
        const read = file === undefined ? new Map() : parseMeminfo(file, []);
        expect(Object.fromEntries([...read].map(([key, { value }]) => [key, value]))).toEqual(
          Object.fromEntries(Object.entries(table).map(([key, kib]) => [key, kib * 1024])),
        );
      }),
    );
  });

  test('a control group’s table, in a directory of any name', () => {
    const directory = fc
      .stringMatching(/^[ -.0-9:;a-z\\]{1,30}$/)
      .filter((text) => !/(?:^|\/)(?:memory|cpu|io)\./.test(text));
    fc.assert(
      fc.property(directory, fc.dictionary(name, amount, { minKeys: 1 }), (group, table) => {
        const path = `/sys/fs/cgroup/${group}/memory.stat`;
        const file = parseDump(
          Object.entries(table)
            .map(([key, value]) => `${path}:${key} ${String(value)}\n`)
            .join(''),
        ).files.get(path);
        const read = file === undefined ? new Map() : parseKeyValue(file, []);
        expect(Object.fromEntries([...read].map(([key, { value }]) => [key, value]))).toEqual({ ...table });
      }),
    );
  });
});
