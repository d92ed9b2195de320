/** Waits for a history that is brought up to date: until then it answers nothing. Called by reports.ts. */
import type { Clock } from '#core/ports.ts';
import { stopWhenAborted } from './make-report.ts';
import type { ReportSources } from './sources.ts';

const lookAgainMs = 500;

/** @param told each time it is not open yet. Rejects: cancelled. */
export async function historyOpened(
  { history }: Pick<ReportSources, 'history'>,
  clock: Clock,
  signal: AbortSignal,
  told: () => void,
): Promise<void> {
  while (history.status().state === 'opening') {
    stopWhenAborted(signal);
    told();
    await new Promise<void>((resolve) => {
      const cancel = clock.after(lookAgainMs, resolve);
      signal.addEventListener('abort', () => (cancel(), resolve()), { once: true });
    });
  }
}
