/** What a command of the command line is. */
export interface Option {
  readonly words: string;
  readonly summary: string;
}

export interface Command {
  /** The word that picks it; '' for the console itself. */
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  readonly options: readonly Option[];
  /** Resolves to the exit status. */
  run(words: readonly string[]): Promise<number>;
}

/** The words on the command line make no sense; exit status 2. */
export class UsageError extends Error {}
