/** The state of the history as pages are told it: at once when it changes, at most once a second. Used by history.ts. */
import type { HistoryStatus } from '#shared/model/history.ts';
import type { Clock } from '#core/ports.ts';

const tellEveryMs = 1000;

export class StatusBoard {
  readonly #clock: Clock;
  readonly #onStatus: (status: HistoryStatus) => void;
  #status: HistoryStatus;
  #toldBytes = 0;
  #toldAt = -Infinity;
  #cancel: (() => void) | undefined;

  constructor(first: HistoryStatus, clock: Clock, onStatus: (status: HistoryStatus) => void) {
    this.#status = first;
    this.#clock = clock;
    this.#onStatus = onStatus;
  }

  get status(): HistoryStatus {
    return this.#status;
  }

  /** A change of state drops the reason and the progress of the one before. */
  set(change: Partial<HistoryStatus>): void {
    const before = this.#status;
    if (change.state === undefined) this.#status = { ...before, ...change };
    else {
      const { file, bytes, budgetBytes, tiers } = before;
      this.#status = { file, bytes, budgetBytes, tiers, state: before.state, ...change };
    }
    const { state, because, bytes, progress } = this.#status;
    const grown = Math.abs(bytes - this.#toldBytes) > Math.max(1_000_000, this.#toldBytes / 50);
    if (state !== before.state || because !== before.because || progress !== before.progress || grown) this.#tell();
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #tell(): void {
    if (this.#cancel !== undefined) return;
    const wait = this.#toldAt + tellEveryMs - this.#clock.now();
    const tell = (): void => {
      this.#cancel = undefined;
      this.#toldAt = this.#clock.now();
      this.#toldBytes = this.#status.bytes;
      this.#onStatus(this.#status);
    };
    // Later than a second: the clock was set back.
    if (wait <= 0 || wait > tellEveryMs) tell();
    else this.#cancel = this.#clock.after(wait, tell);
  }
}
