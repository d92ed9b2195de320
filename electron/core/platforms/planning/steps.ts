/** Builders of steps: what the agent's knob already says of itself is filled in, the rest is the planner's words. */
import type { Risk } from '#shared/model/plan.ts';
import { valueProblem } from '../change-check.ts';
import type { AgentKnob, CommandKnob, FileKnob, PlannedStep, Site } from '../change.ts';
import type { Evidence } from '../platform.ts';

export interface StepWords {
  readonly title: string;
  readonly because: string;
  /** Place in the order over all hosts. */
  readonly stage: number;
  /** Index of the wish's target; left out for what all targets of the host need. */
  readonly target?: number;
  /** `low` without it. */
  readonly risk?: Risk;
  readonly riskWords?: string;
  /** The host writes the old value again, unless this is `none`. */
  readonly undo?: 'old-value' | 'none';
  readonly undoWords?: string;
  /** `nothing` without it. */
  readonly survives?: PlannedStep['survives'];
  /** Where it is written down; without it the instance itself, `false` for nowhere. */
  readonly keepAs?: string | false;
}

/** As the agent reads a file of this knob: without its line end, or the word in brackets. Undefined when it was not read. */
export function fileValue(knob: FileKnob, evidence: Evidence, path: string): string | undefined {
  const text = evidence.files.get(path)?.text;
  if (text === undefined) return undefined;
  const bare = text.replace(/\n+$/, '');
  return knob.shown === 'plain' ? bare : /\[([^\]\s]+)\]/.exec(bare)?.[1];
}

/** A file that is written. The old value is the evidence's. */
export function fileStep(knob: FileKnob, site: Site, path: string, to: string, words: StepWords): PlannedStep {
  return step(site, knob, path, path, fileValue(knob, site.evidence, path) ?? '', to, words);
}

/** A command that is run. @param from as the knob's `read` prints it; '' when the evidence does not tell */
export function commandStep(
  knob: CommandKnob,
  site: Site,
  instance: string,
  from: string,
  to: string,
  words: StepWords,
): PlannedStep {
  return step(site, knob, instance, commandWords(knob, instance, to), from, to, words);
}

export function commandWords(knob: CommandKnob, instance: string, value: string): string {
  return knob.shownAs.replaceAll(/INSTANCE|VALUE/g, (word) => (word === 'VALUE' ? value : instance));
}

function step(
  site: Site,
  knob: AgentKnob,
  instance: string,
  place: string,
  from: string,
  to: string,
  words: StepWords,
): PlannedStep {
  const { title, because, stage, target, keepAs = instance } = words;
  // The agent writes only what it may: a value that somebody set beyond that cannot be brought back.
  const stuck = from !== '' && from !== 'unknown' && valueProblem(knob.value, from) !== undefined;
  return {
    host: site.host,
    ...(target === undefined ? {} : { target }),
    stage,
    knob: knob.name,
    instance,
    title,
    place,
    from,
    to,
    because,
    risk: words.risk ?? 'low',
    riskWords: words.riskWords ?? '',
    undo: stuck ? 'none' : (words.undo ?? 'old-value'),
    undoWords: stuck
      ? `The old value ${from} is none that may be written: it does not come back.`
      : (words.undoWords ?? ''),
    survives: words.survives ?? 'nothing',
    ...(keepAs === false || !canStandFor(keepAs, instance) ? {} : { keepAs }),
  };
}

/** A `*` of the instance's own would be taken for a number. */
function canStandFor(keepAs: string, instance: string): boolean {
  return keepAs === instance ? !instance.includes('*') : keepAs.split('*').length === 2;
}

/** Steps that change something: what is so already is left out. */
export function changing(steps: readonly PlannedStep[]): readonly PlannedStep[] {
  return steps.filter(({ from, to }) => from !== to);
}
