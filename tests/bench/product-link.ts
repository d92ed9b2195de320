/** A link to the agent, brought up by the product's own hosts room parts: what `collect` is given for a live host. */
import { join } from 'node:path';
import type { AgentLink, TextFile } from '#core/ports.ts';
import type { SecretSource } from '#core/hosts/secrets.ts';
import { createAgentText } from '#core/hosts/agent-text.ts';
import { usualLimits } from '#core/hosts/connect.ts';
import { createHandshakeGate } from '#core/hosts/handshake-gate.ts';
import { createKeyRing } from '#core/hosts/key-file.ts';
import { createKeyPolicy } from '#core/hosts/key-policy.ts';
import { reach } from '#core/hosts/reach.ts';
import { platforms } from '#core/platforms/index.ts';
import { systemClock } from '#core/system-clock.ts';
import { agentBody } from '../support/agent-body.ts';
import type { HostHere } from './host-here.ts';
import type { Tidy } from './tidy.ts';

/** A plain key wants no secret; being asked for one is a fault of the benchmark. */
const noSecrets: SecretSource = {
  held: () => undefined,
  keep: () => undefined,
  take: (kind, forWhom) => {
    throw new Error(`asked for a ${kind} for ${forWhom}`);
  },
  interact: (forWhom) => Promise.reject(new Error(`${forWhom} asks questions`)),
  proved: () => undefined,
  refused: () => undefined,
};

export async function productLink(host: HostHere, tidy: Tidy): Promise<AgentLink> {
  const own: TextFile = {
    path: join(host.home, 'own_known_hosts'),
    read: async () => undefined,
    write: async () => undefined,
  };
  const ended = new AbortController();
  const { agent, route } = await reach(
    {
      id: 'bench',
      name: 'bench',
      address: '127.0.0.1',
      port: host.port,
      user: host.user,
      login: { method: 'key', keyFile: host.keyFile },
      group: '',
      tags: [],
      jumps: [],
      agent: 'pushed',
      sudo: 'never',
      guestGroups: [],
      connect: true,
    },
    {
      policy: createKeyPolicy({ userFiles: [join(host.home, '.ssh', 'known_hosts')], own }, () => undefined),
      gate: createHandshakeGate(),
      agentText: createAgentText(
        agentBody,
        platforms.flatMap(({ sets }) => sets),
        platforms.flatMap(({ commands }) => commands),
      ),
    },
    {
      clock: systemClock,
      limits: usualLimits,
      keyRing: createKeyRing(host.home),
      secrets: noSecrets,
      agentSocket: undefined,
      trace: { begin: () => undefined, done: () => undefined },
      signal: ended.signal,
    },
  );
  tidy.add(() => {
    agent.close();
    route.close();
  });
  return agent.link;
}
