/**
 * Brings a run to its end: every host is told to undo, and what it answers is written down. A host that cannot be
 * reached undoes by itself at its deadline; it is asked as soon as it is there again. Also takes up runs that a console
 * left behind, which are never continued.
 */
import type { HostId } from '#shared/model/host.ts';
import type { RunState } from '#shared/model/plan.ts';
import { problem } from '#shared/problem.ts';
import type { Problem } from '#shared/problem.ts';
import { isSettled } from './board.ts';
import type { Board } from './board.ts';
import { outcomeOf } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import { bestEffort, inBackground, problemIn, told } from './run-ports.ts';
import type { RunPorts } from './run-ports.ts';

/** A host that is there and does not answer as it should is asked again so often. */
const againMs = 5000;

export interface SettlingOptions {
  readonly board: Board;
  readonly ports: RunPorts;
  /** Hosts that were told to begin; undefined where that is not known any more. */
  readonly begun: ReadonlySet<HostId> | undefined;
  /** The run ended, with every host's outcome known. */
  onOver(): void;
}

export class Settling {
  readonly #options: SettlingOptions;
  readonly #asking = new Map<HostId, Promise<void>>();
  readonly #timers = new Map<HostId, () => void>();
  #found: string | undefined;
  #active = false;
  #closed = false;

  constructor(options: SettlingOptions) {
    this.#options = options;
  }

  /** Tells all hosts to undo. Resolves when all that can be reached have answered. @param why undefined: a person did */
  async undoAll(why: Problem | undefined): Promise<void> {
    const { board, ports } = this.#options;
    board.lostSight();
    board.setHead({ state: 'undoing', problem: why, waveReadyAt: undefined });
    // Hosts first: a full disk here must not keep them waiting.
    const hosts = this.#settleAll();
    await bestEffort(ports.save(board), 'saving a plan', ports);
    const words = why?.sentence ?? 'Somebody told the console to undo it.';
    await bestEffort(ports.journal(told(board, 'undoing', ports, { words })), 'writing the journal', ports);
    await hosts;
    await this.#conclude();
  }

  /** A run that an earlier console left. Hosts are asked as they come up. */
  async takeUp(): Promise<void> {
    const { board, ports } = this.#options;
    const { state } = board.head;
    board.lostSight();
    if (state !== 'unknown') this.#found = `The console was started again and found this plan in the state "${state}".`;
    for (const { host, state: its, deadlineAt } of board.hosts())
      if (its === 'waiting' || its === 'armed') board.setHost(host, 'unreachable', { deadlineAt, words: notReached });
    board.setHead({ state: 'unknown', problem: board.head.problem ?? leftAlone });
    await bestEffort(ports.save(board), 'saving a plan', ports);
    const found = this.#found === undefined ? [] : [told(board, 'found', ports, { words: this.#found })];
    await bestEffort(ports.journal(...found), 'writing the journal', ports);
    await this.#settleAll();
    await this.#conclude();
  }

  /** Asks all hosts again whose outcome is not known. */
  async again(): Promise<void> {
    await this.#settleAll();
    await this.#conclude();
  }

