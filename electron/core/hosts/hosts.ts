/**
 * The hosts room: every host of the inventory with its connection, and what a page may ask about them. Wired by
 * core.ts. Holds secrets in memory only; writes only the inventory and the console's own known hosts.
 */
import { userInfo } from 'node:os';
import type { AnswerOf, ArgsOf } from '#shared/contract/contract.ts';
import type { HostConfig, HostDraft, HostId } from '#shared/model/host.ts';
import { ProblemError, fail, problem } from '#shared/problem.ts';
import type { AgentLink, HostsPort } from '#core/ports.ts';
import { createAgentText } from './agent-text.ts';
import { usualLimits } from './connect.ts';
import type { ConnectContext } from './connect.ts';
import { testConnection } from './connection-test.ts';
import { createHandshakeGate } from './handshake-gate.ts';
import { createHost } from './host.ts';
import type { Host } from './host.ts';
import type { HostsOptions } from './hosts-options.ts';
import { createKeyRing } from './key-file.ts';
import { createKeyPolicy } from './key-policy.ts';
import { fetchKey } from './fetch-key.ts';
import { openWay } from './reach.ts';
import type { Means } from './reach.ts';
import { adviseRights } from './rights.ts';
import { answersAsSecrets, createSecretStore, heldSecrets } from './secrets.ts';
import { draftsFor, readImportable } from './ssh-config.ts';

type Verb =
  | 'checkKey'
  | 'trustKey'
  | 'forgetKey'
  | 'test'
  | 'add'
  | 'edit'
  | 'remove'
  | 'connect'
  | 'disconnect'
  | 'answer'
  | 'importable'
  | 'import'
  | 'rights';

/** Each takes and answers what the request `hosts.<verb>` does. */
type Calls = { readonly [V in Verb]: (args: ArgsOf<`hosts.${V}`>) => Promise<AnswerOf<`hosts.${V}`>> };

export type Hosts = HostsPort &
  Calls & {
    /** Connects the hosts that are to connect by themselves. */
    start(): void;
    /** Ends every connection and forgets every secret. */
    close(): Promise<void>;
  };

/** The owner of secrets that are used while a host key is asked for. */
const keyCheck = 'key check';

