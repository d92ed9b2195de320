/**
 * Makes the steps of a plan on a machine of the lab and takes them back, by the agent's rules (agent/README.md,
 * "Changing"): written only if the value is still FROM, judged by reading back, undone last first.
 */
import type { AgentKnob, CommandKnob, PlannedStep } from '#core/platforms/change.ts';
import { knobInstanceProblem, valueProblem } from '#core/platforms/change-check.ts';
import type { LabMachine } from '#core/lab/machine.ts';

/** One step as it was made: FROM is what the machine said, as the console asks before it shows a plan. */
export interface MadeStep {
  readonly step: PlannedStep;
  readonly from: string;
  readonly readBack: string;
}

/** As `get` answers; undefined for absent. */
export function readKnob(machine: LabMachine, knob: AgentKnob, instance: string): string | undefined {
  const problem = knobInstanceProblem(knob, instance);
  if (problem !== undefined) throw new Error(`${knob.name}: ${problem}`);
  if (knob.check === 'none') return 'unknown';
  if (knob.kind === 'command') return nativeOf(machine, knob).read(instance);
  const text = machine.files.read(instance)?.replace(/\n+$/, '');
  return knob.shown === 'plain' || text === undefined ? text : /\[([^\]\s]+)\]/.exec(text)?.[1];
}

export function writeKnob(machine: LabMachine, knob: AgentKnob, instance: string, value: string): string | undefined {
  const problem = knobInstanceProblem(knob, instance) ?? valueProblem(knob.value, value);
  if (problem !== undefined) throw new Error(`${knob.name}: ${problem}`);
  if (knob.kind === 'command') return nativeOf(machine, knob).write(instance, value);
  const done = machine.files.write(instance, knob.lineEnd === false ? value : `${value}\n`);
  return done.outcome === 'ok' ? undefined : done.errno;
}

function nativeOf(machine: LabMachine, knob: CommandKnob) {
  const native = machine.knobs?.get(knob.name);
  if (native === undefined) throw new Error(`the lab's ${machine.name} has no ${knob.name}`);
  return native;
}

/** Stage by stage over all machines. Throws for a conflict, or a write that did not do what it says. */
export function applySteps(
  machineOf: (host: string) => LabMachine,
  knobs: readonly AgentKnob[],
  steps: readonly PlannedStep[],
): readonly MadeStep[] {
  const made: MadeStep[] = [];
  const byStage = steps.map((step, at) => ({ step, at })).sort((a, b) => a.step.stage - b.step.stage || a.at - b.at);
  for (const { step } of byStage) {
    const machine = machineOf(step.host);
    const knob = knobOf(knobs, step.knob);
    const from = readKnob(machine, knob, step.instance);
    if (from === undefined) throw new Error(`${step.title}: ${step.instance} is not there`);
    if (step.from !== '' && step.from !== 'unknown' && step.from !== from)
      throw new Error(`${step.title}: planned from ${step.from}, and it is ${from}`);
    if (from === step.to) continue;
    const complaint = writeKnob(machine, knob, step.instance, step.to);
    const readBack = readKnob(machine, knob, step.instance) ?? 'absent';
    if (knob.check === 'exact' && readBack !== step.to)
      throw new Error(`${step.title}: ${step.to} was written and ${readBack} is there: ${complaint ?? 'no word'}`);
    made.push({ step, from, readBack });
  }
  return made;
}

/** @returns what became of each, the last first */
export function undoSteps(
  machineOf: (host: string) => LabMachine,
  knobs: readonly AgentKnob[],
  made: readonly MadeStep[],
): readonly ('as-was' | 'restored' | 'left' | 'failed')[] {
  return [...made].reverse().map(({ step, from, readBack }) => {
    const knob = knobOf(knobs, step.knob);
    const machine = machineOf(step.host);
    const now = readKnob(machine, knob, step.instance) ?? 'absent';
    if (step.undo === 'none' || from === 'unknown') return 'left';
    if (knob.check === 'exact') {
      if (now === from) return 'as-was';
      const ours = now === step.to || now === readBack || (knob.alsoReads ?? []).includes(now);
      if (!ours) return 'left';
    }
    writeKnob(machine, knob, step.instance, from);
    return knob.check !== 'exact' || readKnob(machine, knob, step.instance) === from ? 'restored' : 'failed';
  });
}

function knobOf(knobs: readonly AgentKnob[], name: string): AgentKnob {
  const knob = knobs.find((one) => one.name === name);
  if (knob === undefined) throw new Error(`no knob is called ${name}`);
  return knob;
}
