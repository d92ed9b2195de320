/**
 * The changes of one lab machine: its plans, its lock, its watcher, what is written down. It outlives every connection,
 * and the deadline is the real clock's, whatever the lab's own time does: the machine takes a plan back that nobody
 * keeps, also while nobody can reach it.
 */
import type { Clock } from '#core/ports.ts';
import type { AgentKnob } from '#core/platforms/change.ts';
import type { LabMachine } from '../machine.ts';
import { absent, not, ok } from './answer.ts';
import type { Answer } from './answer.ts';
import { KeptSettings } from './kept-settings.ts';
import { KnobAccess } from './knob-access.ts';
import type { Owner, PlanRecord, StepRecord } from './plan-record.ts';
import { isCompared, setTo, undoSteps } from './set-step.ts';

/** Seconds between two runs of the replay unit, by the lab's own time as a host's timers go by its own. */
const replayEvery = 60;

export class HostChanges {
  readonly access: KnobAccess;
  readonly settings: KeptSettings;
  readonly #machine: LabMachine;
  readonly #clock: Clock;
  #bootId: string;
  #plans = new Map<string, PlanRecord>();
  /** The one plan that may be under way. */
  #lock: PlanRecord | undefined;
  /** By the machine's uptime. */
  #replayAt = 0;

  constructor(machine: LabMachine, knobs: readonly AgentKnob[], clock: Clock) {
    this.#machine = machine;
    this.#clock = clock;
    this.#bootId = machine.bootId;
    this.access = new KnobAccess(machine, knobs);
    this.settings = new KeptSettings(this.access);
  }

  /** Looks at the clock and at the machine: called before each request, by the watcher, and after each step of the lab. */
  follow(): void {
    if (this.#machine.bootId !== this.#bootId) this.#rebooted();
    const plan = this.#lock;
    if (plan?.deadline !== undefined && this.#clock.now() >= plan.deadline) this.#takeBack(plan);
    const uptime = this.#machine.uptime();
    if (uptime < this.#replayAt || this.#live() !== undefined) return;
    this.#replayAt = uptime + replayEvery;
    this.settings.replay();
  }

  /** The lab is left: its watchers end with it. */
  close(): void {
    for (const plan of this.#plans.values()) plan.rest();
  }

  begin(name: string, owner: Owner): Answer {
    const live = this.#live();
    if (live !== undefined) return not('conflict', live.name);
    if (this.#plans.has(name)) return not('refused', 'plan is known already');
    const plan: PlanRecord = { name, owner, state: 'preparing', steps: [], at: 0, rest: () => undefined };
    this.#plans.set(name, plan);
    this.#lock = plan;
    return ok();
  }

  /** @param check what is asked before it is compared with what is so */
  step(name: string, check: () => StepRecord | Answer): Answer {
    return this.#while('preparing', name, (plan) => {
      const step = check();
      return 'knob' in step ? this.#addStep(plan, step) : step;
    });
  }

  arm(name: string, seconds: number): Answer {
    return this.#while('preparing', name, (plan) => {
      plan.state = 'armed';
      return this.#watch(plan, seconds);
    });
  }

  extend(name: string, seconds: number): Answer {
    return this.#while('armed', name, (plan) => this.#watch(plan, seconds));
  }

  write(name: string, number: number): Answer {
    return this.#while('armed', name, (plan) => this.#makeStep(plan, number));
  }

  keep(name: string): Answer {
    return this.#while('armed', name, (plan) => {
      this.settings.keep(plan.steps.slice(0, plan.at));
      this.#end(plan, 'kept');
      return ok();
    });
  }

  accept(): Answer {
    const live = this.#live();
    if (live !== undefined) return not('conflict', live.name);
    this.settings.accept();
    return ok();
  }

  undo(name: string): Answer {
    const plan = this.#plans.get(name);
    if (plan?.state === 'preparing' || plan?.state === 'armed') this.#takeBack(plan);
    return this.status(name);
  }

  status(name: string): Answer {
    const plan = this.#plans.get(name);
    if (plan === undefined) return absent;
    const left = plan.deadline === undefined ? 0 : Math.max(0, Math.ceil((plan.deadline - this.#clock.now()) / 1000));
    const undone = plan.steps.flatMap((step, at) =>
      step.undone === undefined ? [] : `> step ${at + 1} ${step.undone}`,
    );
    return ok([`> state ${plan.state}`, `> left ${left}`, `> at ${plan.at}`, ...undone]);
  }

  plans(): Answer {
    return ok([...this.#plans.values()].map(({ name, state }) => `> ${name} ${state}`));
  }

  forget(name: string): Answer {
    const plan = this.#plans.get(name);
    if (plan === undefined) return absent;
    if (plan === this.#lock) return not('conflict', plan.state);
    this.#plans.delete(name);
    return ok();
  }

  /** A plan that was never armed, and whose agent is gone, has done nothing, and is in nobody's way. */
  #live(): PlanRecord | undefined {
    const plan = this.#lock;
    if (plan?.state === 'preparing' && plan.owner.ended) {
      this.#plans.delete(plan.name);
      this.#lock = undefined;
    }
    return this.#lock;
  }

  #addStep(plan: PlanRecord, step: StepRecord): Answer {
    const seen = this.access.read(step);
    if (typeof seen !== 'string') return seen;
    // A plan may set the same twice: then the second begins where the first will have led.
    const earlier = plan.steps.findLast(({ knob, instance }) => knob === step.knob && instance === step.instance);
    const now = earlier?.to ?? seen;
    if (isCompared(step) && now !== step.from) return not('conflict', now);
    plan.steps.push(step);
    return ok();
  }

  #makeStep(plan: PlanRecord, number: number): Answer {
    const step = plan.steps[number - 1];
    if (step === undefined || number !== plan.at + 1) return not('refused', 'step is not the next one');
    const before = this.access.read(step);
    if (typeof before !== 'string') return before;
    if (isCompared(step) && before !== step.from) return not('conflict', before);
    plan.at = number;
    const { value, failed } = setTo(step, step.to, this.access);
    if (value !== undefined) step.readBack = value;
    return failed === undefined ? ok([`> ${value ?? 'unknown'}`]) : not('failed', failed);
  }

  #while(state: PlanRecord['state'], name: string, act: (plan: PlanRecord) => Answer): Answer {
    const plan = this.#plans.get(name);
    if (plan === undefined) return absent;
    return plan.state === state ? act(plan) : not('conflict', plan.state);
  }

  #watch(plan: PlanRecord, seconds: number): Answer {
    plan.rest();
    plan.deadline = this.#clock.now() + seconds * 1000;
    plan.rest = this.#clock.after(seconds * 1000, () => this.follow());
    return ok();
  }

  #takeBack(plan: PlanRecord): void {
    plan.state = 'undoing';
    undoSteps(plan, this.access);
    this.#end(plan, 'undone');
  }

  #end(plan: PlanRecord, state: 'kept' | 'undone'): void {
    plan.rest();
    delete plan.deadline;
    plan.state = state;
    this.#lock = undefined;
  }

  /** Plans are gone, as the values they speak of are; what is written down is written again. */
  #rebooted(): void {
    this.#bootId = this.#machine.bootId;
    this.close();
    this.#plans = new Map();
    this.#lock = undefined;
    this.#replayAt = 0;
    this.settings.forgetReplay();
  }
}
