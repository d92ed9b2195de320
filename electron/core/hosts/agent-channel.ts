/**
 * Runs one command on a connection and speaks the agent's protocol with it: sends the script, waits for the greeting,
 * then answers requests in order. One channel, once; agent-link.ts decides which command. Every wait has an end.
 */
import { randomBytes } from 'node:crypto';
import type { Client, ClientChannel } from 'ssh2';
import { ProblemError, problem } from '#shared/problem.ts';
import type { Problem } from '#shared/problem.ts';
import type { AgentAnswer, AgentVerb, Clock } from '#core/ports.ts';
import { createAgentReader, printable } from './agent-reader.ts';
import type { AnswerEnd } from './agent-reader.ts';
import { answerProblem, limitOf, linesOf, wordsOf } from './agent-request.ts';
import type { Limits } from './connect.ts';
import { channelProblem } from './ssh-problems.ts';

export interface AgentChannel {
  readonly version: number;
  readonly facts: ReadonlyMap<string, string>;
  ask(request: AgentVerb): Promise<AgentAnswer>;
  /** Told once, also when it was closed from here. */
  onEnd(listen: (why: Problem) => void): void;
  /** @param why what those are told who wait for an answer */
  close(why?: Problem): void;
}

/** There was no greeting. The channel is being closed. */
export interface Silence {
  /** The command ended by itself, with this status. */
  readonly status: number | undefined;
  readonly timedOut: boolean;
  /** What it printed: standard error first. */
  readonly words: string;
  /** Set when it broke the protocol, or was given up. */
  readonly problem: Problem | undefined;
  /** When the other side has closed the channel too. It may be long in coming, so this ends after a while. */
  closed(): Promise<void>;
}

interface Waiting {
  readonly id: number;
  readonly request: AgentVerb;
  resolve(answer: AgentAnswer): void;
  reject(error: ProblemError): void;
}

export interface StartOptions {
  readonly client: Client;
  /** For the sentences. */
  readonly where: string;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly signal: AbortSignal;
  command(nonce: string): string;
  /** Sent on standard input; undefined for the installed agent. */
  readonly script: string | undefined;
}

const keptStderr = 2000;
/** How long a channel that we close may take to close on the other side before it is given up. */
const closingMs = 5000;

