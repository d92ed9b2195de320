/**
 * The change of a single setting as a wish, made from the knob's declaration: one field, its range, its traps as
 * findings, and one step for each target. A platform says which knob of the agent it is and where it is for a target.
 */
import type { KnobDef, KnobRange } from '#shared/model/knob.ts';
import type { FieldProblem, Finding, WishField } from '#shared/model/wish.ts';
import { valueProblem } from '../change-check.ts';
import type { AgentKnob, PlannedStep, ValueShape } from '../change.ts';
import { checkValue } from './check-value.ts';
import { commandStep, fileStep, fileValue } from './steps.ts';
import type { StepWords } from './steps.ts';
import { agreed } from './targets.ts';
import type { Found } from './targets.ts';
import type { WishKind } from './wish-kind.ts';

/** Where the setting is for one target. */
export interface KnobPlace {
  readonly knob: AgentKnob;
  readonly instance: string;
  /** What the evidence says it is now, of a command; a file's value is read from the evidence itself. */
  readonly now?: string;
  readonly keepAs?: string | false;
  /** Whose it is, for the step's title: a guest's name. */
  readonly of?: string;
}

export interface KnobWishOptions {
  /** Where it is, or a sentence why it is not there. */
  place(def: KnobDef, found: Found): KnobPlace | string;
  readonly stage: number;
  /** What stands in the way of this value now, as a sentence beside the field. */
  refuses?(def: KnobDef, found: Found, place: KnobPlace, to: string): string | undefined;
  /** Steps that have to be made first, for this value or so that it can be undone. */
  before?(def: KnobDef, found: Found, place: KnobPlace, to: string): readonly PlannedStep[];
  readonly risk?: StepWords['risk'];
  readonly riskWords?: string;
  readonly undo?: StepWords['undo'];
  readonly undoWords?: string;
}

const field = 'value';

export function knobWish(def: KnobDef, options: KnobWishOptions): WishKind {
  const places = (found: readonly Found[]) => found.map((one) => ({ one, place: options.place(def, one) }));
  return {
    def: {
      id: `knob:${def.id}`,
      wizard: 'knob',
      title: `Set ${def.title}`,
      about: def.help,
      of: def.of === 'guest' ? 'guest' : 'host',
    },
    fits: (found) => {
      const all = places(found);
      const there = all.filter(({ place }) => typeof place !== 'string').length;
      const [why] = all.flatMap(({ place }) => (typeof place === 'string' ? [place] : []));
      return {
        fits: there > 0,
        because: there > 0 ? 'It can be set here.' : (why ?? 'Nothing is selected.'),
        rank: 50,
      };
    },
    form: (found) => {
      const all = places(found);
      const [there] = all.flatMap(({ place }) => (typeof place === 'string' ? [] : [place]));
      const findings = all.flatMap(({ one, place }) => (typeof place === 'string' ? [missing(one, place)] : []));
      const notes = found[0] ? def.traps.map((sentence) => noteOf(found[0] as Found, sentence)) : [];
      if (!there) return { fields: [], findings };
      const current = agreed(all.map(({ one, place }) => (typeof place === 'string' ? undefined : nowOf(place, one))));
      return { fields: [valueField(def, there.knob.value, current)], findings: [...findings, ...notes] };
    },
    plan: (found, values) => {
      const fields: FieldProblem[] = [];
      const steps: PlannedStep[] = [];
      for (const { one, place } of places(found)) {
        if (typeof place === 'string') continue;
        const to = toAgent(place.knob.value, values(field));
        const sentence = valueProblem(place.knob.value, to) ?? options.refuses?.(def, one, place, to);
        if (sentence === undefined) {
          steps.push(...(options.before?.(def, one, place, to) ?? []), stepOf(def, options, one, place, to));
        } else if (!fields.some((known) => known.sentence === sentence)) fields.push({ field, sentence });
      }
      const title = def.title;
      return { steps, fields, will: steps.length === 0 ? [] : [`${title} becomes ${values(field)}.`] };
    },
  };
}

const missing = ({ target }: Found, sentence: string): Finding => ({ ...targetOf(target), level: 'missing', sentence });
const noteOf = ({ target }: Found, sentence: string): Finding => ({ ...targetOf(target), level: 'note', sentence });
const targetOf = ({ host, guest }: Found['target']) => (guest === undefined ? { host } : { host, guest });

function nowOf(place: KnobPlace, { site }: Found): string | undefined {
  return place.knob.kind === 'file' ? fileValue(place.knob, site.evidence, place.instance) : place.now;
}

function valueField(def: KnobDef, shape: ValueShape, agentValue: string | undefined): WishField {
  const current = agentValue === undefined ? undefined : fromAgent(shape, def.range, agentValue);
  const fallback = def.default === undefined ? undefined : fromAgent(shape, def.range, def.default);
  const value = [current, fallback].find((text) => text !== undefined && !checkValue(def.range, text, def.title));
  return {
    id: field,
    title: def.title,
    help: def.help,
    range: def.range,
    value: value ?? '',
    because: current === undefined ? 'It is what the system starts with.' : 'Left as it is.',
    ...(current === undefined ? {} : { current }),
  };
}

/** A switch is on or off for a person, and Y or N, or 1 or 0, for a file. */
function toAgent(shape: ValueShape, value: string): string {
  return shape.kind === 'choice' && (value === 'on' || value === 'off')
    ? (switchWords(shape)?.[value] ?? value)
    : value;
}

function fromAgent(shape: ValueShape, range: KnobRange, value: string): string {
  const words = shape.kind === 'choice' && range.kind === 'switch' ? switchWords(shape) : undefined;
  if (words?.on === value) return 'on';
  return words?.off === value ? 'off' : value;
}

function switchWords(shape: Extract<ValueShape, { kind: 'choice' }>): { on: string; off: string } | undefined {
  const pairs = [
    ['Y', 'N'],
    ['1', '0'],
    ['present', 'absent'],
  ] as const;
  const [on, off] = pairs.find(([yes, no]) => shape.choices.includes(yes) && shape.choices.includes(no)) ?? [];
  return on === undefined || off === undefined ? undefined : { on, off };
}

function stepOf(def: KnobDef, options: KnobWishOptions, one: Found, place: KnobPlace, to: string): PlannedStep {
  const { knob, instance, now = '', keepAs, of } = place;
  const { stage, risk, undo } = options;
  const words: StepWords = {
    title: of === undefined ? def.title : `${def.title} of ${of}`,
    because: 'It was asked for.',
    stage,
    target: one.at,
    riskWords: options.riskWords ?? def.traps[0] ?? '',
    undoWords: options.undoWords ?? '',
    survives: def.survives,
    ...(risk === undefined ? {} : { risk }),
    ...(undo === undefined ? {} : { undo }),
    ...(keepAs === undefined ? {} : { keepAs }),
  };
  return knob.kind === 'file'
    ? fileStep(knob, one.site, instance, to, words)
    : commandStep(knob, one.site, instance, now, to, words);
}
