/**
 * Reads what an agent answers to a change: agent/README.md, "Changing". Text of a host is data; what has another shape
 * than the protocol's is left out or told as a garbled answer, never guessed at.
 */
import { fail } from '#shared/problem.ts';
import { decodeText } from '#core/platforms/change-text.ts';

export type HostPlanState = 'preparing' | 'armed' | 'undoing' | 'undone' | 'kept';
const hostPlanStates: readonly string[] = ['preparing', 'armed', 'undoing', 'undone', 'kept'];
const isState = (word: string): word is HostPlanState => hostPlanStates.includes(word);

export type StepUndone =
  { readonly how: 'as-was' | 'restored' } | { readonly how: 'left' | 'failed'; readonly words: string };

export interface HostPlanStatus {
  readonly state: HostPlanState;
  /** Until the host undoes by itself. */
  readonly leftSeconds: number;
  /** Steps begun. */
  readonly at: number;
  /** By the step's number, from 1. */
  readonly undone: ReadonlyMap<number, StepUndone>;
}

export interface DriftLine {
  readonly knob: string;
  readonly keptAs: string;
  readonly wanted: string;
  /** Undefined when what it belongs to is not there. */
  readonly now: string | undefined;
}

const marked = '> ';

/** The lines of output, without their mark. */
const told = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith(marked))
    .map((line) => line.slice(marked.length));

/** What `get` and `write` say. */
export const valueIn = (text: string): string => told(text)[0] ?? '';

export function statusIn(text: string, where: string): HostPlanStatus {
  const lines = told(text);
  const after = (word: string): string | undefined =>
    lines.find((line) => line.startsWith(`${word} `))?.slice(word.length + 1);
  const state = after('state') ?? '';
  if (!isState(state))
    fail('agent-garbled', `${where}: the agent did not say what became of the plan. Look at its settings there.`, text);
  const undone = new Map<number, StepUndone>();
  for (const line of lines) {
    const [, step, how, words] = /^step (\d{1,9}) (as-was|restored|left|failed)(?: (.*))?$/s.exec(line) ?? [];
    if (step === undefined) continue;
    undone.set(
      Number(step),
      how === 'left' || how === 'failed'
        ? { how, words: words ?? '' }
        : { how: how === 'restored' ? 'restored' : 'as-was' },
    );
  }
  return { state, leftSeconds: numberOf(after('left')), at: numberOf(after('at')), undone };
}

const numberOf = (text: string | undefined): number =>
  text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : 0;

export function driftIn(text: string): DriftLine[] {
  return told(text).flatMap((line) => {
    const [knob, keptAs, wanted, now, ...more] = line.split(' ');
    if (knob === undefined || keptAs === undefined || wanted === undefined || now === undefined || more.length > 0)
      return [];
    const words = [knob, keptAs, wanted, now].map((word) => (word === '-' ? word : decodeText(word)));
    const [name, instance, value, current] = words;
    if (name === undefined || instance === undefined || value === undefined || current === undefined) return [];
    return [{ knob: name, keptAs: instance, wanted: value, now: now === '-' ? undefined : current }];
  });
}
