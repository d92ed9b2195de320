/** The reports and schedules in one sentence. Pure. */
import type { ReportInfo, ReportSchedule } from '#shared/model/report.ts';
import { sentence, type Verdict } from '../../parts/verdict.ts';
import { momentWords, unbroken } from '../savings/span.ts';

export function reportsVerdict(reports: readonly ReportInfo[], schedules: readonly ReportSchedule[]): Verdict {
  const inState = (...states: ReportInfo['state'][]): number =>
    reports.filter(({ state }) => states.includes(state)).length;
  const done = inState('done');
  const making = inState('waiting', 'making');
  const failed = inState('failed');
  const clauses: Verdict[] = [];
  if (making > 0)
    clauses.push([{ words: making === 1 ? '1 report is being made' : `${making} reports are being made` }]);
  if (done > 0) clauses.push([{ words: done === 1 ? '1 report is kept' : `${done} reports are kept` }]);
  if (failed > 0) clauses.push([{ words: failed === 1 ? '1 failed' : `${failed} failed`, tone: 'bad' }]);
  if (clauses.length === 0) clauses.push([{ words: 'No report has been made yet' }]);
  const [next] = schedules.filter(({ enabled }) => enabled).toSorted((a, b) => a.nextAt - b.nextAt);
  if (next !== undefined)
    clauses.push([
      { words: next.title, to: { name: 'reports', query: { show: 'schedules' } } },
      { words: ` is due at ${unbroken(momentWords(next.nextAt))}` },
    ]);
  return sentence(clauses);
}
