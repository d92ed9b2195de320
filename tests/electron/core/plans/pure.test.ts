/** The pure parts: the guard's limits, the effect's windows, waves, letters, and what an agent's answers mean. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { driftIn, statusIn, valueIn } from '#core/plans/answers.ts';
import { guardOf, guardSignals } from '#core/plans/guard.ts';
import { impactOf, impactSignals } from '#core/plans/impact.ts';
import { letterOf, nextLetter } from '#core/plans/letters.ts';
import { placeOf } from '#core/plans/place.ts';
import { guardProblem } from '#core/plans/run/guard-words.ts';
import { spread } from '#core/plans/waves.ts';
import { encodeText } from '#core/platforms/change-text.ts';
import type { SignalId } from '#shared/model/metric.ts';
import type { SignalTable } from '#core/ports.ts';
import { problemOf } from '#shared/problem.ts';

const columns = (values: Partial<Record<SignalId, (number | null)[]>>) =>
  guardSignals.map((signal) => values[signal] ?? []);

describe('the guard', () => {
  const cases: [SignalId, number[] | undefined, (number | null)[], number, boolean][] = [
    // 20 points more, and twice as much
    ['harm.psi-some', [1, 1, 1], [21, 21], 21, false],
    ['harm.psi-some', [1, 1, 1], [22, 22], 21, true],
    ['harm.psi-some', [1, 1, 1], [22, 3, 22, 3], 21, false],
    ['harm.psi-some', [1, 1, 1], [22, null, 22], 21, true],
    ['harm.psi-some', [30, 30, 30], [59, 59], 60, false],
    ['harm.psi-some', [30, 30, 30], [61, 61], 60, true],
    ['harm.psi-some', [60, 60, 60], [96, 96], 95, true],
    // too little before: as if nothing had been there
    ['harm.psi-some', [30], [25, 25], 20, true],
    ['harm.psi-some', undefined, [25, 25], 20, true],
    ['harm.psi-some', [1, 1, 1], [null, null, null], 21, false],
    ['harm.swap-in', [0, 0, 0], [1999, 1999], 2000, false],
    ['harm.swap-in', [0, 0, 0], [2001, 2001], 2000, true],
    ['harm.swap-in', [1000, 1000, 1000], [4900, 4900], 5000, false],
    ['harm.swap-in', [1000, 1000, 1000], [5100, 5100], 5000, true],
    ['harm.rejects', [0, 0, 0], [501, 501], 500, true],
    ['harm.rejects', [200, 200, 200], [900, 900], 1000, false],
    ['harm.oom-kills', [0, 0, 0], [0, 0.2], 0, true],
    ['harm.oom-kills', [0, 0, 0], [0, 0], 0, false],
  ];
  it.each(cases)('%s with %j before and %j since: limit %d, breached %s', (signal, before, since, limit, breached) => {
    const [reading, ...others] = guardOf(
      'h',
      columns(before === undefined ? {} : { [signal]: before }),
      columns({ [signal]: since }),
    );
    expect(others).toEqual([]);
    expect(reading).toMatchObject({ host: 'h', signal, limit, breached });
    expect(reading?.before).toBe(before === undefined || before.length < 3 ? undefined : before[0]);
  });

  it('says nothing of a signal that the host does not have', () => {
    expect(guardOf('h', columns({}), columns({}))).toEqual([]);
  });

  it('says what it saw with the host and the figures', () => {
    const breached = guardOf('h', columns({ 'harm.swap-in': [1, 1, 1] }), columns({ 'harm.swap-in': [9000, 9000] }));
    expect(guardProblem(breached, () => 'host-07').sentence).toBe(
      'The guard stopped the plan. host-07: 9000 pages came back from swap each second; it was 1 before, and the limit is 2000. All hosts take it back.',
    );
  });
});

describe('the effect', () => {
  const table = (count: number, value: number | null, step = 1000, from = 0): SignalTable => ({
    at: Array.from({ length: count }, (_, index) => from + index * step),
    columns: impactSignals.map((signal) =>
      Array.from({ length: count }, () => (signal === 'saved.compressed' ? value : null)),
    ),
  });
  /** The second half comes twenty seconds late. */
  const late = (whole: SignalTable): SignalTable => ({
    ...whole,
    at: whole.at.map((at, index) => (index < whole.at.length / 2 ? at : at + 20_000)),
  });
  const site = (before: SignalTable, after: SignalTable, rebooted = false) => ({
    host: 'h',
    name: 'host-07',
    before,
    after,
    rebooted,
  });

  it('compares the means of both windows', () => {
    const impact = impactOf([site(table(301, 10), table(61, 30))], 1000);
    expect(impact).toMatchObject({ enough: true, beforeSeconds: 300, afterSeconds: 60 });
    expect(impact.lines).toEqual([{ host: 'h', signal: 'saved.compressed', before: 10, after: 30 }]);
    expect(impact.words).toBe('Means of 5 min before the first step and of 60 s since the last one.');
  });

  it.each([
    ['too few', table(301, 10), table(4, 30), false, /read 4 times since the last step; it takes 5\.$/],
    ['none before', table(0, 10), table(60, 30), false, /not at all before the first step/],
    ['a gap', table(301, 10), late(table(20, 30)), false, /was not read for a while since the last step/],
    ['a reboot', table(301, 10), table(60, 30), true, /host-07 was booted again/],
  ] as const)('says when there is not enough data: %s', (_, before, after, rebooted, words) => {
    const impact = impactOf([site(before, after, rebooted)], 1000);
    expect(impact.enough).toBe(false);
    expect(impact.words).toMatch(/^Not enough data: /);
    expect(impact.words).toMatch(words);
  });

  it('takes no gap from an interval that somebody changed', () => {
    expect(impactOf([site(table(60, 10, 5000), table(61, 30))], 1000).enough).toBe(true);
  });

  it('takes an empty row for a gap', () => {
    const after = table(60, 30);
    const holed = { ...after, columns: after.columns.map((column) => column.with(30, null)) };
    expect(impactOf([site(table(301, 10), holed)], 1000).enough).toBe(false);
  });
});

