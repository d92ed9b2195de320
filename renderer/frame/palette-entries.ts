/** What the palette can find and do, and the order in which it offers it. Pure: the palette runs what is chosen. */
import type { GuestRow } from '#shared/model/guest-row.ts';
import type { HostId, HostView } from '#shared/model/host.ts';
import type { LabScenario } from '#shared/model/lab.ts';
import type { RouteLocationRaw } from 'vue-router';
import { changeRoute } from '../pages/change/change-route.ts';
import { wizardList } from '../pages/change/wizard-list.ts';

export type Action =
  | { readonly kind: 'go'; readonly to: RouteLocationRaw }
  | { readonly kind: 'connect' | 'disconnect' | 'refresh'; readonly host: HostId }
  | { readonly kind: 'theme'; readonly theme: 'system' | 'light' | 'dark' }
  | { readonly kind: 'interval'; readonly seconds: number }
  | { readonly kind: 'open-lab'; readonly scenario: string }
  | { readonly kind: 'leave-lab' }
  | { readonly kind: 'shortcuts' };

/** What the palette knows of the lab: which scenarios there are, and the one that is open. */
export interface LabChoice {
  readonly scenarios: readonly LabScenario[];
  readonly open: string | undefined;
}

export interface Entry {
  readonly id: string;
  readonly group: 'Pages' | 'Hosts' | 'Guests' | 'Actions';
  readonly words: string;
  /** Said in grey beside it: the host of a guest, the address of a host. */
  readonly beside: string;
  readonly action: Action;
}

const pages: readonly Entry[] = [
  { id: 'fleet', group: 'Pages', words: 'Fleet', beside: 'g f', action: { kind: 'go', to: { name: 'fleet' } } },
  { id: 'guests', group: 'Pages', words: 'Guests', beside: 'g g', action: { kind: 'go', to: { name: 'guests' } } },
  { id: 'clusters', group: 'Pages', words: 'Cluster', beside: 'g c', action: { kind: 'go', to: { name: 'clusters' } } },
  { id: 'changes', group: 'Pages', words: 'Changes', beside: 'g h', action: { kind: 'go', to: { name: 'changes' } } },
  { id: 'history', group: 'Pages', words: 'History', beside: 'g t', action: { kind: 'go', to: { name: 'history' } } },
  { id: 'savings', group: 'Pages', words: 'Savings', beside: 'g v', action: { kind: 'go', to: { name: 'savings' } } },
  { id: 'reports', group: 'Pages', words: 'Reports', beside: 'g r', action: { kind: 'go', to: { name: 'reports' } } },
  {
    id: 'settings',
    group: 'Pages',
    words: 'Settings',
    beside: 'g s',
    action: { kind: 'go', to: { name: 'settings' } },
  },
];

const actions: readonly Entry[] = [
  { id: 'add', group: 'Actions', words: 'Add a host', beside: '', action: { kind: 'go', to: { name: 'add-host' } } },
  {
    id: 'import',
    group: 'Actions',
    words: 'Import hosts from ~/.ssh/config',
    beside: '',
    action: { kind: 'go', to: { name: 'import-hosts' } },
  },
  ...wizardList.map(({ id, title }): Entry => ({
    id: `change ${id}`,
    group: 'Actions',
    words: title,
    beside: 'change',
    action: { kind: 'go', to: changeRoute(id) },
  })),
  ...(['system', 'light', 'dark'] as const).map((theme): Entry => ({
    id: `theme ${theme}`,
    group: 'Actions',
    words: theme === 'system' ? 'Theme as the system has it' : `Theme ${theme}`,
    beside: '',
    action: { kind: 'theme', theme },
  })),
  ...[1, 2, 5, 10, 30, 60].map((seconds): Entry => ({
    id: `every ${seconds}`,
    group: 'Actions',
    words: `Ask hosts every ${seconds} s`,
    beside: '',
    action: { kind: 'interval', seconds },
  })),
  { id: 'keys', group: 'Actions', words: 'Show the keys', beside: '?', action: { kind: 'shortcuts' } },
];

