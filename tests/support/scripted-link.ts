/** An agent link in memory: answers what the test says the host's files say, and remembers what was asked. */
import type { AgentLink, AgentVerb, Clock } from '#core/ports.ts';
import { ProblemError, problem } from '#shared/problem.ts';

export class ScriptedLink implements AgentLink {
  readonly host: string;
  readonly facts;
  readonly offers: ReadonlySet<string>;
  readonly asked: AgentVerb[] = [];
  /** By set or command: the lines of the answer; undefined is refused. */
  readonly answers: Record<string, string | undefined>;
  /** Set to make every further request fail. */
  dead = false;
  readonly #clock: Clock;

  constructor(host: string, clock: Clock, answers: Record<string, string | undefined>, bootId = 'boot-1') {
    this.host = host;
    this.#clock = clock;
    this.answers = answers;
    this.offers = new Set(Object.keys(answers));
    this.facts = {
      kernel: '6.1.0',
      hostname: host,
      os: 'Debian',
      pageSize: 4096,
      bootId,
      uid: 0,
      user: 'root',
      rights: 'root' as const,
    };
  }

  async ask(request: AgentVerb) {
    this.asked.push(request);
    if (this.dead) throw new ProblemError(problem('host-gone', 'The host went away.'));
    const name = 'set' in request ? request.set : 'command' in request ? request.command : '';
    const text = this.answers[name];
    if (text === undefined) throw new ProblemError(problem('agent-refused', `${name} is not on the list.`));
    return { text, at: this.#clock.now() };
  }
}

export const silentLog = { info: () => undefined, warn: () => undefined, bug: () => undefined };
