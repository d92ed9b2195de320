/**
 * What of a tick is taken: names of a bearable length, finite values, and no more columns or guests than a host may
 * have. Hosts are not trusted: one that invents names without end must not fill the dictionary. Used by recorder.ts.
 */
import type { HistoryColumn } from '#shared/model/history.ts';
import { held } from '#core/ports.ts';

export const most = {
  /** Columns of a host itself, and new ones of a host and its guests within an hour. */
  hostColumns: 5000,
  newColumns: 5000,
  /** Columns of all guests of a host together. */
  guestColumns: 50_000,
  newGuests: 5000,
  metric: 200,
  instance: 1000,
  guest: 1000,
  name: 500,
} as const;

/** Things that may be added to the dictionary within an hour of the host's time. */
export class Allowance {
  readonly #most: number;
  #hour = -1;
  #used = 0;

  constructor(mostInAnHour: number) {
    this.#most = mostInAnHour;
  }

  take(at: number): boolean {
    const hour = Math.floor(at / 3_600_000);
    if (hour !== this.#hour) {
      this.#hour = hour;
      this.#used = 0;
    }
    this.#used += 1;
    return this.#used <= this.#most;
  }
}

export const isFitColumn = ({ metric, instance }: HistoryColumn): boolean =>
  metric !== '' && metric.length <= most.metric && instance.length <= most.instance;

/** Decimals are kept to four digits; what counts can only grow. */
export function fitValue(value: number, counter: boolean): number {
  if (value === held) return held;
  if (!Number.isFinite(value) || (counter && value < 0)) return NaN;
  // Adding zero makes of a negative zero a plain one.
  if (counter || Number.isInteger(value)) return value + 0;
  return Math.abs(value) < 9e11 ? Math.round(value * 10_000) / 10_000 + 0 : value;
}