export function hostEntries(view: HostView): readonly Entry[] {
  const { id, name, address } = view.config;
  const off = view.state.kind === 'off' || view.state.kind === 'refused';
  return [
    {
      id: `host ${id}`,
      group: 'Hosts',
      words: name,
      beside: address,
      action: { kind: 'go', to: { name: 'host', params: { host: id } } },
    },
    {
      id: `connection ${id}`,
      group: 'Actions',
      words: off ? `Connect ${name}` : `Disconnect ${name}`,
      beside: address,
      action: { kind: off ? 'connect' : 'disconnect', host: id },
    },
    {
      id: `refresh ${id}`,
      group: 'Actions',
      words: `Ask ${name} now`,
      beside: address,
      action: { kind: 'refresh', host: id },
    },
  ];
}

/** The way out comes first: who is in the lab looks for that. */
export function labEntries({ scenarios, open }: LabChoice): readonly Entry[] {
  const leave: Entry = {
    id: 'lab leave',
    group: 'Actions',
    words: 'Leave the lab',
    beside: 'back to your own hosts',
    action: { kind: 'leave-lab' },
  };
  return [
    ...(open === undefined ? [] : [leave]),
    ...scenarios.map(({ id, title }): Entry => ({
      id: `lab ${id}`,
      group: 'Actions',
      words: `Open the lab: ${title}`,
      beside: id === open ? 'is open; begins anew' : '',
      action: { kind: 'open-lab', scenario: id },
    })),
  ];
}

export const guestEntry = (row: GuestRow): Entry => ({
  id: `guest ${row.host} ${row.key}`,
  group: 'Guests',
  words: row.name,
  beside: row.hostName,
  action: { kind: 'go', to: { name: 'guest', params: { host: row.host, guest: row.key } } },
});

/** At most `limit`, best first. Without a search: the pages, the general actions and the first hosts. */
export function findEntries(
  search: string,
  hosts: readonly HostView[],
  guests: readonly GuestRow[],
  lab: LabChoice = { scenarios: [], open: undefined },
  limit = 40,
): readonly Entry[] {
  const wanted = search.trim().toLowerCase();
  const ofHosts = hosts.flatMap(hostEntries);
  const ofLab = labEntries(lab);
  if (wanted === '')
    return [
      ...pages,
      ...ofHosts.filter((entry) => entry.group === 'Hosts').slice(0, 12),
      ...ofLab.slice(0, 1),
      ...actions,
      ...ofLab.slice(1),
    ].slice(0, limit);
  const scored: { entry: Entry; score: number }[] = [];
  const consider = (entry: Entry): void => {
    const score = match(wanted, entry);
    if (score > 0) scored.push({ entry, score });
  };
  for (const entry of [...pages, ...ofHosts, ...ofLab, ...actions]) consider(entry);
  for (const row of guests)
    if (row.name.toLowerCase().includes(firstWord(wanted)) || row.hostName.toLowerCase().includes(firstWord(wanted)))
      consider(guestEntry(row));
  return scored
    .sort(
      (a, b) =>
        b.score - a.score || a.entry.words.length - b.entry.words.length || compare(a.entry.words, b.entry.words),
    )
    .slice(0, limit)
    .map(({ entry }) => entry);
}

/** Every word of the search must be found; the beginning of the name counts most, its neighbour text least. */
function match(wanted: string, entry: Entry): number {
  const words = entry.words.toLowerCase();
  const beside = entry.beside.toLowerCase();
  let score = 0;
  for (const word of wanted.split(/\s+/)) {
    if (words.startsWith(word)) score += 8;
    else if (words.includes(` ${word}`) || words.includes(`-${word}`)) score += 5;
    else if (words.includes(word)) score += 3;
    else if (beside.includes(word)) score += 1;
    else return 0;
  }
  // A thing before what can be done with it.
  return entry.group === 'Actions' ? score : score + 2;
}

const firstWord = (text: string): string => text.split(/\s+/)[0] ?? text;
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
