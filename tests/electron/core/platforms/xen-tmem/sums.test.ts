/** The sums that hold in every long list of all domains that was ever captured. */
import { describe, expect, test } from 'vitest';
import { epochMs } from '#shared/units.ts';
import { parseTmemList } from '#core/platforms/xen-tmem/xl/tmem-list.ts';
import type { TmemList } from '#core/platforms/xen-tmem/xl/tmem-list.ts';
import { numberOf } from '#core/platforms/xen-tmem/xl/record.ts';
import { poolsOf } from '#core/platforms/xen-tmem/pools.ts';
import { truncation } from '#core/platforms/xen-tmem/truncation.ts';
import { listRecordings, readRecording } from '../../../../support/recordings.ts';

interface Listed {
  readonly name: string;
  readonly text: string;
  readonly list: TmemList;
}

/** Every one of them, not only the last of each recording: cut out here, without the product's own reader. */
const lists: readonly Listed[] = listRecordings()
  .filter(({ name }) => name.startsWith('xen-'))
  .flatMap((recording) =>
    readRecording(recording)
      .split(/^\$ /m)
      .filter((block) => /^xl tmem-list (?:-a -l|-l -a)/.test(block))
      .map((block, index) => {
        const [command = '', ...lines] = block.split('\n');
        const text = lines.join('\n').replace(/\n*\[exit \d+\][^]*$/, '');
        const list = parseTmemList({ command, text, line: 1, at: epochMs(0), status: 0 });
        return { name: `${recording.name} #${String(index)}`, text, list };
      }),
  );

const sum = (numbers: readonly (number | undefined)[]): number =>
  numbers.reduce<number>((so, number) => so + (number ?? NaN), 0);

test('there are lists of both versions', () => {
  expect(lists.length).toBeGreaterThan(30);
  expect(lists.some(({ name }) => name.startsWith('xen-4.4.4'))).toBe(true);
});

describe.each(lists)('$name', ({ text, list }) => {
  const { global, clients, pools } = list;

  test('G.Ec is the sum of the clients’ Ec', () => {
    expect(numberOf(global, 'Ec')).toBe(sum(clients.map((client) => numberOf(client, 'Ec'))));
  });

  test('G.Pc is the sum over distinct pools, a shared one counted once', () => {
    expect(numberOf(global, 'Pc')).toBe(sum(poolsOf(list).map(({ record }) => numberOf(record, 'Pc'))));
  });

  test('a pool’s puts are those taken, dropped and refused; found never exceeds asked', () => {
    for (const pool of pools) {
      const of = (key: string): number => numberOf(pool, key) ?? NaN;
      expect(of('pt')).toBe(of('ps') + of('pd') + of('px'));
      expect(of('gs')).toBeLessThanOrEqual(of('gt'));
      expect(of('fs')).toBeLessThanOrEqual(of('ft'));
    }
  });

  test('T is the last line, and nothing in the list is broken or missing', () => {
    expect(text.trimEnd().split('\n').at(-1)).toBe('T');
    expect(list.troubles).toEqual([]);
    expect(truncation(list, poolsOf(list))).toEqual({ cut: false, troubles: [] });
  });

  test('counters that no Xen raises are 0', () => {
    for (const key of ['Lm', 'Fp', 'Cf']) expect(numberOf(global, key)).toBe(0);
    for (const client of clients) expect(numberOf(client, 'Tc')).toBe(0);
  });
});
