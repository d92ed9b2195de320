/** What is written down on the lab's host to survive: /etc/tmem-console/settings of a real one, and its replay unit. */
import { valueProblem } from '#core/platforms/change-check.ts';
import { encodeText } from '#core/platforms/change-text.ts';
import type { KnobAccess, OpenKnob } from './knob-access.ts';
import type { StepRecord } from './plan-record.ts';

interface Line {
  readonly name: string;
  readonly keptAs: string;
  readonly value: string;
}

export class KeptSettings {
  #lines: readonly Line[] = [];
  /** What was replayed since it is there. */
  #replayed: ReadonlySet<string> = new Set();
  readonly #access: KnobAccess;

  constructor(access: KnobAccess) {
    this.#access = access;
  }

  /** Writes down what the steps say of it; the last word on a setting counts. */
  keep(steps: readonly StepRecord[]): void {
    for (const { knob, to, keep } of steps) {
      if (keep.kind === 'no') continue;
      const others = this.#lines.filter(({ name, keptAs }) => name !== knob.name || keptAs !== keep.instance);
      this.#lines = keep.kind === 'drop' ? others : [...others, { name: knob.name, keptAs: keep.instance, value: to }];
    }
  }

  /** As `drift` answers. */
  drift(): readonly string[] {
    return this.#lines.map((line) => {
      const now = this.#now(line);
      const words = [line.name, encodeText(line.keptAs), encodeText(line.value)];
      return `> ${[...words, typeof now === 'string' ? encodeText(now) : '-'].join(' ')}`;
    });
  }

  /** What is so now becomes what is wanted; of what is not there the line is dropped. */
  accept(): void {
    this.#lines = this.#lines.flatMap((line) => {
      const open = this.#open(line);
      if (open === undefined) return [];
      const value = this.#access.read(open);
      // What can be read and not written (unknown, unfinished) says nothing new.
      return [
        typeof value === 'string' && valueProblem(open.knob.value, value) === undefined ? { ...line, value } : line,
      ];
    });
  }

  /** Boot: nothing was replayed yet. */
  forgetReplay(): void {
    this.#replayed = new Set();
  }

  /** Writes each once for what it belongs to since that is there: what somebody sets by hand afterwards stays. */
  replay(): void {
    const done = new Set<string>();
    for (const line of this.#lines) {
      const open = this.#open(line);
      if (open === undefined) continue;
      const mark = `${line.name} ${line.keptAs} ${open.instance}`;
      const isSo = this.#replayed.has(mark) || (open.knob.check === 'exact' && this.#access.read(open) === line.value);
      if (!isSo) this.#access.write(open, line.value);
      done.add(mark);
    }
    this.#replayed = done;
  }

  #now(line: Line): string | undefined {
    const open = this.#open(line);
    const value = open === undefined ? undefined : this.#access.read(open);
    return typeof value === 'string' ? value : undefined;
  }

  #open({ name, keptAs }: Line): OpenKnob | undefined {
    const open = this.#access.openKept(name, keptAs);
    return 'knob' in open ? open : undefined;
  }
}
