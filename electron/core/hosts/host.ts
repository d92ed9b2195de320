/**
 * One host and the state of its connection: connecting, waiting for a person, live, stale, backing off. Made by
 * hosts.ts for every host of the inventory. A login that was refused is never repeated by itself.
 */
import type { Client } from 'ssh2';
import type { ConnectionState, HostConfig, HostFacts, MissingRight } from '#shared/model/host.ts';
import { ProblemError, fail, problem, problemOf } from '#shared/problem.ts';
import type { Problem, ProblemCode } from '#shared/problem.ts';
import { after, millis, since } from '#shared/units.ts';
import type { EpochMs } from '#shared/units.ts';
import type { AgentLink, Clock, Log } from '#core/ports.ts';
import { backOffMs } from './back-off.ts';
import type { Limits } from './connect.ts';
import { createHostSecrets } from './host-secrets.ts';
import type { KeyRing } from './key-file.ts';
import { KeyStop } from './key-stop.ts';
import { reach } from './reach.ts';
import type { Means, Reached } from './reach.ts';
import { SecretNeeded } from './secrets.ts';
import type { HeldKind, SecretStore } from './secrets.ts';
import { gone } from './ssh-problems.ts';

export interface HostDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: Limits;
  readonly means: Means;
  readonly keyRing: KeyRing;
  readonly secrets: SecretStore;
  readonly agentSocket: string | undefined;
  random(): number;
  newId(): string;
  /** Configuration or state changed. */
  onChange(): void;
  onLink(link: AgentLink | undefined): void;
  /** A login with this secret went through for the first time. */
  onProved(kind: HeldKind, forWhom: string): void;
}

export interface Host {
  config(): HostConfig;
  state(): ConnectionState;
  facts(): HostFacts | undefined;
  /** The connection that is up. */
  client(): Client | undefined;
  /** @param answers for the first secrets that are asked for, in order */
  connect(answers?: readonly string[]): void;
  disconnect(): void;
  /** Throws not-found when that is not asked any more. */
  answer(request: string, answers: readonly string[]): void;
  replace(config: HostConfig): void;
  setMissing(missing: readonly MissingRight[]): void;
  reportDead(why: unknown): void;
  close(): void;
}

/** What only a person can put right. */
const forPersons: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'auth-refused',
  'key-unreadable',
  'handshake-failed',
  'jump-refused',
  'agent-missing',
  'channel-refused',
  'secret-needed',
  'malformed-request',
]);

/** A connection that lasted this long was a good one: the next loss starts to count from one. */
const steadyMs = 30_000;

