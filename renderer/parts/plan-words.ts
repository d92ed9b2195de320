/** What a plan is in, in words; which states still move; whom it concerns. Pure. */
import type { Plan, PlanRun, PlanView, StepRun } from '#shared/model/plan.ts';

export type PlanState = PlanView['state'];

export interface StateWords {
  readonly word: string;
  /** The same as a sentence. */
  readonly about: string;
  readonly tone: 'quiet' | 'busy' | 'warn' | 'bad';
}

export const planStateWords: { readonly [state in PlanState]: StateWords } = {
  draft: { word: 'Draft', about: 'Drawn up; nothing has been written.', tone: 'quiet' },
  arming: { word: 'Arming', about: 'The hosts are being told how to undo this by themselves.', tone: 'busy' },
  applying: { word: 'Applying', about: 'The steps are being written and read back.', tone: 'busy' },
  watching: { word: 'Watching', about: 'Written; the guard watches what it does to the hosts.', tone: 'busy' },
  keeping: { word: 'Keeping', about: 'The hosts are being told to keep it.', tone: 'busy' },
  undoing: { word: 'Undoing', about: 'The old values are being written again.', tone: 'busy' },
  kept: { word: 'Kept', about: 'Written, and kept.', tone: 'quiet' },
  undone: { word: 'Undone', about: 'The old values are written again.', tone: 'quiet' },
  'partly-undone': { word: 'Partly undone', about: 'Some values are not what they were before.', tone: 'bad' },
  unknown: {
    word: 'Unknown',
    about: 'A host has not told yet what became of it. The console asks as soon as it is reached.',
    tone: 'warn',
  },
};

const moving: readonly PlanState[] = ['arming', 'applying', 'watching', 'keeping', 'undoing'];
export const isRunning = (state: PlanState): boolean => moving.includes(state);

/** How a list is narrowed. */
export const planGroups = [
  { id: 'draft', words: 'Drafts', states: ['draft'] },
  { id: 'running', words: 'Running', states: moving },
  { id: 'kept', words: 'Kept', states: ['kept'] },
  { id: 'undone', words: 'Undone', states: ['undone', 'partly-undone'] },
  { id: 'unknown', words: 'Unknown', states: ['unknown'] },
] as const satisfies readonly { id: string; words: string; states: readonly PlanState[] }[];
export type PlanGroup = (typeof planGroups)[number]['id'];

export const groupOf = (state: PlanState): PlanGroup =>
  planGroups.find(({ states }) => (states as readonly PlanState[]).includes(state))?.id ?? 'unknown';

/** When it counts as done: a run's beginning, else when it was drawn up. */
export const planAt = ({ plan, run }: PlanView): number => run?.startedAt ?? plan.createdAt;

/** The first moment at which a host undoes by itself; undefined while none is armed. */
export function firstDeadline(run: PlanRun | undefined): number | undefined {
  const armed = run?.hosts.flatMap(({ state, deadlineAt }) =>
    state === 'armed' && deadlineAt !== undefined ? [deadlineAt] : [],
  );
  return armed === undefined || armed.length === 0 ? undefined : Math.min(...armed);
}

export const hostsWord = (count: number): string => (count === 1 ? '1 host' : `${count} hosts`);
export const stepsWord = (count: number): string => (count === 1 ? '1 step' : `${count} steps`);

/** `db-1, db-2 and 3 more`. */
export function namesWord(names: readonly string[], most = 2): string {
  if (names.length <= most + 1)
    return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
  return `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
}

/** Of a plan for guests how many, on which hosts. */
export function onWords(plan: Plan): string {
  const hosts = namesWord(plan.hosts.map(({ name }) => name));
  const guests = plan.wish.targets.filter(({ guest }) => guest !== undefined).length;
  return guests === 0 ? hosts : `${guests === 1 ? '1 target' : `${guests} targets`} on ${hosts}`;
}

export const stepStateWords: { readonly [state in StepRun['state']]: string } = {
  waiting: 'waiting',
  writing: 'writing',
  done: 'done',
  undone: 'undone',
  left: 'left alone',
  failed: 'failed',
};
