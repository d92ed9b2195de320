/** Hands every host its steps and arms it. When it resolves, each host would undo by itself; nothing was written. */
import type { HostId } from '#shared/model/host.ts';
import type { PlanStep } from '#shared/model/plan.ts';
import { fail, problem, ProblemError, problemOf } from '#shared/problem.ts';
import type { AgentLink } from '#core/ports.ts';
import { inBatches, valueNow } from '../ask-hosts.ts';
import type { Board } from './board.ts';
import type { RunPorts } from './run-ports.ts';
import { linkOrFail } from './writing.ts';

export interface Arming {
  /** Throws when the run was stopped. */
  check(): void;
  /** Called before the host is asked: from then on it may know of the plan. */
  began(host: HostId): void;
  secondsFor(host: HostId): number;
  armed(host: HostId): void;
}

export async function arm(board: Board, ports: RunPorts, arming: Arming): Promise<void> {
  await Promise.all(board.hosts().map(({ host }) => armHost(host, board, ports, arming)));
}

async function armHost(host: HostId, board: Board, ports: RunPorts, arming: Arming): Promise<void> {
  const plan = board.plan.id;
  const name = ports.nameOf(host);
  const { reverses } = board.plan;
  arming.check();
  const link = linkOrFail(host, ports);
  arming.began(host);
  try {
    await link.ask({ verb: 'begin', plan });
  } catch (error) {
    throw explained(error, `${name} did not begin.`);
  }
  const steps = board.stepsOf(host);
  await inBatches(steps, ({ step }) => insistOn(step, name, link));
  // Asked in order: the host counts them.
  await inBatches(steps, async ({ step }) => {
    arming.check();
    const { knob, instance, from, to, keepAs, heldBefore } = step;
    const keep =
      keepAs === undefined
        ? ({ kind: 'no' } as const)
        : ({ kind: reverses === undefined || heldBefore === true ? 'as' : 'drop', instance: keepAs } as const);
    try {
      await link.ask({ verb: 'step', plan, knob, instance, from: step.undo === 'none' ? 'unknown' : from, to, keep });
    } catch (error) {
      throw explained(error, `"${step.title}" on ${name} is not "${from}" any more, or cannot be set.`);
    }
  });
  arming.check();
  await link.ask({ verb: 'arm', plan, seconds: arming.secondsFor(host) });
  arming.armed(host);
}

/**
 * The host is not to try what cannot be undone: it gets no old value of such a step. So whether that moved since the
 * review is looked at here.
 */
async function insistOn(step: PlanStep, name: string, link: AgentLink): Promise<void> {
  const { knob, instance, from, undo, title } = step;
  if (undo === 'old-value' || from === 'unknown') return;
  const now = await valueNow(link, knob, instance);
  if (now.is === 'value' && now.value !== from)
    fail('knob-conflict', `"${title}" on ${name} is not "${from}" any more. Draw the plan up again.`, now.value);
}

/** The other side's sentence, behind what it was about. */
export function explained(error: unknown, about: string): unknown {
  const why = problemOf(error);
  if (why === undefined) return error;
  return new ProblemError(problem(why.code, `${about} ${why.sentence}`, why.words), { cause: error });
}
