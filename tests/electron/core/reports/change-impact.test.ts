/** Changes measured before and after: the windows, what makes them too little, and what the report says. */
import { describe, expect, test } from 'vitest';
import type { Coverage, SeriesTotals } from '#shared/model/history.ts';
import type { PlanView } from '#shared/model/plan.ts';
import { epochMs } from '#shared/units.ts';
import { lackOf, windowsOf } from '#core/reports/build/impact-windows.ts';
import { makeReport } from '#core/reports/make-report.ts';
import { plan, planStep, runOf } from '../../../support/plan-views.ts';
import { from, GiB, hour, reportSources, request, to } from './sources.ts';

const at = (hours: number): ReturnType<typeof epochMs> => epochMs(from + hours * hour);

function view(id: string, letter: string, begun: number, ended: number, state: 'kept' | 'undone' = 'kept'): PlanView {
  const hosts = [{ host: 'id-db-1', name: 'db-1' }];
  const steps = [
    planStep({ host: 'id-db-1' }),
    planStep({ host: 'id-db-1', title: 'pool', from: '0', to: '2048', unit: 'MiB' }),
  ];
  return runOf(plan(id, { letter, hosts, steps }), state, { startedAt: at(begun), endedAt: at(ended) });
}

describe('windows', () => {
  test('are an hour before the first step and an hour since the last one', () => {
    expect(windowsOf(view('a', 'A', 6, 6.25), [], to)).toEqual({
      before: { from: at(5), to: at(6) },
      after: { from: at(6.25), to: at(7.25) },
      afterWords: 'since the last step',
      cutBy: [],
    });
  });

  test('of an undone change the second is the time while it stood', () => {
    expect(windowsOf(view('a', 'A', 6, 6.25, 'undone'), [], to)).toMatchObject({
      after: { from: at(6), to: at(6.25) },
      afterWords: 'while it stood',
    });
  });

  test('end now, and where another change of the same host begins', () => {
    const [a, b, c] = [view('a', 'A', 6, 6.25), view('b', 'B', 5, 5.5), view('c', 'C', 7, 7.1)];
    expect(windowsOf(a, [a, b, c], to)).toMatchObject({
      before: { from: at(5.5), to: at(6) },
      after: { from: at(6.25), to: at(7) },
      cutBy: ['B (Plan b)', 'C (Plan c)'],
    });
    expect(windowsOf(a, [a], at(6.5))).toMatchObject({ after: { from: at(6.25), to: at(6.5) } });
  });

  test.each([
    [hour, hour, undefined],
    [hour, hour / 2, undefined],
    [hour, hour / 3, 'Not enough data: db-1 was read for 20 min of the 1 h before.'],
    [hour, 0, 'Not enough data: db-1 was not read before.'],
    [60_000, 60_000, 'Not enough data: there are only 1 min before; it takes 5 min.'],
  ])('a window of %d ms read for %d ms', (span, coveredMs, expected) => {
    const lack = lackOf('db-1', { from, to: from + span }, 'before', { coveredMs });
    expect(lack?.replaceAll('\u00a0', ' ')).toBe(expected);
  });
});

describe('the report', () => {
  const change = view('a', 'A', 6, 6.25);
  /** 1 GiB saved and 1 % waiting before the change; 5 GiB and 4 % after it. */
  const history = (coveredMs: number): Parameters<typeof reportSources>[0] => ({
    plans: () => [change],
    history: {
      totals: async ({ from: begin }) => {
        const later = begin >= at(6);
        const one = (metric: string, mean: number): SeriesTotals => ({
          host: 'id-db-1',
          guest: '',
          metric,
          instance: '',
          kind: 'level',
          coveredMs,
          mean,
        });
        const coverage: Coverage = { host: 'id-db-1', guest: '', name: 'db-1', coveredMs, gaps: 0, longestGapMs: 0 };
        return {
          totals: [one('signal.saved.compressed', later ? 5 * GiB : GiB), one('signal.harm.psi-some', later ? 4 : 1)],
          coverage: [coverage],
          events: [],
          damaged: 0,
        };
      },
    },
  });
  const make = (given: ReturnType<typeof history>) =>
    makeReport(request('change-impact'), reportSources(given), { now: to });

  test('says how far each figure moved', async () => {
    const document = await make(history(hour));
    const said = document.answers
      .flatMap(({ sentences }) => sentences)
      .join(' ')
      .replaceAll('\u00a0', ' ');
    expect(said).toContain('A (Plan a): 2 steps on db-1');
    expect(said).toContain('saved memory went from 1.00 GiB to 5.00 GiB');
    expect(said).toContain('waiting rose by 3.0 % of the time while 4.00 GiB more were saved. Weigh the two');
    const effect = document.blocks.flatMap((block) =>
      block.kind === 'table' && block.table.id === 'effect-1' ? [block.table] : [],
    );
    expect(effect[0]?.rows[0]?.map(({ text }) => text.replaceAll('\u00a0', ' '))).toEqual([
      'db-1',
      'Saved by compressing',
      '1.00 GiB',
      '5.00 GiB',
      '+4.00 GiB',
    ]);
    expect(effect[0]?.rows[0]?.[4]?.value).toBe(4 * GiB);
    const steps = document.blocks.flatMap((block) =>
      block.kind === 'table' && block.table.id === 'steps-1' ? [block.table] : [],
    );
    expect(steps[0]?.rows[1]?.[2]?.text).toBe('2.00\u00a0GiB (2048)');
  });

  test('says when there is too little to tell', async () => {
    const said = (await make(history(60_000))).answers.flatMap(({ sentences }) => sentences).join(' ');
    expect(said).toContain('Not enough data: db-1 was read for 1\u00a0min of the 1\u00a0h before the first step.');
    expect(said).not.toContain('saved memory went');
  });

  test('leaves out changes of another time, unless they are asked for', async () => {
    const early = { ...history(hour), plans: () => [view('old', 'Q', -40, -39)] };
    expect((await make(early)).subject).toBe('0 changes');
    const asked = await makeReport(request('change-impact', { plans: ['old'] }), reportSources(early), { now: to });
    expect(asked.subject).toBe('Q Plan old');
  });
});
