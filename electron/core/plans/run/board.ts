/**
 * What is known of one run: the state of each host and step, changed in one place and told from there. It decides
 * nothing.
 */
import type { HostId } from '#shared/model/host.ts';
import type { GuardReading, HostRun, Impact, Plan, PlanRun, RunState, StepRun } from '#shared/model/plan.ts';
import type { Problem } from '#shared/problem.ts';
import type { EpochMs } from '#shared/units.ts';
import type { PlanRecord } from '../format.ts';

export interface NumberedStep {
  /** Place in the plan. */
  readonly index: number;
  /** As the host counts it, from 1. */
  readonly number: number;
  readonly step: Plan['steps'][number];
}

export const isOver = (state: RunState): boolean => state === 'kept' || state === 'undone' || state === 'partly-undone';
/** Nothing more will come from this host. */
export const isSettled = ({ state }: HostRun): boolean =>
  state === 'kept' || state === 'undone' || state === 'partly-undone' || state === 'rebooted';

type Head = Omit<PlanRun, 'steps' | 'hosts' | 'guard'>;

export class Board {
  readonly plan: Plan;
  readonly boots: Readonly<Record<HostId, string>>;
  #head: Head;
  readonly #steps: StepRun[];
  readonly #hosts: Map<HostId, HostRun>;
  #guard: readonly GuardReading[];
  #impact: Impact | undefined;
  #appliedAt: EpochMs | undefined;
  #lostIn: PlanRecord['lostIn'];
  readonly #byHost = new Map<HostId, NumberedStep[]>();
  readonly #numbered: NumberedStep[];
  /** Something moved. */
  onMoved: () => void = () => undefined;

  constructor(record: PlanRecord & { readonly run: PlanRun }) {
    const { plan, run, impact, boots = {}, appliedAt, lostIn } = record;
    const { steps, hosts, guard, ...head } = run;
    this.plan = plan;
    this.boots = boots;
    this.#head = head;
    this.#steps = [...steps];
    this.#hosts = new Map(hosts.map((host) => [host.host, host]));
    this.#guard = guard;
    this.#impact = impact;
    this.#appliedAt = appliedAt;
    this.#lostIn = lostIn;
    this.#numbered = plan.steps.map((step, index) => {
      const own = this.#byHost.get(step.host) ?? [];
      const numbered = { index, number: own.length + 1, step };
      own.push(numbered);
      this.#byHost.set(step.host, own);
      return numbered;
    });
  }

  record(): PlanRecord {
    const run: PlanRun = {
      ...this.#head,
      steps: [...this.#steps],
      hosts: [...this.#hosts.values()],
      guard: this.#guard,
    };
    return {
      plan: this.plan,
      run,
      boots: this.boots,
      ...(this.#impact === undefined ? {} : { impact: this.#impact }),
      ...(this.#appliedAt === undefined ? {} : { appliedAt: this.#appliedAt }),
      ...(this.#lostIn === undefined ? {} : { lostIn: this.#lostIn }),
    };
  }

  get head(): Head {
    return this.#head;
  }

  get appliedAt(): EpochMs | undefined {
    return this.#appliedAt;
  }

  /** What the run was doing when it stopped going on. */
  get lostIn(): PlanRecord['lostIn'] {
    return this.#lostIn;
  }

  /** It does not go on from here. */
  lostSight(): void {
    const { state } = this.#head;
    this.#lostIn ??= state === 'arming' || state === 'keeping' ? state : 'other';
  }

  hosts(): readonly HostRun[] {
    return [...this.#hosts.values()];
  }

  host(host: HostId): HostRun {
    return this.#hosts.get(host) ?? { host, state: 'waiting' };
  }

  /** In the order they are made. */
  steps(): readonly NumberedStep[] {
    return this.#numbered;
  }

  stepsOf(host: HostId): readonly NumberedStep[] {
    return this.#byHost.get(host) ?? [];
  }

  step(index: number): StepRun {
    return this.#steps[index] ?? { state: 'waiting' };
  }

  /** A step of the host was begun, as far as this console knows. */
  isTouched(host: HostId): boolean {
    return this.stepsOf(host).some(({ index }) => this.step(index).state !== 'waiting');
  }

  setHead(change: Partial<Head>): void {
    this.#head = { ...this.#head, ...change };
    this.onMoved();
  }

  /** Words of before are not kept. */
  setHost(host: HostId, state: HostRun['state'], more: Pick<HostRun, 'deadlineAt' | 'words'> = {}): void {
    this.#hosts.set(host, { host, state, ...more });
    this.onMoved();
  }

  setStep(index: number, step: StepRun): void {
    this.#steps[index] = step;
    this.onMoved();
  }

  setGuard(guard: readonly GuardReading[]): void {
    this.#guard = guard;
    this.onMoved();
  }

  setImpact(impact: Impact): void {
    this.#impact = impact;
    this.onMoved();
  }

  setApplied(at: EpochMs): void {
    this.#appliedAt = at;
  }

  problem(problem: Problem | undefined): void {
    this.setHead({ problem });
  }
}
