/** The kernel's log of a 3.10 host, as far as zcache and RAMster write to it. The oldest lines go first. */
const most = 400;

export class KernelLog {
  private readonly lines: string[] = [];
  private readonly clock: () => number;

  /** @param clock seconds since boot */
  constructor(clock: () => number) {
    this.clock = clock;
  }

  say(words: string): void {
    this.sayAt(this.clock(), words);
  }

  sayAt(seconds: number, words: string): void {
    this.lines.push(`[${seconds.toFixed(6).padStart(12)}] ${words}`);
    if (this.lines.length > most) this.lines.shift();
  }

  text(keep: (line: string) => boolean = () => true): string {
    return this.lines
      .filter(keep)
      .map((line) => `${line}\n`)
      .join('');
  }
}

/** What a kernel booted with `zcache ramster` says first. */
export function sayBoot(log: KernelLog, commandLine: string, swap: boolean): void {
  log.sayAt(0, `Command line: ${commandLine}`);
  log.sayAt(1.531915, 'zcache: using lzo compressor');
  log.sayAt(1.5329, 'ramster: cleancache enabled using kernel transcendent memory and compression buddies');
  log.sayAt(1.53306, 'ramster: cleancache: ignorenonactive = 1');
  log.sayAt(1.533268, 'ramster: frontswap enabled using kernel transcendent memory and compression buddies');
  log.sayAt(1.533415, 'ramster: frontswap: excl gets = 1 active only = 1');
  log.sayAt(1.533926, 'ramster: r2net handlers registered');
  log.sayAt(1.534046, 'ramster: Initializing frontswap selfshrink driver.');
  log.sayAt(1.775936, 'ramster: created ephemeral local tmem pool, id=0');
  // At swapon.
  if (swap) log.sayAt(3.412077, 'ramster: created persistent local tmem pool, id=1');
}
