/** The questions of "Build a RAMster cluster", with answers taken from what the hosts have and how full they are. */
import type { WishField } from '#shared/model/wish.ts';
import { size } from '../../planning/sizes.ts';
import { agreed } from '../../planning/targets.ts';
import { nodeIn } from './numbers.ts';
import { isOn } from './view.ts';
import type { View } from './view.ts';

export const nobody = 'none';
export const addressField = (view: View): string => `address:${view.host}`;
export const targetField = (view: View): string => `target:${view.host}`;
export const standardPort = 7777;
export const standardIdleMs = 30_000;

/** Names as they can be told apart in a list. */
export function labels(views: readonly View[]): ReadonlyMap<View, string> {
  const seen = new Map<string, number>();
  return new Map(
    views.map((view) => {
      const times = (seen.get(view.name) ?? 0) + 1;
      seen.set(view.name, times);
      return [view, times === 1 ? view.name : `${view.name} (${view.host})`];
    }),
  );
}

export function clusterFields(views: readonly View[]): readonly WishField[] {
  const cluster = views.find((view) => view.cluster !== undefined)?.cluster;
  const port = cluster?.nodes.find((node) => node.port > 0)?.port ?? standardPort;
  const idle = agreed(views.map((view) => view.cluster?.idleTimeoutMs));
  const sending = views.some(({ sends }) => isOn(sends.ephemeral));
  return [
    {
      id: 'name',
      title: 'Name of the cluster',
      help: 'The directory in configfs, the same on all hosts.',
      range: { kind: 'text', shape: 'letters, digits, dots, dashes and underscores, 64 at most' },
      value: cluster?.name ?? 'ramster',
      because: cluster === undefined ? 'Any name does.' : 'A cluster of this name is there already.',
    },
    ...views.map((view) => address(view, views, cluster?.name ?? '')),
    ...roleFields(views),
    {
      id: 'persistent',
      title: 'Send swapped pages',
      help: 'Pages on their way to swap go to the target’s RAM.',
      range: { kind: 'switch' },
      value: 'on',
      because: 'This is what a host that is short of memory gains from: its swap disk is left alone.',
    },
    {
      id: 'ephemeral',
      title: 'Send cache pages',
      help: 'Clean pages of files go to the target’s RAM when this host evicts them.',
      range: { kind: 'switch' },
      value: sending ? 'on' : 'off',
      because: sending
        ? 'It is on now.'
        : 'It competes with swapped pages for the link, which carries 200 pages a second, and reading the file again is often as quick.',
    },
    {
      id: 'port',
      title: 'Port',
      help: 'TCP port on which each host listens for the others. Pages travel over it in the clear.',
      range: { kind: 'number', min: 1, max: 65_535, unit: '' },
      value: String(port),
      because: port === standardPort ? 'By custom.' : 'The cluster that is there uses it.',
      advanced: true,
    },
    {
      id: 'idle_timeout_ms',
      title: 'Idle timeout',
      help: 'Silence after which a peer counts as gone; it is also the time in which all hosts have to raise each other.',
      range: { kind: 'number', min: 5000, max: 4_294_967_294, unit: 'ms' },
      value: String(idle ?? standardIdleMs),
      because:
        'When a peer vanishes, whatever needs one of its pages stands still for this long. The old guide’s 1000000 freezes the host for over 16 minutes.',
      advanced: true,
      ...(idle === undefined ? {} : { current: String(idle) }),
    },
  ];
}

function address(view: View, views: readonly View[], cluster: string): WishField {
  const set = nodeIn(view, cluster, view.node)?.address;
  const current = set === undefined || set === '0.0.0.0' ? undefined : set;
  const near = view.addresses.filter((one) =>
    views.every((other) => other.addresses.some((theirs) => network(theirs) === network(one))),
  );
  const [best = view.addresses[0]] = near;
  const choice = current ?? best;
  return {
    id: addressField(view),
    title: `Address of ${view.name}`,
    help: 'Its IPv4 address in the network of the cluster. That should be a network of its own: pages travel in the clear.',
    range: { kind: 'text', shape: 'four numbers with dots' },
    value: choice ?? '',
    because:
      current !== undefined
        ? 'It is configured so.'
        : choice === undefined
          ? 'Its addresses are not known from here: type the one that the other hosts reach.'
          : view.addresses.length === 1
            ? 'It is the only address of this host.'
            : `${near.includes(choice) ? 'All chosen hosts have an address in this network' : 'It is the first of its addresses'}; it has ${view.addresses.join(', ')}.`,
    ...(current === undefined ? {} : { current }),
  };
}

const network = (one: string): string => one.slice(0, one.lastIndexOf('.'));

/** Who sends to whom: as it is, else everybody to the host with the most memory to spare. */
export function roleFields(views: readonly View[]): readonly WishField[] {
  const names = labels(views);
  const donor = views.reduce<View | undefined>(
    (best, view) => ((view.available ?? 0) > (best?.available ?? 0) ? view : best),
    undefined,
  );
  return views.map((view) => {
    const now = views.find((other) => other !== view && numberOn(view, other) === view.target);
    const current = view.target === undefined ? undefined : now && names.get(now);
    const wanted = donor === undefined || donor === view ? nobody : (names.get(donor) ?? nobody);
    return {
      id: targetField(view),
      title: `${view.name} sends to`,
      help: 'The one host whose RAM its pages go to. It can be changed, and never unset until the next boot.',
      range: {
        kind: 'choice',
        choices: [nobody, ...views.filter((one) => one !== view).map((one) => label(names, one))],
      },
      value: current ?? wanted,
      because:
        current !== undefined
          ? 'Left as it is.'
          : donor === undefined
            ? 'How much memory the hosts have to spare is not known.'
            : donor === view
              ? `It has the most memory to spare, about ${size(view.available ?? 0)}: it keeps pages for the others.`
              : `${donor.name} has the most memory to spare, about ${size(donor.available ?? 0)}.`,
      ...(current === undefined ? {} : { current }),
    };
  });
}

const label = (names: ReadonlyMap<View, string>, view: View): string => names.get(view) ?? view.name;

/** The number by which a host knows another. */
export const numberOn = (view: View, other: View): number | undefined =>
  view.cluster === undefined ? undefined : nodeIn(view, view.cluster.name, other.node)?.num;

/** The host that the field of another names; undefined for none. */
export function chosenTarget(view: View, views: readonly View[], values: (field: string) => string): View | undefined {
  const wanted = values(targetField(view));
  const names = labels(views);
  return views.find((other) => other !== view && names.get(other) === wanted);
}
