/**
 * Tells the hosts to keep a plan. One host goes first: if it cannot, nothing was kept anywhere and the plan stays armed.
 * After that there is no way back: what the others cannot keep is undone there and said.
 */
import type { HostId } from '#shared/model/host.ts';
import type { Problem } from '#shared/problem.ts';
import { problem, ProblemError } from '#shared/problem.ts';
import type { AgentLink } from '#core/ports.ts';
import { explained } from './arming.ts';
import type { Board } from './board.ts';
import { bestEffort, isLost, isOtherState, problemIn, told } from './run-ports.ts';
import type { RunPorts } from './run-ports.ts';
import { forget } from './settling.ts';
import { linkOrFail } from './writing.ts';

export interface KeepingTurns {
  /** Deadlines are not moved on and the guard does not interfere. */
  pause(): void;
  resume(): void;
  undoRest(why: Problem): Promise<void>;
  over(): void;
}

/** Connections over which this console has put the agent in place already. */
const installedOver = new WeakSet<AgentLink>();

/** Rejects with what the first host says when nothing was kept. */
export async function keepAll(board: Board, ports: RunPorts, turns: KeepingTurns): Promise<void> {
  const hosts = board.hosts().map(({ host }) => host);
  for (const host of hosts) linkOrFail(host, ports);
  board.setHead({ state: 'keeping', problem: undefined });
  turns.pause();
  const [first, ...others] = hosts;
  try {
    // Whoever finds this run later must know that hosts may have kept it.
    await ports.save(board);
    if (board.plan.persistence === 'survives') await Promise.all(hosts.map((host) => install(host, ports)));
    if (first !== undefined) await keep(first, board, ports);
  } catch (error) {
    const why = problemIn(error, 'keeping a plan', ports.log);
    // Whether it was kept there is not known, or it is not armed any more: both are settled by asking.
    if (isLost(why) || isOtherState(why)) await turns.undoRest(why);
    else {
      board.setHead({ state: 'watching', problem: why });
      turns.resume();
      await bestEffort(ports.save(board), 'saving a plan', ports);
    }
    throw new ProblemError(why, { cause: error });
  }
  const results = await Promise.allSettled(others.map((host) => keep(host, board, ports)));
  const failed = results.flatMap((result, index) =>
    result.status === 'fulfilled'
      ? []
      : [{ host: others[index] ?? '', why: problemIn(result.reason, 'keeping a plan', ports.log) }],
  );
  if (failed.length > 0) {
    const names = failed.map(({ host }) => ports.nameOf(host)).join(', ');
    const sentence = `${names} could not keep the plan and takes it back; the other hosts keep it. ${failed[0]?.why.sentence ?? ''}`;
    return turns.undoRest(problem(failed[0]?.why.code ?? 'internal', sentence, failed[0]?.why.words));
  }
  board.setHead({ state: 'kept', endedAt: ports.clock.now() });
  const saved = await bestEffort(ports.save(board), 'saving a plan', ports);
  turns.over();
  if (saved) forget(board, ports);
}

async function keep(host: HostId, board: Board, ports: RunPorts): Promise<void> {
  try {
    await linkOrFail(host, ports).ask({ verb: 'keep', plan: board.plan.id });
  } catch (error) {
    throw explained(error, `${ports.nameOf(host)} did not keep the plan.`);
  }
  board.setHost(host, 'kept');
  // The host keeps it whatever becomes of this line.
  const words = board.plan.persistence === 'survives' ? 'It survives a reboot.' : 'It lasts until the next reboot.';
  await bestEffort(ports.journal(told(board, 'kept', ports, { host, words })), 'writing the journal', ports);
}

/** What survives is written again by the installed agent, so it has to be there, and be ours. */
async function install(host: HostId, ports: RunPorts): Promise<void> {
  const link = linkOrFail(host, ports);
  if (installedOver.has(link)) return;
  try {
    await link.ask({ verb: 'install', script: ports.agentScript() });
  } catch (error) {
    throw explained(
      error,
      `${ports.nameOf(host)} did not take the agent that writes the settings again after a reboot.`,
    );
  }
  installedOver.add(link);
}
