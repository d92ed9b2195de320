/** A core that answers what a test tells it to, in place of the link to a real one. */
import { ref } from 'vue';
import type { AnswerOf, ArgsOf, EventName, PayloadOf, RequestName } from '#shared/contract/contract.ts';
import { ProblemError, problem } from '#shared/problem.ts';
import type { Link, LinkState } from '../../renderer/door/link.ts';

export type Answers = {
  [Name in RequestName]?: (args: ArgsOf<Name>) => AnswerOf<Name> | Promise<AnswerOf<Name>>;
};

export interface FakeConsole {
  readonly link: Link;
  readonly calls: { readonly name: RequestName; readonly args: unknown }[];
  /** Answers may be replaced while a test runs. */
  readonly answers: Answers;
  emit<Name extends EventName>(name: Name, payload: PayloadOf<Name>): void;
  /** How many listeners an event has: a page that is gone must leave none. */
  listeners(name: EventName): number;
  lose(): void;
  reopen(): void;
}

export function fakeConsole(answers: Answers = {}, initial: LinkState = 'open'): FakeConsole {
  const state = ref<LinkState>(initial);
  const calls: { name: RequestName; args: unknown }[] = [];
  const listening = new Map<string, Set<(payload: never) => void>>();
  const openers = new Set<() => void>();

  const link: Link = {
    state,
    call: async (name, args) => {
      calls.push({ name, args });
      const answer = answers[name] as ((args: unknown) => unknown) | undefined;
      if (answer === undefined)
        throw new ProblemError(problem('unknown-request', `This test has no answer to ${name}.`));
      return (await answer(args)) as AnswerOf<typeof name>;
    },
    on: (name, listen) => {
      const all = listening.get(name) ?? new Set();
      listening.set(name, all);
      all.add(listen as (payload: never) => void);
      return () => void all.delete(listen as (payload: never) => void);
    },
    onOpen: (listen) => {
      openers.add(listen);
      if (state.value === 'open') listen();
      return () => void openers.delete(listen);
    },
  };

  return {
    link,
    calls,
    answers,
    emit: (name, payload) => {
      for (const listen of [...(listening.get(name) ?? [])]) listen(payload as never);
    },
    listeners: (name) => listening.get(name)?.size ?? 0,
    lose: () => (state.value = 'lost'),
    reopen: () => {
      state.value = 'open';
      for (const listen of [...openers]) listen();
    },
  };
}
