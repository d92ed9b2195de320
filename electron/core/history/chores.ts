/**
 * What the store does besides recording, one bounded piece at a time: packing, rolling, removing. Each piece is one
 * transaction; whoever has time asks for the next.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { HistorySettings } from '#shared/model/settings.ts';
import type { Dictionary } from './dictionary.ts';
import { packHost } from './pack.ts';
import type { HostState } from './host-state.ts';
import type { Recorder } from './recorder.ts';
import { Retention } from './retention.ts';
import { rollPiece } from './roll.ts';
import { Source } from './source.ts';
import type { Tables } from './tables.ts';
import { dayMs, hourMs, minuteMs } from './time.ts';

export interface ChoresOptions {
  readonly db: DatabaseSync;
  readonly tables: Tables;
  readonly dictionary: Dictionary;
  readonly recorder: Recorder;
  readonly chunkTicks: number;
  warn(words: string, facts: Record<string, unknown>): void;
}

/** More values than this are packed before their time: a host of a thousand guests must not hold up the others. */
const mostValues = 600_000;
/** Rows of a host that fell silent are packed after this. */
const stale = hourMs;
/** An hour is over when something newer was read, or this long after its end. */
const grace = 2 * minuteMs;
const lookEveryMs = minuteMs;
/** A clock that leaps so far ahead is believed after an hour: what is removed by it never comes back. */
const leap = dayMs;
const believedAfter = hourMs;

export class Chores {
  readonly #options: ChoresOptions;
  readonly #retention: Retention;
  #lookedAt = -Infinity;
  #forgotGoneAt = -Infinity;
  /** Hours to be rolled before their time, so that their readings can make room. */
  #early: (() => void)[] = [];
  #earlyUntil = -Infinity;
  /** When it was last, by the clock or, at the start, by the newest reading; and since when the clock is to be believed. */
  #lastNow: number | undefined;
  #leaptAt = -Infinity;
  overBudget = false;

  constructor(options: ChoresOptions) {
    this.#options = options;
    this.#retention = new Retention(options.db, options.tables);
  }

  forget(): void {
    this.#early = [];
    this.#earlyUntil = -Infinity;
  }

  /** Settings changed: what may stay is looked at now. */
  lookAgain(): void {
    this.#lookedAt = -Infinity;
  }

  doOne(now: number, settings: HistorySettings, budget: number): boolean {
    const early = this.#early.pop();
    if (early !== undefined) {
      early();
      return true;
    }
    for (const host of this.#options.recorder.hosts()) {
      if (this.#isFull(host, now)) {
        this.#pack(host);
        return true;
      }
      const hour = this.#over(host, now);
      if (hour !== undefined) {
        this.#roll(host, hour);
        this.#options.tables.sql('DELETE FROM due WHERE host = ? AND hour = ?').run(host.entry.id, hour);
        host.due.delete(hour);
        return true;
      }
    }
    if (now - this.#lookedAt < lookEveryMs && now >= this.#lookedAt) return false;
    const believed = this.#isBelieved(now);
    if ((believed && this.#retention.expire(settings, now)) || this.#makeRoom(budget, now)) return true;
    if (believed && now - this.#forgotGoneAt > hourMs) {
      this.#forgotGoneAt = now;
      if (this.#retention.forgetGone(now - settings.hourDays * dayMs)) this.#options.recorder.forget();
    }
    this.#lookedAt = now;
    return false;
  }

  #isBelieved(now: number): boolean {
    const before = this.#lastNow ?? this.#retention.newestAt() ?? now;
    this.#lastNow = now;
    if (now - before > leap) this.#leaptAt = now;
    else if (now < this.#leaptAt) this.#leaptAt = -Infinity;
    return now - this.#leaptAt >= believedAfter;
  }

  /** Where recording is faster than what is due gets its turn: chunks must not grow without end. */
  packOverdue(host: HostState): void {
    if (host.rows >= host.packAt * 2 || host.values >= mostValues * 2) this.#pack(host);
  }

  #isFull(host: HostState, now: number): boolean {
    if (host.rows === 0) return false;
    return host.rows >= host.packAt || host.values >= mostValues || now - host.oldestAt > stale;
  }

  #pack(host: HostState): void {
    const { tables, dictionary, chunkTicks, warn } = this.#options;
    const damaged = packHost(tables, dictionary, host);
    if (damaged > 0) warn('journal rows that cannot be read are left out', { host: host.entry.key, rows: damaged });
    host.rows = 0;
    host.values = 0;
    host.packAt = chunkTicks;
    // Of pieces that the newest tick did not tell, their row says from now on when they were read last.
    host.states = new Map(host.run?.map((state) => [state.piece.id, state]));
    host.run = undefined;
  }

  #over(host: HostState, now: number): number | undefined {
    for (const hour of host.due) {
      const end = hour + hourMs;
      if (host.lastAt >= end || now >= end + grace) return hour;
    }
    return undefined;
  }

  #roll(host: HostState, hour: number): void {
    const { tables, dictionary } = this.#options;
    const source = new Source(tables, dictionary);
    for (const piece of source.piecesSince(host.entry.id, hour)) rollPiece(source, tables, dictionary, piece, hour);
  }

  #makeRoom(budget: number, now: number): boolean {
    const state = this.#retention.makeRoom(budget, now, now < this.#earlyUntil);
    this.overBudget = state === 'full';
    if (state === 'enough') this.#earlyUntil = -Infinity;
    if (state !== 'roll') return state === 'more';
    this.#earlyUntil = now + 5 * minuteMs;
    for (const host of this.#options.recorder.hosts())
      for (const hour of host.due) this.#early.push(() => this.#roll(host, hour));
    return true;
  }
}
