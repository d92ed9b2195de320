/**
 * Asks a host what became of a plan there, and has it taken back when it is still armed. The host decides: what it says
 * is what is so, whatever this console believed.
 */
import type { HostId } from '#shared/model/host.ts';
import type { HostRun } from '#shared/model/plan.ts';
import { fail, problemOf } from '#shared/problem.ts';
import type { AgentLink } from '#core/ports.ts';
import { statusIn } from '../answers.ts';
import type { HostPlanStatus } from '../answers.ts';
import { writtenDownIn } from '../written-down.ts';
import type { Board } from './board.ts';
import { isOtherState } from './run-ports.ts';

export interface Outcome {
  readonly state: Exclude<HostRun['state'], 'waiting' | 'armed' | 'unreachable'>;
  readonly words?: string;
  readonly status?: HostPlanStatus;
}

/** Rejects with the link's problem, or timed-out while the host is still undoing. */
export async function outcomeOf(link: AgentLink, host: HostId, name: string, board: Board): Promise<Outcome> {
  const plan = board.plan.id;
  const status = await undone(link, plan, name);
  if (status === undefined) return forgotten(link, host, name, board);
  switch (status.state) {
    case 'kept':
      return { state: 'kept', status };
    case 'undone': {
      // What cannot be undone was said before it was applied.
      const left = board.stepsOf(host).filter(({ number, step }) => {
        const how = status.undone.get(number)?.how;
        return number <= status.at && step.undo === 'old-value' && how !== 'as-was' && how !== 'restored';
      }).length;
      const stays = board.stepsOf(host).some(({ number, step }) => number <= status.at && step.undo === 'none');
      if (left === 0 && stays)
        return {
          state: 'undone',
          status,
          words: 'Every setting is what it was before, but for what cannot be undone.',
        };
      if (left === 0) return { state: 'undone', status };
      const words = `${left === 1 ? '1 setting is' : `${left} settings are`} not what ${left === 1 ? 'it was' : 'they were'} before; the steps say which.`;
      return { state: 'partly-undone', words, status };
    }
    default:
      return fail('timed-out', `${name} has not taken the plan back yet. It is asked again.`);
  }
}

/** Undefined when the host knows nothing of the plan. */
async function undone(link: AgentLink, plan: string, name: string): Promise<HostPlanStatus | undefined> {
  try {
    return statusIn((await link.ask({ verb: 'undo', plan })).text, name);
  } catch (error) {
    const why = problemOf(error);
    if (why?.code === 'not-found') return undefined;
    // One that may only be watched now can still tell.
    if (why === undefined || !(isOtherState(why) || why.code === 'read-only')) throw error;
  }
  try {
    return statusIn((await link.ask({ verb: 'status', plan })).text, name);
  } catch (error) {
    if (problemOf(error)?.code === 'not-found') return undefined;
    throw error;
  }
}

async function forgotten(link: AgentLink, host: HostId, name: string, board: Board): Promise<Outcome> {
  if (link.facts.bootId === board.boots[host]) {
    if (board.lostIn === 'arming') return { state: 'undone', words: 'Nothing was written there.' };
    return {
      state: 'partly-undone',
      words: `${name} knows nothing of the plan any more although it was armed there. Compare its settings with the steps.`,
    };
  }
  const kept = board.lostIn === 'keeping' && (await isWrittenDown(link, host, board));
  const onDisk = board
    .stepsOf(host)
    .filter(({ index, step }) => step.survives === 'reboot' && board.step(index).state !== 'waiting');
  if (!kept && onDisk.length > 0) {
    const titles = onDisk.map(({ step }) => `"${step.title}"`).join(', ');
    return {
      state: 'partly-undone',
      words: `${name} was booted since. ${titles} outlives a boot and may still be set: compare it with the step.`,
    };
  }
  return kept
    ? { state: 'kept', words: `${name} was booted since; what the plan wrote down to survive is there.` }
    : { state: 'rebooted', words: `${name} was booted since: its settings are as its start leaves them.` };
}

async function isWrittenDown(link: AgentLink, host: HostId, board: Board): Promise<boolean> {
  const wanted = board.stepsOf(host).flatMap(({ step }) => (step.keepAs === undefined ? [] : [step]));
  if (wanted.length === 0 || board.plan.reverses !== undefined) return false;
  const written = writtenDownIn(host, (await link.ask({ verb: 'drift' })).text);
  return wanted.every((step) => written.valueOf(step) === step.to);
}
