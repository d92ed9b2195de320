/** A plan in a sentence. Pure. */
import type { Plan } from '#shared/model/plan.ts';
import { count } from '#shared/format/number.ts';

const some = (size: number, one: string, more = `${one}s`): string => `${count(size)}\u00a0${size === 1 ? one : more}`;

/** `12 steps on 3 hosts, in 4 waves; 1 cannot be undone; 2 steps for an administrator by hand.` */
export function planWords({ steps, manual }: Pick<Plan, 'steps' | 'manual'>): string {
  const hosts = new Set(steps.map(({ host }) => host)).size;
  const waves = new Set(steps.map(({ wave }) => wave)).size;
  const stuck = steps.filter(({ undo }) => undo === 'none').length;
  const parts = [
    steps.length === 0
      ? 'No step for the console'
      : `${some(steps.length, 'step')} on ${some(hosts, 'host')}${waves > 1 ? `, in ${some(waves, 'wave')}` : ''}`,
    ...(steps.length === 0 ? [] : [stuck === 0 ? 'all can be undone' : `${count(stuck)} cannot be undone`]),
    ...(manual.length === 0 ? [] : [`${some(manual.length, 'step')} for an administrator by hand`]),
  ];
  return `${parts.join('; ')}.`;
}
