/** The rules for figures, each with the edge where it turns. */
import { describe, expect, it } from 'vitest';
import { signals, type SignalId } from '#shared/model/metric.ts';
import { signalTitles } from '#shared/model/titles.ts';
import { formatMove, formatSignal } from '../../../renderer/format/signal.ts';
import { formatBytes, formatBytesOf } from '#shared/format/bytes.ts';
import { formatAge, formatClock, formatCountdown, formatDuration } from '../../../renderer/format/duration.ts';
import { formatLevel, formatMetric, formatSetting, formatSpeed } from '../../../renderer/format/metric.ts';
import { count, digits } from '#shared/format/number.ts';
import { formatPercent, formatShare } from '#shared/format/percent.ts';
import { formatByteRate, formatRate } from '#shared/format/rate.ts';

/** Reads like the screen: unbreakable spaces as plain ones. */
const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');
const KiB = 1024;
const GiB = 1024 ** 3;

describe('digits', () => {
  it.each([
    [0, '0'],
    [1.4, '1.40'],
    [9.994, '9.99'],
    [9.996, '10.0'],
    [41.34, '41.3'],
    [99.94, '99.9'],
    [99.96, '100'],
    [12345.6, '12 346'],
    [1234, '1234'],
    [-3.5, '−3.50'],
    [-0.001, '0.00'],
  ])('%d is written %s', (value, text) => expect(plain(digits(value))).toBe(text));
  it('groups thousands with a space that does not break', () => expect(count(1234567)).toBe('1\u202f234\u202f567'));
});

describe('bytes', () => {
  it.each([
    [undefined, '—'],
    [NaN, '—'],
    [0, '0'],
    [1, '1 B'],
    [1023, '1023 B'],
    [1023.6, '1.00 KiB'],
    [1024, '1.00 KiB'],
    [1.4 * GiB, '1.40 GiB'],
    [41.3 * GiB, '41.3 GiB'],
    [128 * GiB, '128 GiB'],
    [1023.6 * GiB, '1.00 TiB'],
    [-201_384_320, '−192 MiB'],
    [2000 * 1024 ** 5, '2000 PiB'],
  ])('%s is written %s', (value, text) => expect(plain(formatBytes(value))).toBe(text));

  it('never lets a unit wrap away from its number', () => expect(formatBytes(GiB)).toBe('1.00\u00a0GiB'));
  it('says the unit of part and whole once where they share it', () => {
    expect(plain(formatBytesOf(41.3 * GiB, 128 * GiB))).toBe('41.3 of 128 GiB');
    expect(plain(formatBytesOf(153 * GiB, 1085 * GiB))).toBe('153 GiB of 1.06 TiB');
    expect(plain(formatBytesOf(0, 128 * GiB))).toBe('0 of 128 GiB');
  });
  it('says the part alone where the whole is not known', () => {
    expect(plain(formatBytesOf(GiB, undefined))).toBe('1.00 GiB');
    expect(formatBytesOf(undefined, GiB)).toBe('—');
  });
});

describe('percent', () => {
  it.each([
    [undefined, '—'],
    [0, '0 %'],
    [0.04, '< 0.1 %'],
    [0.06, '0.1 %'],
    [9.94, '9.9 %'],
    [9.96, '10 %'],
    [99.6, '100 %'],
    [-12, '−12 %'],
  ])('%s is written %s', (value, text) => expect(plain(formatPercent(value))).toBe(text));
  it('takes shares of one', () => expect(plain(formatShare(0.25))).toBe('25 %'));
});

describe('rates', () => {
  it.each([
    [undefined, '—'],
    [0, '0/s'],
    [0.001, '< 0.01/s'],
    [2.284, '2.28/s'],
    [180.4, '180/s'],
  ])('%s is written %s', (value, text) => expect(plain(formatRate(value))).toBe(text));
  it('keeps an unknown byte rate unknown', () => {
    expect(formatByteRate(undefined)).toBe('—');
    expect(plain(formatByteRate(3 * KiB))).toBe('3.00 KiB/s');
  });
});

describe('time', () => {
  const noon = new Date(2026, 0, 15, 12, 0, 0).getTime();
  it.each([
    [undefined, '—'],
    [0, '0 s'],
    [59_499, '59 s'],
    [180_000, '3 min'],
    [7_500_000, '2 h 5 min'],
    [7_200_000, '2 h'],
    [100 * 3_600_000, '4 d 4 h'],
  ])('%s ms is %s', (value, text) => expect(plain(formatDuration(value))).toBe(text));
  it('tells ages, and calls a moment in the future now', () => {
    expect(formatAge(noon, noon + 1000)).toBe('now');
    expect(plain(formatAge(noon, noon + 8000))).toBe('8 s ago');
    expect(formatAge(noon + 5000, noon)).toBe('now');
    expect(formatAge(undefined, noon)).toBe('—');
  });
  it('counts down to zero and stays there', () => {
    expect(formatCountdown(noon + 102_000, noon)).toBe('1:42');
    expect(formatCountdown(noon, noon + 5000)).toBe('0:00');
  });
  it('adds the day when it is not today', () => {
    expect(formatClock(noon, noon)).toBe('12:00:00');
    expect(formatClock(noon, noon + 86_400_000)).toBe('2026-01-15 12:00:00');
  });
});

describe('metrics', () => {
  it.each([
    [5, 'pages', '5 pages'],
    [1, 'pages', '1 page'],
    [1, 'flag', 'on'],
    [0, 'flag', 'off'],
    ['zstd', 'text', 'zstd'],
    ['', 'text', '—'],
    [undefined, 'bytes', '—'],
    [250, 'microseconds', '250 µs'],
    [2500, 'microseconds', '2.50 ms'],
    [90, 'seconds', '1 min'],
    [2.5, 'count', '2.50'],
  ] as const)('level %s in %s is %s', (value, unit, text) => expect(plain(formatLevel(value, unit))).toBe(text));
  it('reads stall time per second as a share of it', () => {
    expect(plain(formatSpeed(10_000, 'microseconds'))).toBe('1.0 %');
  });
  it('draws counters as rates and levels as they are', () => {
    expect(plain(formatMetric(3, { kind: 'counter', unit: 'pages' }))).toBe('3.00/s');
    expect(plain(formatMetric(3, { kind: 'level', unit: 'pages' }))).toBe('3 pages');
  });
  it('shows a knob to the digit', () => expect(formatSetting(67584, 'count')).toBe('67584'));
});

describe('signals', () => {
  it('are said in their own unit', () => {
    const said = (signal: SignalId, value: number | undefined) => formatSignal(signal, value).replace(/\u00a0/g, ' ');
    expect(said('saved.compressed', 3 * 1024 ** 3)).toBe('3.00 GiB');
    expect(said('harm.psi-full', 4)).toBe('4.0 %');
    expect(said('harm.oom-kills', 1)).toBe('1.00/s');
    expect(said('harm.rejects', undefined)).toBe('—');
  });
  it('all have a title', () => expect(Object.keys(signalTitles).sort()).toEqual([...signals].sort()));
  it('move with their sign, and not at all where an end is missing', () => {
    expect(formatMove('harm.psi-some', 1, 4)).toBe('+3.0\u00a0%');
    expect(formatMove('harm.psi-some', 4, 1)).toBe('−3.0\u00a0%');
    expect(formatMove('saved.merged', 5, 5)).toBe('0');
    expect(formatMove('saved.merged', undefined, 5)).toBe('—');
  });
});
