/** What stands in the way of a cluster on the chosen hosts, or is worth knowing before. */
import type { Finding } from '#shared/model/wish.ts';
import { mostNodes } from '../agent-knobs.ts';
import { clusterRoot } from '../catalogue/cluster.ts';
import { bootLines } from '../../planning/boot-lines.ts';
import type { View } from './view.ts';

type Level = Finding['level'];
export const finding = ({ host }: Pick<View, 'host'>, level: Level, sentence: string, fix?: string): Finding => ({
  level,
  host,
  sentence,
  ...(fix === undefined ? {} : { fix }),
});

/** What each host has to have before anything of RAMster can be set. */
export function hostFindings(view: View): readonly Finding[] {
  const { state, ocfs2, name, node } = view;
  if (!state.ramster) return [notRunning(view)];
  const found: Finding[] = [];
  if (ocfs2) {
    found.push(
      finding(
        view,
        'missing',
        `ocfs2’s cluster stack is loaded on ${name}: it keeps its cluster in ${clusterRoot}, where RAMster’s would have to be, and there can be one.`,
        'Unmount its ocfs2 file systems, then: service o2cb offline; service o2cb unload. Or leave this host out.',
      ),
    );
  }
  if (node === '') {
    found.push(
      finding(
        view,
        'missing',
        `The host name of ${name} cannot be the name of a node: it takes letters, digits, dots, dashes and underscores, 64 at most.`,
        'Give the host another name: hostname NAME, and the same in /etc/hostname.',
      ),
    );
  }
  if (found.length === 0) found.push(finding(view, 'ok', `${name} runs a kernel with RAMster switched on.`));
  return found;
}

function notRunning(view: View): Finding {
  const { state, name } = view;
  const { lines } = bootLines(view.site.evidence, { add: ['ramster'] });
  if (!state.there.zcacheDebug && !state.there.zcacheSysfs && state.asked.zcache !== true) {
    return finding(
      view,
      'missing',
      `${name} has no RAMster in its kernel: it was in Linux 3.4 to 3.11 (drivers/staging), built with CONFIG_RAMSTER.`,
      'Leave this host out, or boot it with such a kernel and the word ramster on its command line.',
    );
  }
  return finding(
    view,
    'missing',
    `RAMster is off on ${name}: nothing switches it on while the kernel runs. It takes the word ramster on the kernel’s command line, and a reboot.`,
    lines.join('\n'),
  );
}

/** Of all of them together. */
export function togetherFindings(views: readonly View[]): readonly Finding[] {
  const [first] = views;
  if (first === undefined) return [];
  const found: Finding[] = [];
  if (views.length < 2)
    found.push(finding(first, 'missing', 'A cluster takes two hosts at least.', 'Choose another host as well.'));
  if (views.length > mostNodes) {
    found.push(
      finding(
        first,
        'missing',
        `${String(views.length)} hosts are chosen, and RAMster raises eight nodes at most.`,
        'Leave some out, or build several clusters.',
      ),
    );
  }
  return [...found, ...kernels(views), ...sameNames(views)];
}

const series = (kernel: string): string => /^\d+\.\d+/.exec(kernel)?.[0] ?? kernel;

function kernels(views: readonly View[]): readonly Finding[] {
  const known = views.flatMap((view) => (view.kernel === undefined ? [] : [{ view, kernel: view.kernel }]));
  const [first] = known;
  const other = first && known.find(({ kernel }) => kernel !== first.kernel);
  if (!first || !other) return [];
  const apart = series(other.kernel) !== series(first.kernel);
  const said = `${first.view.name} runs ${first.kernel} and ${other.view.name} runs ${other.kernel}: all hosts of a cluster need the same kernel.`;
  return [
    apart
      ? finding(other.view, 'missing', said, 'Boot all of them with the same kernel.')
      : finding(other.view, 'note', said),
  ];
}

function sameNames(views: readonly View[]): readonly Finding[] {
  return views.flatMap((view, at) => {
    const before = views.slice(0, at).find(({ node }) => node !== '' && node === view.node);
    return before === undefined
      ? []
      : [
          finding(
            view,
            'missing',
            `${before.name} and ${view.name} have the same host name, ${view.node}: nodes are named as their hosts.`,
            'Give one of them another host name.',
          ),
        ];
  });
}

/** Pages that would be lost with a node that is made anew. */
export function pagesAtStake(view: View): Finding | undefined {
  const { name, away, foreign } = view;
  if (away + foreign === 0) return undefined;
  const said =
    away > 0 && foreign > 0
      ? `${String(away)} pages of ${name} are on other hosts at most, and ${String(foreign)} of others are on it`
      : away > 0
        ? `Up to ${String(away)} swapped pages of ${name} are on another host`
        : `${String(foreign)} swapped pages of other hosts are kept on ${name}`;
  return finding(
    view,
    'missing',
    `${said}, and its cluster would have to be made anew: they would be lost, and the programs they belong to.`,
    'Stop RAMster on these hosts first: it brings the pages home.',
  );
}
