/** The agent's own text, as it goes to hosts behind its list: the parts of agent/, the one that runs last. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Names in agent/. Each but the last only defines functions and where things are. */
export const agentParts = ['knobs.sh', 'plans.sh', 'settings.sh', 'install.sh', 'change.sh', 'agent.sh'] as const;

/** @param root the folder in which agent/ lies. Throws when a part is not there. */
export function agentBody(root: string): string {
  const texts = agentParts.map((part) => readFileSync(join(root, 'agent', part), 'utf8'));
  return `#!/bin/sh\n${texts.map((text) => text.replace(/^#!.*\n/, '')).join('\n')}`;
}
