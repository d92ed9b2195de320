/**
 * Keeps the page connected: opens the door, opens it again when it was lost, and carries subscriptions over to the
 * new connection. main.ts makes one; pages reach it through useConsole().
 */
import { readonly, ref, type Ref } from 'vue';
import type { AnswerOf, ArgsOf, EventName, PayloadOf, RequestName } from '#shared/contract/contract.ts';
import { connect, type Console } from '#shared/contract/connect.ts';
import type { Channel } from '#shared/contract/wire.ts';
import { ProblemError, problem } from '#shared/problem.ts';

export type LinkState = 'opening' | 'open' | 'lost';

export interface Link {
  readonly state: Readonly<Ref<LinkState>>;
  /** Waits for the first connection; rejects with a ProblemError, at once while the door is lost. */
  call<Name extends RequestName>(name: Name, args: ArgsOf<Name>): Promise<AnswerOf<Name>>;
  /** Outlives connections. Returns the function that stops listening. */
  on<Name extends EventName>(name: Name, listen: (payload: PayloadOf<Name>) => void): () => void;
  /** Called after every (re)connection, at once when there is one. Returns the function that stops it. */
  onOpen(listen: () => void): () => void;
}

const firstRetryMs = 1000;
const longestRetryMs = 8000;

export function keepLinked(open: () => Promise<Channel>, after = (ms: number, run: () => void) => setTimeout(run, ms)) {
  const state = ref<LinkState>('opening');
  const subscriptions = new Set<(to: Console) => () => void>();
  const stops = new Map<(to: Console) => () => void, () => void>();
  const openers = new Set<() => void>();
  const waiting: (() => void)[] = [];
  let current: Console | undefined;
  let retryMs = firstRetryMs;

  const dial = (): void => {
    open().then(arrived, () => {
      state.value = 'lost';
      for (const wake of waiting.splice(0)) wake();
      after(retryMs, dial);
      retryMs = Math.min(retryMs * 2, longestRetryMs);
    });
  };

  const arrived = (channel: Channel): void => {
    const opened = connect(channel);
    current = opened;
    retryMs = firstRetryMs;
    opened.onClose(() => {
      current = undefined;
      stops.clear();
      state.value = 'lost';
      after(firstRetryMs, dial);
    });
    for (const subscribe of subscriptions) stops.set(subscribe, subscribe(opened));
    state.value = 'open';
    for (const wake of waiting.splice(0)) wake();
    for (const listen of [...openers]) listen();
  };

  dial();

  const link: Link = {
    state: readonly(state),
    call: async (name, args) => {
      if (state.value === 'opening') await new Promise<void>((wake) => waiting.push(wake));
      if (current === undefined)
        throw new ProblemError(
          problem('host-gone', 'The console itself does not answer. Start it again; hosts are not affected.'),
        );
      return current.call(name, args);
    },
    on: (name, listen) => {
      const subscribe = (to: Console) => to.on(name, listen);
      subscriptions.add(subscribe);
      if (current !== undefined) stops.set(subscribe, subscribe(current));
      return () => {
        subscriptions.delete(subscribe);
        stops.get(subscribe)?.();
        stops.delete(subscribe);
      };
    },
    onOpen: (listen) => {
      openers.add(listen);
      if (state.value === 'open') listen();
      return () => openers.delete(listen);
    },
  };
  return link;
}
