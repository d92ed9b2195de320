/**
 * A question to the agent as lines of its protocol, how long its answer may take, and what an answer that is not `ok`
 * means. Used by agent-channel.ts. The protocol is agent/README.md.
 */
import { problem } from '#shared/problem.ts';
import type { Problem } from '#shared/problem.ts';
import { encodeText } from '#core/platforms/change-text.ts';
import type { AgentVerb } from '#core/ports.ts';
import type { AnswerEnd } from './agent-reader.ts';
import { cksum } from '#core/platforms/cksum.ts';
import type { Limits } from './connect.ts';

/** The words of a request behind its number. */
export function wordsOf(request: AgentVerb): string {
  switch (request.verb) {
    case 'ping':
    case 'drift':
    case 'plans':
    case 'accept':
    case 'install':
      return request.verb;
    case 'read':
    case 'probe':
      return `${request.verb} ${request.set}`;
    case 'run':
      return `run ${request.command}`;
    case 'get':
      return `get ${request.knob} ${encodeText(request.instance)}`;
    case 'step':
      return [
        'step',
        encodeText(request.plan),
        request.knob,
        ...[request.instance, request.from, request.to].map(encodeText),
        keepWord(request.keep),
      ].join(' ');
    case 'arm':
    case 'extend':
      return `${request.verb} ${encodeText(request.plan)} ${request.seconds}`;
    case 'write':
      return `write ${encodeText(request.plan)} ${request.step}`;
    case 'begin':
    case 'keep':
    case 'undo':
    case 'status':
    case 'forget':
      return `${request.verb} ${encodeText(request.plan)}`;
  }
}

type Keep = Extract<AgentVerb, { verb: 'step' }>['keep'];
const keepWord = (keep: Keep): string => (keep.kind === 'no' ? '-' : `${keep.kind}.${encodeText(keep.instance)}`);

/** Everything that is sent for one request, line ends included. */
export function linesOf(id: number, request: AgentVerb): string {
  const first = `${id} ${wordsOf(request)}\n`;
  if (request.verb !== 'install') return first;
  const lines = request.script.replace(/\n$/, '').split('\n');
  const bytes = Buffer.from(`${lines.join('\n')}\n`);
  return [first, ...lines.map((line) => `+${line}\n`), `=over ${cksum(bytes)} ${bytes.length}\n`].join('');
}

/** A knob may take a quarter of an hour, as draining swap does, and a plan is undone one knob after the other. */
const changingMs = 920_000;
const slow: ReadonlySet<AgentVerb['verb']> = new Set(['write', 'undo', 'keep', 'install']);

export const limitOf = ({ verb }: AgentVerb, limits: Limits): number =>
  slow.has(verb) ? Math.max(changingMs, limits.requestMs) : limits.requestMs;

const changes: ReadonlySet<AgentVerb['verb']> = new Set<AgentVerb['verb']>([
  ...(['get', 'drift', 'begin', 'step', 'arm', 'extend', 'write'] as const),
  ...(['keep', 'undo', 'status', 'plans', 'forget', 'accept', 'install'] as const),
]);

/** What the agent of a viewer answers to the verbs of an operator. */
const onlyReads = 'this agent only reads';

/** @param where the host, for the sentence */
export function answerProblem(where: string, request: AgentVerb, end: Exclude<AnswerEnd, { outcome: 'ok' }>): Problem {
  const asked = `"${wordsOf(request)}"`;
  switch (end.outcome) {
    case 'absent':
      return problem('not-found', `${where}: ${whatOf(request)} is not there (any more). Look at the host again.`);
    case 'conflict':
      return conflict(where, request, end.words);
    case 'refused':
      if (end.words === onlyReads)
        return problem(
          'read-only',
          `${where}: the console may only watch this host. Make it an operator's in the host's settings, and allow that with the sudoers lines its rights show.`,
          end.words,
        );
      return problem(
        'agent-refused',
        `${where}: the agent does not take ${asked}. Its installed copy may be older than the console.`,
        end.words,
      );
    case 'failed':
      if (changes.has(request.verb))
        return problem(
          'knob-refused',
          `${where}: ${failureOf(request)}. What the host says of it is below.`,
          end.words,
        );
      return problem('agent-refused', `${where}: the agent could not carry out ${asked}.`, end.words);
    case 'garbled':
      return problem(
        'agent-garbled',
        `${where}: the answer to ${asked} holds a line that is not the agent's. It was thrown away.`,
        end.words,
      );
  }
}

/** The words are the other value, the other plan, or the state that stands in the way. */
function conflict(where: string, request: AgentVerb, words: string): Problem {
  switch (request.verb) {
    case 'begin':
    case 'accept':
      return problem(
        'plan-busy',
        `${where}: another plan is under way on this host. Wait until it is kept or undone, or undo it.`,
        words,
      );
    case 'step':
    case 'write':
      return problem(
        'knob-conflict',
        `${where}: ${whatOf(request)} has another value than the one that was reviewed, so nothing was written. Draw the plan up again.`,
        words,
      );
    default:
      return problem(
        'knob-conflict',
        `${where}: the plan is in another state on the host than the console thought. Look at what became of it.`,
        words,
      );
  }
}

function whatOf(request: AgentVerb): string {
  switch (request.verb) {
    case 'get':
    case 'step':
      return request.instance === '' ? request.knob : `${request.knob} of ${request.instance}`;
    case 'write':
      return `what step ${request.step} is to change`;
    default:
      return 'the plan';
  }
}

function failureOf(request: AgentVerb): string {
  switch (request.verb) {
    case 'get':
      return `${whatOf(request)} could not be read`;
    case 'step':
      return `${whatOf(request)} could not be put into the plan`;
    case 'write':
      return `step ${request.step} did not take`;
    case 'keep':
      return 'the plan could not be kept, so it is still undone at its deadline';
    case 'install':
      return 'the agent or its unit could not be put in place';
    default:
      return `"${wordsOf(request)}" could not be done`;
  }
}
