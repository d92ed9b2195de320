/**
 * From counters to rates, and to what they grew by. Time is the host's own uptime, so neither clock jump nor a late
 * answer bends a rate. A counter that went backwards was reset (module reload, a cgroup made anew): that tick has
 * neither. Called for every counter of every tick.
 */
import { held } from '#core/ports.ts';

interface Seen {
  value: number;
  uptime: number;
  rate: number | undefined;
  round: number;
}

export class Rates {
  #boot = '';
  #round = 0;
  readonly #seen = new Map<string, Seen>();

  // Of the counter that `rate` was asked for last: a second look-up, or an object for each counter, would be paid for
  // a hundred thousand times a second.

  /** By how much it grew since it was read last. `held` when it was not read anew, NaN on first sight or after a reset. */
  grown = NaN;
  /** Whether it began anew without a reboot. */
  reset = false;

  /**
   * Starts a round. Another boot id forgets everything: nothing reaches across a reboot.
   * @returns whether the host rebooted since the last round
   */
  begin(bootId: string): boolean {
    const before = this.#boot;
    if (bootId !== before) this.#seen.clear();
    this.#boot = bootId;
    this.#round += 1;
    return before !== '' && bootId !== '' && bootId !== before;
  }

  /**
   * @param uptime seconds since boot when the value was read
   * @returns per second; undefined on first sight, after a reset, or when no time passed and nothing is known yet
   */
  rate(key: string, value: number, uptime: number): number | undefined {
    const before = this.#seen.get(key);
    this.reset = false;
    if (before === undefined) {
      this.#seen.set(key, { value, uptime, rate: undefined, round: this.#round });
      this.grown = NaN;
      return undefined;
    }
    before.round = this.#round;
    // The same reading seen again (its set is read more rarely than the tick): the rate stands.
    if (uptime === before.uptime) {
      this.grown = held;
      return before.rate;
    }
    const passed = uptime - before.uptime;
    const moved = value - before.value;
    this.reset = moved < 0;
    // Time runs backwards in a machine that was put back to a snapshot; what its counters say is no growth.
    const counted = passed > 0 && moved >= 0;
    this.grown = counted ? moved : NaN;
    before.rate = counted ? moved / passed : undefined;
    before.value = value;
    before.uptime = uptime;
    return before.rate;
  }

  /** The rate as it was last found, without taking a value. */
  known(key: string): number | undefined {
    return this.#seen.get(key)?.rate;
  }

  /** Drops counters that were not seen this round: their guest or device is gone. */
  end(): void {
    for (const [key, seen] of this.#seen) if (seen.round !== this.#round) this.#seen.delete(key);
  }
}
