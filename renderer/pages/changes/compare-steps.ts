/** Two plans side by side, step by step. Pure. */
import type { Plan, PlanStep } from '#shared/model/plan.ts';
import { hostsWord } from '../../parts/plan-words.ts';

export interface ComparedStep {
  readonly key: string;
  readonly title: string;
  readonly place: string;
  /** `0 → 1`, with how many hosts where they are several; undefined where the plan has no such step. */
  readonly left: string | undefined;
  readonly right: string | undefined;
  /** Both set it to the same. */
  readonly same: boolean;
}

/** Plans for the same hosts are compared host by host; for other hosts, what is set is compared, wherever it is. */
export function compareSteps(left: Plan, right: Plan): readonly ComparedStep[] {
  const sameHosts = hostList(left) === hostList(right);
  const names = new Map([...left.hosts, ...right.hosts].map(({ host, name }) => [host, name]));
  const several = left.hosts.length > 1;
  const keyOf = ({ host, knob, instance }: PlanStep): string => `${sameHosts ? host : ''}\n${knob}\n${instance}`;
  const lefts = byKey(left.steps, keyOf);
  const rights = byKey(right.steps, keyOf);
  return [...new Set([...lefts.keys(), ...rights.keys()])].map((key) => {
    const a = lefts.get(key);
    const b = rights.get(key);
    const step = (a ?? b)?.[0];
    const on = sameHosts && several ? `${names.get(step?.host ?? '')}: ` : '';
    return {
      key,
      title: `${on}${step?.title ?? ''}`,
      place: step?.place ?? '',
      left: moves(a),
      right: moves(b),
      same: a !== undefined && b !== undefined && targets(a) === targets(b),
    };
  });
}

const hostList = ({ hosts }: Plan): string =>
  hosts
    .map(({ host }) => host)
    .sort()
    .join('\n');

function byKey(steps: readonly PlanStep[], keyOf: (step: PlanStep) => string): Map<string, PlanStep[]> {
  const all = new Map<string, PlanStep[]>();
  for (const step of steps) {
    const had = all.get(keyOf(step));
    if (had === undefined) all.set(keyOf(step), [step]);
    else had.push(step);
  }
  return all;
}

/** The values it comes to, whatever was there before. */
const targets = (steps: readonly PlanStep[]): string => [...new Set(steps.map(({ to }) => to))].sort().join('\n');

function moves(steps: readonly PlanStep[] | undefined): string | undefined {
  if (steps === undefined) return undefined;
  const counts = new Map<string, Set<string>>();
  for (const { from, to, host } of steps) {
    const words = `${from} → ${to}`;
    counts.set(words, (counts.get(words) ?? new Set()).add(host));
  }
  const several = counts.size > 1 || steps.length > 1;
  return [...counts].map(([words, on]) => (several ? `${words} (${hostsWord(on.size)})` : words)).join(', ');
}
