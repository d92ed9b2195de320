/**
 * Plans: a change as data, that can be read before it is made. Steps in order, each with the value that was seen, the
 * new one, the reason, the risk and the way back. A run is what became of applying it.
 */
import type { EpochMs } from '#shared/units.ts';
import type { HostId } from '#shared/model/host.ts';
import type { SignalId } from '#shared/model/metric.ts';
import type { Problem } from '#shared/problem.ts';
import type { Finding, Wish } from '#shared/model/wish.ts';

export type PlanId = string;

/** Whether the values come back after a reboot of the host, or a restart of the guest they belong to. */
export type Persistence = 'until-reboot' | 'survives';
export type Risk = 'low' | 'medium' | 'high';

export interface PlanStep {
  readonly host: HostId;
  /** 0 is the canary, or all where there is none. The next wave begins when the guard stayed green over this one. */
  readonly wave: number;
  /** Steps of one stage are made on all hosts at the same time; the next stage begins when all are done. */
  readonly stage: number;
  /** Name of the knob, as the agent knows it. */
  readonly knob: string;
  /** The file (a whole path), the guest, device or cluster it belongs to; '' for the host. */
  readonly instance: string;
  /** `zswap enabled`, `memory.zswap.max of db-1`. */
  readonly title: string;
  /** What is written where: the file's path, or the words of the command. */
  readonly place: string;
  /** In the agent's spelling. `unknown` where nothing can be read back. */
  readonly from: string;
  readonly to: string;
  /** Of both, where they are amounts of memory. */
  readonly unit?: 'bytes' | 'KiB' | 'MiB';
  readonly because: string;
  readonly risk: Risk;
  /** What could go wrong, as a sentence; '' for nothing worth saying. */
  readonly riskWords: string;
  /** How it is taken back: the host writes the old value again, or it cannot be. */
  readonly undo: 'old-value' | 'none';
  /** Said beside it: why it cannot be undone, or what the undo does not bring back. */
  readonly undoWords: string;
  /** How long the value lasts by itself. */
  readonly survives: 'nothing' | 'guest-restart' | 'reboot';
  /** Another value was written down there before: taking the plan back writes the old one, and does not drop the line. */
  readonly heldBefore?: true;
  /** Where it is written down when the plan is to survive: the instance, with one `*` for a number that changes. */
  readonly keepAs?: string;
}

/** What the console does not do itself: lines for an administrator, and how to take them back. */
export interface ManualStep {
  readonly host: HostId;
  readonly title: string;
  readonly because: string;
  readonly lines: readonly string[];
  readonly undoLines: readonly string[];
  readonly needs: 'reboot' | 'remount' | 'guest-restart' | 'nothing';
}

/** How a plan is spread over its targets. */
export interface Waves {
  /** The first target alone, watched before the others follow. */
  readonly canary: boolean;
  /** Targets of each further wave; 0 for all at once. */
  readonly size: number;
  /** How long the guard has to stay green before the next wave, in seconds. */
  readonly watchSeconds: number;
}

export const usualWaves: Waves = { canary: false, size: 0, watchSeconds: 30 };

export interface Plan {
  readonly id: PlanId;
  readonly title: string;
  /** A letter or two that marks it on charts: A, B, … Z, AA. */
  readonly letter: string;
  readonly createdAt: EpochMs;
  /** Who had it drawn up: `user@machine`. */
  readonly createdBy: string;
  readonly wish: Wish;
  readonly hosts: readonly { readonly host: HostId; readonly name: string }[];
  readonly steps: readonly PlanStep[];
  readonly manual: readonly ManualStep[];
  /** What it will do, as sentences with figures. */
  readonly will: readonly string[];
  readonly persistence: Persistence;
  readonly waves: Waves;
  /** It takes back that plan. */
  readonly reverses?: PlanId | undefined;
}

export type StepState = 'waiting' | 'writing' | 'done' | 'undone' | 'left' | 'failed';

export interface StepRun {
  readonly state: StepState;
  /** What the host said afterwards. */
  readonly readBack?: string | undefined;
  /** Of a step that failed, or was left as somebody else had set it meanwhile. */
  readonly words?: string | undefined;
}

/** One host during a run. `armed`: it undoes by itself at the deadline unless it is told to keep. */
export interface HostRun {
  readonly host: HostId;
  readonly state: 'waiting' | 'armed' | 'kept' | 'undone' | 'partly-undone' | 'unreachable' | 'rebooted';
  /** By the console's clock. */
  readonly deadlineAt?: EpochMs | undefined;
  readonly words?: string | undefined;
}

export interface GuardReading {
  readonly host: HostId;
  readonly signal: SignalId;
  /** Mean over the window before the first write; undefined when there was too little. */
  readonly before?: number | undefined;
  /** Crossing it undoes the plan. */
  readonly limit: number;
  readonly now?: number | undefined;
  readonly breached: boolean;
}

export type RunState =
  'arming' | 'applying' | 'watching' | 'keeping' | 'undoing' | 'kept' | 'undone' | 'partly-undone' | 'unknown';

export interface PlanRun {
  readonly state: RunState;
  readonly by: string;
  readonly startedAt: EpochMs;
  /** When it was kept or undone. */
  readonly endedAt?: EpochMs | undefined;
  /** Parallel to the plan's steps. */
  readonly steps: readonly StepRun[];
  readonly hosts: readonly HostRun[];
  readonly wave: number;
  /** When the next wave may begin, by the console's clock. */
  readonly waveReadyAt?: EpochMs | undefined;
  readonly guard: readonly GuardReading[];
  /** Why it was undone or stands still. */
  readonly problem?: Problem | undefined;
}

/** One figure before and after a change, with the windows it was taken over. */
export interface ImpactLine {
  readonly host: HostId;
  readonly signal: SignalId;
  readonly before?: number | undefined;
  readonly after?: number | undefined;
}

export interface Impact {
  /** False: a window is too short or has gaps; `words` says which. */
  readonly enough: boolean;
  readonly words: string;
  readonly beforeSeconds: number;
  readonly afterSeconds: number;
  readonly lines: readonly ImpactLine[];
}

export interface PlanView {
  readonly plan: Plan;
  readonly state: 'draft' | RunState;
  readonly run?: PlanRun | undefined;
  readonly impact?: Impact | undefined;
}

/** What drafting came to: a plan, or what stands in its way. No steps and no manual steps: there is nothing to do. */
export interface Draft {
  readonly plan?: Plan | undefined;
  readonly fields: readonly { readonly field: string; readonly sentence: string }[];
  readonly findings: readonly Finding[];
}
