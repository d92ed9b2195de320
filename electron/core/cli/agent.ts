/** `tmem-console agent`: prints the agent with its allow-list, to be installed root-owned on a host. */
import { platforms } from '../platforms/index.ts';
import { composeAgent } from '../hosts/agent-script.ts';
import type { Command } from './command.ts';
import { agentBody } from './program.ts';

export const agentCommand: Command = {
  name: 'agent',
  usage: 'tmem-console agent',
  summary: 'print the agent, to install it root-owned on a host',
  options: [],
  run: async () => {
    const script = composeAgent(
      agentBody(),
      platforms.flatMap(({ sets }) => sets),
      platforms.flatMap(({ commands }) => commands),
      platforms.flatMap(({ planner }) => planner?.agentKnobs ?? []),
    );
    await new Promise<void>((written) => process.stdout.write(script, () => written()));
    return 0;
  },
};
