/**
 * What an administrator has to put on a host so that the agent may read as root, and what is there already, as tried
 * on the host itself. Called by hosts.ts with a connection that is up. It changes nothing.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Client } from 'ssh2';
import type { HostConfig } from '#shared/model/host.ts';
import type { RightsAdvice } from '#shared/contract/hosts.ts';
import { problemOf } from '#shared/problem.ts';
import type { Clock } from '#core/ports.ts';
import { agentCommand, installSteps, installedAgent, sudoersLines } from './agent-script.ts';
import type { AgentGrade, AgentWay } from './agent-script.ts';
import { placeOf } from './connect.ts';
import { runCommand } from './run-command.ts';

type Check = RightsAdvice['checked'][number];

/** @param script the agent as it would be installed today */
export async function adviseRights(
  config: HostConfig,
  client: Client,
  script: string,
  clock: Clock,
): Promise<RightsAdvice> {
  const way: AgentWay = config.agent === 'pushed' ? 'push' : 'installed';
  const where = placeOf(config);
  const { role = 'viewer' } = config;
  const trial = async (
    title: string,
    command: string,
    judge: (status: number | undefined, output: string) => Check,
  ) => {
    try {
      const { status, output } = await runCommand(client, command, where, clock);
      return judge(status, output);
    } catch (error) {
      const why = problemOf(error);
      if (why === undefined) throw error;
      return { title, ok: false, detail: `Could not be tried: ${why.sentence}` };
    }
  };
  const checked: Check[] = [];
  // One after the other: a server may allow only few sessions at once.
  if (config.user !== 'root')
    for (const grade of gradesOf(role))
      checked.push(await trial(sudoTitles[grade], listed(way, grade), (...said) => judgeSudo(grade, ...said)));
  checked.push(
    await trial(copyTitle, `exec sha256sum ${installedAgent}`, (status, output) => judgeCopy(script, status, output)),
  );
  return { sudoers: advice(config.user, way, role), install: steps(config.user, role), checked };
}

const sudoTitles: Readonly<Record<AgentGrade, string>> = {
  viewer: 'Root through sudo',
  operator: 'Changes through sudo',
};
const gradesOf = (role: AgentGrade): readonly AgentGrade[] =>
  role === 'operator' ? ['viewer', 'operator'] : ['viewer'];
const copyTitle = 'Installed agent';

/** `sudo -n -l COMMAND` says whether the command would be allowed, and runs nothing. */
function listed(way: AgentWay, grade: AgentGrade): string {
  const nonce = randomBytes(8).toString('hex');
  return agentCommand({ nonce, way, root: true, grade }).replace('sudo -n ', 'sudo -n -l ');
}

function judgeSudo(grade: AgentGrade, status: number | undefined, output: string): Check {
  const title = sudoTitles[grade];
  const agent = grade === 'operator' ? 'the agent that may change settings' : 'the agent';
  if (status === 0) return { title, ok: true, detail: `sudo runs ${agent} without a password.` };
  const detail =
    status === 127
      ? 'There is no sudo on the host.'
      : `sudo does not run ${agent} without a password${output === '' ? '.' : `: ${output.slice(0, 300)}`}`;
  return { title, ok: false, detail };
}

function judgeCopy(script: string, status: number | undefined, output: string): Check {
  const sum = /^[0-9a-f]{64}/.exec(output)?.[0];
  if (sum === createHash('sha256').update(script).digest('hex'))
    return { title: copyTitle, ok: true, detail: `${installedAgent} is there and current.` };
  if (sum !== undefined)
    return { title: copyTitle, ok: false, detail: `${installedAgent} is there, but not the copy of this console.` };
  const detail = /no such file/i.test(output)
    ? `${installedAgent} is not there.`
    : `${installedAgent} cannot be read${status === 127 ? ': the host has no sha256sum.' : `: ${output.slice(0, 300)}`}`;
  return { title: copyTitle, ok: false, detail };
}

/** A user name that sudoers would misread gets a sentence instead of lines. */
function advice(user: string, way: AgentWay, grade: AgentGrade): string[] {
  if (user === 'root') return ['# The login is root already: no sudoers lines are needed.'];
  try {
    return sudoersLines({ user, way, grade });
  } catch {
    return [`# The user name of this login cannot be written in sudoers as it is. Use a group, or another account.`];
  }
}

function steps(user: string, grade: AgentGrade): string[] {
  try {
    return installSteps(user, grade);
  } catch {
    return [];
  }
}
