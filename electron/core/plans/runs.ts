/**
 * All runs of this console: begins them, keeps at most one on a host, takes up what an earlier console left, and tells
 * what moved. A run that is over stays in the store; its effect is measured on for a while.
 */
import type { HostFacts, HostId } from '#shared/model/host.ts';
import type { Plan, PlanId, PlanRun, PlanView } from '#shared/model/plan.ts';
import { fail, problemOf } from '#shared/problem.ts';
import type { AgentKnob } from '#core/platforms/change.ts';
import type { AgentLink } from '#core/ports.ts';
import type { PlanRecord } from './format.ts';
import { impactAfterKeepMs } from './impact.ts';
import { mayChange, readOnlyFix, readOnlySentence } from './rights.ts';
import { Board, isOver, isSettled } from './run/board.ts';
import { Effect } from './run/effect.ts';
import { bestEffort, inBackground, told } from './run/run-ports.ts';
import type { RunPorts } from './run/run-ports.ts';
import { Runner } from './run/runner.ts';
import { Settling } from './run/settling.ts';
import { viewOf } from './store.ts';
import type { Store } from './store.ts';

export interface RunsOptions extends Omit<RunPorts, 'save'> {
  readonly store: Store;
  readonly who: string;
  facts(host: HostId): HostFacts | undefined;
  knob(name: string): AgentKnob | undefined;
  /** Reads a host anew: what a run has written is to be seen now, also where it is read once a minute. */
  renew(host: HostId): Promise<void>;
  /** Something about that plan is newer. */
  onMoved(plan: Plan): void;
  onKept(hosts: readonly HostId[]): void;
}

interface Live {
  readonly board: Board;
  readonly run: Pick<Runner, 'linkUp' | 'linkDown' | 'close' | 'undo' | 'keep'>;
}

const measureMs = 30_000;

export class Runs {
  readonly #options: RunsOptions;
  readonly #ports: RunPorts;
  readonly #live = new Map<PlanId, Live>();
  readonly #measuring = new Map<PlanId, () => void>();
  #closed = false;

