/** What the console has to say about itself: one notice per id, until it is dismissed or withdrawn. */
import type { Notice } from '#shared/model/settings.ts';

export class Notices {
  readonly #notices = new Map<string, Notice>();
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  list(): readonly Notice[] {
    return [...this.#notices.values()];
  }

  add(notice: Notice): void {
    this.#notices.set(notice.id, notice);
    this.#changed();
  }

  remove(id: string): void {
    if (this.#notices.delete(id)) this.#changed();
  }
}
