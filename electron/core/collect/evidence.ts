/**
 * The newest text of every file and command of one host, kept answer by answer: a set's new answer replaces its old
 * one as a whole, so that a file which vanished does not linger.
 */
import type { CommandText, Evidence, FileText, Unread } from '#core/platforms/platform.ts';
import { parseAnswer } from '#core/platforms/kernel/answer.ts';
import type { AgentAnswer } from '#core/ports.ts';

type Answer = ReturnType<typeof parseAnswer>;

interface Piece {
  readonly answer: Answer;
  /** The host's own clock at this answer, seconds since boot. */
  readonly uptime: number | undefined;
  /** Came from a probe: its `unread` is complete. */
  readonly probed: boolean;
}

export class HostEvidence {
  readonly #pageSize: number;
  readonly #pieces = new Map<string, Piece>();
  readonly #unread = new Map<string, Map<string, { why: Unread; words: string }>>();

  constructor(pageSize: number) {
    this.#pageSize = pageSize;
  }

  /** @param source the set's or command's name */
  take(source: string, answer: AgentAnswer, probed: boolean): void {
    const parsed = parseAnswer(answer.text, answer.at);
    this.#pieces.set(source, { answer: parsed, uptime: uptimeIn(parsed), probed });
    // Plain reads leave out what cannot be read, so only a probe says anything new about it.
    if (probed) this.#unread.set(source, new Map(parsed.unread));
  }

  forget(source: string): void {
    this.#pieces.delete(source);
  }

  /** Everything as one view, with the host's uptime at each moment a text was read. */
  view(): { evidence: Evidence; uptimes: ReadonlyMap<number, number> } {
    const files = new Map<string, FileText>();
    const commands = new Map<string, CommandText>();
    const unread = new Map<string, { why: Unread; words: string }>();
    const uptimes = new Map<number, number>();
    for (const missing of this.#unread.values()) for (const [path, why] of missing) unread.set(path, why);
    for (const { answer, uptime } of this.#pieces.values()) {
      for (const [path, text] of answer.files) {
        files.set(path, text);
        unread.delete(path);
        if (uptime !== undefined) uptimes.set(text.at, uptime);
      }
      for (const [name, text] of answer.commands) commands.set(name, text);
    }
    return { evidence: { files, commands, unread, pageSize: this.#pageSize }, uptimes };
  }
}

function uptimeIn(answer: Answer): number | undefined {
  const first = answer.files.get('/proc/uptime')?.text.split(' ', 1)[0];
  const value = Number(first);
  return first === undefined || first === '' || !Number.isFinite(value) ? undefined : value;
}
