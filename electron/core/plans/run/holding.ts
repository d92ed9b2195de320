/**
 * Keeps the hosts of a run armed while the guard is green: moves their deadlines on, looks at the guard, and notices a
 * host that has taken the plan back by itself. When a host is not read any more it stops moving deadlines on: then every
 * host undoes by itself, which is what the deadline is for.
 */
import type { HostId } from '#shared/model/host.ts';
import { epochMs } from '#shared/units.ts';
import type { Problem } from '#shared/problem.ts';
import { problem, problemOf } from '#shared/problem.ts';
import type { AgentLink } from '#core/ports.ts';
import type { Board } from './board.ts';
import type { Effect } from './effect.ts';
import { guardProblem } from './guard-words.ts';
import { inBackground, isOtherState, told } from './run-ports.ts';
import type { RunPorts } from './run-ports.ts';

export const armSeconds = 120;
const extendMs = 20_000;
const lookMs = 1000;
const impactMs = 5000;
/** The host looks at its clock once a second, and its answer has a way to go. */
const graceMs = 5000;

export interface HoldingOptions {
  readonly board: Board;
  readonly ports: RunPorts;
  readonly effect: Effect;
  /** The run cannot go on. */
  stop(why: Problem): void;
}

export class Holding {
  readonly #options: HoldingOptions;
  readonly #extending = new Set<HostId>();
  #cancel: (() => void)[] = [];
  #measuredAt = 0;
  /** Deadlines are not moved on: a host is not read. */
  #still: Problem | undefined;

  constructor(options: HoldingOptions) {
    this.#options = options;
  }

  start(): void {
    this.#every(lookMs, () => this.#look());
    this.#every(extendMs, () => this.extendAll());
  }

  close(): void {
    for (const cancel of this.#cancel) cancel();
    this.#cancel = [];
  }

  get isGreen(): boolean {
    return this.#still === undefined;
  }

  /** The deadline of a host: as long as its slowest step may take, and the usual time. */
  secondsFor(host: HostId): number {
    const { board, ports } = this.#options;
    const slowest = board.stepsOf(host).reduce((most, { step }) => Math.max(most, ports.secondsOf(step.knob)), 0);
    return slowest > armSeconds / 4 ? armSeconds + slowest : armSeconds;
  }

  armed(host: HostId): void {
    const { board, ports } = this.#options;
    board.setHost(host, 'armed', { deadlineAt: epochMs(ports.clock.now() + this.secondsFor(host) * 1000) });
  }

  extendAll(): void {
    if (this.#still !== undefined) return;
    const { board, ports } = this.#options;
    for (const { host, state } of board.hosts()) {
      const link = ports.link(host);
      if (state === 'armed' && link !== undefined) this.#extendSoon(host, link);
    }
  }

  #extendSoon(host: HostId, link: AgentLink): void {
    inBackground(this.#extend(host, link), 'moving a deadline on', this.#options.ports.log);
  }

  async #extend(host: HostId, link: AgentLink): Promise<void> {
    const { board, ports, stop } = this.#options;
    if (this.#extending.has(host)) return;
    this.#extending.add(host);
    try {
      await link.ask({ verb: 'extend', plan: board.plan.id, seconds: this.secondsFor(host) });
      if (board.host(host).state === 'armed') this.armed(host);
    } catch (error) {
      const why = problemOf(error);
      if (why === undefined) throw error;
      const name = ports.nameOf(host);
      const gone = `${name} is not armed any more: it has taken the plan back by itself, or was booted. The other hosts take it back too.`;
      if (isOtherState(why) || why.code === 'not-found') stop(problem('timed-out', gone, why.words));
      // Whatever else it is: the deadline stands, and the host keeps to it.
      else ports.log.warn('a deadline was not moved on', { host: name, why: why.sentence });
    } finally {
      this.#extending.delete(host);
    }
  }

  linkUp(host: HostId, link: AgentLink): void {
    const { board, ports, stop } = this.#options;
    if (board.host(host).state !== 'armed') return;
    const name = ports.nameOf(host);
    if (link.facts.bootId !== board.boots[host])
      stop(problem('host-gone', `${name} was booted while the plan was under way. The other hosts take it back.`));
    else if (this.#still === undefined) this.#extendSoon(host, link);
  }

  linkDown(host: HostId): void {
    const { board } = this.#options;
    const { state, deadlineAt } = board.host(host);
    const words = 'The connection is lost. The host undoes by itself at its deadline unless it comes back before.';
    if (state === 'armed') board.setHost(host, 'armed', { deadlineAt, words });
  }

  #look(): void {
    const { board, ports, effect, stop } = this.#options;
    const readings = effect.guard();
    if (readings.length > 0) board.setGuard(readings);
    const breached = readings.filter((reading) => reading.breached);
    if (breached.length > 0) {
      const why = guardProblem(breached, (host) => ports.nameOf(host));
      const entries = breached.map(({ host, signal, before, now }) =>
        told(board, 'guard', ports, {
          host,
          before: figure(before),
          after: figure(now),
          words: `${signal}: ${why.sentence}`,
        }),
      );
      // The hosts are told first; what stops them is written down meanwhile.
      stop(why);
      ports
        .journal(...entries)
        .catch((error: unknown) => ports.log.warn('the guard could not be written down', { error }));
      return;
    }
    this.#lookForSilence();
    if (this.#lookForOverdue()) return;
    const now = ports.clock.now();
    if (board.appliedAt === undefined || now - this.#measuredAt < impactMs) return;
    this.#measuredAt = now;
    const impact = effect.impact();
    if (impact !== undefined) board.setImpact(impact);
  }

  #lookForSilence(): void {
    const { board, ports, effect } = this.#options;
    const silent = effect.silent();
    if (silent.length > 0 && this.#still === undefined) {
      const names = silent.map(({ host }) => ports.nameOf(host)).join(', ');
      this.#still = problem(
        'timed-out',
        `There are no readings of ${names}, so the guard sees nothing and deadlines are not moved on. Unless readings come back, the hosts undo by themselves.`,
      );
      board.problem(this.#still);
    } else if (silent.length === 0 && this.#still !== undefined) {
      this.#still = undefined;
      board.problem(undefined);
      this.extendAll();
    }
  }

  #lookForOverdue(): boolean {
    const { board, ports, stop } = this.#options;
    const late = board
      .hosts()
      .find(({ state, deadlineAt }) => state === 'armed' && ports.clock.now() > (deadlineAt ?? Infinity) + graceMs);
    if (late === undefined) return false;
    const name = ports.nameOf(late.host);
    const sentence = `${name} could not be told to wait longer, so it has taken the plan back at its deadline. The other hosts take it back too.`;
    stop(problem('timed-out', sentence));
    return true;
  }

  #every(ms: number, run: () => void): void {
    const slot = this.#cancel.length;
    const again = (): void => {
      this.#cancel[slot] = this.#options.ports.clock.after(ms, () => {
        again();
        run();
      });
    };
    again();
  }
}

const figure = (value: number | undefined): string | undefined => (value === undefined ? undefined : value.toFixed(1));
