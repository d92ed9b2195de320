/**
 * A host in memory that can be changed: speaks ChangeVerb as agent/README.md says, over a map of knob values. It outlives
 * its links as a real host does, undoes at its deadline by the clock it is given, and can be made to fail at any request.
 */
import type { AgentAnswer, AgentLink, AgentVerb, ChangeVerb, Clock } from '#core/ports.ts';
import { encodeText } from '#core/platforms/change-text.ts';
import type { HostFacts } from '#shared/model/host.ts';
import type { Problem } from '#shared/problem.ts';
import { ProblemError, fail, problem } from '#shared/problem.ts';

type Step = Extract<ChangeVerb, { verb: 'step' }>;
interface PlanOnHost {
  state: 'preparing' | 'armed' | 'undoing' | 'undone' | 'kept';
  readonly steps: Step[];
  at: number;
  deadline: number;
  readonly undone: Map<number, string>;
}

/**
 * What becomes of a request: it is carried out; the connection is cut before it arrives, or before its answer does; or
 * the host answers with a problem and does nothing.
 */
export type Fate = 'go' | 'cut-before' | 'cut-after' | Problem;

export const keyOf = (knob: string, instance: string): string => `${knob} ${instance}`;

export class ChangeHost {
  readonly id: string;
  readonly asked: AgentVerb[] = [];
  readonly values: Map<string, string>;
  readonly #atBoot: ReadonlyMap<string, string>;
  /** The file that survives: `knob keptAs` to value. */
  readonly settings = new Map<string, string>();
  readonly plans = new Map<string, PlanOnHost>();
  readonly #clock: Clock;
  grade: 'viewer' | 'operator' = 'operator';
  uid = 0;
  boots = 1;
  installed: string | undefined;
  /** The settings file cannot be written. */
  fullDisk = false;
  fate: (request: AgentVerb) => Fate = () => 'go';
  /** Told when a link is up, or gone. */
  onLink: (link: AgentLink | undefined) => void = () => undefined;
  #link: { alive: boolean } | undefined;

  constructor(id: string, clock: Clock, values: Readonly<Record<string, string>>) {
    this.id = id;
    this.#clock = clock;
    this.values = new Map(Object.entries(values));
    this.#atBoot = new Map(this.values);
  }

  get facts(): HostFacts {
    return {
      kernel: '6.1.0',
      hostname: this.id,
      os: 'Debian',
      pageSize: 4096,
      bootId: `boot-${this.boots}`,
      uid: this.uid,
      user: 'root',
      rights: 'root',
      grade: this.grade,
    };
  }

  get isConnected(): boolean {
    return this.#link?.alive === true;
  }

  connect(): AgentLink {
    const line = { alive: true };
    this.#link = line;
    const { facts } = this;
    let last: Promise<unknown> = Promise.resolve();
    const link: AgentLink = {
      host: this.id,
      facts,
      offers: new Set(),
      ask: (request) => {
        const answer = last.then(() => this.#answer(request, line));
        last = answer.catch(() => undefined);
        return answer;
      },
    };
    this.onLink(link);
    return link;
  }

  cut(): void {
    if (this.#link?.alive !== true) return;
    this.#link.alive = false;
    this.onLink(undefined);
  }

  /** Power goes: what is in memory is gone, what is written down is written again. */
  reboot(): void {
    this.cut();
    this.boots += 1;
    this.plans.clear();
    this.values.clear();
    for (const [key, value] of this.#atBoot) this.values.set(key, value);
    for (const [key, value] of this.settings) if (this.values.has(key)) this.values.set(key, value);
  }

  async #answer(request: AgentVerb, line: { alive: boolean }): Promise<AgentAnswer> {
    await Promise.resolve();
    const gone = () => new ProblemError(problem('host-gone', `${this.id} went away.`));
    if (!line.alive) throw gone();
    const fate = this.fate(request);
    if (fate === 'cut-before') {
      this.cut();
      throw gone();
    }
    this.asked.push(request);
    if (typeof fate === 'object') throw new ProblemError(fate);
    let text: string;
    try {
      text = this.#do(request);
    } finally {
      if (fate === 'cut-after') this.cut();
    }
    if (!line.alive) throw gone();
    return { text, at: this.#clock.now() };
  }

  #do(request: AgentVerb): string {
    const reads = ['get', 'drift', 'status', 'plans', 'ping', 'read', 'probe', 'run'];
    if (this.grade === 'viewer' && !reads.includes(request.verb)) fail('read-only', `${this.id} is only watched.`);
    switch (request.verb) {
      case 'get':
        return `> ${this.#now(request.knob, request.instance)}`;
      case 'begin':
        return this.#begin(request.plan);
      case 'step':
        return this.#step(request);
      case 'arm':
        return this.#arm(this.#plan(request.plan, 'preparing'), request.seconds);
      case 'extend':
        return this.#arm(this.#plan(request.plan, 'armed'), request.seconds);
      case 'write':
        return this.#write(this.#plan(request.plan, 'armed'), request.step);
      case 'keep':
        return this.#keep(this.#plan(request.plan, 'armed'));
      case 'undo': {
        const plan = this.#plan(request.plan);
        if (plan.state === 'armed' || plan.state === 'preparing') this.#undo(plan);
        return this.#status(plan);
      }
      case 'status':
        return this.#status(this.#plan(request.plan));
      case 'plans':
        return [...this.plans].map(([name, { state }]) => `> ${name} ${state}`).join('\n');
      case 'forget':
        this.plans.delete(request.plan);
        return '';
      case 'drift':
        return this.#drift();
      case 'accept':
        for (const [key] of this.settings) this.#acceptLine(key);
        return '';
      case 'install':
        this.installed = request.script;
        return '';
      default:
        return '';
    }
  }

  #now(knob: string, instance: string): string {
    return this.values.get(keyOf(knob, instance)) ?? fail('not-found', `${knob} of ${instance} is not there.`);
  }

  #plan(name: string, state?: PlanOnHost['state']): PlanOnHost {
    const plan = this.plans.get(name) ?? fail('not-found', `${this.id} knows no plan ${name}.`);
    if (state !== undefined && plan.state !== state) fail('knob-conflict', `The plan is ${plan.state}.`, plan.state);
    return plan;
  }

