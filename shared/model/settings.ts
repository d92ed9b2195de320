/** What a person chose about the console itself. */
export interface Settings {
  /** Seconds between two readings of a host, 1 to 60. */
  readonly intervalSeconds: number;
  readonly theme: 'system' | 'light' | 'dark';
  readonly density: 'comfortable' | 'compact';
}

export const defaultSettings: Settings = { intervalSeconds: 5, theme: 'system', density: 'comfortable' };

/** Something about the console itself that a person should know, until they dismiss it or it passes. */
export interface Notice {
  readonly id: string;
  readonly level: 'info' | 'warning';
  readonly sentence: string;
  readonly words?: string;
}

export interface ConsoleInfo {
  readonly version: string;
  /** `desktop` has Electron's runtime, `browser` is the same console behind the loopback door. */
  readonly shell: 'desktop' | 'browser';
  readonly dataDir: string;
  /** False when inventory and settings could not be written there: they last until the console ends. */
  readonly persistent: boolean;
  readonly platform: string;
  readonly node: string;
}