describe('waves', () => {
  const steps = (...of: [host: string, target: number | undefined, stage: number][]) =>
    of.map(([host, target, stage]) => (target === undefined ? { host, stage } : { host, stage, target }));
  const waves = (canary: boolean, size: number) => ({ canary, size, watchSeconds: 30 });
  const shown = (all: readonly { host: string; wave: number; stage: number }[]) =>
    all.map(({ host, wave, stage }) => `${host}${stage}w${wave}`).join(' ');

  it('put a canary first, then so many at a time, and order by stage within a wave', () => {
    const all = steps(['a', 0, 1], ['a', 0, 0], ['b', 1, 0], ['c', 2, 0], ['d', 3, 0]);
    const hosts = [['a'], ['b'], ['c'], ['d']];
    expect(shown(spread(all, hosts, waves(false, 0)))).toBe('a0w0 b0w0 c0w0 d0w0 a1w0');
    expect(shown(spread(all, hosts, waves(true, 0)))).toBe('a0w0 a1w0 b0w1 c0w1 d0w1');
    expect(shown(spread(all, hosts, waves(true, 2)))).toBe('a0w0 a1w0 b0w1 c0w1 d0w2');
    expect(shown(spread(all, hosts, waves(false, 3)))).toBe('a0w0 b0w0 c0w0 a1w0 d0w1');
  });

  it('send what all targets of a host need with the first of them', () => {
    const all = steps(['a', undefined, 0], ['b', undefined, 0], ['a', 0, 1], ['b', 1, 1]);
    expect(shown(spread(all, [['a'], ['b']], waves(true, 0)))).toBe('a0w0 a1w0 b0w1 b1w1');
  });

  it('leave no number out when a wave has nothing to do', () => {
    expect(shown(spread(steps(['c', 2, 0]), [['a'], ['b'], ['c']], waves(true, 1)))).toBe('c0w0');
  });
});

describe('letters', () => {
  it('count as columns of a sheet do', () => {
    expect([0, 25, 26, 27, 51, 52, 701, 702].map(letterOf)).toEqual(['A', 'Z', 'AA', 'AB', 'AZ', 'BA', 'ZZ', 'AAA']);
    expect(nextLetter([])).toBe('A');
    expect(nextLetter(['B', 'A'])).toBe('C');
    expect(nextLetter(['Z', '?'])).toBe('AA');
    fc.assert(fc.property(fc.nat(20_000), (index) => nextLetter([letterOf(index)]) === letterOf(index + 1)));
  });
});

describe('answers', () => {
  it('of a value are its first line, whatever it holds', () => {
    expect(valueIn('> [lzo] zstd')).toBe('[lzo] zstd');
    expect(valueIn('$ xl x\n> > =end')).toBe('> =end');
    expect(valueIn('')).toBe('');
  });

  it('of a state are read, and another shape is garbled', () => {
    const text =
      '> state undone\n> left 0\n> at 3\n> step 1 as-was\n> step 2 restored\n> step 3 left a b\n> step 4 failed no';
    const status = statusIn(text, 'h');
    expect(status).toMatchObject({ state: 'undone', leftSeconds: 0, at: 3 });
    expect([...status.undone.values()]).toEqual([
      { how: 'as-was' },
      { how: 'restored' },
      { how: 'left', words: 'a b' },
      { how: 'failed', words: 'no' },
    ]);
    let code: string | undefined;
    try {
      statusIn('> state melted', 'h');
    } catch (error) {
      code = problemOf(error)?.code;
    }
    expect(code).toBe('agent-garbled');
  });

  it('of drift are decoded, and lines of another shape left out', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (keptAs, wanted) => {
        fc.pre(!keptAs.includes('\0') && !wanted.includes('\0') && wanted !== '-' && keptAs !== '-');
        const line = `> k ${encodeText(keptAs)} ${encodeText(wanted)} -`;
        expect(driftIn(`> nonsense\n${line}\n> a b c d e`)).toEqual([{ knob: 'k', keptAs, wanted, now: undefined }]);
      }),
    );
  });
});

describe('a place', () => {
  it('is the file, or the command with its words in place once', () => {
    const base = { name: 'k', value: { kind: 'word' }, check: 'exact' } as const;
    expect(placeOf({ ...base, kind: 'file', path: '/a/*', shown: 'plain' }, '/a/b', '1')).toBe('/a/b');
    const command = { ...base, kind: 'command', instance: 'word', needs: 'xl', read: '', write: '' } as const;
    expect(placeOf({ ...command, shownAs: 'xl set VALUE INSTANCE' }, 'VALUE', '$1')).toBe('xl set $1 VALUE');
    expect(placeOf(undefined, 'i', 'v')).toBeUndefined();
  });
});
