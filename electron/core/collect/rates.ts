/**
 * From counters to rates. Time is the host's own uptime, so neither clock jump nor a late answer bends a rate. A
 * counter that went backwards was reset (reboot, module reload, a cgroup made anew): that tick has no rate.
 */
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

  /** Starts a round. Another boot id forgets everything: no rate reaches across a reboot. */
  begin(bootId: string): void {
    if (bootId !== this.#boot) this.#seen.clear();
    this.#boot = bootId;
    this.#round += 1;
  }

  /**
   * @param uptime seconds since boot when the value was read
   * @returns per second; undefined on first sight, after a reset, or when no time passed and nothing is known yet
   */
  rate(key: string, value: number, uptime: number): number | undefined {
    const before = this.#seen.get(key);
    if (before === undefined) {
      this.#seen.set(key, { value, uptime, rate: undefined, round: this.#round });
      return undefined;
    }
    before.round = this.#round;
    // The same reading seen again (its set is read more rarely than the tick): the rate stands.
    if (uptime === before.uptime) return before.rate;
    const passed = uptime - before.uptime;
    const moved = value - before.value;
    before.rate = passed > 0 && moved >= 0 ? moved / passed : undefined;
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
