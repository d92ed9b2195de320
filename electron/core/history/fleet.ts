/**
 * The fleet over time: signals of hosts on one grid. What is saved adds up over hosts, harm is that of the worst one.
 * Called by queries.ts; reads nothing but the hosts' signals.
 */
import type { FleetHistory } from '#shared/model/history.ts';
import { epochMs } from '#shared/units.ts';
import { Accumulator } from './accumulator.ts';
import type { Span } from './accumulator.ts';
import { silence } from './codec/block.ts';
import type { Piece } from './dictionary.ts';
import { gridOver, stepFor, stepOf, tierFor } from './resolution.ts';
import { pointOf } from './series.ts';
import type { Source } from './source.ts';

export interface FleetPiece {
  readonly piece: Piece;
  readonly firstAt: number;
}

const prefix = 'signal.';

export function fleetOf(source: Source, pieces: readonly FleetPiece[], asked: Span, points: number): FleetHistory {
  const span = { from: asked.from, to: asked.to + 1 };
  const columns = source.dictionary.columnsBeginning(prefix);
  const names = columns.map((column) => source.dictionary.column(column).metric.slice(prefix.length));
  const tier = tierFor(source, asked, points, Math.min(...pieces.map(({ firstAt }) => firstAt)));
  const shortest = tier === 'raw' ? longestInterval(source, pieces, span) : stepOf[tier];
  const stepMs = stepFor(asked, points, shortest);
  const grid = gridOver(span, stepMs);
  const totals = new Map<string, Float64Array>();
  const hosts = new Array<number>(grid.count).fill(0);
  const sums = new Accumulator(grid, columns, 'means');
  for (const { piece } of pieces) {
    sums.clear();
    if (tier === 'raw') source.addBlocks(sums, piece, span);
    else source.addTier(sums, piece, { from: grid.from, to: span.to }, tier);
    addHost(sums, names, totals, hosts);
  }
  const signals: Record<string, (number | null)[]> = {};
  for (const [name, total] of totals)
    signals[name] = Array.from(total, (value) => (Number.isNaN(value) ? null : value));
  const at = Array.from({ length: grid.count }, (_, slot) => epochMs(grid.from + slot * stepMs));
  return { tier, stepMs, at, signals, hosts, damaged: source.damaged };
}

/** Steps shorter than this would hold no reading of some hosts. */
function longestInterval(source: Source, pieces: readonly FleetPiece[], span: Span): number {
  let longest = 1000;
  for (const { piece } of pieces)
    for (const { intervals } of source.blocks(piece, span)) longest = Math.max(longest, intervals.at(-1) ?? 0);
  return longest;
}

function addHost(
  sums: Accumulator,
  names: readonly string[],
  totals: Map<string, Float64Array>,
  hosts: number[],
): void {
  const { grid, intervalMs } = sums;
  // Readings do not fall into steps of about their own length one each: the one before stands until it is a silence.
  const reach = Math.max(0, Math.ceil((intervalMs * silence) / grid.stepMs) - 1);
  const told = new Uint8Array(grid.count);
  sums.sums.forEach((own, index) => {
    const name = names[index];
    if (own === undefined || name === undefined) return;
    let total = totals.get(name);
    if (total === undefined) totals.set(name, (total = new Float64Array(grid.count).fill(NaN)));
    const worst = name.startsWith('harm.');
    let last = NaN;
    let age = Infinity;
    for (let slot = 0; slot < grid.count; slot++) {
      const point = pointOf(own, slot);
      if (point !== undefined) last = point.value;
      age = point === undefined ? age + 1 : 0;
      if (age > reach || Number.isNaN(last)) continue;
      const before = total[slot] as number;
      total[slot] = Number.isNaN(before) ? last : worst ? Math.max(before, last) : before + last;
      told[slot] = 1;
    }
  });
  told.forEach((one, slot) => (hosts[slot] = (hosts[slot] ?? 0) + one));
}
