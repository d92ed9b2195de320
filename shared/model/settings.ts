/** What a person chose about the console itself. */
export interface Settings {
  /** Seconds between two readings of a host, 1 to 60. */
  readonly intervalSeconds: number;
  readonly theme: 'system' | 'light' | 'dark';
  readonly density: 'comfortable' | 'compact';
  readonly history: HistorySettings;
  readonly money: MoneySettings;
}

/** How long history is kept. The disk budget comes first: when it is reached, the oldest readings go, the finest first. */
export interface HistorySettings {
  readonly rawDays: number;
  readonly minuteDays: number;
  readonly hourDays: number;
  readonly diskMiB: number;
}

export interface MoneySettings {
  /** What a GiB of RAM costs in a month; 0 for "not said": nothing is then counted in money. */
  readonly pricePerGiBMonth: number;
  /** As it is written behind an amount: `EUR`, `$`. */
  readonly currency: string;
}

export const defaultSettings: Settings = {
  intervalSeconds: 5,
  theme: 'system',
  density: 'comfortable',
  history: { rawDays: 14, minuteDays: 90, hourDays: 730, diskMiB: 2048 },
  money: { pricePerGiBMonth: 0, currency: 'EUR' },
};

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
