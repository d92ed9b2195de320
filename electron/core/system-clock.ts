/** Real time. Timers do not keep the process alive: doors do. */
import { epochMs } from '#shared/units.ts';
import type { Clock } from './ports.ts';

export const systemClock: Clock = {
  now: () => epochMs(Date.now()),
  after: (ms, run) => {
    const timer = setTimeout(run, ms).unref();
    return () => clearTimeout(timer);
  },
};
