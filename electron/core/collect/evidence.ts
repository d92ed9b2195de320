/**
 * The newest text of every file and command of one host, kept answer by answer: a set's new answer replaces its old
 * one as a whole, so that a file which vanished does not linger. The merged view is kept current in place: a tick
 * costs what changed in it.
 */
import type { CommandText, Evidence, FileText, Unread } from '#core/platforms/platform.ts';
import { parseAnswer } from '#core/platforms/kernel/answer.ts';
import type { Answer } from '#core/platforms/kernel/answer.ts';
import type { AgentAnswer } from '#core/ports.ts';

type Missing = Map<string, { why: Unread; words: string }>;

interface Piece {
  readonly answer: Answer;
  readonly at: number;
  /** Whether it brought the host's clock along; a command's answer does not. */
  readonly clocked: boolean;
}

export class HostEvidence {
  readonly #pieces = new Map<string, Piece>();
  readonly #missing = new Map<string, Missing>();
  readonly #files = new Map<string, FileText>();
  readonly #commands = new Map<string, CommandText>();
  /** The host's own clock, seconds since boot, by the console's moment of an answer. */
  readonly #uptimes = new Map<number, number>();
  readonly #pageSize: number;
  #latestUptime = 0;
  #readAt: number | undefined;

  constructor(pageSize: number) {
    this.#pageSize = pageSize;
  }

  /** Starts a round. */
  begin(): void {
    this.#readAt = undefined;
  }

  /**
   * When the first answer of this round came that brought the host's clock; undefined when none did. It was read then:
   * a tool that answers late must not make the counters beside it look late, and their rates too low and then too high.
   */
  get readAt(): number | undefined {
    return this.#readAt;
  }

  /**
   * @param source the set's or command's name
   * @param probed plain reads leave out what cannot be read, so only a probe says anything new about that
   * @returns whether it held anything besides the host's clock
   */
  take(source: string, answer: AgentAnswer, probed: boolean): boolean {
    const parsed = parseAnswer(answer.text, answer.at);
    this.forget(source);
    for (const [path, text] of parsed.files) {
      // Every set brings the host's clock along: of those the newest counts, not the set that was asked for last.
      if (text.at >= (this.#files.get(path)?.at ?? 0)) this.#files.set(path, text);
    }
    for (const [name, text] of parsed.commands) this.#commands.set(name, text);
    if (probed) this.#missing.set(source, new Map(parsed.unread));
    const uptime = uptimeIn(parsed);
    this.#latestUptime = Math.max(this.#latestUptime, uptime ?? 0);
    if (uptime !== undefined) this.#readAt ??= answer.at;
    // Answers of one packet arrive at one moment, and their clocks differ by hundredths. The first one stands for all as
    // long as any of them does: a moment whose uptime moved would look like a reading taken anew. A command brings no
    // clock of its own; it ran with the sets of its round.
    const beside = this.#at(answer.at);
    if (uptime === undefined ? beside.length === 0 : beside.every(({ clocked }) => !clocked))
      this.#uptimes.set(answer.at, uptime ?? this.#latestUptime);
    this.#pieces.set(source, { answer: parsed, at: answer.at, clocked: uptime !== undefined });
    return parsed.commands.size > 0 || parsed.files.size > (uptime === undefined ? 0 : 1);
  }

  forget(source: string): void {
    const before = this.#pieces.get(source);
    if (before === undefined) return;
    this.#pieces.delete(source);
    const { files, commands } = before.answer;
    for (const [path, text] of files) if (this.#files.get(path) === text) this.#files.delete(path);
    for (const [name, text] of commands) if (this.#commands.get(name) === text) this.#commands.delete(name);
    if (this.#at(before.at).length === 0) this.#uptimes.delete(before.at);
  }

  #at(moment: number): Piece[] {
    return [...this.#pieces.values()].filter(({ at }) => at === moment);
  }

  /** Current until the next `take`; not a copy. */
  view(): Evidence {
    const unread: Missing = new Map();
    for (const missing of this.#missing.values()) {
      for (const [path, why] of missing) if (!this.#files.has(path)) unread.set(path, why);
    }
    return { files: this.#files, commands: this.#commands, unread, pageSize: this.#pageSize };
  }

  /** Seconds since boot when an answer came at this moment; the latest known where that moment is not. */
  uptimeAt(at: number | undefined): number {
    return (at === undefined ? undefined : this.#uptimes.get(at)) ?? this.#latestUptime;
  }
}

function uptimeIn(answer: Answer): number | undefined {
  const first = answer.files.get('/proc/uptime')?.text.split(' ', 1)[0];
  const value = Number(first);
  return first === undefined || first === '' || !Number.isFinite(value) ? undefined : value;
}
