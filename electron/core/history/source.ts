/**
 * Where the readings and steps of a piece come from, for one question: chunks and the journal, minutes, hours; hours
 * that are not rolled yet are made from readings. Reads each host's journal once, counts what is damaged.
 */
import type { Accumulator, Span } from './accumulator.ts';
import type { Block } from './codec/block.ts';
import { Damaged } from './codec/bytes.ts';
import { decodeChunk } from './codec/raw-chunk.ts';
import { decodeSteps } from './codec/step-chunk.ts';
import type { Steps } from './codec/steps.ts';
import { partOf } from './dictionary.ts';
import type { Dictionary, Piece, Shape } from './dictionary.ts';
import { replay } from './replay.ts';
import type { Replay } from './replay.ts';
import { hourOf, minutesOf } from './roll.ts';
import type { StepTier, Tables } from './tables.ts';
import type { Tier } from '#shared/model/history.ts';
import { dayMs, endOf, hourMs, minuteMs, startOf } from './time.ts';

export class Source {
  readonly tables: Tables;
  readonly dictionary: Dictionary;
  damaged = 0;
  readonly #journals = new Map<string, Replay>();
  readonly #due = new Map<number, ReadonlySet<number>>();
  readonly #lost = new Map<Tier, number>();

  constructor(tables: Tables, dictionary: Dictionary) {
    this.tables = tables;
    this.dictionary = dictionary;
  }

  /** Of what is older, not all is in this tier. */
  lostBefore(tier: Tier): number {
    let before = this.#lost.get(tier);
    if (before === undefined) this.#lost.set(tier, (before = this.tables.tier(tier).lostBefore));
    return before;
  }

  /** Hours of a host that are not rolled as they are now. */
  due(host: number): ReadonlySet<number> {
    let hours = this.#due.get(host);
    if (hours === undefined) this.#due.set(host, (hours = this.tables.dueHours(host)));
    return hours;
  }

