/**
 * A plan that takes a kept one back: its steps the other way round, last first, as far as the hosts still have what the
 * plan has set. What somebody changed since stays, and is said.
 */
import type { HostId } from '#shared/model/host.ts';
import { usualWaves } from '#shared/model/plan.ts';
import type { PlanStep } from '#shared/model/plan.ts';
import { fail } from '#shared/problem.ts';
import type { AgentKnob } from '#core/platforms/change.ts';
import type { AgentLink } from '#core/ports.ts';
import { askHosts } from './ask-hosts.ts';
import type { PlanContent } from './draft.ts';
import type { PlanRecord } from './format.ts';
import { planStep } from './plan-step.ts';
import { placeOf } from './place.ts';

export interface ReversePorts {
  link(host: HostId): AgentLink | undefined;
  nameOf(host: HostId): string;
  knob(name: string): AgentKnob | undefined;
}

interface Candidate extends PlanStep {
  /** What the plan left there. */
  readonly leftAs: readonly string[];
}

/** Rejects: plan-refused when nothing was kept, or nothing of it can be taken back; host-gone. */
export async function reversed({ plan, run }: PlanRecord, ports: ReversePorts): Promise<PlanContent> {
  const kept = new Set((run?.hosts ?? []).filter(({ state }) => state === 'kept').map(({ host }) => host));
  if (kept.size === 0)
    fail('plan-refused', `Nothing of plan ${plan.letter} was kept, so there is nothing to take back.`);
  for (const host of kept)
    if (ports.link(host) === undefined)
      fail(
        'host-gone',
        `${ports.nameOf(host)} is not connected, so what is so there now cannot be asked. Connect it first.`,
      );

  const will: string[] = [];
  const candidates: Candidate[] = [];
  const lastStage = plan.steps.reduce((last, { stage }) => Math.max(last, stage), 0);
  plan.steps.forEach((step, index) => {
    if (!kept.has(step.host) || run?.steps[index]?.state !== 'done') return;
    const where = `"${step.title}" on ${ports.nameOf(step.host)}`;
    if (step.undo === 'none' || step.from === 'unknown') {
      will.push(`${where} stays as it is. ${step.undoWords || 'What it was before is not known.'}`);
      return;
    }
    const readBack = run.steps[index]?.readBack;
    candidates.unshift({
      ...step,
      wave: 0,
      stage: lastStage - step.stage,
      from: '',
      to: step.from,
      place: placeOf(ports.knob(step.knob), step.instance, step.from) ?? step.place,
      because: `It was so before plan ${plan.letter}.`,
      undoWords: '',
      leftAs: readBack === undefined ? [step.to] : [step.to, readBack],
    });
  });

  // What is written down has to be dropped also where the old value is there already.
  const asked = await askHosts(
    candidates,
    (host) => ports.link(host),
    ({ keepAs }) => keepAs !== undefined,
  );
  const [failed] = asked.failed;
  if (failed !== undefined) fail('plan-refused', failed.sentence);
  for (const { title, host, keepAs } of asked.absent) {
    const returns = keepAs === undefined ? '' : ' It stays written down, and is set again when that is back.';
    will.push(`"${title}" on ${ports.nameOf(host)} is left out: what it belongs to is not there now.${returns}`);
  }
  const steps = asked.steps
    .filter(({ knob, from, to, leftAs, title, host }) => {
      // What settles or cannot be read is never exactly what was asked for.
      if (from === to || leftAs.includes(from) || ports.knob(knob)?.check !== 'exact') return true;
      will.push(`"${title}" on ${ports.nameOf(host)} stays as it is: it is "${from}" now, so somebody set it since.`);
      return false;
    })
    .map((step) => planStep(step, plan.persistence))
    .sort((a, b) => a.stage - b.stage);
  const manual = plan.manual
    .filter(({ undoLines }) => undoLines.length > 0)
    .map((step) => ({ ...step, lines: step.undoLines, undoLines: step.lines }));
  if (steps.length === 0 && manual.length === 0)
    fail('plan-refused', ['There is nothing to take back.', ...will].join(' '));
  return {
    title: `Take back: ${plan.title}`,
    wish: plan.wish,
    hosts: plan.hosts.filter(({ host }) => kept.has(host)),
    steps,
    manual,
    will: [...countWords(steps.length, plan.letter), ...will],
    persistence: plan.persistence,
    waves: usualWaves,
    reverses: plan.id,
  };
}

const countWords = (count: number, letter: string): string[] => {
  if (count === 0) return [];
  return [
    count === 1
      ? `1 setting becomes again what it was before plan ${letter}.`
      : `${count} settings become again what they were before plan ${letter}.`,
  ];
};
