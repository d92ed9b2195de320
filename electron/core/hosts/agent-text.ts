/** The agent's script for one host: the platforms' list, with the control groups the host's configuration adds. */
import type { HostConfig } from '#shared/model/host.ts';
import { fail } from '#shared/problem.ts';
import type { AgentKnob } from '#core/platforms/change.ts';
import type { FileSet, FixedCommand, GroupSet } from '#core/platforms/platform.ts';
import { composeAgent } from './agent-script.ts';

const groupRoot = '/sys/fs/cgroup/';

/** Throws a ProblemError on control groups that are not safe to send; any other list that is not is our own bug. */
export type AgentText = (config: Pick<HostConfig, 'guestGroups'>) => string;

export function createAgentText(
  body: string,
  sets: readonly (FileSet | GroupSet)[],
  commands: readonly FixedCommand[],
  knobs: readonly AgentKnob[] = [],
): AgentText {
  let usual: string | undefined;
  return ({ guestGroups }) => {
    if (guestGroups.length === 0) return (usual ??= composeAgent(body, sets, commands, knobs));
    const further = guestGroups.map((group) => groupRoot + group);
    const extended = sets.map((set) =>
      set.kind === 'groups' && set.dirs.some((dir) => dir.startsWith(groupRoot))
        ? { ...set, dirs: [...set.dirs, ...further] }
        : set,
    );
    try {
      return composeAgent(body, extended, commands, knobs);
    } catch (error) {
      return fail(
        'malformed-request',
        `The further control groups of this host cannot be watched: ${guestGroups.join(', ')}. Use names below ${groupRoot}, with * for one whole or part of a directory name.`,
        error instanceof Error ? error.message : undefined,
      );
    }
  };
}
