/** The agent's own text, as the console sends it. */
import { fileURLToPath } from 'node:url';
import { agentBody as read } from '#core/agent-body.ts';

export const agentBody = read(fileURLToPath(new URL('../..', import.meta.url)));
