/**
 * Limits how many logins are under way at once through one first hop. sshd drops unauthenticated connections past
 * its MaxStartups at random; 8 is below the usual 10, and where even that is too many the limit is halved and grows
 * back slowly. Everybody else waits in line.
 */
export type GateOutcome = 'through' | 'crowded' | 'other';

export interface HandshakeGate {
  /** Waits for a place; the function it gives back leaves it (once; later calls do nothing). */
  enter(hop: string, signal: AbortSignal): Promise<(outcome: GateOutcome) => void>;
}

const most = 8;
/** So many logins in a row before one more at a time is tried again. */
const calmBeforeMore = 32;

interface Line {
  limit: number;
  inside: number;
  calm: number;
  readonly waiting: Set<() => void>;
}

export function createHandshakeGate(): HandshakeGate {
  const lines = new Map<string, Line>();

  const next = (line: Line): void => {
    for (const enter of line.waiting) {
      if (line.inside >= line.limit) return;
      line.waiting.delete(enter);
      line.inside++;
      enter();
    }
  };

  const leave = (line: Line, outcome: GateOutcome): void => {
    line.inside--;
    if (outcome === 'crowded') {
      line.limit = Math.max(1, Math.floor(line.limit / 2));
      line.calm = 0;
    } else if (outcome === 'through' && line.limit < most && ++line.calm >= calmBeforeMore) {
      line.limit++;
      line.calm = 0;
    }
    next(line);
  };

  return {
    enter: (hop, signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const line = lines.get(hop) ?? { limit: most, inside: 0, calm: 0, waiting: new Set() };
        lines.set(hop, line);
        const onAbort = () => {
          line.waiting.delete(enter);
          reject(signal.reason as Error);
        };
        const enter = () => {
          signal.removeEventListener('abort', onAbort);
          let left = false;
          resolve((outcome) => {
            if (left) return;
            left = true;
            leave(line, outcome);
          });
        };
        signal.addEventListener('abort', onAbort, { once: true });
        line.waiting.add(enter);
        next(line);
      }),
  };
}
