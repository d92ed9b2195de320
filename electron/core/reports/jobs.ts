/** Work in the order in which it was asked for, one piece at a time; each piece can be stopped. */
export class Queue {
  #last: Promise<unknown> = Promise.resolve();
  readonly #stops = new Map<string, AbortController>();

  /** `run` is called also when it was stopped before its turn: it finds its signal aborted. */
  add<Answer>(id: string, run: (signal: AbortSignal) => Promise<Answer>): Promise<Answer> {
    const stop = new AbortController();
    this.#stops.set(id, stop);
    const turn = this.#last.then(() => run(stop.signal)).finally(() => this.#stops.delete(id));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  has(id: string): boolean {
    return this.#stops.has(id);
  }

  stop(id: string): void {
    this.#stops.get(id)?.abort();
  }

  /** Stops all, and resolves when the last has ended. */
  async end(): Promise<void> {
    for (const stop of this.#stops.values()) stop.abort();
    await this.#last;
  }
}
