/** Columns of a table in a PDF without a browser: figures stay whole, names give way. */
import { expect, it } from 'vitest';
import { columnWidths } from '#core/reports/writers/pdf-columns.ts';

const figures = Array.from({ length: 12 }, (_, index) => ({ title: `F${index}`, align: 'right' as const }));
const tableOf = (name: string) => ({
  id: 't',
  title: 'T',
  columns: [{ title: 'Host', align: 'left' as const }, ...figures],
  rows: [[{ text: name }, ...figures.map(() => ({ text: '15.7\u00a0GiB' }))]],
});

it('a long name takes nothing from the figures beside it', () => {
  const [short, long] = [columnWidths(tableOf('db-1'), 509, 6.5), columnWidths(tableOf('x'.repeat(90)), 509, 6.5)];
  expect(long[1]).toBeGreaterThan((short[1] ?? 0) * 0.85);
  expect(long.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(509);
});

it('of words the longer lines get more, and short ones what they need', () => {
  const columns = ['Term', 'What', 'To know'].map((title) => ({ title, align: 'left' as const }));
  const rows = [[{ text: 'Zswap' }, { text: 'one line\nand another one' }, { text: 'word '.repeat(60) }]];
  const [term = 0, what = 0, note = 0] = columnWidths({ id: 't', title: 'T', columns, rows }, 509, 7);
  expect(term).toBeLessThan(40);
  expect(what).toBeLessThan(100);
  expect(note).toBeGreaterThan(300);
});
