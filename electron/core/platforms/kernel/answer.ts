/**
 * One answer of the agent (agent/README.md) as files, commands and what could not be read. `collect/` calls it for
 * each answer and keeps the newest per set; dump.ts builds on the same collector. Never throws.
 */
import type { EpochMs } from '#shared/units.ts';
import type { CommandText, FileText, Unread } from '../platform.ts';
import { splitPathLine } from './path-line.ts';

export interface Unreadable {
  readonly why: Unread;
  /** The kernel's or grep's own words. */
  readonly words: string;
}

export interface Answer {
  readonly files: ReadonlyMap<string, FileText>;
  readonly commands: ReadonlyMap<string, CommandText>;
  readonly unread: ReadonlyMap<string, Unreadable>;
  /** What `=fact NAME VALUE` lines said. */
  readonly facts: ReadonlyMap<string, string>;
}

/** A line longer than this is no file of the kernel's that is read here; it is dropped and its file marked failed. */
export const longestLine = 65_536;

/** Gathers lines into files: a file that appears again at another place replaces the earlier one as a whole. */
export class FileCollector {
  readonly files = new Map<string, FileText>();
  readonly unread = new Map<string, Unreadable>();
  private readonly at: EpochMs;
  private path = '';
  private prefix = '';
  private text: string[] = [];
  private first = 0;

  constructor(at: EpochMs) {
    this.at = at;
  }

  /** True when the line was `path:line`. */
  pathLine(line: string, number: number): boolean {
    if (this.prefix !== '' && line.startsWith(this.prefix)) {
      this.text.push(line.slice(this.prefix.length));
      return true;
    }
    const split = splitPathLine(line);
    if (split === undefined) return false;
    this.begin(split.path, number, `${split.path}:`);
    this.text.push(split.rest);
    return true;
  }

  /** A file whose lines follow without a prefix (`cat`, `## meminfo`); give them to `rawLine`. */
  begin(path: string, number: number, prefix = ''): void {
    this.end();
    this.path = path.includes('//') ? path.replace(/\/{2,}/g, '/') : path;
    this.prefix = prefix;
    this.first = number;
  }

  rawLine(line: string): void {
    this.text.push(line);
  }

  get inRawFile(): boolean {
    return this.path !== '' && this.prefix === '';
  }

  /** The block is over; whatever comes next with the same path starts the file anew. */
  end(): void {
    if (this.path !== '' && this.text.length > 0) {
      while (this.inRawFile && this.text.at(-1) === '') this.text.pop();
      if (this.text.length > 0) this.keep(this.text.join('\n'));
    }
    this.path = '';
    this.prefix = '';
    this.text = [];
  }

  /** The current file's last line cannot be trusted. */
  dropLastLine(words: string): void {
    if (this.path === '') return;
    this.text.pop();
    this.unread.set(this.path, { why: 'failed', words });
  }

  /** `grep: path: reason`; true when it was one. */
  grepLine(line: string): boolean {
    if (!line.startsWith('grep: ')) return false;
    this.end();
    const cut = line.lastIndexOf(': ');
    const path = line.slice('grep: '.length, cut);
    if (cut > 'grep: '.length && path.startsWith('/')) this.refuse(path, line.slice(cut + 2));
    return true;
  }

  private refuse(path: string, words: string): void {
    this.unread.set(path, { why: whyUnread(words), words: words.slice(0, 200) });
  }

  private keep(text: string): void {
    // Capture scripts write this in the place of a file that refused to be read.
    if (text.startsWith('!unreadable ')) return this.refuse(this.path, text.slice('!unreadable '.length));
    this.files.set(this.path, { path: this.path, text, line: this.first, at: this.at });
  }
}

export function whyUnread(words: string): Unread {
  if (words.startsWith('No such file')) return 'absent';
  if (words.startsWith('Permission denied') || words.startsWith('Operation not permitted')) return 'refused';
  return 'failed';
}

/** Gathers `$ words`, output and status. A command that is run again replaces the earlier answer. */
export class CommandCollector {
  readonly commands = new Map<string, CommandText>();
  private readonly at: EpochMs;
  private command: string | undefined;
  private output: string[] = [];
  private first = 0;

  constructor(at: EpochMs) {
    this.at = at;
  }

  get open(): boolean {
    return this.command !== undefined;
  }

  begin(command: string, number: number): void {
    this.end(undefined);
    this.command = command;
    this.first = number + 1;
  }

  outputLine(line: string): void {
    if (this.command !== undefined) this.output.push(line);
  }

  end(status: number | undefined): void {
    if (this.command !== undefined) {
      while (this.output.at(-1) === '') this.output.pop();
      const { command, first: line, at } = this;
      this.commands.set(command, { command, text: this.output.join('\n'), line, at, status });
    }
    this.command = undefined;
    this.output = [];
  }
}

/** `=fact NAME VALUE` into the map; true when it was one. */
export function factLine(line: string, facts: Map<string, string>): boolean {
  const fact = /^=fact ([a-z]+) (.*)$/.exec(line);
  if (fact?.[1] === undefined || fact[2] === undefined) return false;
  facts.set(fact[1], fact[2]);
  return true;
}

/**
 * @param lines the lines between `=begin` and `=end` (either may be among them), or the whole text
 * @param at the console's clock when the answer was complete
 */
export function parseAnswer(lines: string | readonly string[], at: EpochMs): Answer {
  const all = typeof lines === 'string' ? lines.split('\n') : lines;
  const files = new FileCollector(at);
  const commands = new CommandCollector(at);
  const facts = new Map<string, string>();
  for (let i = 0; i < all.length; i++) {
    const line = all[i] ?? '';
    if (line.length > longestLine) files.end();
    else if (line.startsWith('/')) files.pathLine(line, i + 1);
    else if (line.startsWith('> ') || line === '>') commands.outputLine(line.slice(2));
    else if (line.startsWith('$ ')) commands.begin(line.slice(2), i + 1);
    else if (line.startsWith('$? ')) commands.end(status(line.slice(3)));
    else if (!files.grepLine(line)) factLine(line, facts);
  }
  files.end();
  commands.end(undefined);
  return { files: files.files, commands: commands.commands, unread: files.unread, facts };
}

export function status(text: string): number | undefined {
  return /^\d{1,3}$/.test(text.trim()) ? Number(text) : undefined;
}
