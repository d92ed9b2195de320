/** A step with the fields of a plan's step and no other: what the room adds while it plans stays in the room. */
import type { Persistence, PlanStep } from '#shared/model/plan.ts';

/** Where it is written down is of no interest to a plan that does not survive. */
export function planStep(step: PlanStep, persistence: Persistence): PlanStep {
  const { host, wave, stage, knob, instance, title, place, from, to, because, keepAs, heldBefore, unit } = step;
  const { risk, riskWords, undo, undoWords, survives } = step;
  const change = { host, wave, stage, knob, instance, title, place, from, to, because };
  const plain = { ...change, risk, riskWords, undo, undoWords, survives, ...(unit === undefined ? {} : { unit }) };
  if (keepAs === undefined || persistence !== 'survives') return plain;
  return heldBefore === undefined ? { ...plain, keepAs } : { ...plain, keepAs, heldBefore };
}