export async function startAgentChannel(options: StartOptions): Promise<AgentChannel | Silence> {
  const { client, where, clock, limits, signal } = options;
  const nonce = randomBytes(8).toString('hex');
  const channel = await execute(client, options.command(nonce), where, signal);
  const waiting: Waiting[] = [];
  const enders = new Set<(why: Problem) => void>();
  let stderr = '';
  let status: number | undefined;
  let ended: Problem | undefined;
  let nextId = 1;
  let stopWatch: () => void = () => undefined;

  const end = (why: Problem): void => {
    if (ended !== undefined) return;
    ended = why;
    stopWatch();
    channel.close();
    for (const one of waiting.splice(0)) one.reject(new ProblemError(why));
    for (const listen of enders) listen(why);
  };

  /** The agent answers in order, so one watch over the first in line is enough. */
  const watch = (): void => {
    stopWatch();
    const [first] = waiting;
    if (first === undefined) return;
    const limit = limitOf(first.request, limits);
    stopWatch = clock.after(limit, () =>
      end(
        problem(
          'timed-out',
          `${where}: the agent did not answer "${wordsOf(first.request)}" within ${limit / 1000} s. The connection was dropped.`,
        ),
      ),
    );
  };

  const settle = (id: number, outcome: AnswerEnd): void => {
    const first = waiting.shift();
    if (first?.id !== id) {
      if (first !== undefined) waiting.unshift(first);
      return end(
        problem('agent-garbled', `${where}: the agent answered what was not asked. The connection was dropped.`),
      );
    }
    watch();
    if (outcome.outcome === 'ok') first.resolve({ text: outcome.text, at: clock.now() });
    else first.reject(new ProblemError(answerProblem(where, first.request, outcome)));
  };

  const hello = await new Promise<{ version: number; facts: ReadonlyMap<string, string> } | Silence>((resolve) => {
    let heard = false;
    /** The first to call decides how it went. */
    const settled = (): boolean => {
      if (heard) return true;
      heard = true;
      stopTimer();
      signal.removeEventListener('abort', onAbort);
      return false;
    };
    const silent = (how: Pick<Silence, 'timedOut' | 'problem'>): void => {
      if (settled()) return;
      const words = [printable(stderr), reader.noise()].filter((part) => part !== '').join('\n');
      channel.close();
      resolve({ ...how, status, words, closed: () => closed(channel, clock) });
    };
    const reader = createAgentReader(where, nonce, {
      ready: (version, facts) => {
        if (!settled()) resolve({ version, facts });
      },
      answer: settle,
      broken: (why) => {
        silent({ timedOut: false, problem: why });
        end(why);
      },
    });
    const onAbort = () =>
      silent({ timedOut: false, problem: problem('cancelled', `The connection to ${where} was given up.`) });
    const stopTimer = clock.after(limits.helloMs, () => silent({ timedOut: true, problem: undefined }));
    signal.addEventListener('abort', onAbort, { once: true });

    channel.on('data', (chunk: Buffer) => {
      if (ended === undefined) reader.push(chunk);
    });
    channel.stderr.on('data', (chunk: Buffer) => {
      if (stderr.length < keptStderr) stderr += chunk.toString('utf8', 0, keptStderr);
    });
    channel.on('error', () => undefined);
    channel.on('exit', (code: number | null) => (status = code ?? undefined));
    channel.on('close', () => {
      silent({ timedOut: false, problem: undefined });
      end(
        problem(
          'host-gone',
          `The agent on ${where} ended${status === undefined ? '' : ` with status ${status}`}.`,
          printable(stderr),
        ),
      );
    });
    if (options.script !== undefined) channel.write(options.script);
  });
  if (!('version' in hello)) return hello;

  /** What is asked in one turn goes out in one packet: each packet costs its own encryption and write. */
  let unsent = '';
  const say = (lines: string): void => {
    if (unsent === '') {
      queueMicrotask(() => {
        if (ended === undefined) channel.write(unsent);
        unsent = '';
      });
    }
    unsent += lines;
  };

  return {
    ...hello,
    ask: (request) =>
      new Promise((resolve, reject) => {
        if (ended !== undefined) return reject(new ProblemError(ended));
        const id = nextId;
        nextId = nextId === 999_999_999 ? 1 : nextId + 1;
        waiting.push({ id, request, resolve, reject });
        if (waiting.length === 1) watch();
        say(linesOf(id, request));
      }),
    onEnd: (listen) => {
      if (ended === undefined) enders.add(listen);
      else listen(ended);
    },
    close: (why) => {
      if (ended !== undefined) return;
      channel.end('0 quit\n');
      end(why ?? problem('cancelled', `The connection to ${where} was closed from here.`));
    },
  };
}

function execute(client: Client, command: string, where: string, signal: AbortSignal): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error);
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    const failed = (error: Error) => reject(new ProblemError(channelProblem(error, where), { cause: error }));
    try {
      client.exec(command, (error, channel) => {
        signal.removeEventListener('abort', onAbort);
        if (error === undefined) resolve(channel);
        else failed(error);
      });
    } catch (error) {
      failed(error as Error);
    }
  });
}

function closed(channel: ClientChannel, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stopTimer();
      resolve();
    };
    const stopTimer = clock.after(closingMs, done);
    // ssh2 keeps the state of the channel's ends; "closed" means the other side has confirmed.
    if ((channel as unknown as { incoming: { state: string } }).incoming.state === 'closed') return done();
    channel.once('close', done);
    channel.close();
  });
}