export function createHosts(options: HostsOptions): Hosts {
  const { clock, log, inventory, limits = usualLimits, newId } = options;
  const hosts = new Map<HostId, Host>();
  const linkListeners = new Set<(host: HostId, link: AgentLink | undefined) => void>();
  const changeListeners = new Set<(host: HostId) => void>();
  /** Ends what is done on the side: tests, key fetches, checks of rights. */
  const ending = new AbortController();

  const keyRing = createKeyRing(options.home);
  const secrets = createSecretStore((kind, forWhom) => {
    if (kind === 'passphrase') keyRing.forget(forWhom);
  });
  const means: Means = {
    policy: createKeyPolicy(options.knownHosts, (path, words) =>
      options.notify({
        id: `known-hosts ${path}`,
        level: 'warning',
        sentence: `${path} cannot be read, so host keys that are only known there count as unknown. Make it readable for this account.`,
        words,
      }),
    ),
    gate: createHandshakeGate(),
    agentText: createAgentText(options.agentBody, options.sets, options.commands, options.knobs),
  };
  const agentSocket = options.env.SSH_AUTH_SOCK;
  const noTrace = { begin: () => undefined, done: () => undefined };

  const changed = (id: HostId): void => changeListeners.forEach((listen) => listen(id));

  /** For a connection that belongs to no host; `as` owns the secrets it is given. */
  const aside = (as: HostId): Omit<ConnectContext, 'keys'> => ({
    clock,
    limits,
    keyRing,
    agentSocket,
    secrets: heldSecrets(secrets, as, newId),
    signal: ending.signal,
    trace: noTrace,
  });

  const retry = (waits: (host: Host) => boolean): void => {
    for (const host of hosts.values()) if (waits(host)) host.connect();
  };

  const open = (config: HostConfig): Host => {
    const { id } = config;
    const host = createHost(config, {
      clock,
      log,
      limits,
      means,
      keyRing,
      secrets,
      agentSocket,
      newId,
      random: () => options.random(),
      onChange: () => changed(id),
      onLink: (link) => linkListeners.forEach((listen) => listen(id, link)),
      onProved: (kind, forWhom) =>
        retry((other) => {
          const state = other.state();
          return state.kind === 'needs-secret' && state.request.kind === kind && state.request.forWhom === forWhom;
        }),
    });
    hosts.set(id, host);
    return host;
  };

  const existing = (id: HostId): Host =>
    hosts.get(id) ?? fail('not-found', 'That host is not in the inventory any more. Somebody removed it.');

  const source = () => ({
    file: options.sshConfigFile,
    user: options.env.USER ?? userInfo().username,
    home: options.home,
  });

  const withId = (draft: HostDraft): HostConfig => ({ id: newId(), ...draft });

  for (const config of inventory.list()) open(config);

  return {
    configs: () => inventory.list(),
    config: (id) => inventory.get(id),
    state: (id) => hosts.get(id)?.state() ?? { kind: 'off' },
    facts: (id) => hosts.get(id)?.facts(),
    onLink: (listen) => linkListeners.add(listen),
    onChange: (listen) => changeListeners.add(listen),
    setMissing: (id, missing) => hosts.get(id)?.setMissing(missing),
    reportDead: (id, why) => hosts.get(id)?.reportDead(why),

    checkKey: async ({ target, jumps }) => {
      try {
        return await fetchKey([...jumps, target], means, aside(keyCheck));
      } finally {
        secrets.drop(keyCheck);
      }
    },
    trustKey: async ({ host, fingerprint }) => {
      await means.policy.trust(host, fingerprint);
      retry((other) => {
        const state = other.state();
        return state.kind === 'unknown-key' && state.offer.host === host;
      });
      return null;
    },
    forgetKey: async ({ host }) => {
      await means.policy.forget(host);
      retry((other) => {
        const state = other.state();
        return state.kind === 'changed-key' && state.offer.host === host;
      });
      return null;
    },
    test: async ({ draft, answers = [] }) => {
      const as = newId();
      const context = aside(as);
      try {
        return await testConnection(draft, {
          clock,
          log,
          means,
          context: { ...context, secrets: answersAsSecrets(answers, newId, context.secrets) },
          survey: (link) => options.survey(link),
        });
      } finally {
        secrets.drop(as);
      }
    },
    add: async ({ draft, answers }) => {
      const config = await inventory.add(withId(draft));
      open(config).connect(answers);
      changed(config.id);
      return config;
    },
    edit: async ({ host: id, draft }) => {
      const host = existing(id);
      const config = await inventory.replace({ id, ...draft });
      host.replace(config);
      return config;
    },
    remove: async ({ hosts: ids }) => {
      for (const id of await inventory.remove(ids)) {
        hosts.get(id)?.close();
        hosts.delete(id);
        changed(id);
      }
      return null;
    },
    connect: async ({ host }) => {
      existing(host).connect();
      return null;
    },
    disconnect: async ({ host }) => {
      existing(host).disconnect();
      return null;
    },
    answer: async ({ host, request, answers }) => {
      existing(host).answer(request, answers);
      return null;
    },
    importable: () => readImportable({ ...source(), present: new Set(inventory.list().map(({ name }) => name)) }),
    import: async ({ aliases }) => {
      const drafts = await draftsFor(source(), aliases);
      const configs = await inventory.addAll(drafts.map(withId));
      for (const config of configs) {
        open(config).connect();
        changed(config.id);
      }
      return configs;
    },
    rights: async ({ host: id }) => {
      const host = existing(id);
      const config = host.config();
      const script = means.agentText(config);
      const client = host.client();
      if (client !== undefined) return adviseRights(config, client, script, clock);
      const route = await openWay(config, means, aside(id));
      try {
        return await adviseRights(config, route.client, script, clock);
      } finally {
        route.close();
      }
    },

    start: () => {
      for (const host of hosts.values()) if (host.config().connect) host.connect();
    },
    close: async () => {
      ending.abort(new ProblemError(problem('cancelled', 'The console is ending.')));
      for (const host of hosts.values()) host.close();
      hosts.clear();
      secrets.clear();
    },
  };
}
