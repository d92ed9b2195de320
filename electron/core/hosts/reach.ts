/** From a configuration to an agent that answers: known keys, the way, the agent. Used by hosts and by the test of one. */
import type { HostConfig } from '#shared/model/host.ts';
import type { AgentText } from './agent-text.ts';
import { startAgent } from './agent-link.ts';
import type { StartedAgent } from './agent-link.ts';
import type { ConnectContext } from './connect.ts';
import type { HandshakeGate } from './handshake-gate.ts';
import { openRoute } from './jump.ts';
import type { Route } from './jump.ts';
import type { KeyPolicy } from './key-policy.ts';

export interface Means {
  readonly policy: KeyPolicy;
  readonly gate: HandshakeGate;
  readonly agentText: AgentText;
}

export interface Reached {
  readonly route: Route;
  readonly agent: StartedAgent;
}

export async function openWay(
  config: Pick<HostConfig, 'jumps' | 'address' | 'port' | 'user' | 'login'>,
  means: Pick<Means, 'policy' | 'gate'>,
  context: Omit<ConnectContext, 'keys'>,
): Promise<Route> {
  const hops = [...config.jumps, config];
  const keys = await means.policy.load(hops);
  return openRoute(hops, { ...context, keys }, means.gate);
}

/** Rejects with a ProblemError; nothing is left open then. */
export async function reach(config: HostConfig, means: Means, context: Omit<ConnectContext, 'keys'>): Promise<Reached> {
  const script = means.agentText(config);
  const hops = [...config.jumps, config];
  const keys = await means.policy.load(hops);
  const route = await openRoute(hops, { ...context, keys }, means.gate);
  try {
    const agent = await startAgent(route.client, config, script, { ...context, keys });
    return { route, agent };
  } catch (error) {
    route.close();
    throw error;
  }
}
