/**
 * The history as the core has it. Takes ticks without ever blocking, hands them to the worker in batches, and keeps
 * what a page wants to know: whether it is recorded, and why not. core.ts has one for its own hosts, one for the lab.
 */
import type { FleetHistory, HistoryEvent, HistoryStatus, HistoryTable } from '#shared/model/history.ts';
import type { HistorySettings, Notice } from '#shared/model/settings.ts';
import { fail } from '#shared/problem.ts';
import { epochMs } from '#shared/units.ts';
import type { Clock, HistoryPort, Log } from '#core/ports.ts';
import { Batches } from './batches.ts';
import { Line } from './line.ts';
import type { Answer, Answers, Question, WorkerOptions } from './messages.ts';
import { StatusBoard } from './status-board.ts';

export interface HistoryOptions {
  /** undefined: memory only, for the lab or a folder that cannot be written. */
  readonly file: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
  settings(): HistorySettings;
  notify(notice: Notice): void;
  dismiss(noticeId: string): void;
  onStatus(status: HistoryStatus): void;
}

export interface History extends HistoryPort {
  /** It is open, or it is said why not. */
  readonly ready: Promise<void>;
  settingsChanged(): void;
  /** A consistent copy of the file, while recording goes on. Rejects when there is nothing to copy or no room. */
  snapshot(path: string): Promise<void>;
  /** Everything taken is on the disk when it resolves, unless recording is paused. */
  close(): Promise<void>;
}

/** Ticks that arrive within this time are written together. */
const gatherMs = 250;
/** After a failure. */
const retryMs = 10_000;
/** What is due without any tick: an hour that ends, days that pass. */
const choresMs = 60_000;
const pausedId = 'history-paused';

export function openHistory(options: HistoryOptions): History {
  return new RunningHistory(options);
}

class RunningHistory implements History {
  readonly ready: Promise<void>;
  readonly #options: HistoryOptions;
  readonly #writer: Line;
  /** Questions go to a thread of their own, but for what is in memory, which only its writer has. */
  readonly #reader: Line;
  readonly #batches: Batches;
  readonly #board: StatusBoard;
  #cancelFlush: (() => void) | undefined;
  #cancelChores: () => void;
  #flushing: Promise<void> | undefined;
  #pausedAt: number | undefined;
  #closed: Promise<void> | undefined;

