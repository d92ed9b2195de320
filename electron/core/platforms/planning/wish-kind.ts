/**
 * A planner as a table of wishes. Each kind of wish knows its own targets, questions and steps; what is the same for all
 * stands here: targets nothing is known of, values that were left out, values that cannot be, steps that change nothing.
 */
import type { FieldProblem, Finding, Wish, WishDef, WishField, WishTarget } from '#shared/model/wish.ts';
import type { AgentKnob, Fit, Planned, Planner, Sites } from '../change.ts';
import { checkValue } from './check-value.ts';
import { changing } from './steps.ts';
import { findTargets } from './targets.ts';
import type { Found } from './targets.ts';

export interface Form {
  readonly fields: readonly WishField[];
  readonly findings: readonly Finding[];
}

/** Values of all fields of the form, each within its range. */
export type Values = (field: string) => string;

export interface WishKind {
  readonly def: WishDef;
  fits(found: readonly Found[], sites: Sites): Fit;
  form(found: readonly Found[], sites: Sites): Form;
  /** Findings of the form are added by the table. */
  plan(found: readonly Found[], values: Values, sites: Sites): Partial<Planned>;
}

export const nothingPlanned: Planned = { steps: [], manual: [], will: [], findings: [], fields: [] };

export function plannerOf(agentKnobs: readonly AgentKnob[], kinds: readonly WishKind[]): Planner {
  const byId = new Map(kinds.map((kind) => [kind.def.id, kind]));
  return {
    agentKnobs,
    wishes: kinds.map(({ def }) => def),
    fits: (wish, targets, sites) => {
      const kind = byId.get(wish);
      const { found, findings } = findTargets(targets, sites);
      if (!kind) return { fits: false, because: 'This platform knows no such wish.', rank: 0 };
      const [gone] = findings;
      if (found.length === 0) return { fits: false, because: gone?.sentence ?? 'Nothing is selected.', rank: 0 };
      return kind.fits(found, sites);
    },
    form: (wish, targets, sites) => {
      const kind = byId.get(wish);
      return kind ? formOf(kind, targets, sites).form : { fields: [], findings: [] };
    },
    plan: (wish, sites) => {
      const kind = byId.get(wish.id);
      return kind ? planOf(kind, wish, sites) : nothingPlanned;
    },
  };
}

function formOf(kind: WishKind, targets: readonly WishTarget[], sites: Sites) {
  const { found, findings } = findTargets(targets, sites);
  const form = found.length === 0 ? { fields: [], findings: [] } : kind.form(found, sites);
  return { found, form: { fields: form.fields, findings: [...findings, ...form.findings] } };
}

function planOf(kind: WishKind, wish: Wish, sites: Sites): Planned {
  const { found, form } = formOf(kind, wish.targets, sites);
  const given = (field: WishField): string => own(wish.values, field.id) ?? field.value;
  const values = new Map(form.fields.map((field) => [field.id, given(field)]));
  const fields = form.fields.flatMap((field): readonly FieldProblem[] => {
    const sentence = checkValue(field.range, given(field), field.title);
    return sentence === undefined ? [] : [{ field: field.id, sentence }];
  });
  if (fields.length > 0 || found.length === 0) return { ...nothingPlanned, findings: form.findings, fields };
  const planned = kind.plan(found, (field) => values.get(field) ?? '', sites);
  return {
    steps: planned.fields?.length ? [] : changing(planned.steps ?? []),
    manual: planned.manual ?? [],
    will: planned.will ?? [],
    findings: [...form.findings, ...(planned.findings ?? [])],
    fields: planned.fields ?? [],
  };
}

/** Names of fields come from a page: `constructor` is none of them. */
function own(values: Wish['values'], id: string): string | undefined {
  return Object.hasOwn(values, id) ? values[id] : undefined;
}
