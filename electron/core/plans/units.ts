/** Which knobs hold amounts of memory, and in what they count: limits of control groups in bytes, others as declared. */
import type { PlanStep } from '#shared/model/plan.ts';
import type { Platform } from '#core/platforms/platform.ts';

type Unit = NonNullable<PlanStep['unit']>;
const known: readonly string[] = ['bytes', 'KiB', 'MiB'] satisfies readonly Unit[];
const isUnit = (word: string): word is Unit => known.includes(word);

export function unitsOf(platforms: readonly Platform[]): (knob: string) => Unit | undefined {
  const units = new Map<string, Unit>();
  for (const { knobs = [], planner } of platforms) {
    for (const { id, range } of knobs) if (range.kind === 'number' && isUnit(range.unit)) units.set(id, range.unit);
    for (const { name, value } of planner?.agentKnobs ?? []) if (value.kind === 'limit') units.set(name, 'bytes');
  }
  return (knob) => units.get(knob);
}
