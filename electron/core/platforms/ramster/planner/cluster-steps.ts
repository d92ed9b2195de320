/**
 * The steps of a cluster, in the one order that works: directories and nodes on all hosts with the same numbers, then
 * every number raised on every host at about the same time, then targets, then the switches (docs/domain.md 2.6).
 */
import type { CommandKnob, FileKnob, PlannedStep } from '../../change.ts';
import { commandStep, fileStep } from '../../planning/steps.ts';
import { absent, agentKnobs } from '../agent-knobs.ts';
import { clusterRoot } from '../catalogue/cluster.ts';
import { ramsterSysfs } from '../catalogue/ramster.ts';
import type { ClusterConfig, NodeConfig } from '../cluster-config.ts';
import { isAsWished } from './numbers.ts';
import type { Numbered } from './numbers.ts';
import type { View } from './view.ts';

export const stages = { define: 0, raise: 1, aim: 2, send: 3 } as const;

export function commandKnob(name: string): CommandKnob {
  const found = agentKnobs.find((knob) => knob.name === name);
  if (found?.kind !== 'command') throw new Error(`no command knob ${name}`);
  return found;
}
export function fileKnob(name: string): FileKnob {
  const found = agentKnobs.find((knob) => knob.name === name);
  if (found?.kind !== 'file') throw new Error(`no file knob ${name}`);
  return found;
}
const knob = {
  cluster: commandKnob('ramster.cluster'),
  node: commandKnob('ramster.node'),
  up: commandKnob('ramster.manual_node_up'),
  target: fileKnob('ramster.remote_target_nodenum'),
  persistent: fileKnob('ramster.pers_remotify_enable'),
  ephemeral: fileKnob('ramster.eph_remotify_enable'),
} as const;

export interface Times {
  readonly idleMs: number;
  readonly keepaliveMs: number;
  readonly deadThreshold: number;
}
/** As the kernel starts them. */
export const kernelTimes: Times = { idleMs: 30_000, keepaliveMs: 2000, deadThreshold: 31 };

export interface Layout {
  readonly cluster: string;
  /** Equal on all hosts, or they refuse each other. */
  readonly times: Times;
  readonly members: readonly Numbered[];
}

/** A node's directory as the agent reads it. */
export const nodeValue = ({ port, address, num, local }: NodeConfig): string =>
  num === undefined ? 'partial' : `${String(port)}:${address}:${String(num)}:${local ? '1' : '0'}`;

/** Nodes that have to go: of another cluster, or one that claims to be this host and is not its node. */
export function inTheWay({ cluster }: View, layout: Layout): readonly NodeConfig[] {
  if (cluster === undefined) return [];
  if (cluster.name !== layout.cluster) return cluster.nodes;
  const ours = new Set(layout.members.map(({ node }) => node));
  return cluster.nodes.filter(({ name, local }) => local && !ours.has(name));
}

/** Whether a node that is configured is removed on this host, if only to be made anew. */
export const remakes = (view: View, layout: Layout): boolean =>
  inTheWay(view, layout).length > 0 ||
  layout.members.some(
    (member) =>
      view.cluster?.nodes.some(({ name, num }) => name === member.node && num !== undefined) === true &&
      !isAsWished(view, layout.cluster, member),
  );

export function defineSteps(view: View, layout: Layout): readonly PlannedStep[] {
  const { cluster: there } = view;
  const other = there !== undefined && there.name !== layout.cluster;
  return [
    ...(there === undefined ? [] : inTheWay(view, layout).map((node) => removeNode(view, there, node))),
    ...(other ? [clusterStep(view, there.name, clusterValue(there), absent)] : []),
    clusterStep(
      view,
      layout.cluster,
      there === undefined || other ? absent : clusterValue(there),
      timesValue(layout.times),
    ),
    ...layout.members.map((member) => nodeStep(view, layout, member)),
  ];
}

const notLinked = 'A link that stood is not there again: a number that was raised once is used up until the next boot.';

function removeNode(view: View, { name }: ClusterConfig, node: NodeConfig): PlannedStep {
  return commandStep(knob.node, view.site, `${name}/${node.name}`, nodeValue(node), absent, {
    title: `Node ${node.name} of ${name} on ${view.name}`,
    because: 'It is in the way of the cluster that is to be, and can be written once only.',
    stage: stages.define,
    risk: 'medium',
    riskWords: 'A link through it is cut.',
    undoWords: notLinked,
    keepAs: false,
  });
}

const timesValue = ({ idleMs, keepaliveMs, deadThreshold }: Times): string =>
  `${String(idleMs)}:${String(keepaliveMs)}:${String(deadThreshold)}`;

/** A cluster's directory as the agent reads it. */
export const timesOf = ({ idleTimeoutMs, keepaliveMs, deadThreshold }: ClusterConfig): Times => ({
  idleMs: idleTimeoutMs ?? 0,
  keepaliveMs: keepaliveMs ?? 0,
  deadThreshold: deadThreshold ?? 0,
});
const clusterValue = (cluster: ClusterConfig): string => timesValue(timesOf(cluster));

