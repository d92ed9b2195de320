/** Requests that change a lab machine, checked word by word as the agent on a host checks them. */
import { instanceProblem, valueProblem } from '#core/platforms/change-check.ts';
import { decodeText } from '#core/platforms/change-text.ts';
import { not, ok } from './answer.ts';
import type { Answer } from './answer.ts';
import type { HostChanges } from './host-changes.ts';
import { misshapen, starFits } from './knob-access.ts';
import type { OpenKnob } from './knob-access.ts';
import type { Keep, Owner, StepRecord } from './plan-record.ts';

type Words = readonly string[];
interface Verb {
  readonly operator: boolean;
  readonly words: number;
  readonly answer: (changes: HostChanges, words: Words, owner: Owner) => Answer;
}

const planName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const whole = /^[1-9][0-9]{0,4}$/;

const get: Verb['answer'] = ({ access }, [name = '', instance = '']) => {
  const open = access.open(name, instance);
  if (!('knob' in open)) return open;
  const value = access.read(open);
  return typeof value === 'string' ? ok([`> ${value}`]) : value;
};

const step: Verb['answer'] = (changes, [plan = '', ...words]) => changes.step(plan, () => stepOf(changes, words));

function stepOf({ access }: HostChanges, [name = '', instance = '', ...words]: Words): StepRecord | Answer {
  const [from, to] = words.slice(0, 2).map(decodeText);
  if (decodeText(instance) === undefined) return misshapen;
  if (from === undefined) return not('refused', 'old value has not the shape of this knob');
  if (to === undefined) return not('refused', 'value has not the shape of this knob');
  const open = access.open(name, instance);
  if (!('knob' in open)) return open;
  const { value, alsoReads } = open.knob;
  // What it may read as: also what is never written.
  if (from !== 'unknown' && alsoReads?.includes(from) !== true && valueProblem(value, from) !== undefined)
    return not('refused', 'old value has not the shape of this knob');
  if (valueProblem(value, to) !== undefined) return not('refused', 'value has not the shape of this knob');
  const keep = keepOf(open, words[2] ?? '');
  return keep === undefined
    ? not('refused', 'what to keep has not the shape of this knob')
    : { ...open, from, to, keep };
}

function keepOf({ knob, instance }: OpenKnob, word: string): Keep | undefined {
  if (word === '-') return { kind: 'no' };
  const [, kind, text] = /^(as|drop)\.(.+)$/.exec(word) ?? [];
  const keptAs = decodeText(text ?? '');
  if ((kind !== 'as' && kind !== 'drop') || keptAs === undefined) return undefined;
  const fits =
    keptAs === instance ||
    starFits(keptAs, instance) ||
    (knob.kind === 'command' && instanceProblem(knob.instance, keptAs) === undefined);
  return fits ? { kind, instance: keptAs } : undefined;
}

const withSeconds =
  (act: (changes: HostChanges, plan: string, seconds: number) => Answer): Verb['answer'] =>
  (changes, [plan = '', seconds = '']) =>
    whole.test(seconds)
      ? act(changes, plan, Number(seconds))
      : not('refused', 'seconds are not a number from 1 to 99999');

const verbs: ReadonlyMap<string, Verb> = new Map(
  Object.entries<Verb>({
    get: { operator: false, words: 2, answer: get },
    drift: { operator: false, words: 0, answer: ({ settings }) => ok(settings.drift()) },
    begin: { operator: true, words: 1, answer: (changes, [plan = ''], owner) => changes.begin(plan, owner) },
    step: { operator: true, words: 6, answer: step },
    arm: { operator: true, words: 2, answer: withSeconds((changes, plan, seconds) => changes.arm(plan, seconds)) },
    extend: {
      operator: true,
      words: 2,
      answer: withSeconds((changes, plan, seconds) => changes.extend(plan, seconds)),
    },
    write: {
      operator: true,
      words: 2,
      answer: (changes, [plan = '', number = '']) =>
        whole.test(number) ? changes.write(plan, Number(number)) : not('refused', 'step is not a number'),
    },
    keep: { operator: true, words: 1, answer: (changes, [plan = '']) => changes.keep(plan) },
    undo: { operator: true, words: 1, answer: (changes, [plan = '']) => changes.undo(plan) },
    status: { operator: false, words: 1, answer: (changes, [plan = '']) => changes.status(plan) },
    plans: { operator: false, words: 0, answer: (changes) => changes.plans() },
    forget: { operator: true, words: 1, answer: (changes, [plan = '']) => changes.forget(plan) },
    accept: { operator: true, words: 0, answer: (changes) => changes.accept() },
  }),
);

const namesPlan = new Set(['begin', 'step', 'arm', 'extend', 'write', 'keep', 'undo', 'status', 'forget']);

export interface Asker extends Owner {
  readonly grade: 'viewer' | 'operator';
}

/** Undefined when the verb is none of these. */
export function answerChange(changes: HostChanges, asker: Asker, verb: string, words: Words): Answer | undefined {
  const known = verbs.get(verb);
  if (known === undefined) return undefined;
  if (known.operator && asker.grade === 'viewer') return not('refused', 'this agent only reads');
  if (words.length !== known.words || words.includes('')) return not('refused', `${verb} wants ${known.words} words`);
  if (namesPlan.has(verb) && !planName.test(words[0] ?? '')) return not('refused', 'plan has no such name');
  changes.follow();
  return known.answer(changes, words, asker);
}
