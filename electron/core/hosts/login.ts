/**
 * Logs in to one machine with the method the person chose, once: no other method is tried behind their back, and a
 * refused one is never repeated. Answers ssh2's question "which method next". Called by connect.ts.
 */
import ssh2 from 'ssh2';
import type { AnyAuthMethod, AuthHandlerMiddleware, AuthenticationType, BaseAgent, Prompt } from 'ssh2';
import type { Hop, SecretPrompt } from '#shared/model/host.ts';
import { ProblemError, fail, problem } from '#shared/problem.ts';
import type { KeyRing } from './key-file.ts';
import type { SecretSource } from './secrets.ts';

export interface LoginMeans {
  readonly keyRing: KeyRing;
  readonly secrets: SecretSource;
  /** Path of the ssh-agent's socket. */
  readonly agentSocket: string | undefined;
}

export interface LoginAttempt {
  readonly handler: AuthHandlerMiddleware;
  /** Why the login was given up, when it was us who did. */
  failure(): Error | undefined;
  /** The login went through: what it used is good. */
  through(): void;
}

/** A hostile server could ask for ever. */
const mostRounds = 8;
const mostPrompts = 16;
const promptLength = 1000;

export const whoIs = (hop: Hop): string => `${hop.user}@${hop.address}${hop.port === 22 ? '' : `:${hop.port}`}`;

export interface LoginEvents {
  /** The login waits for a person (true), or goes on (false). */
  onPerson(waits: boolean): void;
  /** It cannot go on, and the server is not told why: the connection has to end. */
  onGiveUp(why: Error): void;
}

export function createLogin(hop: Hop, means: LoginMeans, events: LoginEvents): LoginAttempt {
  const who = whoIs(hop);
  const tried = new Set<AuthenticationType>();
  let failure: Error | undefined;
  let usedPassword = false;
  let rounds = 0;

  const password = (): string => {
    usedPassword = true;
    return means.secrets.take('password', who);
  };

  const interactive = (silently: string | undefined): AnyAuthMethod => ({
    type: 'keyboard-interactive',
    username: hop.user,
    prompt: (name, instructions, _language, prompts, finish) => {
      if (++rounds > mostRounds || prompts.length > mostPrompts) {
        const sentence = `${who}: the server asks without end; the login was given up.`;
        return events.onGiveUp(new ProblemError(problem('auth-refused', sentence)));
      }
      const [only] = prompts;
      const isPassword =
        rounds === 1 && prompts.length === 1 && only?.echo !== true && /passw/i.test(only?.prompt ?? '');
      const known = isPassword ? (silently ?? means.secrets.held('password', who)) : undefined;
      usedPassword ||= isPassword;
      if (known !== undefined) {
        finish([known]);
        return;
      }
      events.onPerson(true);
      means.secrets.interact(who, shownPrompts(name, instructions, prompts)).then(
        (answers) => {
          events.onPerson(false);
          if (isPassword && answers[0] !== undefined) means.secrets.keep('password', who, answers[0]);
          finish([...answers]);
        },
        (error: unknown) => events.onGiveUp(error as Error),
      );
    },
  });

  const first = async (left: readonly AuthenticationType[]): Promise<AnyAuthMethod> => {
    switch (hop.login.method) {
      case 'agent':
        offers(left, 'publickey');
        return { type: 'agent', username: hop.user, agent: sshAgent(means.agentSocket, who) };
      case 'key':
        offers(left, 'publickey');
        return { type: 'agent', username: hop.user, agent: await means.keyRing.load(hop.login.keyFile, means.secrets) };
      case 'password':
        // Many servers take the same password only through keyboard-interactive (PAM).
        if (!left.includes('password') && left.includes('keyboard-interactive')) return interactive(password());
        offers(left, 'password');
        return { type: 'password', username: hop.user, password: password() };
      case 'keyboard-interactive':
        offers(left, 'keyboard-interactive');
        return interactive(undefined);
    }
  };

  const offers = (left: readonly AuthenticationType[], method: AuthenticationType): void => {
    if (left.includes(method)) return;
    fail(
      'auth-refused',
      `${who}: the server does not take ${wordFor(method)} for this account. Choose a login it takes.`,
      `it takes: ${left.join(', ') || 'nothing'}`,
    );
  };

  const choose = async (left: readonly AuthenticationType[] | null, partial: boolean | null) => {
    // "none" is how a client learns what the server takes. It does not count as a try.
    if (left === null) return { type: 'none', username: hop.user } satisfies AnyAuthMethod;
    if (tried.size === 0) {
      const method = await first(left);
      tried.add(method.type === 'agent' ? 'publickey' : method.type);
      return method;
    }
    if (partial === true) {
      for (const further of ['keyboard-interactive', 'password'] as const) {
        if (!left.includes(further) || tried.has(further)) continue;
        tried.add(further);
        return further === 'password'
          ? ({ type: 'password', username: hop.user, password: password() } satisfies AnyAuthMethod)
          : interactive(undefined);
      }
      fail('auth-refused', `${who}: the server wants a further proof the console cannot give.`, left.join(', '));
    }
    if (usedPassword) means.secrets.refused('password', who);
    return fail('auth-refused', refusal(hop, who), `the server takes: ${left.join(', ')}`);
  };

  return {
    handler: (left, partial, next) => {
      // ssh2 passes null at first, and takes false for "give up"; its types know neither.
      choose(left as AuthenticationType[] | null, partial as boolean | null).then(
        (method) => next(method),
        (error: unknown) => {
          failure ??= error as Error;
          (next as unknown as (method: false) => void)(false);
        },
      );
    },
    failure: () => failure,
    through: () => {
      if (usedPassword) means.secrets.proved('password', who);
    },
  };
}

function sshAgent(socket: string | undefined, who: string): BaseAgent {
  if (socket === undefined || socket === '')
    fail(
      'auth-refused',
      `${who}: no ssh-agent is known to the console (SSH_AUTH_SOCK is not set). Start the console where the agent runs, or choose a key file.`,
    );
  // ssh2's own types have createAgent answer an interface; it is a BaseAgent.
  return ssh2.createAgent(socket) as unknown as BaseAgent;
}

function wordFor(method: AuthenticationType): string {
  if (method === 'publickey') return 'keys';
  return method === 'password' ? 'passwords' : 'keyboard-interactive logins';
}

function refusal(hop: Hop, who: string): string {
  switch (hop.login.method) {
    case 'agent':
      return `${who} was refused: no key in the ssh-agent is accepted. Add the right key to the agent, or its public half to authorized_keys on the host.`;
    case 'key':
      return `${who} was refused: the key ${hop.login.keyFile} is not accepted. Add its public half to authorized_keys on the host.`;
    case 'password':
      return `${who} was refused: the password is not accepted. It was tried once. Connect again to type it anew.`;
    case 'keyboard-interactive':
      return `${who} was refused: the answers are not accepted. They were tried once. Connect again to answer anew.`;
  }
}

/** The server's words are data: no control characters, bounded. Its heading goes in front of the first prompt. */
function shownPrompts(name: string, instructions: string, prompts: readonly Prompt[]): SecretPrompt[] {
  const heading = [name, instructions].map(plain).filter((words) => words !== '');
  return prompts.map((prompt, index) => ({
    text: [...(index === 0 ? heading : []), plain(prompt.prompt)].join('\n'),
    echo: prompt.echo === true,
  }));
}

const plain = (words: string): string =>
  words
    .replace(/\p{C}+/gu, ' ')
    .trim()
    .slice(0, promptLength);
