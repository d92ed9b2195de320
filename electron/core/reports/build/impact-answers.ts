/** The three answers of a change impact report, as sentences with figures. Pure. */
import { formatBytes } from '#shared/format/bytes.ts';
import { formatPercent } from '#shared/format/percent.ts';
import { momentText } from '../format.ts';
import { many, names } from '../words.ts';
import type { Measured } from './impact-measure.ts';
import { label, savedIn, stateWords, worstIn } from './impact-measure.ts';

/** Changes with a sentence of their own on the first page; all are in the table. */
export const mostAnswers = 6;

export function whatChanged(measured: readonly Measured[]): string[] {
  if (measured.length === 0) return ['Nothing was changed on these hosts in this span.'];
  const shown = measured.slice(0, mostAnswers).map((one) => {
    const { plan, run } = one.plan;
    return `${label(one)}: ${many(plan.steps.length, 'step')} on ${names(plan.hosts.map(({ name }) => name))}, begun ${momentText(run?.startedAt ?? plan.createdAt)} by ${run?.by ?? plan.createdBy}; ${stateWords[one.plan.state]}.`;
  });
  return measured.length > mostAnswers ? [...shown, `${measured.length - mostAnswers} more are in the table.`] : shown;
}

export function effect(one: Measured): string {
  if (one.lack !== undefined) return `${label(one)}: ${one.lack}`;
  const [before, after] = [savedIn(one, one.before), savedIn(one, one.after)];
  const [calm, wait] = [worstIn(one, one.before), worstIn(one, one.after)];
  const parts = [
    before === undefined && after === undefined
      ? 'nothing tells of memory saved'
      : `saved memory went from ${formatBytes(before ?? 0)} to ${formatBytes(after ?? 0)}`,
    calm === undefined || wait === undefined
      ? 'nothing tells how long tasks wait'
      : `the share of time in which some task waited from ${formatPercent(calm)} to ${formatPercent(wait)}`,
  ];
  return `${label(one)}: ${parts.join(', ')}.`;
}

/** Percent of time that more waiting is worth a word. */
const worse = 1;

export function nextOf(measured: readonly Measured[]): string[] {
  const found = measured.flatMap((one): string[] => {
    if (one.lack !== undefined)
      return one.plan.state === 'kept'
        ? [`${label(one)}: its effect is not known. Ask again when an hour has passed with the console running.`]
        : [];
    const rise = (worstIn(one, one.after) ?? 0) - (worstIn(one, one.before) ?? 0);
    const gain = (savedIn(one, one.after) ?? 0) - (savedIn(one, one.before) ?? 0);
    if (one.plan.state !== 'kept') return [];
    if (rise >= worse)
      return [
        `${label(one)}: waiting rose by ${formatPercent(rise)} of the time while ${gain > 0 ? `${formatBytes(gain)} more were saved` : 'nothing more was saved'}. ${gain > 0 ? 'Weigh the two' : 'Take it back'}, or look at what else changed.`,
      ];
    return gain < 0
      ? [`${label(one)}: ${formatBytes(-gain)} less are saved than before. Take it back if saving was what it was for.`]
      : [];
  });
  return found.length > 0 ? found : ['No figure calls for a change.'];
}
