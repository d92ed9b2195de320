/** The lab: a cluster that lives in memory, shown by the console like any other, and never mistaken for one. */
export interface LabScenario {
  readonly id: string;
  readonly title: string;
  readonly about: string;
}

export const labSpeeds = [1, 10, 60] as const;
export type LabSpeed = (typeof labSpeeds)[number];

export interface LabStatus {
  readonly scenario: LabScenario;
  /** The same seed gives the same lab. */
  readonly seed: number;
  readonly speed: LabSpeed;
  readonly paused: boolean;
  /** Seconds of the lab's own time since its start. */
  readonly elapsed: number;
  /** Hour of the lab's day, 0 ≤ hour < 24. */
  readonly hour: number;
  /** What has happened so far, oldest first. */
  readonly happened: readonly { readonly at: number; readonly words: string }[];
}
