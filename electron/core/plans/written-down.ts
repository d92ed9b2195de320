/** What is written down on hosts to survive: asked before a plan that is to survive is drawn up. */
import type { HostId } from '#shared/model/host.ts';
import { problemOf } from '#shared/problem.ts';
import type { PlannedStep } from '#core/platforms/change.ts';
import type { AgentLink } from '#core/ports.ts';
import { driftIn } from './answers.ts';

export interface WrittenDown {
  /** The value that is written down for this step; undefined where there is none. */
  valueOf(step: Pick<PlannedStep, 'host' | 'knob' | 'keepAs'>): string | undefined;
}

/** A host that cannot be asked has nothing written down as far as is known; drawing up says by itself that it is away. */
export async function askWrittenDown(
  hosts: Iterable<HostId>,
  linkOf: (host: HostId) => AgentLink | undefined,
): Promise<WrittenDown> {
  const byHost = new Map<HostId, WrittenDown>();
  await Promise.all(
    [...new Set(hosts)].map(async (host) => {
      try {
        const answer = await linkOf(host)?.ask({ verb: 'drift' });
        if (answer !== undefined) byHost.set(host, writtenDownIn(host, answer.text));
      } catch (error) {
        if (problemOf(error) === undefined) throw error;
      }
    }),
  );
  return { valueOf: (step) => byHost.get(step.host)?.valueOf(step) };
}

/** @param text what the host answered to `drift` */
export function writtenDownIn(host: HostId, text: string): WrittenDown {
  const lines = new Map(driftIn(text).map(({ knob, keptAs, wanted }) => [keyOf(knob, keptAs), wanted]));
  return {
    valueOf: (step) =>
      step.keepAs === undefined || step.host !== host ? undefined : lines.get(keyOf(step.knob, step.keepAs)),
  };
}

const keyOf = (knob: string, keptAs: string): string => JSON.stringify([knob, keptAs]);
