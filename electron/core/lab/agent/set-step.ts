/** Making a step, and taking it back: agent/README.md, "Undoing". */
import { valueProblem } from '#core/platforms/change-check.ts';
import { absent } from './answer.ts';
import type { KnobAccess } from './knob-access.ts';
import type { PlanRecord, StepRecord } from './plan-record.ts';

export const isCompared = ({ knob, from }: StepRecord): boolean => knob.check === 'exact' && from !== 'unknown';

export interface SetOutcome {
  /** Undefined when it cannot be read any more. */
  readonly value: string | undefined;
  /** Undefined when it came to what the knob can promise. */
  readonly failed?: string;
}

/** Writes and reads back: what reads as it was written is done, whatever the tool said. */
export function setTo(step: StepRecord, to: string, access: KnobAccess): SetOutcome {
  const complaint = access.write(step, to);
  const seen = access.read(step);
  const value = typeof seen === 'string' ? seen : undefined;
  const done = step.knob.check === 'exact' ? value === to : complaint === undefined;
  if (done) return { value };
  return { value, failed: complaint ?? (value === undefined ? gone : `reads ${value || 'nothing'} instead of ${to}`) };
}

const gone = 'it is not there any more';

/** The steps that were begun, the last first. */
export function undoSteps(plan: PlanRecord, access: KnobAccess): void {
  for (const step of plan.steps.slice(0, plan.at).toReversed()) step.undone ??= undoStep(step, access);
}

function undoStep(step: StepRecord, access: KnobAccess): string {
  const { knob, from } = step;
  const seen = access.read(step);
  // Its setting has gone with it.
  if (typeof seen !== 'string') return seen === absent ? 'as-was' : seen.end;
  if (from === 'unknown') return `left ${seen}`;
  if (knob.check === 'exact') {
    if (seen === from) return 'as-was';
    if (!isOurs(step, seen)) return `left ${seen}`;
  }
  if (valueProblem(knob.value, from) !== undefined) return `failed ${from} cannot be written`;
  const { failed } = setTo(step, from, access);
  return failed === undefined ? 'restored' : `failed ${failed}`;
}

/** What could not be read after writing may be anything. */
const isOurs = ({ knob, to, readBack }: StepRecord, seen: string): boolean =>
  readBack === undefined || seen === to || seen === readBack || knob.alsoReads?.includes(seen) === true;
