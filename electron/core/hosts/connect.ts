/**
 * One SSH connection over a socket that is there: handshake, host key, login. And the socket itself, for the first
 * machine on the way. Called by jump.ts. There is no way to accept every host key, and no second try at a login.
 */
import { isIP, connect as connectSocket } from 'node:net';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import ssh2 from 'ssh2';
import type { Client } from 'ssh2';
import type { Hop } from '#shared/model/host.ts';
import { ProblemError, problem } from '#shared/problem.ts';
import type { Clock } from '#core/ports.ts';
import { algorithmsFor } from './algorithms.ts';
import { useKeyObjects } from './key-objects.ts';
import type { HostKeys } from './key-policy.ts';
import { createLogin } from './login.ts';
import type { LoginMeans } from './login.ts';
import { gatherWrites } from './gather-writes.ts';
import { handshakeProblem, lostProblem, tcpProblem } from './ssh-problems.ts';

/** Told how far a connection has come: the page's step, and the report of a connection test. */
export interface Trace {
  begin(step: string): void;
  done(detail: string): void;
}

export interface Limits {
  readonly tcpMs: number;
  /** Handshake and login, without the time a person takes to answer. */
  readonly handshakeMs: number;
  readonly helloMs: number;
  readonly requestMs: number;
}

export const usualLimits: Limits = { tcpMs: 10_000, handshakeMs: 20_000, helloMs: 20_000, requestMs: 20_000 };

export interface ConnectContext extends LoginMeans {
  readonly clock: Clock;
  readonly keys: HostKeys;
  readonly trace: Trace;
  readonly limits: Limits;
  /** Aborted when the person disconnects, or the console ends. */
  readonly signal: AbortSignal;
}

export const placeOf = (hop: { readonly address: string; readonly port: number }): string =>
  hop.address.includes(':') ? `[${hop.address}]:${hop.port}` : `${hop.address}:${hop.port}`;

/** The options that matter: with Nagle's algorithm a handshake takes 215 ms instead of 39, a poll 48 instead of 3. */
export const socketOptions = (hop: Hop) => ({ host: hop.address, port: hop.port, noDelay: true, keepAlive: true });

const keepalive = { keepaliveInterval: 15_000, keepaliveCountMax: 3 };

export function openSocket(
  hop: Hop,
  context: Pick<ConnectContext, 'clock' | 'trace' | 'signal' | 'limits'>,
): Promise<Socket> {
  const { clock, trace, signal, limits } = context;
  return new Promise((resolve, reject) => {
    let named = isIP(hop.address) === 0;
    trace.begin(named ? `Address of ${hop.address}` : `Connection to ${placeOf(hop)}`);
    const socket = connectSocket(socketOptions(hop));
    const settle = (failure?: Error) => {
      stopTimer();
      signal.removeEventListener('abort', onAbort);
      socket.off('error', onError);
      if (failure === undefined) return resolve(socket);
      socket.on('error', () => undefined);
      socket.destroy();
      reject(failure);
    };
    const onError = (error: Error) => settle(new ProblemError(tcpProblem(error, placeOf(hop)), { cause: error }));
    const onAbort = () => settle(signal.reason as Error);
    const stopTimer = clock.after(limits.tcpMs, () =>
      settle(
        new ProblemError(
          problem(
            'timed-out',
            `${placeOf(hop)} did not answer within ${limits.tcpMs / 1000} s. Check that it is up and that no firewall drops the connection.`,
          ),
        ),
      ),
    );
    signal.addEventListener('abort', onAbort, { once: true });
    socket.on('lookup', (error: Error | null, address: string) => {
      // Told once for every address of the name.
      if (error !== null || !named) return;
      named = false;
      trace.done(address);
      trace.begin(`Connection to ${placeOf(hop)}`);
    });
    socket.on('error', onError);
    socket.once('connect', () => {
      trace.done(`${String(socket.remoteAddress)} port ${String(socket.remotePort)}`);
      gatherWrites(socket);
      settle();
    });
    if (signal.aborted) onAbort();
  });
}

/**
 * @param socket a TCP connection, or a channel through the machine before; closed when this fails
 * @returns a client that is logged in
 */
export function openSession(hop: Hop, socket: Duplex, context: ConnectContext, onPerson: () => void): Promise<Client> {
  const { clock, trace, signal, limits } = context;
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    let stage: 'handshake' | 'login' = 'handshake';
    let refusedKey: Error | undefined;
    let settled = false;
    let stopTimer: () => void = () => undefined;

    const settle = (failure?: Error) => {
      if (settled) return;
      settled = true;
      stopTimer();
      signal.removeEventListener('abort', onAbort);
      if (failure === undefined) return resolve(client);
      client.destroy();
      socket.destroy();
      reject(failure);
    };
    const onAbort = () => settle(signal.reason as Error);
    const startTimer = () => {
      stopTimer();
      stopTimer = clock.after(limits.handshakeMs, () =>
        settle(
          new ProblemError(
            problem(
              'timed-out',
              `${placeOf(hop)} took longer than ${limits.handshakeMs / 1000} s over the SSH ${stage}. It may be overloaded, or not be an SSH server.`,
            ),
          ),
        ),
      );
    };
    const login = createLogin(hop, context, {
      onGiveUp: settle,
      onPerson: (waits) => {
        if (!waits) return startTimer();
        // The server's own grace time (usually 2 minutes) bounds how long a person may take.
        stopTimer();
        onPerson();
      },
    });

    startTimer();
    signal.addEventListener('abort', onAbort, { once: true });
    trace.begin(`Host key of ${hop.address}`);
    // Stays for the life of the connection: later errors are followed by "close", which is what others listen to.
    client.on('error', (error) =>
      settle(
        refusedKey ??
          login.failure() ??
          new ProblemError(handshakeProblem(error, placeOf(hop), stage), { cause: error }),
      ),
    );
    client.on('close', () =>
      settle(refusedKey ?? login.failure() ?? new ProblemError(lostProblem(placeOf(hop), stage))),
    );
    client.once('handshake', () => {
      stage = 'login';
      trace.begin(`Login as ${hop.user}@${hop.address}`);
    });
    client.once('ready', () => {
      useKeyObjects(client);
      login.through();
      trace.done(hop.login.method);
      settle();
    });
    try {
      client.connect({
        ...keepalive,
        sock: socket as Socket,
        username: hop.user,
        readyTimeout: 0,
        algorithms: algorithmsFor(hop, context.keys.algorithms(hop.address, hop.port)),
        hostVerifier: (key: Buffer) => {
          try {
            trace.done(context.keys.insist(hop.address, hop.port, key));
            return true;
          } catch (error) {
            refusedKey = error as Error;
            return false;
          }
        },
        authHandler: login.handler,
      });
    } catch (error) {
      settle(error as Error);
    }
    if (signal.aborted) onAbort();
  });
}
