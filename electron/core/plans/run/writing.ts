/** Makes one step on its host and writes down what came of it. */
import type { HostId } from '#shared/model/host.ts';
import { fail, problemOf } from '#shared/problem.ts';
import type { AgentLink } from '#core/ports.ts';
import { valueIn } from '../answers.ts';
import { explained } from './arming.ts';
import type { Board, NumberedStep } from './board.ts';
import { isLost, told } from './run-ports.ts';
import type { RunPorts } from './run-ports.ts';

export function linkOrFail(host: HostId, ports: RunPorts): AgentLink {
  const link = ports.link(host);
  if (link !== undefined) return link;
  const name = ports.nameOf(host);
  return fail('host-gone', `${name} is not connected any more. It undoes by itself at its deadline.`);
}

/** Rejects with what the host says, or when the journal cannot be written: either way all of the plan is undone. */
export async function makeStep(board: Board, ports: RunPorts, { index, number, step }: NumberedStep): Promise<void> {
  const { host } = step;
  const link = linkOrFail(host, ports);
  board.setStep(index, { state: 'writing' });
  let after: string;
  try {
    after = valueIn((await link.ask({ verb: 'write', plan: board.plan.id, step: number })).text);
  } catch (error) {
    const why = problemOf(error);
    if (why === undefined) throw error;
    const words = why.words ?? why.sentence;
    // After a lost answer it may be made or not: the host knows, and is asked.
    const lost = isLost(why);
    if (!lost) board.setStep(index, { state: 'failed', words });
    const entry = lost ? `No answer came, so it may have been made: ${words}` : words;
    await ports.journal(told(board, 'failed', ports, { host, step, before: step.from, words: entry }));
    throw explained(error, `"${step.title}" was not set on ${ports.nameOf(host)}.`);
  }
  board.setStep(index, { state: 'done', readBack: after });
  // What settles reads as it moves, which is not what was written.
  const moves = after === step.to ? {} : { words: `It read ${after} right afterwards.` };
  await ports.journal(told(board, 'wrote', ports, { host, step, before: step.from, after: step.to, ...moves }));
}
