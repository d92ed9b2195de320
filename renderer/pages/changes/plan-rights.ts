/** Whether the hosts of a plan take changes from here. Pure. */
import type { HostId, HostView } from '#shared/model/host.ts';
import type { Plan } from '#shared/model/plan.ts';
import { namesWord } from '../../parts/plan-words.ts';
import { watchOnly, watchOnlyWords } from '../../parts/role.ts';

type Hosts = ReadonlyMap<HostId, HostView>;

/** Hosts that nothing is changed on from here. */
export function watchOnlyNames(ids: readonly HostId[], hosts: Hosts): readonly string[] {
  return watchOnlyHosts(ids, hosts).map(({ config }) => config.name);
}

export const watchOnlyHosts = (ids: readonly HostId[], hosts: Hosts): readonly HostView[] =>
  ids.flatMap((id) => {
    const view = hosts.get(id);
    return view === undefined || watchOnly(view) === undefined ? [] : [view];
  });

function watchOnlySentence(views: readonly HostView[]): string {
  const [only] = views;
  const why = only === undefined ? undefined : watchOnly(only);
  if (only !== undefined && why !== undefined && views.length === 1) return watchOnlyWords(why, only.config.name);
  return `This console only watches ${namesWord(views.map(({ config }) => config.name))}, so nothing is applied there. Each of their pages says whose word that is.`;
}

export interface Rights {
  /** Every host takes changes now. */
  readonly apply: boolean;
  /** At least one host of the run takes the word to keep or undo. */
  readonly steer: boolean;
  /** What is missing, with the way out; '' when nothing is. */
  readonly sentence: string;
}

export function planRights(plan: Plan, hosts: Hosts): Rights {
  const ids = plan.hosts.map(({ host }) => host);
  const watched = watchOnlyHosts(ids, hosts);
  const gone = plan.hosts.filter(({ host }) => !hosts.has(host)).map(({ name }) => name);
  const away = plan.hosts
    .filter(({ host }) => hosts.has(host) && hosts.get(host)?.state.kind !== 'live')
    .map(({ name }) => name);
  const sentences = [
    ...(watched.length > 0 ? [watchOnlySentence(watched)] : []),
    ...(gone.length > 0
      ? [`${namesWord(gone)} ${gone.length === 1 ? 'is' : 'are'} not in the list of hosts any more.`]
      : []),
    ...(away.length > 0
      ? [`${namesWord(away)} ${away.length === 1 ? 'is' : 'are'} not connected; a change needs all its hosts.`]
      : []),
  ];
  return {
    apply: sentences.length === 0,
    steer: watched.length < ids.length,
    sentence: sentences.join(' '),
  };
}