  #begin(name: string): string {
    for (const [other, { state }] of this.plans)
      if (state === 'preparing' || state === 'armed')
        fail('plan-busy', `${this.id} is in the middle of a plan.`, other);
    if (this.plans.has(name)) fail('agent-refused', 'plan is known already');
    this.plans.set(name, { state: 'preparing', steps: [], at: 0, deadline: Infinity, undone: new Map() });
    return '';
  }

  #step(step: Step): string {
    const plan = this.#plan(step.plan, 'preparing');
    const now = this.#now(step.knob, step.instance);
    const earlier = plan.steps.findLast(({ knob, instance }) => knob === step.knob && instance === step.instance);
    const expected = earlier?.to ?? now;
    if (step.from !== 'unknown' && expected !== step.from) fail('knob-conflict', 'another value', expected);
    plan.steps.push(step);
    return '';
  }

  #arm(plan: PlanOnHost, seconds: number): string {
    plan.state = 'armed';
    plan.deadline = this.#clock.now() + seconds * 1000;
    this.#clock.after(seconds * 1000, () => {
      if (plan.state === 'armed' && this.#clock.now() >= plan.deadline && [...this.plans.values()].includes(plan))
        this.#undo(plan);
    });
    return '';
  }

  #write(plan: PlanOnHost, number: number): string {
    const step = plan.steps[number - 1];
    if (step === undefined || number !== plan.at + 1) return fail('agent-refused', 'step is not the next one');
    const now = this.#now(step.knob, step.instance);
    if (step.from !== 'unknown' && now !== step.from) fail('knob-conflict', 'another value', now);
    plan.at = number;
    this.values.set(keyOf(step.knob, step.instance), step.to);
    return `> ${step.to}`;
  }

  #keep(plan: PlanOnHost): string {
    const kept = plan.steps.filter(({ keep }) => keep.kind !== 'no');
    if (this.fullDisk && kept.length > 0)
      fail('knob-refused', 'the settings cannot be written', 'No space left on device');
    for (const { knob, to, keep } of kept) {
      if (keep.kind === 'as') this.settings.set(keyOf(knob, keep.instance), to);
      else if (keep.kind === 'drop') this.settings.delete(keyOf(knob, keep.instance));
    }
    plan.state = 'kept';
    return '';
  }

  #undo(plan: PlanOnHost): void {
    for (let number = plan.at; number > 0; number--) {
      const step = plan.steps[number - 1];
      if (step === undefined) continue;
      const key = keyOf(step.knob, step.instance);
      const now = this.values.get(key);
      if (now === step.from) plan.undone.set(number, 'as-was');
      else if (now !== step.to || step.from === 'unknown') plan.undone.set(number, `left ${now ?? ''}`);
      else {
        this.values.set(key, step.from);
        plan.undone.set(number, 'restored');
      }
    }
    plan.state = 'undone';
  }

  #status({ state, deadline, at, undone }: PlanOnHost): string {
    const left = state === 'armed' ? Math.ceil((deadline - this.#clock.now()) / 1000) : 0;
    const steps = [...undone].map(([number, how]) => `> step ${number} ${how}`);
    return [`> state ${state}`, `> left ${left}`, `> at ${at}`, ...steps].join('\n');
  }

  #drift(): string {
    const lines = [...this.settings].map(([key, wanted]) => {
      const [knob = '', keptAs = ''] = key.split(' ');
      const now = this.values.get(this.#matching(key));
      const words = [encodeText(keptAs), encodeText(wanted), now === undefined ? '-' : encodeText(now)];
      return `> ${knob} ${words.join(' ')}`;
    });
    return lines.join('\n');
  }

  #acceptLine(key: string): void {
    const now = this.values.get(this.#matching(key));
    if (now === undefined) this.settings.delete(key);
    else this.settings.set(key, now);
  }

  #matching(key: string): string {
    const pattern = new RegExp(`^${key.split('*').map(literal).join('[0-9]+')}$`);
    return [...this.values.keys()].find((one) => pattern.test(one)) ?? key;
  }
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
