/**
 * Where one host's logins get their secrets: from answers a person gave along with the host, from what is held, or by
 * asking while the login waits. Made by host.ts, which shows what is asked.
 */
import type { HostId, SecretRequest } from '#shared/model/host.ts';
import { heldSecrets } from './secrets.ts';
import type { HeldKind, SecretSource, SecretStore } from './secrets.ts';

export interface HostSecrets {
  readonly source: SecretSource;
  /** Answers to the first secrets that are asked for, in order. */
  give(answers: readonly string[]): void;
  /** What a login waits for at this moment. */
  asked(): SecretRequest | undefined;
  answer(answers: readonly string[]): void;
  /** The attempt is over: nothing is asked, what was given and not used is gone. */
  clear(): void;
}

export interface HostSecretsOptions {
  readonly host: HostId;
  readonly store: SecretStore;
  newId(): string;
  onAsk(request: SecretRequest): void;
  /** A login with this secret went through for the first time. */
  onProved(kind: HeldKind, forWhom: string): void;
}

export function createHostSecrets({ host, store, newId, onAsk, onProved }: HostSecretsOptions): HostSecrets {
  const held = heldSecrets(store, host, newId);
  let given: string[] = [];
  let asking: { readonly request: SecretRequest; resolve(answers: readonly string[]): void } | undefined;

  return {
    source: {
      ...held,
      take: (kind, forWhom) => {
        const known = held.held(kind, forWhom);
        if (known !== undefined) return known;
        const next = given.shift();
        if (next === undefined) return held.take(kind, forWhom);
        held.keep(kind, forWhom, next);
        return next;
      },
      interact: (forWhom, prompts) => {
        if (given.length >= prompts.length) return Promise.resolve(given.splice(0, prompts.length));
        return new Promise((resolve) => {
          const request: SecretRequest = { id: newId(), kind: 'keyboard-interactive', forWhom, prompts };
          asking = { request, resolve };
          onAsk(request);
        });
      },
      proved: (kind, forWhom) => {
        if (store.proved(host, kind, forWhom)) onProved(kind, forWhom);
      },
    },
    give: (answers) => (given = [...answers]),
    asked: () => asking?.request,
    answer: (answers) => {
      const waiting = asking;
      asking = undefined;
      waiting?.resolve(answers);
    },
    clear: () => {
      given = [];
      asking = undefined;
    },
  };
}
