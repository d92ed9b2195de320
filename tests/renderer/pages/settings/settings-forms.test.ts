/** The fields of Settings, and what they say about the history, without a page. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HistoryStatus } from '#shared/model/history.ts';
import { defaultSettings } from '#shared/model/settings.ts';
import { epochMs } from '#shared/units.ts';
import { recordingSentences } from '../../../../renderer/pages/settings/history-words.ts';
import {
  historyErrors,
  historyForm,
  historyOf,
  moneyErrors,
  moneyForm,
  moneyOf,
  rawDaysThatFit,
  shrinkSentence,
} from '../../../../renderer/pages/settings/settings-forms.ts';
import { noon } from '../../../support/host-view.ts';

const usual = defaultSettings.history;
const day = 86_400_000;
const MiB = 1024 ** 2;
const status = (given: Partial<HistoryStatus> = {}): HistoryStatus => ({
  state: 'recording',
  file: '/var/lib/tmem/history.db',
  bytes: 130 * MiB,
  budgetBytes: 2048 * MiB,
  tiers: [
    { tier: 'raw', from: epochMs(noon - 2 * day), to: epochMs(noon), bytes: 100 * MiB },
    { tier: 'minute', from: epochMs(noon - 9 * day), to: epochMs(noon), bytes: 30 * MiB },
  ],
  ...given,
});

describe('how long history is kept', () => {
  it('comes out of its form as it went in', () => {
    const days = fc.integer({ min: 1, max: 3650 });
    fc.assert(
      fc.property(
        days,
        days,
        days,
        fc.integer({ min: 16, max: 10_000_000 }),
        (rawDays, minuteDays, hourDays, diskMiB) => {
          const kept = { rawDays, minuteDays, hourDays, diskMiB };
          expect(historyOf(historyForm(kept))).toEqual(kept);
        },
      ),
    );
  });
  it.each(['', '0', '-1', '1.5', '3651', 'many', '1e2', ' '])('is no “%s” days', (text) => {
    const form = { ...historyForm(usual), rawDays: text };
    expect(Object.keys(historyErrors(form))).toEqual(['rawDays']);
    expect(historyOf(form)).toBeUndefined();
  });
  it.each([
    ['15', 'MiB'],
    ['0', 'GiB'],
    ['1,5', 'GiB'],
    ['', 'MiB'],
    ['10000', 'GiB'],
  ] as const)('takes no “%s” %s of disk', (disk, diskUnit) => {
    expect(Object.keys(historyErrors({ ...historyForm(usual), disk, diskUnit }))).toEqual(['disk']);
  });
  it('takes parts of a GiB', () => {
    expect(historyOf({ ...historyForm(usual), disk: '1.5', diskUnit: 'GiB' })?.diskMiB).toBe(1536);
  });
  it('says what shorter limits delete, and nothing where they are longer', () => {
    expect(shrinkSentence(usual, { ...usual, rawDays: 30 }, 0)).toBeUndefined();
    expect(shrinkSentence(usual, { ...usual, rawDays: 7, hourDays: 365 }, 0)).toBe(
      'Keeping these limits deletes raw readings older than 7 days, hours older than 365 days. They cannot be had back.',
    );
    expect(shrinkSentence(usual, { ...usual, diskMiB: 64 }, 65 * MiB)).toContain('the finest first');
  });
});

describe('how much fits', () => {
  it('is worked out from what is there', () => {
    // 50 MiB a day; 2048 − 30 MiB are left for readings.
    expect(rawDaysThatFit(status(), 2048 * MiB)).toBe(40);
    expect(rawDaysThatFit(status(), 16 * MiB)).toBe(0);
  });
  it('is not guessed from an hour, or from nothing', () => {
    const short = { tier: 'raw', from: epochMs(noon - 3_600_000), to: epochMs(noon), bytes: MiB } as const;
    expect(rawDaysThatFit(status({ tiers: [short] }), 2048 * MiB)).toBeUndefined();
    expect(rawDaysThatFit(status({ tiers: [] }), 2048 * MiB)).toBeUndefined();
    expect(recordingSentences(status({ tiers: [] }), 2048 * MiB, undefined, false)).toHaveLength(2);
  });
});

describe('what is recorded', () => {
  const words = (given: Partial<HistoryStatus>, since?: number, lab = false) =>
    recordingSentences(status(given), 2048 * MiB, since, lab).map((one) => one.words.replace(/\u00a0/g, ' '));
  it('is said with its size, its share of the budget, and since when', () => {
    const [state, size, fit] = words({}, noon);
    expect(state).toMatch(/^Records since 2026-01-15 \d\d:00\.$/);
    expect(size).toBe(
      'It takes 130 MiB, 6.3 % of the budget of 2.00 GiB: 2 d of readings (100 MiB), 9 d of minutes (30.0 MiB).',
    );
    expect(fit).toBe('At the pace of the last 2 d, about 40 days of every reading fit.');
  });
  it('says why it stopped', () => {
    expect(words({ state: 'paused', because: 'The disk is full.' })[0]).toBe('Recording is paused. The disk is full.');
    expect(words({ state: 'off', because: 'The file is of a newer console.' })).toEqual([
      'Nothing is recorded. The file is of a newer console.',
    ]);
    expect(words({ state: 'opening', progress: 0.5 })[0]).toBe(
      'The history is being opened: 50 % is brought up to date.',
    );
    expect(words({ file: '' })[0]).toBe('Records, in memory only: it ends with the console.');
    expect(words({ file: '' }, undefined, true)[0]).toBe('Records the lab, in memory: it goes when the lab is left.');
  });
});

describe('the price of RAM', () => {
  it('comes out of its form as it went in; none is empty', () => {
    for (const money of [defaultSettings.money, { pricePerGiBMonth: 4.5, currency: '$' }])
      expect(moneyOf(moneyForm(money))).toEqual(money);
    expect(moneyForm(defaultSettings.money).price).toBe('');
  });
  it.each(['-1', '4,50', 'free', '1e3', '1000001'])('is not “%s”', (price) => {
    expect(Object.keys(moneyErrors({ price, currency: 'EUR' }))).toEqual(['price']);
    expect(moneyOf({ price, currency: 'EUR' })).toBeUndefined();
  });
  it('needs a currency of at most 8 characters', () => {
    for (const currency of [' ', 'much too long'])
      expect(Object.keys(moneyErrors({ price: '1', currency }))).toEqual(['currency']);
  });
});
