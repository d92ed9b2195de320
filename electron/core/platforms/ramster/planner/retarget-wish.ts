/** "Change who sends to whom" in a cluster that stands. */
import type { Finding } from '#shared/model/wish.ts';
import type { PlannedStep } from '../../change.ts';
import type { WishKind } from '../../planning/wish-kind.ts';
import { chosenTarget, numberOn, roleFields } from './cluster-form.ts';
import { aimSteps } from './cluster-steps.ts';
import { finding, hostFindings } from './findings.ts';
import { viewsOf } from './view.ts';
import type { View } from './view.ts';

export const retargetWish: WishKind = {
  def: {
    id: 'ramster.retarget',
    wizard: 'cluster',
    title: 'Change who sends to whom',
    about:
      'Points hosts of a RAMster cluster at another host for the pages they send from now on. Pages that are away stay where they are and are fetched from there.',
    of: 'cluster',
  },
  fits: (found) => {
    const inCluster = viewsOf(found).filter(({ state, cluster }) => state.ramster && cluster !== undefined);
    return inCluster.length < 2
      ? { fits: false, because: 'Fewer than two of these hosts are in a RAMster cluster.', rank: 0 }
      : { fits: true, because: `${String(inCluster.length)} hosts are in a cluster.`, rank: 40 };
  },
  form: (found) => {
    const views = viewsOf(found);
    return { fields: roleFields(views), findings: views.flatMap(standing) };
  },
  plan: (found, values) => {
    const views = viewsOf(found);
    const steps: PlannedStep[] = [];
    const findings: Finding[] = [];
    const will: string[] = [];
    for (const view of views) {
      const target = chosenTarget(view, views, values);
      if (target === undefined) {
        if (view.target !== undefined)
          findings.push(
            finding(
              view,
              'note',
              `A target is never unset: ${view.name} keeps node ${String(view.target)} until its next boot. To send nothing, use “Stop RAMster”.`,
            ),
          );
        continue;
      }
      const num = numberOn(view, target);
      if (num === undefined || !view.up.includes(num) || view.linked(num) === false) {
        findings.push(notThere(view, target, num));
        continue;
      }
      if (num === view.target) continue;
      steps.push(...aimSteps(view, { num, name: target.name }, true));
      will.push(
        `${view.name} sends to ${target.name}, node ${String(num)}, from now on${view.away > 0 ? `; up to ${String(view.away)} pages stay on node ${String(view.target ?? '?')} until they are needed` : ''}.`,
      );
    }
    return { steps, findings, will };
  },
};

const standing = (view: View): readonly Finding[] =>
  view.cluster !== undefined && view.state.ramster
    ? hostFindings(view)
    : [finding(view, 'missing', `${view.name} is in no RAMster cluster.`, 'Build the cluster first.')];

function notThere(view: View, target: View, num: number | undefined): Finding {
  const why =
    num === undefined
      ? `${target.name} is no node in the cluster of ${view.name}`
      : !view.up.includes(num)
        ? `Node ${String(num)} (${target.name}) was never raised on ${view.name}: the kernel would answer success and change nothing`
        : `Node ${String(num)} (${target.name}) is not linked with ${view.name}: pages sent there would fail`;
  return finding(view, 'missing', `${why}.`, '“Build a RAMster cluster” with these hosts makes what is missing.');
}
