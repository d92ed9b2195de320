import { describe, expect, it } from 'vitest';
import { fieldProblem, sizeWords, switchWords, valueWords } from '../../../../renderer/pages/change/field-check.ts';
import { field } from './plan-drafts.ts';

const says = (text: string, more = {}) => fieldProblem(field('f', more), text)?.sentence.replace(/\u00a0/g, ' ');

describe('a number', () => {
  it.each([
    ['', 'A number is needed: 1 to 100 percent.'],
    ['  ', 'A number is needed: 1 to 100 percent.'],
    ['20MiB', '“20MiB” is not a plain number. Write digits only: 1 to 100 percent.'],
    ['$(reboot)', '“$(reboot)” is not a plain number. Write digits only: 1 to 100 percent.'],
    ['1e3', '“1e3” is not a plain number. Write digits only: 1 to 100 percent.'],
    ['-5', '-5 is out of range: 1 to 100 percent.'],
    ['101', '101 is out of range: 1 to 100 percent.'],
    ['99999999999999999999', '99999999999999999999 is out of range: 1 to 100 percent.'],
    [' 20 ', undefined],
    ['1', undefined],
  ])('%j', (text, sentence) => expect(says(text)).toBe(sentence));

  it('has no upper bound where it is only what can be counted to', () => {
    const range = { kind: 'number', min: 0, max: 2 ** 53, unit: 'bytes' } as const;
    expect(says('', { range })).toBe('A number is needed: 0 bytes or more.');
  });
  it('is said as a size where it is one', () => {
    const mib = { kind: 'number', min: 0, max: 2 ** 40, unit: 'MiB' } as const;
    expect(sizeWords(mib, '2048')).toBe('2.00\u00a0GiB');
    expect(sizeWords(mib, 'x')).toBeUndefined();
    expect(sizeWords({ ...mib, unit: 'percent' }, '20')).toBeUndefined();
  });
});

describe('a switch', () => {
  it.each([
    ['on', 'off', 'on'],
    ['0', '0', '1'],
    ['Y', 'N', 'Y'],
  ])('that says %s is spelled %s and %s', (value, off, on) => {
    const one = field('s', { range: { kind: 'switch' }, value });
    expect(switchWords(one)).toEqual({ off, on });
    expect([valueWords(one, off), valueWords(one, on)]).toEqual(['off', 'on']);
  });
});
