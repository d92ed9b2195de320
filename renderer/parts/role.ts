/** Whether a host can be changed from here, and if not, whose word that is. Pure. */
import type { HostView } from '#shared/model/host.ts';

/** `console`: it was told to watch only. `host`: it would change it, and the host does not let it. */
export function watchOnly({ config, facts }: Pick<HostView, 'config' | 'facts'>): 'console' | 'host' | undefined {
  if (config.role !== 'operator') return 'console';
  return facts !== undefined && facts.grade !== 'operator' ? 'host' : undefined;
}

export const watchOnlyWords = (why: 'console' | 'host', name: string): string =>
  why === 'console'
    ? `This console only watches ${name}, so nothing is applied there. Let it watch and change ${name} to go on.`
    : `${name} lets this console watch only: the agent was not allowed to start as operator. An administrator of the host allows it in sudoers; then connect again.`;
