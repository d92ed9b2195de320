/** What a measurement has started or made, undone in reverse: at its end, after a failure, and on Ctrl-C. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class Tidy {
  /** A signal came: nothing new is to be started. */
  interrupted = false;
  #undo: (() => unknown)[] = [];

  add(undo: () => unknown): void {
    this.#undo.push(undo);
  }

  folder(): string {
    const made = mkdtempSync(join(tmpdir(), 'tmem-bench-'));
    this.add(() => rmSync(made, { recursive: true, force: true }));
    return made;
  }

  /** Goes on when one of them fails; calling it again does nothing. */
  async all(): Promise<void> {
    for (let undo = this.#undo.pop(); undo !== undefined; undo = this.#undo.pop()) {
      try {
        await undo();
      } catch (error) {
        console.error('while tidying up:', error);
      }
    }
  }
}

/** Ctrl-C and the like: what is running is undone, then the process ends with the status of the signal. */
export function tidyOnSignal(tidy: Tidy): void {
  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)
    process.once(signal, () => {
      tidy.interrupted = true;
      void tidy.all().finally(() => process.exit(status));
    });
}
