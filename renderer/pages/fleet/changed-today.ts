/** Changes that were begun, kept or undone since midnight by the local clock, newest first as they come. Pure. */
import type { PlanView } from '#shared/model/plan.ts';

export function changedToday(plans: readonly PlanView[], now: number): readonly PlanView[] {
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  return plans.filter(({ run }) => run !== undefined && (run.endedAt ?? run.startedAt) >= midnight);
}
