/**
 * The way to a host: through its jump hosts one after the other, each with its own key check and its own login.
 * Called by reach.ts. Paths are not shared between hosts.
 */
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import type { Hop } from '#shared/model/host.ts';
import { ProblemError, problem, problemOf } from '#shared/problem.ts';
import type { Problem } from '#shared/problem.ts';
import { openSession, openSocket, placeOf } from './connect.ts';
import type { ConnectContext } from './connect.ts';
import type { HandshakeGate } from './handshake-gate.ts';
import { forwardProblem, gone } from './ssh-problems.ts';

export interface Route {
  readonly client: Client;
  /** Told once, when any connection on the way ends, unless it was closed from here. */
  onLost(listen: (why: Problem) => void): void;
  close(): void;
}

/** How long the other side has to take the goodbye. */
const closingMs = 1000;

/** @param hops from the console outwards, the host itself last */
export async function openRoute(hops: readonly Hop[], context: ConnectContext, gate: HandshakeGate): Promise<Route> {
  const [first] = hops;
  if (first === undefined) throw new Error('a way needs at least one machine');
  const clients: Client[] = [];
  let tcp: Socket | undefined;
  const listeners = new Set<(why: Problem) => void>();
  let lost: Problem | undefined;
  let closed = false;

  const close = (): void => {
    if (closed) return;
    closed = true;
    for (const client of clients.toReversed()) client.end();
    // A host that does not answer would never close its side.
    if (tcp !== undefined) context.clock.after(closingMs, () => tcp?.destroy());
  };

  context.trace.begin('Waiting for a turn');
  const leave = await gate.enter(placeOf(first), context.signal);
  try {
    let socket: Duplex | undefined;
    for (const hop of hops) {
      socket ??= tcp = await openSocket(hop, context);
      const client = await openSession(hop, socket, context, () => leave('other'));
      clients.push(client);
      let words: string | undefined;
      client.on('error', (error) => (words = error.message));
      client.once('close', () => {
        if (closed || lost !== undefined) return;
        lost = gone(placeOf(hop), words);
        close();
        for (const listen of listeners) listen(lost);
      });
      const next = hops[clients.length];
      if (next !== undefined) socket = await forward(client, hop, next, context);
    }
    leave('through');
  } catch (error) {
    close();
    leave(lost === undefined && isCrowded(error) && clients.length === 0 ? 'crowded' : 'other');
    throw error;
  }
  const client = clients.at(-1);
  if (client === undefined || lost !== undefined) throw new ProblemError(lost ?? gone(placeOf(first)));
  return {
    client,
    onLost: (listen) => {
      if (lost === undefined) listeners.add(listen);
      else listen(lost);
    },
    close,
  };
}

/** sshd past its MaxStartups closes a connection before it has said anything. */
const isCrowded = (error: unknown): boolean => problemOf(error)?.code === 'host-gone';

function forward(client: Client, hop: Hop, next: Hop, context: ConnectContext): Promise<Duplex> {
  const { clock, limits, signal, trace } = context;
  trace.begin(`Way from ${hop.address} to ${placeOf(next)}`);
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error);
    const stopTimer = clock.after(limits.tcpMs, () =>
      reject(
        new ProblemError(
          problem(
            'timed-out',
            `The jump host ${placeOf(hop)} did not reach ${placeOf(next)} within ${limits.tcpMs / 1000} s.`,
          ),
        ),
      ),
    );
    signal.addEventListener('abort', onAbort, { once: true });
    client.forwardOut('127.0.0.1', 0, next.address, next.port, (error, channel) => {
      stopTimer();
      signal.removeEventListener('abort', onAbort);
      if (error !== undefined) return reject(new ProblemError(forwardProblem(error, placeOf(hop), placeOf(next))));
      trace.done('carried on');
      resolve(channel);
    });
  });
}
