/**
 * What ssh2, the socket and the kernel say, as problems with a sentence for the operator. Pure: errors in, problems
 * out. Called by connect.ts and jump.ts.
 */
import { problem, problemOf } from '#shared/problem.ts';
import type { Problem } from '#shared/problem.ts';

interface SshError extends Error {
  readonly code?: string | number;
  readonly level?: string;
  readonly reason?: string | number;
}

const text = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A TCP connection that did not come about. `where` is `address:port`. */
export function tcpProblem(error: unknown, where: string): Problem {
  const known = problemOf(error);
  if (known !== undefined) return known;
  const { code } = error as SshError;
  const words = text(error);
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_NODATA':
      return problem('host-unreachable', `The name in ${where} cannot be resolved. Check the address and DNS.`, words);
    case 'ECONNREFUSED':
      return problem(
        'host-unreachable',
        `Nothing listens at ${where}. Check the port, and that sshd runs there.`,
        words,
      );
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return problem('host-unreachable', `There is no route to ${where}. Check the network or add a jump host.`, words);
    default:
      return problem('host-unreachable', `${where} cannot be reached.`, words);
  }
}

/** An error of ssh2 before the login was through. */
export function handshakeProblem(error: unknown, where: string, stage: 'handshake' | 'login'): Problem {
  const known = problemOf(error);
  if (known !== undefined) return known;
  const { code, level } = error as SshError;
  const words = text(error);
  if (level === 'agent')
    return problem(
      'auth-refused',
      `The ssh-agent could not be used to log in to ${where}. Check that it runs and holds a key (ssh-add -l).`,
      words,
    );
  if (level === 'handshake' && /no matching|algorithm/i.test(words))
    return problem(
      'handshake-failed',
      `${where} and the console have no common ${kindOfAlgorithm(words)}. Allow a current one in its sshd_config, or, for a server that knows none, allow old algorithms for this host.`,
      words,
    );
  if (/too many authentication failures/i.test(words))
    return problem(
      'auth-refused',
      `${where} ended the login: too many keys were offered. Choose one key file instead of the agent, or raise MaxAuthTries.`,
      words,
    );
  if (level === 'client-socket' || code === 'ECONNRESET' || code === 'EPIPE' || /connection lost/i.test(words))
    return lostProblem(where, stage, words);
  return problem(
    'handshake-failed',
    `${where} did not complete the SSH ${stage}. It may be something else than an SSH server.`,
    words,
  );
}

function kindOfAlgorithm(words: string): string {
  if (/key exchange/i.test(words)) return 'key exchange';
  if (/host key/i.test(words)) return 'host key algorithm';
  if (/cipher/i.test(words)) return 'cipher';
  return /mac/i.test(words) ? 'MAC' : 'algorithm';
}

export function lostProblem(where: string, stage: 'handshake' | 'login', words?: string): Problem {
  return stage === 'handshake'
    ? problem(
        'host-gone',
        `${where} closed the connection before the SSH handshake. Its sshd may be at its limit (MaxStartups), or refuse this machine.`,
        words,
      )
    : problem('host-gone', `${where} closed the connection during the login.`, words);
}

/** A jump host that would not carry the connection on to `target`. */
export function forwardProblem(error: unknown, hop: string, target: string): Problem {
  const words = text(error);
  const { reason } = error as SshError;
  // RFC 4254 5.1: 1 is administratively prohibited, 2 is connect failed.
  if (reason === 1 || /prohibited|not allowed|disabled/i.test(words))
    return problem(
      'jump-refused',
      `The jump host ${hop} does not carry connections on to ${target}. Set "AllowTcpForwarding yes" (or "local") in its sshd_config, and check PermitOpen.`,
      words,
    );
  if (reason === 2 || /connect(ion)? failed|refused|timed out|resol/i.test(words))
    return problem(
      'host-unreachable',
      `The jump host ${hop} cannot reach ${target}. Check the address as seen from there.`,
      words,
    );
  return problem('jump-refused', `The jump host ${hop} did not open a way to ${target}.`, words);
}

/** A session channel that could not be opened on a connection that is up. */
export function channelProblem(error: unknown, where: string): Problem {
  const words = text(error);
  return problem(
    'channel-refused',
    /unable to exec/i.test(words)
      ? `${where} does not let this login run commands. Allow it for the account (no ForceCommand, no internal-sftp), or use another login.`
      : `${where} does not open a session on this connection. Its sshd_config may set MaxSessions too low for what runs already.`,
    words,
  );
}

/** A loss of a connection that was up. */
export function gone(where: string, words?: string): Problem {
  return problem('host-gone', `The connection to ${where} was lost.`, words);
}
