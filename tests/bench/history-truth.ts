/** What the contestants of the history's benchmark must answer, reckoned from what they were told. */
import type { HistoryTick } from '#core/ports.ts';
import { hourMs, meanOf, watched } from './history-contest.ts';
import { guestKey, guestMetrics, hostMetric, hostName } from './history-data.ts';

/** Where a span begins and ends, one reading may count on either side; nothing else may be missing. */
const tolerance = 0.005;

export class HistoryTruth {
  readonly #from: number;
  readonly #host = hostName(watched.host);
  readonly #guest = guestKey(watched.host, watched.guest);
  readonly #counter = guestMetrics.indexOf(watched.counter);
  readonly #signal = hostMetric(watched.signal);
  #counted = 0;
  /** By hour and host. */
  readonly #sums = new Map<string, { sum: number; count: number }>();
  readonly #hours = new Set<number>();

  /** @param from when the day begins over which the counter is summed */
  constructor(from: number) {
    this.#from = from;
  }

  take(ticks: readonly HistoryTick[]): void {
    for (const { host, at, rows } of ticks) {
      const hour = Math.floor(at / hourMs);
      const key = `${hour} ${host}`;
      const so = this.#sums.get(key) ?? { sum: 0, count: 0 };
      so.sum += rows[0]?.values[this.#signal] ?? NaN;
      so.count += 1;
      this.#sums.set(key, so);
      this.#hours.add(hour);
      if (host !== this.#host || at < this.#from) continue;
      const grew = rows.find(({ guest }) => guest === this.#guest)?.values[this.#counter] ?? NaN;
      if (Number.isFinite(grew)) this.#counted += grew;
    }
  }

  checkCounted(answer: number): void {
    check('growth of a counter', answer, this.#counted);
  }

  checkSaved(answer: number): void {
    const mean = meanOf([...this.#sums.values()].map(({ sum, count }) => sum / count));
    check('mean of what the fleet saved', answer, (mean * this.#sums.size) / this.#hours.size);
  }
}

function check(what: string, answer: number, expected: number): void {
  if (!(Math.abs(answer - expected) <= Math.abs(expected) * tolerance))
    throw new Error(`${what}: ${answer} was answered instead of ${expected}`);
}
