import { flushPromises } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import type { HistoryStatus } from '#shared/model/history.ts';
import type { ReportInfo } from '#shared/model/report.ts';
import { ProblemError, problem } from '#shared/problem.ts';
import { epochMs } from '#shared/units.ts';
import { switched } from '../../../renderer/pages/reports/schedule-form.ts';
import { useHistoryStatus } from '../../../renderer/stores/history-status.ts';
import { useReports } from '../../../renderer/stores/reports.ts';
import { fakeConsole, type Answers } from '../../support/fake-console.ts';
import { noon } from '../../support/host-view.ts';
import { inApp } from '../../support/mount-page.ts';
import { reportInfo, reportRequest, schedule } from '../pages/reports/report-infos.ts';

async function start(infos: readonly ReportInfo[], more: Answers = {}) {
  const fake = fakeConsole({ 'reports.list': () => infos, 'reports.schedules': () => [], ...more });
  const reports = inApp(fake, useReports);
  reports.ensure();
  await flushPromises();
  return { fake, reports };
}
const ids = (infos: readonly ReportInfo[]) => infos.map(({ id }) => id);

describe('the reports', () => {
  it('ask nothing until somebody wants them, then follow what the core tells', async () => {
    const fake = fakeConsole({ 'reports.list': () => [reportInfo('a')], 'reports.schedules': () => [schedule('s')] });
    const reports = inApp(fake, useReports);
    await flushPromises();
    expect(fake.calls).toEqual([]);
    reports.ensure();
    reports.ensure();
    await flushPromises();
    expect(fake.calls).toHaveLength(2);
    fake.emit('reports.changed', [reportInfo('b', { askedAt: epochMs(noon + 1), state: 'making' })]);
    expect(ids(reports.all)).toEqual(['b', 'a']);
    expect(ids(reports.running)).toEqual(['b']);
    fake.emit('reports.removed', ['a']);
    fake.emit('reports.scheduled', []);
    expect(ids(reports.all)).toEqual(['b']);
    expect(reports.schedules).toEqual([]);
  });
  it('do not go back to what an answer said when events have told more', async () => {
    const { fake, reports } = await start([], {
      'reports.make': () => {
        fake.emit('reports.changed', [reportInfo('a', { state: 'done' })]);
        return reportInfo('a', { state: 'waiting' });
      },
    });
    await reports.make(reportRequest());
    expect(reports.byId.get('a')?.state).toBe('done');
  });
  it('keep the problem when they cannot be loaded, and load again with the next connection', async () => {
    let broken = true;
    const { fake, reports } = await start([], {
      'reports.list': () => {
        if (broken) throw new ProblemError(problem('internal', 'The console made a mistake.'));
        return [reportInfo('a')];
      },
    });
    expect([reports.loaded, reports.problem?.sentence]).toEqual([false, 'The console made a mistake.']);
    broken = false;
    fake.reopen();
    await flushPromises();
    expect([reports.loaded, reports.problem, ids(reports.all)]).toEqual([true, undefined, ['a']]);
  });
  it('leave a report in the list that could not be removed', async () => {
    const { reports } = await start([reportInfo('a')], {
      'reports.remove': () => {
        throw new ProblemError(problem('file-unwritable', 'It cannot be deleted.'));
      },
    });
    await expect(reports.remove('a')).rejects.toThrow('It cannot be deleted.');
    expect(ids(reports.all)).toEqual(['a']);
  });
  it('take in a schedule at once, in place of the one it changes', async () => {
    const { reports } = await start([], {
      'reports.schedule': ({ id, draft }) => schedule(id ?? 'new', draft),
      'reports.unschedule': () => null,
    });
    const draft = switched(schedule('s'));
    await reports.schedule(draft);
    await reports.schedule({ ...draft, title: 'Renamed' }, 'new');
    expect(reports.schedules.map(({ id, title }) => [id, title])).toEqual([['new', 'Renamed']]);
    await reports.unschedule('new');
    expect(reports.schedules).toEqual([]);
  });
  it('are those of the hosts in view: an answer about others is dropped', async () => {
    let late: ((infos: readonly ReportInfo[]) => void) | undefined;
    const { fake, reports } = await start([], {
      'reports.list': () => (late === undefined ? new Promise((resolve) => (late = resolve)) : [reportInfo('own')]),
    });
    fake.emit('lab.switched', null as never);
    await flushPromises();
    late?.([reportInfo('other')]);
    await flushPromises();
    expect(ids(reports.all)).toEqual(['own']);
  });
});

describe('the state of the history', () => {
  const status: HistoryStatus = {
    state: 'recording',
    file: '/x',
    bytes: 1,
    budgetBytes: 2,
    tiers: [
      { tier: 'raw', from: epochMs(noon), to: epochMs(noon), bytes: 1 },
      { tier: 'hour', from: epochMs(noon - 9), to: epochMs(noon), bytes: 0 },
    ],
  };
  it('says the oldest moment that is known, and follows', async () => {
    const fake = fakeConsole({ 'history.status': () => status });
    const history = inApp(fake, useHistoryStatus);
    expect(fake.calls).toEqual([]);
    history.ensure();
    await flushPromises();
    expect(history.since).toBe(noon - 9);
    fake.emit('history.moved', { ...status, state: 'paused', tiers: [] });
    expect([history.status?.state, history.since]).toEqual(['paused', undefined]);
  });
});