function clusterStep(view: View, name: string, from: string, to: string): PlannedStep {
  const idle = to.split(':')[0] ?? '';
  return {
    ...commandStep(knob.cluster, view.site, name, from, to, {
      title: `Cluster ${name} on ${view.name}`,
      because:
        to === absent
          ? 'A host has one cluster, and it has another name.'
          : from === absent
            ? `It must exist before any node is raised. Idle timeout ${idle} ms, keepalive and dead threshold equal on all hosts.`
            : 'Idle timeout, keepalive and dead threshold must be equal on all hosts, or they refuse each other.',
      stage: stages.define,
      riskWords: to === absent ? '' : 'It is gone after a boot.',
    }),
    place: `${clusterRoot}/${name}`,
  };
}

function nodeStep(view: View, { cluster }: Layout, member: Numbered): PlannedStep {
  const there =
    view.cluster?.name === cluster ? view.cluster.nodes.find(({ name }) => name === member.node) : undefined;
  const local = view.host === member.view.host ? '1' : '0';
  const to = `${String(member.port)}:${member.address}:${String(member.num)}:${local}`;
  const again = there !== undefined;
  return {
    ...commandStep(knob.node, view.site, `${cluster}/${member.node}`, there ? nodeValue(there) : absent, to, {
      title: `Node ${member.node} on ${view.name}`,
      because: again
        ? 'What is there differs, and can be written once only: the node is removed and made anew.'
        : `Number ${String(member.num)} on every host${local === '1' ? '; here it is this host, and its port is opened' : ''}.`,
      stage: stages.define,
      risk: again ? 'medium' : 'low',
      riskWords: again ? 'A link through it is cut.' : '',
      undoWords: again ? notLinked : '',
    }),
    place: `${clusterRoot}/${cluster}/node/${member.node}: port, address, number, local`,
  };
}

export function raiseSteps(view: View, { members, times: { idleMs } }: Layout): readonly PlannedStep[] {
  return members
    .filter(({ num }) => !view.up.includes(num))
    .map((member) =>
      commandStep(knob.up, view.site, String(member.num), 'down', 'up', {
        title: `Raise node ${String(member.num)} (${member.node}) on ${view.name}`,
        because: `All hosts raise all nodes within the idle timeout (${String(Math.round(idleMs / 1000))} s): whoever comes later finds no link.`,
        stage: stages.raise,
        risk: 'medium',
        riskWords: `If a host is not reached in time, number ${String(member.num)} cannot be linked until the next boot; the plan can be drawn up again with numbers that are unused.`,
        undo: 'none',
        undoWords: `A node is never told to be down again: number ${String(member.num)} stays up on ${view.name} until its next boot, harmless without its cluster.`,
        keepAs: false,
      }),
    );
}

/** @param stays whether the node of the old target is still there afterwards, so that it can be set again */
export function aimSteps(
  view: View,
  target: { readonly num: number; readonly name: string },
  stays: boolean,
): readonly PlannedStep[] {
  if (view.target === target.num) return [];
  const back = view.target !== undefined && stays;
  return [
    {
      ...fileStep(knob.target, view.site, `${ramsterSysfs}/remote_target_nodenum`, String(target.num), {
        title: `Target of ${view.name}`,
        because: `Its pages go to ${target.name}. It is read back: for a node that is not up the kernel answers success and changes nothing.`,
        stage: stages.aim,
        ...(back ? {} : { undo: 'none' as const }),
        keepAs: false,
      }),
      undoWords:
        view.target === undefined
          ? 'A target is never unset until the next boot. With the switches off nothing is sent to it.'
          : back
            ? 'Pages that went to the new target stay there until they are needed.'
            : `Node ${String(view.target)}, the old target, is gone until the next boot.`,
    },
  ];
}

export function sendSteps(
  view: View,
  on: { readonly persistent: boolean; readonly ephemeral: boolean },
  receiver: string,
): readonly PlannedStep[] {
  const risky = view.kernel?.startsWith('3.10') === true;
  const said =
    'There is one copy of a page that was sent: if the target is lost, so are the pages and the programs they belong to.';
  return (['persistent', 'ephemeral'] as const).flatMap((kind) => {
    const now = view.sends[kind];
    const wanted = on[kind] ? '1' : '0';
    if (now === wanted || (on[kind] && now !== '0')) return [];
    const file = `${ramsterSysfs}/${kind === 'persistent' ? 'pers' : 'eph'}_remotify_enable`;
    const what = kind === 'persistent' ? 'swapped pages' : 'cache pages';
    return [
      fileStep(knob[kind], view.site, file, wanted, {
        title: `Send ${what} of ${view.name}`,
        because: on[kind]
          ? `The first page leaves 60 s after boot, then at most 200 a second go to ${receiver}.`
          : 'It was asked for.',
        stage: stages.send,
        risk: risky ? 'high' : 'medium',
        riskWords: risky
          ? `An unpatched 3.10 kernel crashes on the first page it receives: be sure that ${receiver} runs one with the fix. ${said}`
          : said,
        undoWords: `Pages that were sent meanwhile stay on ${receiver} until they are needed; with both switches off it is not told what to drop. Drain with “Stop RAMster”.`,
        keepAs: false,
      }),
    ];
  });
}
