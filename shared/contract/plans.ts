/** Plans: from a wish to a change that is kept or undone, the journal of it, and what drifted since. */
import * as z from 'zod';
import type { DriftItem } from '#shared/model/drift.ts';
import type { JournalPage } from '#shared/model/journal.ts';
import type { Draft, PlanId, PlanView, Waves } from '#shared/model/plan.ts';
import type { Wish, WishForm, WishOffer, WishTarget } from '#shared/model/wish.ts';
import { wizards } from '#shared/model/wish.ts';
import { event, request } from './wire.ts';
import { id, nothing } from './schemas.ts';

const target: z.ZodType<WishTarget> = z.strictObject({ host: id, guest: z.string().min(1).max(1000).optional() });
const targets = z.array(target).min(1).max(10_000);
const values = z.record(z.string().min(1).max(100), z.string().max(4096));
export const wishSchema: z.ZodType<Wish> = z.strictObject({ id, targets, values });
export const wavesSchema: z.ZodType<Waves> = z.strictObject({
  canary: z.boolean(),
  size: z.int().min(0).max(10_000),
  watchSeconds: z.int().min(5).max(3600),
});
const persistence = z.enum(['until-reboot', 'survives']);
const drafting = z.strictObject({ wish: wishSchema, persistence, waves: wavesSchema });
const plan = z.strictObject({ plan: id });

export const plans = {
  /** Which wishes of a wizard fit these targets. */
  'plans.offers': request(z.strictObject({ wizard: z.enum(wizards), targets })).answering<readonly WishOffer[]>(),
  /** The form of one wish for these targets, with recommended values and what was found. */
  'plans.form': request(z.strictObject({ wish: id, targets })).answering<WishForm>(),
  /** Draws the plan up without keeping it: the wizard's live preview. Reads the hosts anew. */
  'plans.draft': request(drafting).answering<Draft>(),
  /** Draws it up and keeps it, in the state `draft`. Rejects: plan-refused when something stands in its way. */
  'plans.create': request(drafting).answering<PlanView>(),
  /** Rejects: plan-refused for a text that is no plan of ours. Steps are drawn up anew from its wish. */
  'plans.import': request(
    z.strictObject({ text: z.string().max(8_000_000), targets: targets.optional(), waves: wavesSchema.optional() }),
  ).answering<PlanView>(),
  'plans.export': request(plan).answering<string>(),
  /** The same wish for other targets, as a new draft. */
  'plans.replay': request(z.strictObject({ plan: id, targets, waves: wavesSchema })).answering<PlanView>(),
  /** A new draft that takes a kept plan back, as far as nobody changed the same since. */
  'plans.reverse': request(plan).answering<PlanView>(),
  'plans.list': request(nothing).answering<readonly PlanView[]>(),
  'plans.get': request(plan).answering<PlanView | null>(),
  /** Begins the run; what becomes of it is told by `plans.changed`. Rejects: plan-refused, plan-busy, read-only, disk-full. */
  'plans.apply': request(plan).answering<PlanView>(),
  'plans.keep': request(plan).answering<PlanView>(),
  'plans.undo': request(plan).answering<PlanView>(),
  /** Only drafts. */
  'plans.remove': request(plan).answering<null>(),
  'journal.page': request(
    z.strictObject({ before: z.int().min(1).optional(), limit: z.int().min(1).max(500), plan: id.optional() }),
  ).answering<JournalPage>(),
  /** The whole journal, as it is on the disk: JSON lines. */
  'journal.export': request(nothing).answering<string>(),
  'drift.list': request(nothing).answering<readonly DriftItem[]>(),
  /** A draft that writes the wanted values again. */
  'drift.putBack': request(z.strictObject({ host: id })).answering<PlanView>(),
  /** What is so now becomes what is written down; of what is not there any more the line is dropped. */
  'drift.accept': request(z.strictObject({ host: id })).answering<null>(),
};

export const planEvents = {
  /** At most four times a second: plans that are new or whose run moved. */
  'plans.changed': event<readonly PlanView[]>(),
  'plans.removed': event<readonly PlanId[]>(),
  'drift.changed': event<readonly DriftItem[]>(),
};
