/** A lab as the core would tell of it: the tour, a quarter of an hour after eight, unless said otherwise. */
import type { LabScenario, LabStatus } from '#shared/model/lab.ts';

export const scenarios: readonly [LabScenario, ...LabScenario[]] = [
  { id: 'tour', title: 'First five minutes', about: 'Three hosts. Watch one run short.' },
  { id: 'monday', title: 'Monday morning', about: 'Everybody logs in at nine. Watch the pressure.' },
  { id: 'donor-lost', title: 'Donor lost', about: 'Hosts lend RAM to each other. Watch what a dead one takes along.' },
];

export const labStatus = (more: Partial<LabStatus> = {}): LabStatus => ({
  scenario: scenarios[0],
  seed: 4711,
  speed: 1,
  paused: false,
  elapsed: 900,
  hour: 8.25,
  happened: [],
  ...more,
});
