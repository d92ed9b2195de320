/** A plan as the lab's host holds it: in memory where a real one has the folder below /run. */
import type { OpenKnob } from './knob-access.ts';

export type Keep = { readonly kind: 'no' } | { readonly kind: 'as' | 'drop'; readonly instance: string };

export interface StepRecord extends OpenKnob {
  readonly from: string;
  readonly to: string;
  readonly keep: Keep;
  /** What was read back after writing. */
  readBack?: string;
  /** What became of it when it was undone, in the protocol's words. */
  undone?: string;
}

/** The agent that began a plan: as long as it lives, the plan may be one that is still being told. */
export interface Owner {
  readonly ended: boolean;
}

export interface PlanRecord {
  readonly name: string;
  readonly owner: Owner;
  state: 'preparing' | 'armed' | 'undoing' | 'undone' | 'kept';
  readonly steps: StepRecord[];
  /** Steps begun. */
  at: number;
  /** By the real clock; only while it is armed. */
  deadline?: number;
  /** Ends its watcher. */
  rest(): void;
}
