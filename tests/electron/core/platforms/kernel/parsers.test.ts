import { describe, expect, test } from 'vitest';
import { decodeUnitName, showableName } from '#core/platforms/kernel/cgroup-name.ts';
import { parseInteger } from '#core/platforms/kernel/integer.ts';
import { parsePressure } from '#core/platforms/kernel/pressure.ts';
import { parseChoice, parseFlag, parseLimit } from '#core/platforms/kernel/single.ts';
import { parseSwaps } from '#core/platforms/kernel/swaps.ts';
import { parseKeyValue, parseMeminfo } from '#core/platforms/kernel/table.ts';
import { bdStatColumns, mmStatColumns, parseColumns, zramSaved } from '#core/platforms/kernel/zram.ts';
import type { FileText, ReadTrouble } from '#core/platforms/platform.ts';
import { epochMs } from '#shared/units.ts';

const file = (text: string): FileText => ({ path: '/f', text, line: 10, at: epochMs(0) });

function parse<Result>(parser: (file: FileText, troubles: ReadTrouble[]) => Result, text: string) {
  const troubles: ReadTrouble[] = [];
  return { result: parser(file(text), troubles), lines: troubles.map(({ line }) => line) };
}

test.each([
  ['0', 0],
  ['-12\n', -12],
  ['+5', 5],
  ['18446744073709551615', -1],
  ['18446744073709551596', -20],
  ['9223372036854771712', 9223372036854771712],
  ['18446744073709551616', undefined],
  ['1e5', undefined],
  ['0x10', undefined],
  ['', undefined],
  ['12 13', undefined],
])('whole number %j', (text, value) => {
  expect(parseInteger(text)).toBe(value);
});

describe('tables', () => {
  test('meminfo is in KiB, and a bad line spoils only itself', () => {
    const { result, lines } = parse(
      parseMeminfo,
      'MemTotal:  273844 kB\nZswap: many kB\nActive(anon): 1 kB\nHugePages_Total: 3',
    );
    expect([...result]).toEqual([
      ['MemTotal', { value: 273844 * 1024, line: 10 }],
      ['Active(anon)', { value: 1024, line: 12 }],
    ]);
    expect(lines).toEqual([11]);
  });

  test('key and value', () => {
    const { result, lines } = parse(parseKeyValue, 'pswpin 5\nnr_x 18446744073709551615\nbroken\nalso broken\noom 0');
    expect([...result].map(([key, { value, line }]) => [key, value, line])).toEqual([
      ['pswpin', 5, 10],
      ['nr_x', -1, 11],
      ['oom', 0, 14],
    ]);
    expect(lines).toEqual([12, 13]);
  });

  test('a file of nothing but junk yields few troubles', () => {
    expect(parse(parseKeyValue, 'junk\n'.repeat(10_000)).lines.length).toBeLessThan(30);
  });
});

test('swaps: types, octal escapes, a device that is gone', () => {
  const { result, lines } = parse(
    parseSwaps,
    'Filename\tType\tSize\tUsed\tPriority\n/dev/vda   partition\t8\t4\t-2\n/my\\040swap file 16 0 5\n/dev/nvme0n1\\040(deleted) partition 8 256 100\nshort line',
  );
  expect(
    result.map(({ name, deleted, type, size, used, priority, line }) => [
      name,
      deleted,
      type,
      size,
      used,
      priority,
      line,
    ]),
  ).toEqual([
    ['/dev/vda', false, 'partition', 8192, 4096, -2, 11],
    ['/my swap', false, 'file', 16384, 0, 5, 12],
    ['/dev/nvme0n1', true, 'partition', 8192, 262144, 100, 13],
  ]);
  expect(lines).toEqual([14]);
});

test('pressure', () => {
  const { result, lines } = parse(
    parsePressure,
    'some avg10=15.58 avg60=12.49 avg300=3.40 total=10818210\nfull avg10=x avg60=0 avg300=0 total=0',
  );
  expect(result).toEqual({ some: { avg10: 15.58, avg60: 12.49, avg300: 3.4, total: 10818210, line: 10 } });
  expect(lines).toEqual([11]);
});

describe('zram', () => {
  const mm = (text: string) => parse((one, troubles) => parseColumns(one, mmStatColumns, 7, troubles), text);
  test.each([
    ['7 columns (4.17)', '113430528 56204538 81301504 0 152506368 74 0', 7],
    ['9 columns (6.1)', '113430528 56204538 81301504 0 152506368 74 0 7 7', 9],
    ['11 columns (to come)', '1 2 3 4 5 6 7 8 9 10 11', 9],
  ])('%s', (_, text, known) => {
    const { result, lines } = mm(text);
    expect(Object.keys(result)).toHaveLength(known);
    expect(lines).toEqual([]);
  });
  test('too few columns are no reading', () => {
    expect(mm('1 2 3').result).toEqual({});
    expect(mm('1 2 3').lines).toEqual([10]);
  });
  test('what is saved leaves out what went to the backing device, in units of 4 KiB', () => {
    const { result } = mm('1048576 300000 400000 0 0 0 0');
    const bd = parse(
      (one, troubles) => parseColumns(one, bdStatColumns, 3, troubles),
      '       10        0        0',
    ).result;
    expect(zramSaved(result, undefined)).toBe(648576);
    expect(zramSaved(result, bd)).toBe(648576 - 40960);
  });
});

describe('single values', () => {
  test.each([
    ['lzo lzo-rle [lz4] zstd', 'lz4'],
    ['[none] scan-time', 'none'],
    ['lzo', 'lzo'],
    ['a b', undefined],
    ['[a] [b]', undefined],
  ])('choice %s', (text, chosen) => {
    expect(parse(parseChoice, text).result?.chosen).toBe(chosen);
  });
  test('limits and flags', () => {
    expect(parse(parseLimit, 'max').result).toBe('max');
    expect(parse(parseLimit, '0').result).toBe(0);
    expect(parse(parseLimit, 'maximum').lines).toEqual([10]);
    expect([parse(parseFlag, 'Y').result, parse(parseFlag, '0').result, parse(parseFlag, '2').result]).toEqual([
      1,
      0,
      undefined,
    ]);
  });
});

describe('names', () => {
  test.each([
    ['machine-qemu\\x2d1\\x2dguest1', 'machine-qemu-1-guest1'],
    ['db\\xc3\\xa4', 'dbä'],
    ['x\\xff', 'x\uFFFD'],
    ['plain', 'plain'],
  ])('%s', (escaped, name) => {
    expect(decodeUnitName(escaped)).toBe(name);
  });
  test('a hostile name stays text of one line', () => {
    expect(showableName('<script>alert(1)</script>')).toBe('<script>alert(1)</script>');
    expect(showableName('a\u001b[31mred\nnext\u202Eevil')).toBe('a\uFFFD[31mred\uFFFDnext\uFFFDevil');
    expect(showableName('x'.repeat(5000))).toHaveLength(200);
  });
});
