import Papa from 'papaparse';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvOf, textCell, unitOf } from '../../../../renderer/pages/history/csv.ts';
import { noon } from '../../../support/host-view.ts';

const span = { from: noon, to: noon + 10_000 };
const parse = (text: string): string[][] => Papa.parse<string[]>(text, { newline: '\r\n', skipEmptyLines: true }).data;

describe('the figures on the screen as CSV', () => {
  it('have a row for each moment in the span, full figures, gaps as empty cells, never as zeros', () => {
    const text = csvOf(
      [
        {
          title: 'db: Resident',
          unit: 'bytes',
          line: { at: [noon - 5000, noon, noon + 5000], values: [1, 2.123456789, null] },
        },
        { title: 'db: Swap', unit: 'pages per second', line: { at: [noon + 5000, noon + 15_000], values: [-0.5, 7] } },
      ],
      span,
    );
    expect(text).toBe(
      [
        'time,db: Resident (bytes),db: Swap (pages per second)',
        '2026-01-15T12:00:00.000Z,2.123456789,',
        '2026-01-15T12:00:05.000Z,,-0.5',
        '',
      ].join('\r\n'),
    );
  });
  it('have the lowest and highest beside means', () => {
    const line = { at: [noon], values: [2], low: [1], high: [3] };
    expect(parse(csvOf([{ title: 'a', unit: 'bytes', line }], span))).toEqual([
      ['time', 'a (bytes)', 'a (bytes), lowest', 'a (bytes), highest'],
      ['2026-01-15T12:00:00.000Z', '2', '1', '3'],
    ]);
  });
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '  =1'])('a guest named %j is no formula', (name) => {
    const head = parse(csvOf([{ title: name, unit: 'bytes', line: { at: [], values: [] } }], span))[0]?.[1] ?? '';
    expect(head.startsWith("'")).toBe(true);
    expect(head).toContain(name);
  });
  it('can be read again whatever a guest is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        const back = parse(`${textCell(name)},x\r\n`)[0];
        expect(back?.[1]).toBe('x');
        expect([name, `'${name}`]).toContain(back?.[0]);
        expect(back?.[0]).not.toMatch(/^\s*[=+\-@]/);
      }),
    );
  });
  it('say a counter as a rate', () => {
    expect(unitOf({ unit: 'pages', kind: 'counter' })).toBe('pages per second');
    expect(unitOf({ unit: 'bytes', kind: 'level' })).toBe('bytes');
  });
});
