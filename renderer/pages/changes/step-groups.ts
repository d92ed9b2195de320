/** The steps of a plan by wave and host, with what became of each. Pure. */
import type { HostRun, Plan, PlanRun, PlanStep, StepRun } from '#shared/model/plan.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { stepsWord } from '../../parts/plan-words.ts';

export interface StepRow {
  /** Place in the plan. */
  readonly index: number;
  readonly step: PlanStep;
  readonly run: StepRun | undefined;
}

export interface StepGroup {
  readonly key: string;
  readonly host: string;
  readonly hostName: string;
  readonly wave: number;
  readonly rows: readonly StepRow[];
  readonly hostRun: HostRun | undefined;
}

export function stepGroups(plan: Plan, run: PlanRun | undefined): readonly StepGroup[] {
  const names = new Map(plan.hosts.map(({ host, name }) => [host, name]));
  const hostRuns = new Map(run?.hosts.map((one) => [one.host, one]));
  const groups = new Map<string, StepGroup & { rows: StepRow[] }>();
  plan.steps.forEach((step, index) => {
    const key = `${step.wave} ${step.host}`;
    const group = groups.get(key) ?? {
      key,
      host: step.host,
      hostName: names.get(step.host) ?? step.host,
      wave: step.wave,
      rows: [],
      hostRun: hostRuns.get(step.host),
    };
    groups.set(key, group);
    group.rows.push({ index, step, run: run?.steps[index] });
  });
  return [...groups.values()].sort((a, b) => a.wave - b.wave);
}

const bytesOf = { bytes: 1, KiB: 1024, MiB: 1024 ** 2 } as const;

/** Old and new value as a person says amounts: `1.50 GiB → 1.44 GiB`; '' for what is no amount of memory. */
export function moveInWords({ from, to, unit }: Pick<PlanStep, 'from' | 'to' | 'unit'>): string {
  if (unit === undefined) return '';
  const said = (value: string): string =>
    /^\d{1,16}$/.test(value) ? formatBytes(Number(value) * bytesOf[unit]) : value === 'max' ? 'no limit' : value;
  return `${said(from)} → ${said(to)}`;
}

export const waveCount = (plan: Plan): number => Math.max(0, ...plan.steps.map(({ wave }) => wave)) + 1;

/** `canary`, `wave 2 of 4`; '' where all is one. */
export function waveWord(plan: Plan, wave: number): string {
  const count = waveCount(plan);
  if (count < 2) return '';
  return plan.waves.canary && wave === 0 ? 'canary' : `wave ${wave + 1} of ${count}`;
}

/** `4 steps`, `4 steps, 2 done`, `4 steps, 1 failed`. */
export function groupWords({ rows }: Pick<StepGroup, 'rows'>): string {
  const counts = new Map<StepRun['state'], number>();
  for (const { run } of rows) if (run !== undefined) counts.set(run.state, (counts.get(run.state) ?? 0) + 1);
  const said = (['failed', 'left', 'writing', 'done', 'undone'] as const).flatMap((state) => {
    const count = counts.get(state);
    return count === undefined ? [] : [`${count} ${state === 'left' ? 'left alone' : state}`];
  });
  return [stepsWord(rows.length), ...said].join(', ');
}

/** Something in it wants to be read. What was said beforehand to stay is no trouble. */
export const hasTrouble = ({ rows }: Pick<StepGroup, 'rows'>): boolean =>
  rows.some(({ step, run }) => run?.state === 'failed' || (run?.state === 'left' && step.undo !== 'none'));

const survivesWords: { readonly [survives in PlanStep['survives']]: string } = {
  nothing: 'until the host reboots',
  'guest-restart': 'survives a restart of the guest',
  reboot: 'survives a reboot by itself',
};

/** How long this step lasts in that plan. */
export function lasts(step: PlanStep, plan: Pick<Plan, 'persistence' | 'wish'>): string {
  if (plan.persistence === 'survives' && step.keepAs !== undefined) return 'written down; comes back after a reboot';
  const ofGuests = step.survives === 'nothing' && isOfGuests(plan);
  return `${survivesWords[step.survives]}${ofGuests ? ' or the guest restarts' : ''}`;
}

/** Among its values are some that go with a guest. */
export const isOfGuests = ({ wish }: Pick<Plan, 'wish'>): boolean =>
  wish.targets.some(({ guest }) => guest !== undefined);

export function undoWords(step: PlanStep): string {
  const does = step.undo === 'old-value' ? `undo writes ${shown(step.from)} again` : 'cannot be undone';
  return step.undoWords === '' ? does : `${does}: ${step.undoWords}`;
}

/** A value that is empty is said, not left out. */
export const shown = (value: string): string => (value === '' ? '(empty)' : value);
