/**
 * Totals of a large fleet, asked for some hosts at a time: what comes from the history's thread is unpacked in the
 * core's own, and a hundred hosts with their guests in one piece would hold it up. Called by past.ts, and by the command
 * line, which reads in its only thread and is told to stop between two pieces.
 */
import { setImmediate } from 'node:timers/promises';
import type { HistoryEvent, HistoryTotals } from '#shared/model/history.ts';
import type { HistoryPort, TotalsQuery } from './ports.ts';

/** About so many hosts and guests are unpacked between two other things. */
const atOnce = 60;

type Asked = Pick<HistoryPort, 'totals' | 'entities'>;

/** @param rest between two pieces; what it rejects with is what the answer rejects with. */
export function inPieces(history: Asked, rest: () => Promise<void> = () => setImmediate()): Asked {
  return { entities: () => history.entities(), totals: (query) => totalsInPieces(history, query, rest) };
}

async function totalsInPieces(history: Asked, query: TotalsQuery, rest: () => Promise<void>): Promise<HistoryTotals> {
  const pieces = await piecesOf(history, query);
  if (pieces.length <= 1) return history.totals(query);
  const found: HistoryTotals[] = [];
  for (const hosts of pieces) {
    found.push(await history.totals({ ...query, hosts }));
    await rest();
  }
  return {
    totals: found.flatMap(({ totals }) => totals),
    coverage: found.flatMap(({ coverage }) => coverage),
    // What is nobody's, or several hosts', is told with each piece.
    events: distinct(found.flatMap(({ events }) => events)),
    damaged: found.reduce((sum, { damaged }) => sum + damaged, 0),
  };
}

async function piecesOf(history: Asked, { hosts, guests }: TotalsQuery): Promise<readonly (readonly string[])[]> {
  const sizes = new Map<string, number>(hosts.map((host) => [host, 1]));
  for (const { host, guest } of await history.entities())
    if ((hosts.length === 0 || sizes.has(host)) && (guest === '' || guests))
      sizes.set(host, (sizes.get(host) ?? 0) + 1);
  const pieces: string[][] = [];
  let room = 0;
  for (const [host, size] of sizes) {
    if (room < size) {
      pieces.push([]);
      room = atOnce;
    }
    pieces.at(-1)?.push(host);
    room -= size;
  }
  return pieces;
}

function distinct(events: readonly HistoryEvent[]): readonly HistoryEvent[] {
  const seen = new Map<string, HistoryEvent>();
  for (const event of events)
    seen.set([event.at, event.kind, event.host, event.plan ?? '', event.words].join('\n'), event);
  return [...seen.values()].sort((a, b) => a.at - b.at);
}
