/**
 * Asks the hosts what each knob of a plan is now, so that a plan shows the truth and holds no step for what is so
 * already. Many questions are on their way to a host at a time, and all hosts are asked at once.
 */
import type { HostId } from '#shared/model/host.ts';
import type { PlanStep } from '#shared/model/plan.ts';
import { problemOf } from '#shared/problem.ts';
import type { AgentLink } from '#core/ports.ts';
import { valueIn } from './answers.ts';

export type Askable = Pick<PlanStep, 'host' | 'knob' | 'instance' | 'from' | 'to'>;

/** The value now; `absent` where it or what it belongs to is not there; `failed` with the reason in a sentence. */
export type Now =
  | { readonly is: 'value'; readonly value: string }
  | { readonly is: 'absent' }
  | { readonly is: 'failed'; readonly sentence: string };

/** Requests on their way to one host: enough to hide the distance, few enough to let its readings through. */
const atOnce = 64;

export async function valueNow(link: AgentLink, knob: string, instance: string): Promise<Now> {
  try {
    return { is: 'value', value: valueIn((await link.ask({ verb: 'get', knob, instance })).text) };
  } catch (error) {
    const why = problemOf(error);
    if (why === undefined) throw error;
    return why.code === 'not-found' ? { is: 'absent' } : { is: 'failed', sentence: why.sentence };
  }
}

/** Does the work for each, so many at once, in order. */
export async function inBatches<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  for (let at = 0; at < items.length; at += atOnce) await Promise.all(items.slice(at, at + atOnce).map(work));
}

export interface Answered<Step extends Askable> {
  /** With `from` as the host says it; without those that are so already, absent or could not be asked. */
  readonly steps: readonly Step[];
  readonly absent: readonly Step[];
  readonly failed: readonly { readonly step: Step; readonly sentence: string }[];
}

/**
 * @param linkOf undefined for a host that is not connected
 * @param stays steps that have something to do although the value is so already
 */
export async function askHosts<Step extends Askable>(
  steps: readonly Step[],
  linkOf: (host: HostId) => AgentLink | undefined,
  stays: (step: Step) => boolean = () => false,
): Promise<Answered<Step>> {
  const firsts = new Map<string, Step>();
  for (const step of steps) if (!firsts.has(knobOf(step))) firsts.set(knobOf(step), step);
  const now = new Map<string, Now>();
  await Promise.all(
    [...grouped(firsts, ([, { host }]) => host)].map(([host, asked]) => {
      const link = linkOf(host);
      return inBatches(asked, async ([key, { knob, instance }]) => {
        now.set(key, link === undefined ? gone : await valueNow(link, knob, instance));
      });
    }),
  );

  const answered = { steps: [] as Step[], absent: [] as Step[], failed: [] as { step: Step; sentence: string }[] };
  for (const step of steps) {
    const key = knobOf(step);
    const before = now.get(key) ?? gone;
    // A planner that says `unknown` knows that it cannot be read before.
    const from =
      before.is === 'value' ? before.value : before.is === 'absent' && step.from === 'unknown' ? 'unknown' : undefined;
    if (from === undefined) {
      if (before.is === 'failed') answered.failed.push({ step, sentence: before.sentence });
      else answered.absent.push(step);
      continue;
    }
    if (from === step.to && !stays(step)) continue;
    answered.steps.push({ ...step, from });
    // A plan may set the same knob twice: the second time it begins where the first has ended.
    now.set(key, { is: 'value', value: step.to });
  }
  return answered;
}

export function grouped<Item, Key>(items: Iterable<Item>, keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

const gone: Now = { is: 'failed', sentence: 'The host is not connected. Connect it, then repeat.' };

const knobOf = ({ host, knob, instance }: Askable): string => JSON.stringify([host, knob, instance]);
