/**
 * Turns the bytes of the agent's channel into its greeting and its answers, piece by piece, with bounded memory,
 * whatever the other side sends. Called by agent-channel.ts for every chunk. It has no clock and asks nothing.
 */
import { problem } from '#shared/problem.ts';
import type { Problem } from '#shared/problem.ts';
import { createByteStore } from './byte-store.ts';

export interface ReaderLimits {
  /** What start-up files may print before the greeting, and the greeting itself. */
  readonly noise: number;
  readonly line: number;
  readonly answer: number;
}

export const readerLimits: ReaderLimits = { noise: 64 * 1024, line: 1024 * 1024, answer: 16 * 1024 * 1024 };

export type AnswerEnd =
  | { readonly outcome: 'ok'; readonly text: string }
  | { readonly outcome: 'refused' | 'failed' | 'absent' | 'conflict' | 'garbled'; readonly words: string };

export interface ReaderEvents {
  /** The greeting is complete. `facts` are the words after `=fact NAME`. */
  ready(version: number, facts: ReadonlyMap<string, string>): void;
  answer(id: number, end: AnswerEnd): void;
  /** What came is no protocol any more; nothing further is told. */
  broken(why: Problem): void;
}

export interface AgentReader {
  push(chunk: Buffer): void;
  /** What came before the greeting: the start of it, for a sentence about why there was none. */
  noise(): string;
}

const newline = 0x0a;
const equals = 0x3d;
/** `/path:line`, `grep: …`, `$ words`, `$? status`, `> output`. */
const bodyStarts = new Set([...'/g$>'].map((start) => start.charCodeAt(0)));
const mostFacts = 200;
/** `=hello`, a version of four digits, a nonce of sixteen, a line end, and one to spare. */
const longestGreeting = 32;
const shownNoise = 1500;

/** @param host for the sentences */
export function createAgentReader(
  host: string,
  nonce: string,
  events: ReaderEvents,
  limits: ReaderLimits = readerLimits,
): AgentReader {
  let stage: 'noise' | 'facts' | 'idle' | 'answer' | 'broken' = 'noise';
  const noise = createByteStore();
  /** The last characters of the noise, in which a greeting may have begun. */
  let tail = '';
  let greetingBytes = 0;
  let version = 0;
  const facts = new Map<string, string>();
  /** The beginning of a line whose end has not come yet. */
  const rest = createByteStore();
  const body = createByteStore();
  let answering = 0;
  let garbled: string | undefined;
  const greeting = new RegExp(`=hello (\\d{1,4}) ${nonce}\\r?\\n`);

  const broken = (
    code: 'agent-garbled' | 'agent-too-much' | 'agent-silent',
    sentence: string,
    words?: string,
  ): void => {
    stage = 'broken';
    rest.clear();
    body.clear();
    events.broken(problem(code, sentence, words));
  };

  const tooMuch = (what: string): void =>
    broken('agent-too-much', `${host} sent ${what}, more than any agent of ours. The connection was dropped.`);

  const outOfStep = (line: string): void =>
    broken(
      'agent-garbled',
      `${host} sent something that is not the agent's protocol. The connection was dropped.`,
      printable(line.slice(0, 200)),
    );

  const readFact = (line: string): void => {
    if (line === `=ready ${nonce}`) {
      stage = 'idle';
      events.ready(version, facts);
      return;
    }
    const fact = /^=fact (\w{1,32}) ?(.*)$/.exec(line);
    if (fact?.[1] === undefined || facts.size >= mostFacts) return outOfStep(line);
    facts.set(fact[1], printable(fact[2] ?? ''));
  };

  const readBegin = (line: string): void => {
    const begin = /^=begin (\d{1,9})$/.exec(line);
    if (begin === null) return outOfStep(line);
    stage = 'answer';
    answering = Number(begin[1]);
    garbled = undefined;
  };

  const readEnd = (line: string): void => {
    const end = /^=end (\d{1,9}) (ok|refused|failed|absent|conflict)(?: (.*))?$/.exec(line);
    if (end === null || Number(end[1]) !== answering) return outOfStep(line);
    stage = 'idle';
    const outcome = end[2] as Exclude<AnswerEnd['outcome'], 'garbled'>;
    const text = body.take();
    if (outcome !== 'ok') events.answer(answering, { outcome, words: printable(end[3] ?? '') });
    else if (garbled !== undefined) events.answer(answering, { outcome: 'garbled', words: garbled });
    else events.answer(answering, { outcome, text });
  };

  /** One whole line: `bytes` from `from` up to, not including, its newline at `to`. */
  const readLine = (bytes: Buffer, from: number, to: number): void => {
    if (stage === 'answer' && bytes[from] !== equals) {
      if (from === to || !bodyStarts.has(bytes[from] ?? 0))
        garbled ??= printable(bytes.toString('utf8', from, Math.min(to, from + 200)));
      if (body.length + to - from + 1 > limits.answer) return tooMuch(`an answer of over ${mebibytes(limits.answer)}`);
      if (body.length > 0) body.add(newlineBytes, 0, 1);
      body.add(bytes, from, to);
      return;
    }
    const line = bytes.toString('utf8', from, to);
    if (stage === 'facts') {
      greetingBytes += to - from + 1;
      if (greetingBytes > limits.noise) return tooMuch('a greeting without end');
      readFact(line);
    } else if (stage === 'answer') readEnd(line);
    else readBegin(line);
  };

  const readLines = (chunk: Buffer): void => {
    let from = 0;
    while (from < chunk.length && stage !== 'broken') {
      const end = chunk.indexOf(newline, from);
      const to = end === -1 ? chunk.length : end;
      if (rest.length + to - from > limits.line) return tooMuch(`a line of over ${mebibytes(limits.line)}`);
      if (end === -1) return rest.add(chunk, from, to);
      if (rest.length === 0) readLine(chunk, from, to);
      else {
        rest.add(chunk, from, to);
        const line = rest.takeBytes();
        readLine(line, 0, line.length);
      }
      from = end + 1;
    }
  };

  const readNoise = (chunk: Buffer): void => {
    // Latin-1 keeps one character per byte, so that positions in the text are positions in the stream.
    const text = tail + chunk.toString('latin1');
    const found = greeting.exec(text);
    if (found !== null) {
      version = Number(found[1]);
      stage = 'facts';
      readLines(chunk.subarray(found.index + found[0].length - tail.length));
      return;
    }
    tail = text.slice(-longestGreeting);
    noise.add(chunk, 0, Math.min(chunk.length, limits.noise - noise.length));
    if (noise.length < limits.noise) return;
    const words = noiseWords();
    broken(
      'agent-silent',
      `${host} prints more than ${limits.noise / 1024} KiB before the agent can speak. Keep its shell start-up files (.bashrc, .cshrc) quiet for non-interactive logins.`,
      words,
    );
  };

  const noiseWords = (): string => printable(noise.start(shownNoise));

  return {
    push: (chunk) => {
      if (stage === 'noise') readNoise(chunk);
      else readLines(chunk);
    },
    noise: noiseWords,
  };
}

const newlineBytes = Buffer.from('\n');
const mebibytes = (bytes: number): string => `${bytes / 1024 / 1024} MiB`;

/** Text of a host, for a person: no control characters. */
export const printable = (text: string): string => text.replace(/[^\P{C}\n]+/gu, ' ').trim();
