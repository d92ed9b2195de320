/**
 * Brings the agent up on a connection that is logged in: which way to start it, as root through sudo or as the login
 * itself, and what its silence means. One channel at a time, because a server may allow no second (MaxSessions 1).
 */
import type { Client } from 'ssh2';
import type { HostConfig, HostFacts } from '#shared/model/host.ts';
import { ProblemError, fail, problem, problemOf } from '#shared/problem.ts';
import type { Problem } from '#shared/problem.ts';
import type { AgentLink } from '#core/ports.ts';
import { startAgentChannel } from './agent-channel.ts';
import type { AgentChannel, Silence } from './agent-channel.ts';
import { agentCommand, installedAgent } from './agent-script.ts';
import type { AgentGrade } from './agent-script.ts';
import { placeOf } from './connect.ts';
import type { ConnectContext } from './connect.ts';

export interface StartedAgent {
  readonly link: AgentLink;
  /** Why it does not run as root although that was wished for. */
  readonly sudoProblem: Problem | undefined;
  onEnd(listen: (why: Problem) => void): void;
  /** @param why what those are told who wait for an answer */
  close(why?: Problem): void;
}

const spokenVersion = 1;
/** The agent's exit status for arguments that it does not know. */
const wrongArguments = 64;

/** Rejects: agent-silent, agent-missing, agent-garbled, agent-too-much, channel-refused, cancelled. */
export async function startAgent(
  client: Client,
  config: HostConfig,
  script: string,
  context: ConnectContext,
): Promise<StartedAgent> {
  const where = placeOf(config);
  const start = ({ root, grade }: Attempt): Promise<AgentChannel | Silence> =>
    startAgentChannel({
      client,
      where,
      clock: context.clock,
      limits: context.limits,
      signal: context.signal,
      command: (nonce) => agentCommand({ nonce, way: config.agent === 'pushed' ? 'push' : 'installed', root, grade }),
      script: config.agent === 'pushed' ? script : undefined,
    });

  context.trace.begin('Agent');
  const attempts = attemptsFor(config);
  let sudoProblem: Problem | undefined;
  for (const [tried, attempt] of attempts.entries()) {
    const channel = tried === 0 ? await start(attempt) : await startAfter(() => start(attempt), context);
    if (!isSilence(channel)) return started(channel, attempt, { where, config, context, sudoProblem });
    // Given up, or no shell that would do better another way.
    if (tried === attempts.length - 1 || channel.timedOut || channel.problem !== undefined)
      throw new ProblemError(channel.problem ?? silenceProblem(where, config, channel));
    // The server may allow only one session at a time: the next must find this one gone.
    await channel.closed();
    if (attempt.root) sudoProblem = sudoRefusal(where, config, attempt, channel);
  }
  throw new Error('there was no way to start the agent');
}

interface Attempt {
  readonly root: boolean;
  readonly grade: AgentGrade;
}

/** The most first. An installed copy that is older knows no operator; only root can be one. */
function attemptsFor({ user, sudo, role = 'viewer' }: HostConfig): readonly Attempt[] {
  const grades: readonly AgentGrade[] = role === 'operator' ? ['operator', 'viewer'] : ['viewer'];
  const bySudo = sudo === 'when-allowed' && user !== 'root' ? grades.map((grade) => ({ root: true, grade })) : [];
  const plain =
    user === 'root' ? grades.map((grade) => ({ root: false, grade })) : [{ root: false, grade: 'viewer' } as const];
  return [...bySudo, ...plain];
}

function started(
  channel: AgentChannel,
  attempt: Attempt,
  told: {
    readonly where: string;
    readonly config: HostConfig;
    readonly context: ConnectContext;
    readonly sudoProblem: Problem | undefined;
  },
): StartedAgent {
  const { where, config, context, sudoProblem } = told;
  try {
    const facts = factsOf(where, channel, attempt.root);
    context.trace.done(`version ${channel.version}, ${facts.os}, kernel ${facts.kernel}`);
    return {
      link: {
        host: config.id,
        facts,
        offers: new Set(['sets', 'commands', 'knobs'].flatMap((kind) => words(channel.facts.get(kind)))),
        ask: (request) => channel.ask(request),
      },
      sudoProblem,
      onEnd: (listen) => channel.onEnd(listen),
      close: (why) => channel.close(why),
    };
  } catch (error) {
    channel.close();
    throw error;
  }
}

