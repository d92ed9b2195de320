/** "Build a RAMster cluster": from nothing, or what is missing of one. */
import type { FieldProblem, Finding } from '#shared/model/wish.ts';
import type { Planned } from '../../change.ts';
import type { Values, WishKind } from '../../planning/wish-kind.ts';
import { addressField, chosenTarget, clusterFields, nobody, targetField } from './cluster-form.ts';
import { aimSteps, defineSteps, kernelTimes, raiseSteps, remakes, sendSteps, timesOf } from './cluster-steps.ts';
import type { Layout, Times } from './cluster-steps.ts';
import { finding, hostFindings, pagesAtStake, togetherFindings } from './findings.ts';
import { number } from './numbers.ts';
import type { Member } from './numbers.ts';
import { isOn, viewsOf } from './view.ts';
import type { View } from './view.ts';

export const clusterWish: WishKind = {
  def: {
    id: 'ramster.cluster',
    wizard: 'cluster',
    title: 'Build a RAMster cluster',
    about:
      'Hosts lend each other RAM: what one of them swaps out is kept compressed by another. For hosts of Linux 3.4 to 3.11 with RAMster, in a network of their own.',
    of: 'cluster',
  },
  fits: (found) => {
    const views = viewsOf(found);
    const able = views.filter(({ state }) => state.ramster).length;
    return able === 0
      ? { fits: false, because: 'None of these hosts runs a kernel with RAMster switched on.', rank: 0 }
      : { fits: true, because: `${String(able)} of ${String(views.length)} hosts have RAMster.`, rank: 80 };
  },
  form: (found) => {
    const views = viewsOf(found);
    return { fields: clusterFields(views), findings: [...views.flatMap(hostFindings), ...togetherFindings(views)] };
  },
  plan: (found, values) => planCluster(viewsOf(found), values),
};

const clusterName = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/;
const part = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const fourNumbers = new RegExp(`^${part}(?:\\.${part}){3}$`);

function planCluster(views: readonly View[], values: Values): Partial<Planned> {
  const fields = fieldProblems(views, values);
  // A host without RAMster, or too many of them, is a finding of the form already.
  const blocked =
    views.length < 2 || views.length > 8 || views.some(({ state, node }) => !state.ramster || node === '');
  if (fields.length > 0 || blocked) return { fields };
  const cluster = values('name');
  const members: readonly Member[] = views.map((view) => ({
    view,
    node: view.node,
    address: values(addressField(view)),
    port: Number(values('port')),
  }));
  const numbered = number(members, cluster);
  if (numbered === undefined) return { findings: [usedUp(views)] };
  const layout: Layout = {
    cluster,
    times: timesFor(views, cluster, Number(values('idle_timeout_ms'))),
    members: numbered,
  };
  const findings = [...blockers(views, layout), ...notes(views, layout)];
  const numberOf = new Map(numbered.map((one) => [one.view.host, one.num]));
  const steps = views.flatMap((view) => {
    const target = chosenTarget(view, views, values);
    const num = target && numberOf.get(target.host);
    return [
      ...defineSteps(view, layout),
      ...raiseSteps(view, layout),
      ...(target === undefined || num === undefined
        ? []
        : aimSteps(view, { num, name: target.name }, stays(view, layout))),
      ...(target === undefined
        ? []
        : sendSteps(
            view,
            { persistent: values('persistent') === 'on', ephemeral: values('ephemeral') === 'on' },
            target.name,
          )),
    ];
  });
  return { steps, findings, will: willOf(views, layout, values) };
}

/** The old target keeps its number, or is none of the chosen hosts and stays as it is. */
function stays({ cluster, target }: View, layout: Layout): boolean {
  const node = cluster?.name === layout.cluster ? cluster.nodes.find(({ num }) => num === target) : undefined;
  const member = layout.members.find((one) => one.node === node?.name);
  return node !== undefined && (member === undefined || member.num === target);
}

/** Keepalive and dead threshold are those of the cluster that is there, else the kernel's own. */
function timesFor(views: readonly View[], cluster: string, idleMs: number): Times {
  const there = views.find((view) => view.cluster?.name === cluster)?.cluster;
  const { keepaliveMs, deadThreshold } = there === undefined ? kernelTimes : timesOf(there);
  return { idleMs, keepaliveMs: Math.min(keepaliveMs, idleMs - 1), deadThreshold };
}

function fieldProblems(views: readonly View[], values: Values): readonly FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (!clusterName.test(values('name'))) {
    problems.push({
      field: 'name',
      sentence:
        'The name takes letters, digits, dots, dashes and underscores, 64 at most, and begins with a letter or digit.',
    });
  }
  const taken = new Map<string, View>();
  for (const view of views) {
    const field = addressField(view);
    const address = values(field);
    const before = taken.get(address);
    taken.set(address, view);
    if (!fourNumbers.test(address) || /^(?:0|127|22[4-9]|23\d|24\d|25[0-5])\./.test(address)) {
      problems.push({ field, sentence: 'Give the address of one host as four numbers with dots, 192.168.77.10.' });
    } else if (before !== undefined) {
      problems.push({ field, sentence: `This is the address of ${before.name} already.` });
    }
  }
  for (const view of views) {
    if (
      values(targetField(view)) === nobody &&
      (isOn(view.sends.persistent) || isOn(view.sends.ephemeral)) &&
      view.target !== undefined
    ) {
      problems.push({
        field: targetField(view),
        sentence: `${view.name} sends pages now. Use “Stop RAMster”, which brings them home first.`,
      });
    }
  }
  return problems;
}