  constructor(options: RunsOptions) {
    this.#options = options;
    // What comes in after the end is for the next console to find: the files may be another's by then.
    this.#ports = {
      ...options,
      save: (board) => (this.#closed ? Promise.resolve() : options.store.put(board.record())),
      journal: (...entries) => (this.#closed ? Promise.resolve() : options.journal(...entries)),
    };
  }

  view(plan: PlanId): PlanView | undefined {
    const record = this.#live.get(plan)?.board.record() ?? this.#options.store.find(plan);
    return record === undefined ? undefined : viewOf(record);
  }

  views(): readonly PlanView[] {
    return this.#options.store
      .all()
      .map(({ plan }) => this.view(plan.id))
      .filter((view) => view !== undefined);
  }

  /** Runs that were under way when a console ended. They are never continued. */
  takeUp(): void {
    for (const record of this.#options.store.all()) {
      if (record.run === undefined || isOver(record.run.state)) continue;
      const board = this.#board({ ...record, run: record.run });
      const settling = new Settling({
        board,
        ports: this.#ports,
        begun: undefined,
        onOver: () => this.#over(board, undefined),
      });
      const run: Live['run'] = {
        linkUp: (host) => settling.linkUp(host),
        linkDown: () => undefined,
        close: () => settling.close(),
        undo: () => settling.again(),
        keep: async () => refuseKeep(),
      };
      this.#live.set(record.plan.id, { board, run });
      inBackground(settling.takeUp(), 'taking a plan up', this.#ports.log);
    }
  }

  /** Rejects: plan-refused, host-gone, read-only, plan-busy, and when it cannot be written down: disk-full, file-unwritable. */
  async apply(id: PlanId): Promise<PlanView> {
    const { store, clock, who } = this.#options;
    const record = store.get(id);
    const { plan } = record;
    if (record.run !== undefined || this.#live.has(id))
      fail('plan-refused', 'That plan was applied already. Replay it to do the same again.');
    if (plan.steps.length === 0)
      fail('plan-refused', 'That plan has no step that the console makes: its lines are for an administrator.');
    const hosts = [...new Set(plan.steps.map(({ host }) => host))];
    const boots = Object.fromEntries(hosts.map((host) => [host, this.#insistOn(host)]));
    const run: PlanRun = {
      state: 'arming',
      by: who,
      startedAt: clock.now(),
      steps: plan.steps.map(() => ({ state: 'waiting' })),
      hosts: hosts.map((host) => ({ host, state: 'waiting' })),
      wave: 0,
      guard: [],
    };
    const board = this.#board({ plan, run, boots });
    const effect = new Effect(board, this.#ports);
    const runner = new Runner({ board, ports: this.#ports, effect, onOver: () => this.#over(board, effect) });
    this.#live.set(id, { board, run: runner });
    try {
      await this.#ports.save(board);
      const count = plan.steps.length;
      const words = `${count === 1 ? '1 step' : `${count} steps`} on ${hosts.map((host) => this.#ports.nameOf(host)).join(', ')}.`;
      const [only] = hosts.length === 1 ? hosts : [];
      await this.#ports.journal(
        told(board, 'applying', this.#ports, { ...(only === undefined ? {} : { host: only }), words }),
      );
    } catch (error) {
      // Nothing was begun: it is a draft as before, and a later console finds it as one.
      this.#live.delete(id);
      runner.close();
      await bestEffort(store.put(record), 'saving a plan', this.#ports);
      this.#options.onMoved(plan);
      throw error;
    }
    runner.start();
    this.#options.onMoved(plan);
    return viewOf(board.record());
  }

  async keep(id: PlanId): Promise<PlanView> {
    this.#options.store.get(id);
    await (this.#live.get(id)?.run.keep() ?? refuseKeep());
    return this.view(id) ?? viewOf(this.#options.store.get(id));
  }

  async undo(id: PlanId): Promise<PlanView> {
    const { run } = this.#options.store.get(id);
    const live = this.#live.get(id);
    if (live === undefined)
      fail(
        'plan-refused',
        run === undefined
          ? 'That plan was not applied, so there is nothing to undo.'
          : 'That run is over. What was kept is taken back by a plan of its own.',
      );
    await live.run.undo();
    return this.view(id) ?? viewOf(this.#options.store.get(id));
  }

  linkUp(host: HostId, link: AgentLink): void {
    for (const { board, run } of this.#live.values()) if (concerns(board, host)) run.linkUp(host, link);
  }

  linkDown(host: HostId): void {
    for (const { board, run } of this.#live.values()) if (concerns(board, host)) run.linkDown(host);
  }

  close(): void {
    this.#closed = true;
    for (const { run } of this.#live.values()) run.close();
    for (const cancel of this.#measuring.values()) cancel();
  }

  /** The host's boot id, when a run may begin there. */
  #insistOn(host: HostId): string {
    const { nameOf, link: linkTo } = this.#ports;
    const name = nameOf(host);
    const link = linkTo(host) ?? fail('host-gone', `${name} is not connected. Connect it, then apply the plan.`);
    if (!mayChange(this.#options.facts(host) ?? link.facts))
      fail('read-only', `${readOnlySentence(name)} ${readOnlyFix}`);
    for (const { board } of this.#live.values()) {
      if (concerns(board, host) && !isSettled(board.host(host)))
        fail('plan-busy', `${name} is in the middle of plan ${board.plan.letter}. Keep or undo that one first.`);
    }
    return link.facts.bootId;
  }

  #board(record: PlanRecord & { readonly run: PlanRun }): Board {
    const board = new Board(record);
    let before = board.head.state;
    board.onMoved = () => {
      const { state } = board.head;
      if (state !== before && (state === 'watching' || isOver(state))) this.#readAnew(board);
      before = state;
      this.#options.onMoved(record.plan);
    };
    return board;
  }

  #readAnew(board: Board): void {
    const { renew, log } = this.#options;
    // A host that is gone is read when it is there again.
    for (const { host } of board.hosts()) inBackground(renew(host).catch(passProblem), 'reading a host anew', log);
  }

  #over(board: Board, effect: Effect | undefined): void {
    const { plan, head } = board;
    this.#options.store.note(board.record());
    this.#live.get(plan.id)?.run.close();
    this.#live.delete(plan.id);
    this.#options.onMoved(plan);
    this.#options.onKept(board.hosts().flatMap(({ host, state }) => (state === 'kept' ? [host] : [])));
    if (effect === undefined || head.state !== 'kept') return;
    this.#measure(board, effect);
    this.#measureOn(board, effect, this.#ports.clock.now() + impactAfterKeepMs);
  }

  /** An effect that once was enough to tell is not replaced by one that is not. */
  #measure(board: Board, effect: Effect): void {
    const impact = effect.impact();
    if (impact === undefined || (!impact.enough && board.record().impact?.enough === true)) return;
    board.setImpact(impact);
    inBackground(bestEffort(this.#ports.save(board), 'saving a plan', this.#ports), 'measuring', this.#ports.log);
  }

  #measureOn(board: Board, effect: Effect, until: number): void {
    const { clock } = this.#ports;
    const { id } = board.plan;
    const again = (): void => {
      this.#measuring.delete(id);
      if (clock.now() > until) return;
      this.#measure(board, effect);
      this.#measureOn(board, effect, until);
    };
    this.#measuring.set(id, clock.after(measureMs, again));
  }
}

function passProblem(error: unknown): void {
  if (problemOf(error) === undefined) throw error;
}

const concerns = (board: Board, host: HostId): boolean => board.stepsOf(host).length > 0;

const refuseKeep = (): never =>
  fail(
    'plan-refused',
    'That plan is not under way here, so there is nothing to keep. A run that was found is only undone.',
  );