  constructor(options: HistoryOptions) {
    this.#options = options;
    const { file, clock, log } = options;
    const budgetBytes = options.settings().diskMiB * 1024 * 1024;
    const first: HistoryStatus = { state: 'opening', file: file ?? '', bytes: 0, budgetBytes, tiers: [] };
    this.#board = new StatusBoard(first, clock, (status) => options.onStatus(status));
    this.#batches = new Batches((words, facts) => log.warn(words, facts));
    const line = (role: WorkerOptions['role']): Line =>
      new Line({
        log,
        worker: () => ({ role, file, settings: options.settings() }),
        onProgress: (progress) => this.#board.set({ progress }),
        onGone: () => (role === 'writes' ? this.#batches.begin() : undefined),
      });
    this.#writer = line('writes');
    this.#reader = file === undefined ? this.#writer : line('reads');
    this.#cancelChores = clock.after(choresMs, () => this.#chores());
    this.ready = this.#open();
  }

  record: HistoryPort['record'] = (tick) => {
    if (this.#isOver || this.#isHeldBack()) return;
    this.#batches.add(tick);
    this.#flushSoon();
  };

  mark: HistoryPort['mark'] = (event) => {
    if (this.#isOver) return;
    this.#batches.mark(event);
    this.#flushSoon();
  };

  status(): HistoryStatus {
    return this.#board.status;
  }

  entities: HistoryPort['entities'] = () => this.#ask('entities', [], []);
  columns: HistoryPort['columns'] = (...args) => this.#ask('columns', args, []);
  events: HistoryPort['events'] = (...args) => this.#ask('events', args, []);
  totals: HistoryPort['totals'] = (query) =>
    this.#ask('totals', [query], { totals: [], coverage: [], events: [], damaged: 0 });
  fleet: HistoryPort['fleet'] = (hosts, from, to, points) =>
    this.#ask<'fleet'>('fleet', [hosts, from, to, points], noFleet);
  series: HistoryPort['series'] = (keys, from, to, points) =>
    this.#ask<'series'>('series', [keys, from, to, points], noSeries(from, to));

  settingsChanged(): void {
    if (this.#isOver) return;
    const settings = this.#options.settings();
    void this.#writer.ask({ what: 'settings', settings, now: this.#now() }).then((answer) => {
      if (this.#board.status.state !== 'paused') return this.#heard(answer);
      // Whether it can go on is seen with the next tick, at once.
      this.#pausedAt = -Infinity;
    });
  }

  async snapshot(path: string): Promise<void> {
    await this.ready;
    await this.#flush();
    if (this.#board.status.state === 'off')
      fail('file-unreadable', this.#board.status.because ?? 'There is no history to copy.');
    const answer = await this.#writer.ask({ what: 'snapshot', path, now: this.#now() });
    if (answer.bug !== undefined)
      fail('file-unwritable', `The history could not be copied to ${path}. Look at that folder.`, String(answer.bug));
  }

  close(): Promise<void> {
    return (this.#closed ??= this.#close());
  }

  async #close(): Promise<void> {
    this.#writer.hold();
    this.#cancelChores();
    this.#cancelFlush?.();
    // A question may be a report over years: nobody waits for its answer any more. What is in memory goes with it.
    if (this.#reader !== this.#writer || this.#options.file === undefined) await this.#reader.end();
    await this.ready;
    await this.#flush();
    this.#board.close();
    await this.#writer.close();
    await this.#writer.end();
  }

  async #open(): Promise<void> {
    this.#heard(await this.#writer.ask({ what: 'open', now: this.#now() }));
    if (this.#batches.waiting) this.#flushSoon();
  }

  /** Nothing is taken or answered any more. */
  get #isOver(): boolean {
    return this.#board.status.state === 'off' || this.#closed !== undefined;
  }

  /** While it is paused nothing is kept for later, but for the ticks that are tried next. */
  #isHeldBack(): boolean {
    return this.#pausedAt !== undefined && this.#now() - this.#pausedAt < retryMs && this.#now() >= this.#pausedAt;
  }

  #flushSoon(): void {
    if (this.#board.status.state === 'opening' || this.#isOver || this.#isHeldBack()) return;
    this.#cancelFlush ??= this.#options.clock.after(gatherMs, () => {
      this.#cancelFlush = undefined;
      void this.#flush();
    });
  }

  /** All that was taken before this call is written, or was dropped, when it resolves. */
  async #flush(): Promise<void> {
    while (this.#flushing !== undefined) await this.#flushing;
    if (!this.#batches.waiting || this.#board.status.state === 'opening' || this.#board.status.state === 'off') return;
    if (this.#isHeldBack()) return;
    this.#flushing = this.#send();
    await this.#flushing;
  }

  async #send(): Promise<void> {
    try {
      const batch = this.#batches.take();
      const answer = await this.#writer.ask({ what: 'record', batch, now: this.#now() });
      // Events are few and said once: they wait for the next try.
      if (answer.state !== 'open') for (const event of batch.events) this.#batches.mark(event);
      this.#heard(answer);
    } finally {
      this.#flushing = undefined;
    }
  }

  async #ask<Name extends Question>(
    question: Name,
    args: readonly unknown[],
    none: Answers[Name],
  ): Promise<Answers[Name]> {
    await this.ready;
    if (this.#isOver) return none;
    await this.#flush();
    const request = { what: 'ask', question, args, now: this.#now() } as const;
    let answer = await this.#reader.ask(request);
    // The reader ended, or found damage: its writer says what it is, and acts on it.
    if (answer.state === 'gone' && this.#reader !== this.#writer && !this.#isOver)
      answer = await this.#writer.ask(request);
    if (answer.value !== undefined) return answer.value as Answers[Name];
    if (answer.setAside !== undefined || answer.state === 'newer') this.#heard(answer);
    if (answer.bug !== undefined && answer.state === 'open' && answer.setAside === undefined) throw answer.bug;
    return none;
  }

  #chores(): void {
    this.#cancelChores = this.#options.clock.after(choresMs, () => this.#chores());
    if (this.#board.status.state !== 'recording' || this.#isOver) return;
    void this.#writer.ask({ what: 'work', now: this.#now() }).then((answer) => this.#heard(answer));
  }

  /** What an answer says of the state. */
  #heard({ state, because, usage, setAside, bug }: Answer): void {
    const { log, notify } = this.#options;
    // What it reads is not what is written to any more.
    if ((setAside !== undefined || state !== 'open') && this.#reader !== this.#writer) void this.#reader.close();
    if (bug !== undefined && this.#board.status.state !== 'paused') log.bug('history', bug);
    if (setAside !== undefined) {
      const sentence = `The history was damaged and could not be read. It was set aside as ${setAside}, and a new one was begun.`;
      notify({ id: `history-damaged ${setAside}`, level: 'warning', sentence });
    }
    if (state === 'newer') this.#turnOff(because ?? 'The history cannot be used.');
    else if (state === 'open') this.#resume(usage);
    else
      this.#pause(
        because ?? 'History is not being recorded: its recorder ended unexpectedly. It is started again by itself.',
      );
  }

  #turnOff(because: string): void {
    this.#batches.clear();
    this.#options.notify({ id: 'history-off', level: 'warning', sentence: because });
    this.#board.set({ state: 'off', because });
  }

  #pause(because: string): void {
    const before = this.#board.status;
    this.#pausedAt = this.#now();
    if (before.state === 'paused' && before.because === because) return;
    this.#options.notify({ id: pausedId, level: 'warning', sentence: because });
    if (before.state !== 'paused') this.#batches.mark(this.#event('paused', because));
    this.#board.set({ state: 'paused', because });
  }

  #resume(usage: Answer['usage']): void {
    const wasPaused = this.#board.status.state === 'paused';
    this.#pausedAt = undefined;
    this.#board.set({ state: 'recording', ...usage });
    if (!wasPaused) return;
    this.#options.dismiss(pausedId);
    this.mark(this.#event('resumed', 'Recording of history went on.'));
  }

  #event(kind: HistoryEvent['kind'], words: string): HistoryEvent {
    return { at: epochMs(this.#now()), kind, host: '', words };
  }

  #now(): number {
    return this.#options.clock.now();
  }
}

const noFleet: FleetHistory = { tier: 'raw', stepMs: 1000, at: [], signals: {}, hosts: [], damaged: 0 };
const noSeries = (from: number, to: number): HistoryTable => ({
  tier: 'raw',
  stepMs: 1000,
  from: epochMs(from),
  to: epochMs(to),
  series: [],
  damaged: 0,
});
