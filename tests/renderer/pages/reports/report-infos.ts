/** Reports and schedules as the core would tell of them, for tests of stores and pages. */
import type { ReportInfo, ReportRequest, ReportSchedule } from '#shared/model/report.ts';
import { epochMs } from '#shared/units.ts';
import { noon } from '../../../support/host-view.ts';

export const reportRequest = (given: Partial<ReportRequest> = {}): ReportRequest => ({
  kind: 'savings',
  span: { lastSeconds: 30 * 86_400 },
  hosts: [],
  guests: [],
  plans: [],
  formats: ['pdf', 'xlsx'],
  ...given,
});

export const reportInfo = (id: string, given: Partial<ReportInfo> = {}): ReportInfo => ({
  id,
  title: `Savings ${id}`,
  request: reportRequest(),
  from: epochMs(noon - 30 * 86_400_000),
  to: epochMs(noon),
  askedAt: epochMs(noon),
  state: 'done',
  progress: 1,
  step: '',
  lab: false,
  files: [{ name: 'savings.pdf', format: 'pdf', bytes: 123_456 }],
  notes: [],
  ...given,
});

export const schedule = (id: string, given: Partial<ReportSchedule> = {}): ReportSchedule => ({
  id,
  title: 'Weekly savings',
  request: reportRequest(),
  every: 'week',
  weekday: 1,
  minute: 360,
  folder: '/srv/reports',
  enabled: true,
  nextAt: epochMs(noon + 86_400_000),
  ...given,
});
