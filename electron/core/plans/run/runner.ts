/**
 * A run from arming to watching: every host is armed before the first write on any, steps are made stage by stage and
 * wave by wave, and whatever goes wrong takes everything back on all hosts. What comes after, keeping and settling, has
 * files of its own.
 */
import type { HostId } from '#shared/model/host.ts';
import type { Problem } from '#shared/problem.ts';
import { fail } from '#shared/problem.ts';
import { epochMs } from '#shared/units.ts';
import type { AgentLink } from '#core/ports.ts';
import { grouped } from '../ask-hosts.ts';
import { arm } from './arming.ts';
import type { Board, NumberedStep } from './board.ts';
import type { Effect } from './effect.ts';
import { Holding } from './holding.ts';
import { keepAll } from './keeping.ts';
import { Halted, inBackground, problemIn } from './run-ports.ts';
import type { RunPorts } from './run-ports.ts';
import { Settling } from './settling.ts';
import { makeStep } from './writing.ts';

export interface RunnerOptions {
  readonly board: Board;
  readonly ports: RunPorts;
  readonly effect: Effect;
  onOver(): void;
}

export class Runner {
  readonly #options: RunnerOptions;
  readonly #begun = new Set<HostId>();
  readonly #holding: Holding;
  readonly #settling: Settling;
  #stopping: Promise<void> | undefined;
  #wake: () => void = () => undefined;
  #allMade = false;
  #closed = false;

  constructor(options: RunnerOptions) {
    this.#options = options;
    const { board, ports, effect } = options;
    this.#holding = new Holding({
      board,
      ports,
      effect,
      stop: (why) => inBackground(this.#stop(why), 'undoing a plan', ports.log),
    });
    this.#settling = new Settling({ board, ports, begun: this.#begun, onOver: () => this.#over() });
  }

  /** The journal holds the beginning already. */
  start(): void {
    inBackground(this.#go(), 'applying a plan', this.#options.ports.log);
  }

  /** Rejects: plan-refused while there is nothing to keep yet, host-gone, and what a host says that cannot keep. */
  async keep(): Promise<void> {
    const { board, ports } = this.#options;
    if (this.#stopping !== undefined || board.head.state !== 'watching')
      fail('plan-refused', 'The plan is not at the point where it can be kept: wait until all its steps are made.');
    if (!this.#allMade)
      fail('plan-refused', 'Further waves are still to come. Keep the plan when the last one is made.');
    await keepAll(board, ports, {
      pause: () => this.#holding.close(),
      resume: () => this.#holding.start(),
      undoRest: (why) => this.#stop(why),
      over: () => this.#over(),
    });
  }

  /** Rejects: conflict while hosts are being told to keep. */
  async undo(): Promise<void> {
    const { state } = this.#options.board.head;
    if (state === 'keeping')
      fail(
        'conflict',
        'The hosts are being told to keep the plan. When they have, take it back with a plan of its own.',
      );
    if (this.#stopping === undefined) return this.#stop(undefined);
    await this.#stopping;
    await this.#settling.again();
  }

  linkUp(host: HostId, link: AgentLink): void {
    // While hosts are told to keep, their answers decide; a host that was booted has none.
    if (this.#options.board.head.state === 'keeping') return;
    if (this.#stopping === undefined) this.#holding.linkUp(host, link);
    else this.#settling.linkUp(host);
  }

  linkDown(host: HostId): void {
    if (this.#stopping === undefined) this.#holding.linkDown(host);
  }

  /** Hosts that are armed undo by themselves; the next console asks what became of it. */
  close(): void {
    this.#closed = true;
    this.#holding.close();
    this.#settling.close();
    this.#wake();
  }

  async #go(): Promise<void> {
    const { board, ports } = this.#options;
    try {
      this.#holding.start();
      await arm(board, ports, {
        check: () => this.#check(),
        began: (host) => this.#begun.add(host),
        secondsFor: (host) => this.#holding.secondsFor(host),
        armed: (host) => this.#holding.armed(host),
      });
      const waves = [...grouped(board.steps(), ({ step }) => step.wave)];
      for (const [wave, steps] of waves) {
        this.#check();
        board.setHead({ state: 'applying', wave, waveReadyAt: undefined });
        await ports.save(board);
        await this.#makeWave(steps);
        if (wave !== waves.at(-1)?.[0]) await this.#watchWave();
      }
      this.#check();
      this.#allMade = true;
      board.setApplied(ports.clock.now());
      board.setHead({ state: 'watching', waveReadyAt: undefined });
      await ports.save(board);
    } catch (error) {
      if (!(error instanceof Halted)) await this.#stop(problemIn(error, 'applying a plan', ports.log));
    }
  }

  /** All hosts make the steps of a stage at the same time, each its own in order. */
  async #makeWave(steps: readonly NumberedStep[]): Promise<void> {
    const { board, ports } = this.#options;
    for (const ofStage of grouped(steps, ({ step }) => step.stage).values()) {
      await Promise.all(
        [...grouped(ofStage, ({ step }) => step.host).values()].map(async (own) => {
          for (const step of own) {
            this.#check();
            await makeStep(board, ports, step);
          }
        }),
      );
    }
  }

  async #watchWave(): Promise<void> {
    const { board, ports } = this.#options;
    const { watchSeconds } = board.plan.waves;
    this.#check();
    const readyAt = ports.clock.now() + watchSeconds * 1000;
    board.setHead({ state: 'watching', waveReadyAt: epochMs(readyAt) });
    await ports.save(board);
    await this.#pause(watchSeconds * 1000);
    // Nothing was seen of a host: that is not green.
    while (!this.#holding.isGreen || !this.#options.effect.sawAll()) await this.#pause(1000);
  }

  async #pause(ms: number): Promise<void> {
    this.#check();
    await new Promise<void>((resolve) => {
      const cancel = this.#options.ports.clock.after(ms, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
    this.#check();
  }

  #check(): void {
    if (this.#stopping !== undefined || this.#closed) throw new Halted();
  }

  #stop(why: Problem | undefined): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.#stopping ??= (async () => {
      this.#holding.close();
      this.#wake();
      await this.#settling.undoAll(why);
    })();
    return this.#stopping;
  }

  #over(): void {
    this.#holding.close();
    this.#options.onOver();
  }
}
