/** Gathers many small "this changed" into few events: the first goes out soon, further ones at most once a period. */
import type { Clock } from './ports.ts';

/** Long enough for the hosts of one tick to arrive together, short enough not to be seen. */
const soonMs = 40;

export interface Coalesced<Key> {
  /** @param soon out of turn, for what somebody waits for */
  add(key: Key, soon?: boolean): void;
  /** Nothing is sent from then on. */
  close(): void;
}

export function coalesce<Key>(clock: Clock, periodMs: number, send: (keys: readonly Key[]) => void): Coalesced<Key> {
  const waiting = new Set<Key>();
  let cancel: (() => void) | undefined;
  let sentAt = -Infinity;
  let dueAt = Infinity;
  let closed = false;

  const flush = (): void => {
    cancel = undefined;
    sentAt = clock.now();
    const keys = [...waiting];
    waiting.clear();
    send(keys);
  };

  return {
    add: (key, soon = false) => {
      if (closed) return;
      waiting.add(key);
      const now = clock.now();
      // Never longer than a period: a clock that was set back must not hold anything up.
      const due = now + Math.max(soonMs, soon ? 0 : Math.min(periodMs, sentAt + periodMs - now));
      if (cancel !== undefined && due >= dueAt) return;
      cancel?.();
      dueAt = due;
      cancel = clock.after(due - now, flush);
    },
    close: () => {
      closed = true;
      cancel?.();
    },
  };
}
