/**
 * A whole saved capture as evidence: our own recordings (the agent's stream) and plain dumps as administrators mail
 * them. `inspect` and the tests call it. Never throws; time and memory are linear in the text.
 *
 * What is understood, line by line:
 * - `path:line` in any order, from `/` or relative to it, quoted by a mail or not; a file that appears twice counts as
 *   it appeared last, whole;
 * - `grep: path: reason`; `=fact …` and the other lines of the agent;
 * - `$ cmd`, `# cmd`, `user@host:~# cmd`, then its output, with or without `> `, up to `$? n`, `[exit n]` or the next
 *   command; `cat PATH` and `grep … PATH` without a path in the output are that file;
 * - `## meminfo` (or `## /proc/meminfo`) followed by the bare file, and a bare /proc/meminfo or /proc/swaps;
 * - `## dmesg…` and `## net`, followed by what that command printed;
 * - headers `# taken …`, `# date: …`, `# cmdline: …`, `# uptime: …`, `# pagesize: …`;
 * - `##### guest NAME` and `$ [NAME] cmd`: from there on, or for that command, another machine speaks. Its figures
 *   are kept apart, in `others`.
 * What an answer of the agent brought before it was cut off is kept: `inspect` shows what is there.
 * A last line without its newline may be cut in the middle of a number: it is dropped and its file noted as failed.
 */
import { epochMs } from '#shared/units.ts';
import type { EpochMs } from '#shared/units.ts';
import type { Evidence } from '../platform.ts';
import { CommandCollector, FileCollector, factLine, longestLine, status } from './answer.ts';
import { sectionCommand } from './section.ts';

export interface Capture extends Evidence {
  /** The name of the machine that spoke, '' where the capture does not tell. */
  readonly machine: string;
  readonly facts: ReadonlyMap<string, string>;
  /** What other machines say in the same capture (guests). */
  readonly others: readonly Capture[];
}

export const defaultPageSize = 4096;

