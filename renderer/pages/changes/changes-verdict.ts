/** All changes in one sentence. Pure. */
import type { PlanView } from '#shared/model/plan.ts';
import { sentence, type Verdict, type VerdictPart } from '../../parts/verdict.ts';
import { isRunning } from '../../parts/plan-words.ts';

/** @param drifted settings that differ from what is written down; undefined while nobody knows. */
export function changesVerdict(plans: readonly PlanView[], drifted: number | undefined): Verdict {
  const inState = (state: PlanView['state']) => plans.filter((view) => view.state === state);
  const watched = inState('watching');
  const moving = plans.filter(({ state }) => isRunning(state) && state !== 'watching');
  const partly = inState('partly-undone');
  const unknown = inState('unknown');
  const drafts = inState('draft').length;
  const clauses: Verdict[] = [];
  const named = (views: readonly PlanView[], is: string, are: string, tone?: VerdictPart['tone']): void => {
    const [first] = views;
    if (first === undefined) return;
    const to = { name: 'plan', params: { plan: first.plan.id } };
    const link: VerdictPart = {
      words: views.length === 1 ? `Change ${first.plan.letter}` : `${views.length} changes`,
      ...(views.length === 1 ? { to } : {}),
      ...(tone === undefined ? {} : { tone }),
    };
    clauses.push([link, { words: views.length === 1 ? ` ${is}` : ` ${are}` }]);
  };
  named(watched, 'is being watched', 'are being watched');
  named(moving, 'is under way', 'are under way');
  named(partly, 'was undone only in part', 'were undone only in part', 'bad');
  named(unknown, 'has not told its outcome', 'have not told their outcome', 'warn');
  const done = [
    ...(inState('kept').length > 0 ? [`${inState('kept').length} kept`] : []),
    ...(inState('undone').length > 0 ? [`${inState('undone').length} undone`] : []),
    ...(drafts > 0 ? [drafts === 1 ? '1 draft waits' : `${drafts} drafts wait`] : []),
  ];
  if (done.length > 0) clauses.push([{ words: done.join(', ') }]);
  if (clauses.length === 0) clauses.push([{ words: 'Nothing has been changed yet' }]);
  if (drifted !== undefined && drifted > 0)
    clauses.push([
      {
        words: `${drifted === 1 ? '1 setting is' : `${drifted} settings are`} not what is written down`,
        to: { name: 'changes', query: { show: 'drift' } },
        tone: 'warn',
      },
    ]);
  return sentence(clauses);
}