  /** Readings of a piece that may fall into the span, in order. */
  *blocks(piece: Piece, span: Span): Generator<Block> {
    if (span.to <= span.from) return;
    for (const { chunk, shape } of this.tables.chunks(piece.id, span.from, span.to)) {
      const block = this.#unlessDamaged(() => decodeChunk(chunk, this.dictionary.shape(shape)));
      if (block !== undefined) yield block;
    }
    for (const block of this.#journal(piece).blocks.get(piece.id) ?? [])
      if ((block.times[0] as number) < span.to && (block.times.at(-1) as number) >= span.from) yield block;
  }

  columnsIn(piece: Piece, span: Span): readonly number[] {
    const columns = new Set<number>();
    for (const { shape } of this.blocks(piece, span)) for (const column of shape.columns) columns.add(column);
    for (const { shape } of this.#lostMinutes(piece, span)) for (const column of shape.columns) columns.add(column);
    return [...columns];
  }

  /** Columns that a piece may have had in the span; a day is told whole. */
  columnsOf(piece: Piece, span: Span): readonly number[] {
    const columns = new Set<number>();
    for (const tier of ['minute', 'hour'] as const)
      for (const shape of this.#shapes(piece, span, tier))
        for (const column of this.dictionary.shape(shape).columns) columns.add(column);
    for (const { part, due } of this.partsOf(piece.host, span))
      if (due) for (const column of this.columnsIn(piece, part)) columns.add(column);
    return [...columns];
  }

  /** Pieces of a host that may have readings at or after a moment. */
  piecesSince(host: number, at: number): readonly Piece[] {
    const rows = this.tables.sql('SELECT id FROM piece WHERE host = ? AND last_at >= ?').all(host, at);
    const packed = new Set(rows.map(({ id }) => id as number));
    const pieces = this.dictionary.pieces(host);
    const { blocks } = this.#readJournal(host, 'all');
    return pieces.filter(({ id }) => packed.has(id) || blocks.has(id));
  }

  /** The newest moment that a piece has a reading of. */
  lastAt(piece: Piece): number {
    const packed = this.tables.sql('SELECT last_at FROM piece WHERE id = ?').get(piece.id)?.['last_at'] ?? 0;
    const inJournal = this.#journal(piece).blocks.get(piece.id)?.at(-1)?.times.at(-1) ?? 0;
    return Math.max(Number(packed), inJournal);
  }

  /**
   * Readings of the span; where they made room, the minutes that were made of them. The sums' steps must not be
   * shorter than a minute.
   */
  addReadings(sums: Accumulator, piece: Piece, span: Span): void {
    let from = span.from;
    for (const steps of this.#lostMinutes(piece, span)) {
      const to = Math.min(endOf(this.lostBefore('raw'), minuteMs), span.to);
      sums.addSteps(steps, { from, to });
      from = Math.max(from, ...steps.begins.filter((begin) => begin < to).map((begin) => begin + minuteMs));
    }
    this.addBlocks(sums, piece, { from, to: span.to });
  }

  addBlocks(sums: Accumulator, piece: Piece, span: Span): void {
    for (const block of this.blocks(piece, span)) this.#unlessDamaged(() => sums.addBlock(block, span));
  }

  /** Steps of a tier that begin in the span; of hours that are due as they will be made. */
  addTier(sums: Accumulator, piece: Piece, span: Span, tier: StepTier): void {
    for (const { part, due } of this.partsOf(piece.host, span)) {
      if (!due) this.addSteps(sums, piece, part, tier);
      else for (const steps of this.stepsNow(piece, sums.columns, part, tier)) sums.addSteps(steps, part);
    }
  }

  /** Of an hour that is due, a part of which is asked for: the steps that rolling will keep of it. */
  stepsNow(piece: Piece, columns: readonly number[], { from }: Span, tier: StepTier): readonly Steps[] {
    const hour = startOf(from, hourMs);
    const shapeOf = (told: readonly number[]): Shape => this.dictionary.passingShape(told);
    const minutes = minutesOf(this, piece, columns, hour, shapeOf);
    const steps = minutes === undefined || tier === 'minute' ? minutes : hourOf(minutes, hour, shapeOf);
    return steps === undefined ? [] : [steps];
  }

  addSteps(sums: Accumulator, piece: Piece, span: Span, tier: StepTier): void {
    for (const steps of this.steps(piece, span, tier)) this.#unlessDamaged(() => sums.addSteps(steps, span));
  }

  *steps(piece: Piece, span: Span, tier: StepTier): Generator<Steps> {
    const from = startOf(span.from, tier === 'minute' ? hourMs : dayMs);
    for (const row of this.tables.steps(tier, piece.id, from, span.to)) {
      const steps = this.#unlessDamaged(() => decodeSteps(row.steps, this.dictionary.shape(row.shape)));
      if (steps !== undefined) yield steps;
    }
  }

  /** The span in parts that are due and parts that are not, in order. */
  partsOf(host: number, span: Span): readonly { readonly part: Span; readonly due: boolean }[] {
    const parts: { part: Span; due: boolean }[] = [];
    let from = span.from;
    const hours = [...this.due(host)].sort((a, b) => a - b);
    for (const hour of hours) {
      const begin = Math.max(hour, from);
      const end = Math.min(hour + hourMs, span.to);
      if (begin >= end) continue;
      if (begin > from) parts.push({ part: { from, to: begin }, due: false });
      parts.push({ part: { from: begin, to: end }, due: true });
      from = end;
    }
    if (from < span.to) parts.push({ part: { from, to: span.to }, due: false });
    return parts;
  }

  #shapes(piece: Piece, span: Span, tier: StepTier): readonly number[] {
    const lengthMs = tier === 'minute' ? hourMs : dayMs;
    // Over long spans the days tell it in far fewer rows, unless they are gone.
    if (tier === 'minute' && span.to - span.from > dayMs && this.lostBefore('hour') <= span.from) return [];
    if (tier === 'hour' && span.to - span.from <= dayMs && this.lostBefore('minute') <= span.from) return [];
    const rows = this.tables
      .sql(`SELECT DISTINCT shape FROM ${tier} WHERE piece = ? AND t0 >= ? AND t0 < ?`)
      .all(piece.id, startOf(span.from, lengthMs), span.to);
    return rows.map(({ shape }) => shape as number);
  }

  /** Minutes whose readings are gone, of an hour that is to be rolled again. */
  *#lostMinutes(piece: Piece, span: Span): Generator<Steps> {
    const lost = this.lostBefore('raw');
    if (span.from < lost) yield* this.steps(piece, { from: span.from, to: Math.min(span.to, lost) }, 'minute');
  }

  #journal({ host, part }: Piece): Replay {
    return this.#readJournal(host, part === partOf.signals ? 'signals' : 'all');
  }

  #readJournal(host: number, only: 'signals' | 'all'): Replay {
    const known = this.#journals.get(`all ${host}`) ?? this.#journals.get(`${only} ${host}`);
    if (known !== undefined) return known;
    const rows = only === 'all' ? this.tables.journal(host) : this.tables.journalSignals(host);
    const read = replay(rows, this.tables, this.dictionary, this.dictionary.pieces(host), only);
    this.damaged += read.damaged;
    this.#journals.set(`${only} ${host}`, read);
    return read;
  }

  #unlessDamaged<Result>(read: () => Result): Result | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof Damaged)) throw error;
      this.damaged += 1;
      return undefined;
    }
  }
}
