/** The sentences and exact figures of Savings, without a page. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  definitionWords,
  exactWords,
  formatFigure,
  withNumbers,
} from '../../../../renderer/pages/savings/figure-words.ts';
import { moneyWords } from '../../../../renderer/pages/savings/money-words.ts';
import {
  coveredWords,
  qualitySentences,
  recordedWords,
  sinceSentence,
} from '../../../../renderer/pages/savings/quality-words.ts';
import { savingsVerdict } from '../../../../renderer/pages/savings/savings-verdict.ts';
import { verdictText } from '../../../../renderer/parts/verdict.ts';
import { GiB, noon } from '../../../support/host-view.ts';
import {
  capacityEntry,
  day,
  figure,
  hostLedger,
  kills,
  ksmEntry,
  ledger,
  pressure,
  term,
  zswapEntry,
} from './ledgers.ts';

const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');
const verdict = (given: Parameters<typeof ledger>[0] = {}): string =>
  plain(verdictText(savingsVerdict(ledger(given), 'the last 30 days')));

describe('the verdict', () => {
  it('says what was saved of how much, and at which cost, on the worst host', () => {
    expect(verdict()).toBe(
      'Saved 59.8 of 512 GiB on average over the last 30 days, for 0.4 % of time waited on the worst host; 5.00 GiB of cache gained besides.',
    );
  });
  it('never adds capacity to what is saved', () => {
    const hosts = [hostLedger('db-1', [capacityEntry('id-db-1')])];
    expect(verdict({ hosts })).toBe(
      'Nothing told what was saved over the last 30 days, for 0.4 % of time waited; 5.00 GiB of cache gained besides.',
    );
  });
  it('misses nothing from before recording began, and says what is missing since', () => {
    const { from, to, quality } = ledger();
    const began = to - (to - from) / 10;
    const said = (covered: number): string =>
      verdictText(savingsVerdict(ledger({ quality: { ...quality, covered } }), 'the 3 d recorded so far', began));
    expect(said(0.1)).not.toContain('readings cover');
    expect(plain(said(0.05))).toContain('readings cover 50 % of the time');
  });
  it('says a loss as a loss', () => {
    expect(verdict({ hosts: [hostLedger('db-1', [ksmEntry('id-db-1')])] })).toContain(
      'Cost 192 MiB more than it saved on average over the last 30 days',
    );
  });
  it('names kills, money, hosts that told nothing, and time that is not known', () => {
    const words = verdict({
      harm: [pressure(12), kills(3)],
      money: { amount: 80, perMonth: 83.2, currency: 'EUR', pricePerGiBMonth: 2, assumption: '' },
      quality: { ...ledger().quality, covered: 0.62, missing: ['web-1', 'web-2'] },
    });
    expect(words).toContain('the kernel killed 3 processes for memory');
    expect(words).toContain('worth 83.20 EUR per month');
    expect(words).toContain('2 hosts told nothing; readings cover 62 % of the time.');
  });
  it('says that nobody waited', () => {
    expect(verdict({ harm: [pressure(0)] })).toContain('over the last 30 days, with nobody waiting for memory; ');
  });
  it('marks heavy pressure and kills', () => {
    const tones = savingsVerdict(ledger({ harm: [pressure(12), kills(1)] }), 'x').flatMap(({ tone }) => tone ?? []);
    expect(tones).toEqual(['bad', 'bad']);
  });
  it('says that the cost is unknown where no kernel tells', () => {
    expect(verdict({ harm: [] })).toContain('what it cost is unknown: no kernel told its pressure');
  });
});

describe('a formula with its numbers', () => {
  it('puts each name’s value in its place, and none into a longer name', () => {
    const saved = figure(30, 'Zswapped − Zswap', [term('Zswap', 10), term('Zswapped', 40)]);
    expect(plain(withNumbers(saved))).toBe('40 − 10 = 30 bytes');
  });
  it('keeps numbers, functions and parentheses, and puts negative values in parentheses', () => {
    const terms = [term('a', -12_345_678), term('b.c', 0.5), term('e3', 7)];
    const one = figure(1, 'max(a, 0) × 5e3 + (b.c ÷ e3)', terms, 'pages');
    expect(plain(withNumbers(one))).toBe('max((−12 345 678), 0) × 5e3 + (0.5 ÷ 7) = 1 page');
  });
  it('is what is said on resting on it', () => {
    expect(definitionWords(figure(1.5, 'promised ÷ RAM', [term('promised', 3), term('RAM', 2)], 'ratio'))).toBe(
      'promised ÷ RAM (promised: Title of promised; RAM: Title of RAM)',
    );
  });
});

describe('figures', () => {
  it('are exact to the last unit where they are whole', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 52), max: 2 ** 52 }), (value) => {
        const digits = exactWords(value, 'bytes')
          .replace(/[^\d−]/g, '')
          .replace('−', '-');
        expect(Number(digits)).toBe(value);
      }),
    );
  });
  it('keep what matters of a mean', () => {
    expect(plain(exactWords(0.041_26, 'percent'))).toBe('0.0413 %');
    expect(plain(exactWords(1234.5, 'pages'))).toBe('1234.5 pages');
    expect(exactWords(2, 'ratio')).toBe('2');
  });
  it('are short in tables, and absent where nothing tells', () => {
    expect(formatFigure(undefined, 'bytes')).toBe('—');
    expect(plain(formatFigure(-201_384_320, 'bytes'))).toBe('−192 MiB');
    expect(plain(formatFigure(2.5, 'milliseconds'))).toBe('2.50 ms');
    expect(formatFigure(1.5, 'ratio')).toBe('1.50');
    expect(formatFigure(0, 'count')).toBe('0');
  });
  it('of money keep hundredths up to 1 000', () => {
    expect([12.345, -3.2, 0, -0.001, 1234.5, 1_234_567].map((amount) => plain(moneyWords(amount, 'EUR')))).toEqual([
      '12.35 EUR',
      '−3.20 EUR',
      '0.00 EUR',
      '0.00 EUR',
      '1235 EUR',
      '1 234 567 EUR',
    ]);
  });
});

describe('how much is known', () => {
  it('is never all while something is missing', () => {
    expect(coveredWords(1)).toBe('all of the time');
    expect(plain(coveredWords(0.9999))).toBe('more than 99 % of the time');
    expect(plain(coveredWords(0.42))).toBe('42 % of the time');
  });
  it('says so when nothing is wrong, else what the ledger says', () => {
    const { quality } = ledger();
    expect(qualitySentences(quality)).toEqual(['No gap, no reboot, and no counter that began anew.']);
    expect(qualitySentences({ ...quality, notes: ['Hosts started anew once.'] })).toEqual(['Hosts started anew once.']);
  });
  it('says since when it records, where that is within the span', () => {
    expect(sinceSentence(undefined, 0, noon)).toBeUndefined();
    expect(sinceSentence(noon - 40 * day, noon - 30 * day, noon)).toBeUndefined();
    expect(plain(sinceSentence(noon - 2 * day, noon - 30 * day, noon) ?? '')).toContain(', 2 d ago');
  });
});

describe('two hosts', () => {
  it('save as much as both together', () => {
    expect(ledger({ hosts: [hostLedger('a', [zswapEntry('a')]), hostLedger('b', [zswapEntry('b')])] }).sums.saved).toBe(
      60 * GiB,
    );
  });
});

describe('a recording that began within the span', () => {
  it('is what the verdict speaks of', () => {
    const words = (since: number | undefined) => recordedWords(since, noon - 30 * day, noon);
    expect(words(noon - 2 * day)).toBe('the 2\u00a0d recorded so far');
    for (const since of [undefined, noon - 40 * day, noon - 29.9 * day, noon + 1]) expect(words(since)).toBeUndefined();
  });
});