const freeingMs = 100;
const freeingTries = 20;

/**
 * A server that allows one session frees it when the command's process is gone, which may be a moment after it said
 * that the channel is closed.
 */
async function startAfter<Started>(start: () => Promise<Started>, { clock, signal }: ConnectContext): Promise<Started> {
  for (let tries = 1; ; tries++) {
    try {
      return await start();
    } catch (error) {
      if (problemOf(error)?.code !== 'channel-refused' || tries === freeingTries || signal.aborted) throw error;
      await new Promise<void>((resolve) => clock.after(freeingMs, resolve));
    }
  }
}

const isSilence = (channel: AgentChannel | Silence): channel is Silence => !('version' in channel);

const words = (text: string | undefined): string[] => (text ?? '').split(' ').filter((word) => word !== '');

function factsOf(where: string, channel: AgentChannel, throughSudo: boolean): HostFacts {
  if (channel.version !== spokenVersion)
    fail(
      'agent-missing',
      `${where} runs an agent of protocol version ${channel.version}; the console speaks ${spokenVersion}. Install its current copy (tmem-console agent).`,
    );
  const fact = (name: string): string => channel.facts.get(name) ?? '';
  const number = (name: string): number => {
    const text = fact(name);
    if (!/^\d{1,10}$/.test(text))
      fail(
        'agent-garbled',
        `${where}: the agent does not say the host's ${name}, so its figures cannot be understood.`,
        text,
      );
    return Number(text);
  };
  const uid = number('uid');
  const pageSize = number('pagesize');
  if (pageSize === 0) fail('agent-garbled', `${where}: the agent says that a page has no size.`);
  return {
    kernel: fact('kernel'),
    hostname: fact('hostname'),
    os: fact('os'),
    pageSize,
    bootId: fact('bootid'),
    uid,
    user: fact('user'),
    rights: uid !== 0 ? 'user' : throughSudo ? 'sudo' : 'root',
    grade: fact('grade') === 'operator' ? 'operator' : 'viewer',
  };
}

function sudoRefusal(where: string, config: HostConfig, { grade }: Attempt, silence: Silence): Problem {
  const said = silence.words;
  const until = grade === 'operator' ? 'nothing can be changed on this host' : `the agent reads as ${config.user}`;
  const fix = `Allow it for ${config.user} with the sudoers lines the host's rights show; until then ${until}.`;
  const sentence = /password is required|no password was provided/i.test(said)
    ? `${where}: sudo asks for a password.`
    : /must have a tty/i.test(said)
      ? `${where}: sudo wants a terminal (requiretty).`
      : silence.status === wrongArguments
        ? `${where}: ${installedAgent} is older than the console and only reads.`
        : silence.status === 127 || /not found/i.test(said)
          ? `${where}: there is no sudo, or no ${installedAgent}.`
          : `${where}: sudo refuses to run the agent.`;
  return problem('sudo-refused', `${sentence} ${fix}`, said);
}

function silenceProblem(where: string, config: HostConfig, silence: Silence): Problem {
  const { status, timedOut, words: said } = silence;
  if (config.agent === 'installed' && (status === 127 || status === 126 || /not found|no such file/i.test(said)))
    return problem(
      'agent-missing',
      `${where}: ${installedAgent} is not there or may not be run. Install it as the host's rights show, or let the console send the agent along.`,
      said,
    );
  if (timedOut)
    return problem(
      'agent-silent',
      `${where}: the agent did not speak. A start-up file of ${config.user} (.bashrc, .cshrc) may wait for input or sleep; it must not for non-interactive logins.${config.sudo === 'when-allowed' ? ' Or sudo hangs there: try without it.' : ''}`,
      said,
    );
  return problem(
    'agent-silent',
    `${where}: the login ended before the agent could speak${status === undefined ? '' : ` (status ${status})`}. The account's shell may be /bin/false or nologin, or sshd forces another command.`,
    said,
  );
}
