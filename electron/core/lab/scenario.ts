/** A scenario: which machines there are, and what happens to them when. */
import type { Dice } from './random.ts';
import type { LabMachine } from './machine.ts';

export interface ScenarioEvent {
  /** Seconds of the lab's time after the start. */
  readonly at: number;
  /** What happens, as a sentence for the timeline. */
  readonly words: string;
  happen(): void;
}

export interface Scenery {
  readonly machines: readonly LabMachine[];
  readonly events: readonly ScenarioEvent[];
}

export interface Scenario {
  readonly id: string;
  readonly title: string;
  /** Two sentences: what is there, what to watch. */
  readonly about: string;
  /** Hour of the day at which the lab starts, 0 ≤ hour < 24. */
  readonly startHour: number;
  build(dice: Dice): Scenery;
}
