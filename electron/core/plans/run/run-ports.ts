/** What a run needs of the rest of the console, and the words it has in common. */
import type { HostId } from '#shared/model/host.ts';
import type { JournalWhat } from '#shared/model/journal.ts';
import type { Notice } from '#shared/model/settings.ts';
import type { Problem } from '#shared/problem.ts';
import { problem, problemOf } from '#shared/problem.ts';
import type { AgentLink, Clock, CollectPort, Log } from '#core/ports.ts';
import type { Told } from '../journal.ts';
import type { Board, NumberedStep } from './board.ts';

export interface RunPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly collect: CollectPort;
  link(host: HostId): AgentLink | undefined;
  nameOf(host: HostId): string;
  /** How long writing that knob may take. */
  secondsOf(knob: string): number;
  /** Text of the agent as it is installed on a host. */
  agentScript(): string;
  /** On the disk when it resolves. Rejects: file-unwritable, disk-full. */
  journal(...entries: readonly Told[]): Promise<void>;
  /** On the disk when it resolves. Rejects: file-unwritable, disk-full. */
  save(board: Board): Promise<void>;
  notify(notice: Notice): void;
}

/** Thrown where a run that was stopped would have gone on; never seen outside. */
export class Halted extends Error {}

export function told(
  board: Board,
  what: JournalWhat,
  ports: Pick<RunPorts, 'nameOf'>,
  about: {
    readonly host?: HostId;
    readonly step?: NumberedStep['step'];
    readonly before?: string | undefined;
    readonly after?: string | undefined;
    readonly words?: string | undefined;
  } = {},
): Told {
  const { host, step, before, after, words } = about;
  return {
    plan: board.plan.id,
    title: step?.title ?? board.plan.title,
    what,
    ...(host === undefined ? {} : { host: { id: host, name: ports.nameOf(host) } }),
    ...(step === undefined ? {} : { knob: step.knob, instance: step.instance }),
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    ...(words === undefined || words === '' ? {} : { words }),
  };
}

/** The expected ones as they are; a bug is logged and told as one. */
export function problemIn(error: unknown, doing: string, log: Log): Problem {
  const known = problemOf(error);
  if (known !== undefined) return known;
  log.bug(doing, error);
  return problem('internal', `The console made a mistake while ${doing}. Its log says more.`);
}

/** For work nobody waits for: it tells what became of it itself, and only a bug is left to say. */
export function inBackground(work: Promise<unknown>, doing: string, log: Log): void {
  work.catch((error: unknown) => log.bug(doing, error));
}

/** Does not stand in the way of an undo: what cannot be written down is said as a notice. */
export async function bestEffort(work: Promise<void>, doing: string, ports: RunPorts): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    const { sentence, words } = problemIn(error, doing, ports.log);
    ports.notify({
      id: `plan-unwritten`,
      level: 'warning',
      sentence: `What became of a plan could not be written down. ${sentence}`,
      ...(words === undefined ? {} : { words }),
    });
    return false;
  }
}

/** The connection, or the host behind it: whether the request was carried out is not known. */
export const isLost = ({ code }: Problem): boolean =>
  code === 'host-gone' ||
  code === 'timed-out' ||
  code === 'cancelled' ||
  code === 'agent-garbled' ||
  code === 'agent-too-much';

/** The host answered that the plan is in another state than the request is for. */
export const isOtherState = ({ code }: Problem): boolean => code === 'knob-conflict' || code === 'plan-busy';
