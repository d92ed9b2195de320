/** A recording: the agent's answers to everything on its list, behind a header, readable by `inspect`. */
import type { AgentLink, AgentVerb } from '../ports.ts';
import type { Platform } from '../platforms/platform.ts';
import { problemOf } from '#shared/problem.ts';

export async function recordingOf(link: AgentLink, platforms: readonly Platform[], taken: Date): Promise<string> {
  const { facts } = link;
  const lines = [
    `# taken ${taken.toISOString()}`,
    `# system ${facts.os}, kernel ${facts.kernel}`,
    `# who ${facts.user}, ${facts.rights}`,
    '# source tmem-console capture',
    `=fact hostname ${facts.hostname}`,
    `=fact kernel ${facts.kernel}`,
    `=fact pagesize ${facts.pageSize}`,
    `=fact bootid ${facts.bootId}`,
  ];
  const verbs = platforms.flatMap(({ sets, commands }) => [
    ...sets.map(({ name }): AgentVerb => ({ verb: 'probe', set: name })),
    ...commands.map(({ name }): AgentVerb => ({ verb: 'run', command: name })),
  ]);
  let id = 0;
  for (const verb of verbs) {
    const name = 'set' in verb ? verb.set : 'command' in verb ? verb.command : '';
    if (!link.offers.has(name)) continue;
    id += 1;
    try {
      const { text } = await link.ask(verb);
      lines.push(`=begin ${id}`, ...(text === '' ? [] : [text]), `=end ${id} ok`);
    } catch (error) {
      const known = problemOf(error);
      if (known?.code !== 'agent-refused') throw error;
      lines.push(`=begin ${id}`, `=end ${id} failed ${name}`);
    }
  }
  return `${lines.join('\n')}\n`;
}