  linkUp(host: HostId): void {
    if (!this.#active || isSettled(this.#options.board.host(host))) return;
    inBackground(
      this.#settle(host).then(() => this.#conclude()),
      'settling a plan',
      this.#options.ports.log,
    );
  }

  close(): void {
    this.#closed = true;
    for (const cancel of this.#timers.values()) cancel();
  }

  async #settleAll(): Promise<void> {
    this.#active = true;
    await Promise.all(this.#options.board.hosts().map(({ host }) => this.#settle(host)));
  }

  #settle(host: HostId): Promise<void> {
    const asking = this.#asking.get(host) ?? this.#ask(host).finally(() => this.#asking.delete(host));
    this.#asking.set(host, asking);
    return asking;
  }

  async #ask(host: HostId): Promise<void> {
    const { board, ports, begun } = this.#options;
    const before = board.host(host);
    if (isSettled(before)) return;
    if (begun?.has(host) === false) return board.setHost(host, 'undone', { words: 'Nothing was begun there.' });
    const link = ports.link(host);
    if (link === undefined)
      return board.setHost(host, 'unreachable', { deadlineAt: before.deadlineAt, words: notReached });
    const name = ports.nameOf(host);
    try {
      const outcome = await outcomeOf(link, host, name, board);
      if (this.#closed) return;
      await this.#take(host, outcome);
    } catch (error) {
      if (this.#closed) return;
      const { sentence } = problemIn(error, 'undoing a plan', ports.log);
      board.setHost(host, 'unreachable', { deadlineAt: before.deadlineAt, words: sentence });
      this.#timers.get(host)?.();
      this.#timers.set(
        host,
        ports.clock.after(againMs, () => this.linkUp(host)),
      );
    }
  }

  async #take(host: HostId, { state, words, status }: Outcome): Promise<void> {
    const { board, ports } = this.#options;
    const entries = [];
    if (this.#found !== undefined)
      entries.push(told(board, 'found', ports, { host, words: `${ports.nameOf(host)} says: ${words ?? state}.` }));
    for (const { index, number, step } of board.stepsOf(host)) {
      const was = board.step(index);
      const undone = status?.undone.get(number);
      if (state === 'kept') board.setStep(index, { ...was, state: 'done' });
      else if (undone?.how === 'left' && step.undo === 'none') {
        board.setStep(index, { ...was, state: 'left', words: step.undoWords });
        entries.push(told(board, 'left', ports, { host, step, before: step.to, words: step.undoWords }));
      } else if (undone?.how === 'left' || undone?.how === 'failed') {
        board.setStep(index, { ...was, state: undone.how, words: undone.words });
        entries.push(
          told(board, 'left', ports, {
            host,
            step,
            before: step.to,
            after: undone.words,
            words: leftWords[undone.how],
          }),
        );
      } else if (undone !== undefined || was.state === 'done' || was.state === 'writing') {
        // Of a host that has forgotten it nobody knows.
        if (status !== undefined || state !== 'partly-undone') board.setStep(index, { ...was, state: 'undone' });
      }
    }
    entries.push(told(board, state === 'kept' ? 'kept' : 'undone', ports, { host, words: words ?? wordsOf[state] }));
    board.setHost(host, state, words === undefined ? {} : { words });
    await bestEffort(ports.journal(...entries), 'writing the journal', ports);
  }

  async #conclude(): Promise<void> {
    const { board, ports, onOver } = this.#options;
    if (this.#closed || !this.#active) return;
    const hosts = board.hosts();
    if (!hosts.every(isSettled)) {
      if (this.#asking.size > 0) return;
      board.setHead({ state: 'unknown' });
      await bestEffort(ports.save(board), 'saving a plan', ports);
      return;
    }
    this.#active = false;
    const kept = hosts.filter(({ state }) => state === 'kept').length;
    const partly = hosts.some(({ state }) => state === 'partly-undone');
    const state: RunState = kept === hosts.length ? 'kept' : kept === 0 && !partly ? 'undone' : 'partly-undone';
    const { problem: why } = board.head;
    board.setHead({ state, endedAt: ports.clock.now(), problem: state === 'kept' ? undefined : why });
    const saved = await bestEffort(ports.save(board), 'saving a plan', ports);
    onOver();
    // A host keeps what it knows until this console has written it down.
    if (saved) forget(board, ports);
  }
}

/** Has the hosts tidy up what they remember of a plan that is over. */
export function forget(board: Board, ports: RunPorts): void {
  for (const { host, state } of board.hosts()) {
    if (state === 'rebooted') continue;
    // A host that does not do it forgets with its next boot.
    ports
      .link(host)
      ?.ask({ verb: 'forget', plan: board.plan.id })
      .catch(() => undefined);
  }
}

const leftAlone = problem(
  'cancelled',
  'The console ended in the middle of this plan. It is not continued: each host undoes it, or has undone it by itself.',
);

const notReached =
  'It is not connected. It undoes by itself at its deadline; what became of it is asked when it is there again.';

const leftWords = {
  left: 'Somebody set it to this value meanwhile, so it was left alone.',
  failed: 'It could not be set back; the words are those of the host.',
};

const wordsOf: Record<Outcome['state'], string> = {
  kept: 'The host keeps it.',
  undone: 'Every setting is what it was before.',
  'partly-undone': 'Not every setting is what it was before.',
  rebooted: 'The host was booted since: its settings are as its start leaves them.',
};
