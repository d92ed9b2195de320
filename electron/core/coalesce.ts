/** Gathers many small "this changed" into few events: the first goes out soon, further ones at most once a period. */
import type { Clock } from './ports.ts';

/** Long enough for the hosts of one tick to arrive together, short enough not to be seen. */
const soonMs = 40;

export function coalesce<Key>(
  clock: Clock,
  periodMs: number,
  send: (keys: readonly Key[]) => void,
): { add(key: Key): void; close(): void } {
  const waiting = new Set<Key>();
  let cancel: (() => void) | undefined;
  let sentAt = -Infinity;

  const flush = (): void => {
    cancel = undefined;
    sentAt = clock.now();
    const keys = [...waiting];
    waiting.clear();
    send(keys);
  };

  return {
    add: (key) => {
      waiting.add(key);
      cancel ??= clock.after(Math.max(soonMs, sentAt + periodMs - clock.now()), flush);
    },
    close: () => cancel?.(),
  };
}