export function createHost(initial: HostConfig, deps: HostDeps): Host {
  const { clock, log, secrets } = deps;
  let config = initial;
  let state: ConnectionState = { kind: 'off' };
  let facts: HostFacts | undefined;
  let reached: Reached | undefined;
  let attempt: AbortController | undefined;
  let failures = 0;
  let stopWait: () => void = () => undefined;

  const go = (next: ConnectionState): void => {
    if (next.kind !== state.kind)
      log.info('host', {
        host: config.name,
        state: next.kind,
        ...('problem' in next ? { why: next.problem.code } : {}),
      });
    state = next;
    deps.onChange();
  };

  const step = (words: string): void => {
    if (state.kind === 'connecting') go({ ...state, step: words });
  };

  const asking = createHostSecrets({
    host: initial.id,
    store: secrets,
    newId: deps.newId,
    onAsk: (request) => go({ kind: 'needs-secret', request }),
    onProved: deps.onProved,
  });

  /** @param quietly the last figures stand: the state stays "stale" until this comes to something */
  const start = async (quietly: boolean): Promise<void> => {
    stopWait();
    const own = new AbortController();
    attempt = own;
    if (!quietly) go({ kind: 'connecting', since: clock.now(), step: 'Starting' });
    try {
      const now = await reach(config, deps.means, {
        clock,
        limits: deps.limits,
        keyRing: deps.keyRing,
        agentSocket: deps.agentSocket,
        secrets: asking.source,
        signal: own.signal,
        trace: { begin: step, done: () => undefined },
      });
      if (attempt === own) live(now);
      else letGo(now);
    } catch (error) {
      if (attempt === own) failed(error);
    }
    if (attempt === own) {
      attempt = undefined;
      asking.clear();
    }
  };

  const live = (now: Reached): void => {
    reached = now;
    facts = now.agent.link.facts;
    const liveSince = clock.now();
    if (now.agent.sudoProblem !== undefined)
      log.info('sudo', { host: config.name, why: now.agent.sudoProblem.sentence });
    go({ kind: 'live', since: liveSince, missing: [] });
    deps.onLink(now.agent.link);
    const onEnd = (why: Problem) => {
      if (reached === now) lost(why, liveSince);
    };
    now.route.onLost(onEnd);
    now.agent.onEnd(onEnd);
  };

  const letGo = (now: Reached, why?: Problem): void => {
    now.agent.close(why);
    now.route.close();
  };

  /** Ends what is up or on its way, without a word about the state. */
  const drop = (why?: Problem): void => {
    stopWait();
    asking.clear();
    attempt?.abort(new ProblemError(problem('cancelled', `The connection to ${config.name} was given up.`)));
    attempt = undefined;
    const before = reached;
    reached = undefined;
    if (before === undefined) return;
    letGo(before, why);
    deps.onLink(undefined);
  };

  const lost = (why: Problem, liveSince: EpochMs): void => {
    drop(why);
    if (since(clock.now(), liveSince) >= steadyMs) failures = 0;
    go({ kind: 'stale', since: clock.now(), problem: why });
    if (config.connect) stopWait = clock.after(backOffMs(++failures, deps.random()), () => void start(true));
  };

  const failed = (error: unknown): void => {
    const asked = asking.asked();
    if (asked !== undefined) {
      // Never asked again by itself: nobody may be there to answer.
      const sentence = `${asked.forWhom}: the host ended the login while it waited for an answer. Connect again when you can answer.`;
      return go({ kind: 'refused', problem: problem('auth-refused', sentence, problemOf(error)?.words) });
    }
    if (error instanceof SecretNeeded) return go({ kind: 'needs-secret', request: error.request });
    if (error instanceof KeyStop) {
      const { check } = error;
      if (check.verdict === 'unknown') return go({ kind: 'unknown-key', offer: check.offer });
      return go({ kind: 'changed-key', offer: check.offer, problem: check.problem });
    }
    const why = problemOf(error);
    if (why === undefined) {
      log.bug(`connecting ${config.name}`, error);
      const sentence = `The console made a mistake while connecting ${config.name}; its log tells where.`;
      return go({ kind: 'refused', problem: problem('internal', sentence) });
    }
    if (forPersons.has(why.code) || !config.connect) return go({ kind: 'refused', problem: why });
    const wait = backOffMs(++failures, deps.random());
    go({ kind: 'waiting', until: after(clock.now(), millis(wait)), attempt: failures, problem: why });
    stopWait = clock.after(wait, () => void start(false));
  };

  const connect = (answers: readonly string[] = []): void => {
    if (attempt !== undefined || reached !== undefined) return;
    failures = 0;
    asking.give(answers);
    void start(false);
  };

  return {
    config: () => config,
    state: () => state,
    facts: () => facts,
    client: () => reached?.route.client,
    connect,
    disconnect: () => {
      drop();
      secrets.drop(config.id);
      go({ kind: 'off' });
    },
    answer: (id, answers) => {
      if (asking.asked()?.id === id) {
        go({ kind: 'connecting', since: clock.now(), step: 'Login' });
        return asking.answer(answers);
      }
      if (state.kind !== 'needs-secret' || state.request.id !== id || answers[0] === undefined)
        return fail('not-found', `${config.name} does not ask that any more. Look at what it asks now.`);
      const { kind, forWhom } = state.request;
      if (kind !== 'keyboard-interactive') secrets.put(config.id, kind, forWhom, answers[0]);
      return connect();
    },
    replace: (next) => {
      const again = wayOf(next) !== wayOf(config);
      config = next;
      if (!again || state.kind === 'off') return deps.onChange();
      drop();
      connect();
    },
    setMissing: (missing) => {
      if (state.kind === 'live') go({ ...state, missing });
    },
    reportDead: (why) => {
      if (state.kind !== 'live') return;
      lost(problemOf(why) ?? gone(config.name, why instanceof Error ? why.message : undefined), state.since);
    },
    close: () => {
      drop();
      secrets.drop(config.id);
    },
  };
}

/** What a connection depends on; a change of name, group or tags leaves it up. */
const wayOf = ({ address, port, user, login, jumps, agent, sudo, role = 'viewer', guestGroups }: HostConfig): string =>
  JSON.stringify([address, port, user, login, jumps, agent, sudo, role, guestGroups]);