const bareSections: ReadonlyMap<string, string> = new Map(
  ['meminfo', 'vmstat', 'swaps', 'cmdline', 'version', 'uptime', 'mounts'].map((name) => [name, `/proc/${name}`]),
);
const headerFiles: ReadonlyMap<string, string> = new Map([
  ['cmdline', '/proc/cmdline'],
  ['uptime', '/proc/uptime'],
]);
const protocolLine = /^=(?:hello|fact|ready|begin|end) /;
const header = /^# (taken|date|uname|cmdline|hostname|uptime|pagesize|kernel|system|who|note|source)(?:: ?| )(.*)$/;
const prompt = /^(?:\[?[\w.-]+@[^\s#$]*[^#$]{0,80}[#$]) (.+)$/;
const bareStart: readonly (readonly [RegExp, string])[] = [
  [/^MemTotal:\s+\d+ kB$/, '/proc/meminfo'],
  [/^Filename\s+Type\s+Size\s+Used\s+Priority$/, '/proc/swaps'],
];

class Machine {
  readonly name: string;
  readonly files: FileCollector;
  readonly commands: CommandCollector;
  readonly facts = new Map<string, string>();

  constructor(name: string, at: EpochMs) {
    this.name = name;
    this.files = new FileCollector(at);
    this.commands = new CommandCollector(at);
  }

  closeBlocks(exit: number | undefined): void {
    this.files.end();
    this.commands.end(exit);
  }

  capture(others: readonly Capture[]): Capture {
    this.closeBlocks(undefined);
    return {
      machine: this.name || (this.facts.get('hostname') ?? ''),
      files: this.files.files,
      commands: this.commands.commands,
      unread: this.files.unread,
      facts: this.facts,
      pageSize: pageSize(this.facts.get('pagesize') ?? this.commands.commands.get('getconf PAGESIZE')?.text),
      others,
    };
  }
}

export function parseDump(given: string): Capture {
  const text = given.startsWith('\uFEFF') ? given.slice(1) : given;
  const at = takenAt(text);
  const main = new Machine('', at);
  const others = new Map<string, Machine>();
  /** Who speaks, and who will speak again after a single command of another machine. */
  let speaker = main;
  let resident = main;
  const machine = (name: string): Machine => {
    const known = others.get(name);
    if (known) return known;
    const met = new Machine(name, at);
    others.set(name, met);
    return met;
  };

  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const raw = lines[i] ?? '';
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    const number = i + 1;
    if (line.length > longestLine) {
      speaker.files.end();
      continue;
    }
    const other = /^##### (?:guest|host) (\S.*)$/.exec(line);
    if (other?.[1] !== undefined) {
      speaker.closeBlocks(undefined);
      speaker = resident = machine(other[1].trim());
      continue;
    }
    if (line.startsWith('$ ')) {
      speaker.closeBlocks(undefined);
      const elsewhere = /^\$ \[([^\]]{1,200})\] (.*)$/.exec(line);
      speaker = elsewhere?.[1] === undefined ? resident : machine(elsewhere[1]);
      beginCommand(speaker, elsewhere?.[2] ?? line.slice(2), number);
      continue;
    }
    readLine(speaker, line, number);
  }
  if (!text.endsWith('\n') && !/ kB\r?$/.test(text)) speaker.files.dropLastLine('the capture ends within this file');
  return main.capture([...others.values()].map((met) => met.capture([])));
}

function readLine(speaker: Machine, given: string, number: number): void {
  const { files, commands } = speaker;
  const line = asAbsolute(given, commands.open);
  if (line === '') {
    files.end();
    commands.outputLine('');
  } else if (line.startsWith('/')) {
    // Within a bare file only the kernel's own trees start a new one: /proc/swaps lists /dev/… paths.
    const mayBeFile = !files.inRawFile || line.startsWith('/proc/') || line.startsWith('/sys/');
    if (!(mayBeFile && files.pathLine(line, number)) && files.inRawFile) files.rawLine(line);
    commands.outputLine(line);
  } else if (line.startsWith('> ') || line === '>') {
    commands.outputLine(line.slice(2));
  } else if (line.startsWith('$? ')) {
    speaker.closeBlocks(status(line.slice(3)));
  } else if (/^\[exit \d{1,3}\]$/.test(line)) {
    speaker.closeBlocks(status(line.slice(6, -1)));
  } else if (protocolLine.test(line)) {
    speaker.closeBlocks(undefined);
    factLine(line, speaker.facts);
  } else if (line.startsWith('##')) {
    speaker.closeBlocks(undefined);
    const section = line.replace(/^#+\s*/, '').trim();
    const path = bareSections.get(section) ?? (/^\/\S+$/.test(section) ? section : undefined);
    const command = sectionCommand(section);
    if (path !== undefined) files.begin(path, number + 1);
    else if (command !== undefined) commands.begin(command, number);
  } else if (line.startsWith('# ')) {
    readHeader(speaker, line, number);
  } else if (!files.grepLine(line)) {
    readBare(speaker, line, number);
  }
}

/** `proc/meminfo:…` of a dump taken in `/`, and `> /proc/meminfo:…` of a mail that quotes one. */
function asAbsolute(line: string, inCommand: boolean): string {
  if (line.startsWith('proc/') || line.startsWith('sys/')) return `/${line}`;
  if (line.startsWith('./proc/') || line.startsWith('./sys/')) return line.slice(1);
  return !inCommand && line.startsWith('> /') ? line.slice(2) : line;
}

function readHeader(speaker: Machine, line: string, number: number): void {
  speaker.closeBlocks(undefined);
  const found = header.exec(line);
  if (found?.[1] === undefined || found[2] === undefined) return beginCommand(speaker, line.slice(2), number);
  speaker.facts.set(found[1], found[2]);
  const path = headerFiles.get(found[1]);
  if (path === undefined) return;
  speaker.files.begin(path, number);
  speaker.files.rawLine(found[2]);
  speaker.files.end();
}

function readBare(speaker: Machine, line: string, number: number): void {
  const asked = line.length < 500 ? prompt.exec(line) : null;
  if (asked?.[1] !== undefined) {
    speaker.closeBlocks(undefined);
    return beginCommand(speaker, asked[1], number);
  }
  const { files, commands } = speaker;
  if (!files.inRawFile) {
    files.end();
    const start = bareStart.find(([first]) => first.test(line));
    if (start) files.begin(start[1], number);
  }
  if (files.inRawFile) files.rawLine(line);
  commands.outputLine(line);
}

/** `cat /proc/swaps` and `grep -E "pswp|pgmaj" /proc/vmstat` print that file's lines bare. */
function beginCommand(speaker: Machine, command: string, number: number): void {
  speaker.commands.begin(command, number);
  const plain = command.replace(/"[^"]*"|'[^']*'/g, 'Q').trim();
  const path = /^(?:sudo )?(?:cat|[ef]?grep(?: -[A-Za-z]+)* [^\s/-]\S*) (\/(?:proc|sys|etc)\/[^\s|;&*?<>]+)$/.exec(
    plain,
  )?.[1];
  if (path !== undefined) speaker.files.begin(path, number + 1);
}

function pageSize(text: string | undefined): number {
  const size = Number(text);
  return Number.isInteger(size) && size >= 1024 && size <= 2 ** 24 && Number.isInteger(Math.log2(size))
    ? size
    : defaultPageSize;
}

/** The capture's own time, from its header; 0 when it does not tell. */
function takenAt(text: string): EpochMs {
  const words = /^# (?:taken|date)(?:: ?| )(.*?)\r?$/m.exec(text.slice(0, 4096))?.[1];
  const moment = words === undefined ? NaN : Date.parse(words);
  return epochMs(Number.isNaN(moment) ? 0 : moment);
}
