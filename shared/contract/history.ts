/** History: what was seen over time, of any host or guest, also of those that are down or gone. */
import * as z from 'zod';
import type {
  FleetHistory,
  HistoryColumn,
  HistoryEntity,
  HistoryEvent,
  HistoryStatus,
  HistoryTable,
} from '#shared/model/history.ts';
import { event, request } from './wire.ts';
import { id, nothing } from './schemas.ts';

const moment = z.number().min(0).max(8.64e15);
export const historySpan = { from: moment, to: moment };
const points = z.int().min(2).max(4000);
const guest = z.string().max(1000);
const key = z.strictObject({
  host: id,
  guest,
  metric: z.string().min(1).max(200),
  instance: z.string().max(1000),
});

export const history = {
  'history.status': request(nothing).answering<HistoryStatus>(),
  'history.entities': request(nothing).answering<readonly HistoryEntity[]>(),
  /** What is known of a host ('' as guest) or a guest within the span. */
  'history.columns': request(z.strictObject({ host: id, guest, ...historySpan })).answering<readonly HistoryColumn[]>(),
  /** At most about `points` points each; the finest tier that can give them. */
  'history.series': request(
    z.strictObject({ keys: z.array(key).min(1).max(200), ...historySpan, points }),
  ).answering<HistoryTable>(),
  /** All hosts when `hosts` is empty. */
  'history.fleet': request(
    z.strictObject({ hosts: z.array(id).max(1000), ...historySpan, points }),
  ).answering<FleetHistory>(),
  'history.events': request(z.strictObject({ hosts: z.array(id).max(1000), ...historySpan })).answering<
    readonly HistoryEvent[]
  >(),
};

export const historyEvents = {
  /** Its state changed, or its size did by much; at most once a second. */
  'history.moved': event<HistoryStatus>(),
};
