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
  const lines = new Map<string, string>();
  await Promise.all(
    [...new Set(hosts)].map(async (host) => {
      try {
        const answer = await linkOf(host)?.ask({ verb: 'drift' });
        for (const { knob, keptAs, wanted } of driftIn(answer?.text ?? ''))
          lines.set(keyOf(host, knob, keptAs), wanted);
      } catch (error) {
        if (problemOf(error) === undefined) throw error;
      }
    }),
  );
  return {
    valueOf: ({ host, knob, keepAs }) => (keepAs === undefined ? undefined : lines.get(keyOf(host, knob, keepAs))),
  };
}

const keyOf = (host: HostId, knob: string, keptAs: string): string => JSON.stringify([host, knob, keptAs]);
