/** What a plan's file holds, and the text of a plan that is carried to another console. */
import * as z from 'zod';
import { wavesSchema, wishSchema } from '#shared/contract/plans.ts';
import { signals } from '#shared/model/metric.ts';
import type { HostId } from '#shared/model/host.ts';
import type { Impact, ManualStep, Plan, PlanRun, PlanStep } from '#shared/model/plan.ts';
import type { Problem } from '#shared/problem.ts';
import { problemCodes } from '#shared/problem.ts';
import { epochMs } from '#shared/units.ts';

/** All that is kept of one plan. */
export interface PlanRecord {
  readonly plan: Plan;
  readonly run?: PlanRun | undefined;
  readonly impact?: Impact | undefined;
  /** Boot id of each host when the run began: a host that was booted since has forgotten the plan. */
  readonly boots?: Readonly<Record<HostId, string>> | undefined;
  /** When the last step was written; the effect is measured from there. */
  readonly appliedAt?: Plan['createdAt'] | undefined;
  /** What the run was doing when it stopped going on. */
  readonly lostIn?: 'arming' | 'keeping' | 'other' | undefined;
}

const text = z.string();
const count = z.int().min(0);
const moment = z.number().transform(epochMs);
const signal = z.enum(signals);

export const persistenceSchema = z.enum(['until-reboot', 'survives']);

const step: z.ZodType<PlanStep> = z.strictObject({
  host: text,
  wave: count,
  stage: z.int(),
  knob: text,
  instance: text,
  title: text,
  place: text,
  from: text,
  to: text,
  unit: z.exactOptional(z.enum(['bytes', 'KiB', 'MiB'])),
  because: text,
  risk: z.enum(['low', 'medium', 'high']),
  riskWords: text,
  undo: z.enum(['old-value', 'none']),
  undoWords: text,
  survives: z.enum(['nothing', 'guest-restart', 'reboot']),
  keepAs: z.exactOptional(text),
  heldBefore: z.exactOptional(z.literal(true)),
});

const manual: z.ZodType<ManualStep> = z.strictObject({
  host: text,
  title: text,
  because: text,
  lines: z.array(text),
  undoLines: z.array(text),
  needs: z.enum(['reboot', 'remount', 'guest-restart', 'nothing']),
});

export const planSchema: z.ZodType<Plan> = z.strictObject({
  id: text.min(1),
  title: text,
  letter: text,
  createdAt: moment,
  createdBy: text,
  // The schema of a page's wish, for what was drawn up by a page once.
  wish: wishSchema,
  hosts: z.array(z.strictObject({ host: text, name: text })),
  steps: z.array(step),
  manual: z.array(manual),
  will: z.array(text),
  persistence: persistenceSchema,
  waves: wavesSchema,
  reverses: text.optional(),
});

const problemSchema: z.ZodType<Problem> = z.strictObject({
  code: z.enum(problemCodes),
  sentence: text,
  words: z.exactOptional(text),
});

const run: z.ZodType<PlanRun> = z.strictObject({
  state: z.enum(['arming', 'applying', 'watching', 'keeping', 'undoing', 'kept', 'undone', 'partly-undone', 'unknown']),
  by: text,
  startedAt: moment,
  endedAt: moment.optional(),
  steps: z.array(
    z.strictObject({
      state: z.enum(['waiting', 'writing', 'done', 'undone', 'left', 'failed']),
      readBack: text.optional(),
      words: text.optional(),
    }),
  ),
  hosts: z.array(
    z.strictObject({
      host: text,
      state: z.enum(['waiting', 'armed', 'kept', 'undone', 'partly-undone', 'unreachable', 'rebooted']),
      deadlineAt: moment.optional(),
      words: text.optional(),
    }),
  ),
  wave: count,
  waveReadyAt: moment.optional(),
  guard: z.array(
    z.strictObject({
      host: text,
      signal,
      before: z.number().optional(),
      limit: z.number(),
      now: z.number().optional(),
      breached: z.boolean(),
    }),
  ),
  problem: problemSchema.optional(),
});

const impact: z.ZodType<Impact> = z.strictObject({
  enough: z.boolean(),
  words: text,
  beforeSeconds: z.number(),
  afterSeconds: z.number(),
  lines: z.array(z.strictObject({ host: text, signal, before: z.number().optional(), after: z.number().optional() })),
});

const sameLength = ({ plan, run: its }: PlanRecord): boolean =>
  its === undefined || its.steps.length === plan.steps.length;

/** For whoever opens the folder of plans. */
export const planFormat: { readonly version: number; readonly schema: z.ZodType<PlanRecord> } = {
  version: 1,
  schema: z
    .strictObject({
      plan: planSchema,
      run: run.optional(),
      impact: impact.optional(),
      boots: z.record(text, text).optional(),
      appliedAt: moment.optional(),
      lostIn: z.enum(['arming', 'keeping', 'other']).optional(),
    })
    .refine(sameLength, 'the run is not of these steps'),
};
