/** The page's end of a door: typed calls and subscriptions. Checks nothing at run time: the core is trusted. */
import { ProblemError, problem } from '#shared/problem.ts';
import type { AnswerOf, ArgsOf, EventName, PayloadOf, RequestName } from './contract.ts';
import type { Channel, Frame } from './wire.ts';

export interface Console {
  /** Rejects with a ProblemError. */
  call<Name extends RequestName>(name: Name, args: ArgsOf<Name>): Promise<AnswerOf<Name>>;
  /** Returns the function that stops listening. */
  on<Name extends EventName>(name: Name, listen: (payload: PayloadOf<Name>) => void): () => void;
  onClose(listen: () => void): void;
  close(): void;
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

export function connect(channel: Channel): Console {
  const pending = new Map<number, Pending>();
  const listeners = new Map<string, Set<(payload: unknown) => void>>();
  let closed = false;
  let nextId = 0;
  const gone = () =>
    new ProblemError(
      problem('host-gone', 'The console itself does not answer any more. Start it again; hosts are not affected.'),
    );

  channel.onFrame((data) => {
    const frame = data as Frame;
    if ('event' in frame) {
      for (const listen of [...(listeners.get(frame.event) ?? [])]) listen(frame.payload);
      return;
    }
    const waiting = pending.get(frame.id);
    pending.delete(frame.id);
    if ('ok' in frame) waiting?.resolve(frame.ok);
    else if ('problem' in frame) waiting?.reject(new ProblemError(frame.problem));
  });
  channel.onClose(() => {
    closed = true;
    for (const waiting of pending.values()) waiting.reject(gone());
    pending.clear();
  });

  return {
    call: (name, args) =>
      new Promise((resolve, reject) => {
        if (closed) {
          reject(gone());
          return;
        }
        const id = nextId++;
        pending.set(id, { resolve: resolve as (value: unknown) => void, reject });
        channel.send({ id, ask: name, args });
      }),
    on: (name, listen) => {
      const all = listeners.get(name) ?? new Set();
      listeners.set(name, all);
      all.add(listen as (payload: unknown) => void);
      return () => all.delete(listen as (payload: unknown) => void);
    },
    onClose: (listen) => channel.onClose(listen),
    close: () => channel.close(),
  };
}