const usedUp = (views: readonly View[]): Finding =>
  finding(
    views[0] ?? { host: '' as View['host'] },
    'missing',
    'Eight numbers are not enough any more: a number that was raised without a link is used up until its host is booted again.',
    'Reboot the hosts that raised numbers before: ' +
      views
        .filter(({ up }) => up.length > 0)
        .map(({ name, up }) => `${name} (${up.join(', ')})`)
        .join(', ') +
      '.',
  );

function blockers(views: readonly View[], layout: Layout): readonly Finding[] {
  const remade = views.filter((view) => remakes(view, layout));
  // A node made anew on one host cuts the link for both.
  const stake = remade.length > 0 ? views.flatMap((view) => pagesAtStake(view) ?? []) : [];
  const strangers = views.flatMap((view) => strangersAt(view, layout));
  const { idleMs, keepaliveMs } = layout.times;
  const linked = views.filter(
    ({ cluster, linked: isLinked }) =>
      cluster?.name === layout.cluster &&
      (cluster.idleTimeoutMs !== idleMs || cluster.keepaliveMs !== keepaliveMs) &&
      cluster.nodes.some(({ num, local }) => num !== undefined && !local && isLinked(num) === true),
  );
  const timeout = linked.map((view) =>
    finding(
      view,
      'missing',
      `The timeouts of ${view.name} cannot be changed while a peer is linked: idle ${String(view.cluster?.idleTimeoutMs ?? '?')} ms, keepalive ${String(view.cluster?.keepaliveMs ?? '?')} ms; ${String(idleMs)} and ${String(keepaliveMs)} were asked for.`,
      'Leave them as they are, or give the cluster another name: it is then made anew.',
    ),
  );
  return [...stake, ...strangers, ...timeout];
}

/** Nodes of hosts that were not chosen, whose address one of the chosen is to have. */
function strangersAt(view: View, { cluster, members }: Layout): readonly Finding[] {
  if (view.cluster?.name !== cluster) return [];
  const ours = new Set(members.map(({ node }) => node));
  return view.cluster.nodes
    .filter(({ name, local }) => !ours.has(name) && !local)
    .map(({ name, address, port }) =>
      members.some((member) => member.address === address && member.port === port)
        ? finding(
            view,
            'missing',
            `On ${view.name} the address ${address} belongs to node ${name}, which is not among the chosen hosts: the kernel takes an address once.`,
            `Choose the host of ${name} as well, or remove it: rmdir /sys/kernel/config/cluster/${cluster}/node/${name}`,
          )
        : finding(view, 'note', `Node ${name} on ${view.name} is not among the chosen hosts: it stays as it is.`),
    );
}

function notes(views: readonly View[], layout: Layout): readonly Finding[] {
  return views.flatMap((view) => {
    const found: Finding[] = [];
    if (view.cluster !== undefined && view.cluster.name !== layout.cluster) {
      found.push(
        finding(
          view,
          'note',
          `${view.name} has a cluster called ${view.cluster.name}: a host has one, so it is removed with its nodes.`,
        ),
      );
    } else if (remakes(view, layout)) {
      found.push(
        finding(
          view,
          'note',
          `Nodes on ${view.name} differ from what is wished, or their numbers are used up. Each can be written once, so they are removed and made anew.`,
        ),
      );
    }
    const used = view.up.filter((num) => !layout.members.some((member) => member.num === num));
    if (used.length > 0) {
      found.push(
        finding(
          view,
          'note',
          `${view.name} raised ${used.join(', ')} before: ${used.length === 1 ? 'this number is' : 'these numbers are'} used up until its next boot, and others are taken.`,
        ),
      );
    }
    return found;
  });
}

function willOf(views: readonly View[], layout: Layout, values: Values): readonly string[] {
  const nodes = layout.members.map(({ view, num }) => `${view.name} is node ${String(num)}`).join(', ');
  const roles = views.flatMap((view) => {
    const target = chosenTarget(view, views, values);
    return target === undefined ? [] : [`${view.name} sends to ${target.name}`];
  });
  const kinds = [
    ...(values('persistent') === 'on' ? ['swapped pages'] : []),
    ...(values('ephemeral') === 'on' ? ['cache pages'] : []),
  ];
  return [
    `Cluster ${layout.cluster}: ${nodes}. Links stand two to four seconds after the nodes are raised.`,
    roles.length === 0
      ? 'Nobody sends yet.'
      : `${roles.join(', ')}: ${kinds.length === 0 ? 'nothing yet, both switches stay off' : kinds.join(' and ')}.`,
    ...(roles.length > 0
      ? [
          'There is one copy of each page that is sent: a host that keeps pages for others must not be lost or rebooted before they are drained.',
        ]
      : []),
    'To survive a reboot, cluster and nodes are written down. Raising them, target and switches are not: they only work when all hosts do it together. Draw this plan up again after a reboot.',
  ];
}
