/**
 * One inventory being watched: its hosts and what is collected from them. The console has one of its own; while the
 * lab is open, the lab's is another, and pages speak to that one.
 */
import type { EventName, PayloadOf } from '#shared/contract/contract.ts';
import type { HostId, HostView } from '#shared/model/host.ts';
import type { PlanId } from '#shared/model/plan.ts';
import type { Tick } from '#shared/model/sample.ts';
import type { MoneySettings } from '#shared/model/settings.ts';
import { coalesce } from './coalesce.ts';
import { Collect } from './collect/collect.ts';
import { survey } from './collect/survey.ts';
import { composeAgent } from './hosts/agent-script.ts';
import { createHosts } from './hosts/hosts.ts';
import type { HostsOptions } from './hosts/hosts-options.ts';
import type { Hosts } from './hosts/hosts.ts';
import type { History } from './history/history.ts';
import { Past } from './past.ts';
import type { Journal } from './plans/journal.ts';
import { Plans } from './plans/plans.ts';
import type { PlanRecords } from './plan-records.ts';
import { platforms } from './platforms/index.ts';

export interface Watch {
  readonly hosts: Hosts;
  readonly collect: Collect;
  readonly plans: Plans;
  readonly journal: Journal;
  readonly history: History;
  readonly past: Past;
  readonly lab: boolean;
  readonly who: string;
  view(host: HostId): HostView | undefined;
  close(): Promise<void>;
}

export interface WatchOptions extends Omit<HostsOptions, 'sets' | 'commands' | 'knobs' | 'survey'> {
  readonly records: PlanRecords;
  /** Closed with the watch. */
  readonly history: History;
  /** Its hosts are simulated. */
  readonly lab: boolean;
  money(): MoneySettings;
  /** Milliseconds between two readings. */
  interval(): number;
  tell<Name extends EventName>(name: Name, payload: PayloadOf<Name>): void;
  onTick(tick: Tick): void;
}

export const sets = platforms.flatMap((platform) => platform.sets);
export const commands = platforms.flatMap((platform) => platform.commands);
export const knobs = platforms.flatMap((platform) => platform.planner?.agentKnobs ?? []);

/** Pages are told at most this often what changed; of plans, whose progress is watched, more often. */
const tellEveryMs = 1000;
const tellPlansMs = 250;
/** A plan of ten thousand steps is some megabytes. */
const largePlan = 1000;
const tellLargePlansMs = 2000;

export function openWatch(options: WatchOptions): Watch {
  const { clock, log, interval, tell, onTick, history } = options;
  const hosts = createHosts({ ...options, sets, commands, knobs, survey: (link) => survey(link, platforms, clock) });
  const collect = new Collect({
    hosts,
    clock,
    log,
    platforms,
    interval,
    onHost: (host, first) => hostsChanged.add(host, first),
    onTick,
    onHistory: (tick) => history.record(tick),
    onEvent: (event) => history.mark(event),
    onGuests: () => guestsMoved.add('guests'),
    onClusters: () => clustersMoved.add('clusters'),
  });

  const past = new Past({ history, collect, hosts, clock, lab: options.lab, money: options.money });

  const tellPlans = (ids: readonly PlanId[]): void => {
    const moved = ids.map((id) => plans.get(id)).filter((one) => one !== undefined);
    if (moved.length > 0) tell('plans.changed', moved);
    for (const plan of moved) past.mark(plan);
  };
  const plansMoved = coalesce(clock, tellPlansMs, tellPlans);
  const largePlansMoved = coalesce(clock, tellLargePlansMs, tellPlans);
  const plans = new Plans({
    ...options,
    ...options.records,
    hosts,
    collect,
    platforms,
    agentScript: () => composeAgent(options.agentBody, sets, commands, knobs),
    onMoved: ({ id, steps }) => (steps.length > largePlan ? largePlansMoved : plansMoved).add(id),
    onRemoved: (plan) => tell('plans.removed', [plan]),
    onDrift: (items) => tell('drift.changed', items),
  });

  // Those of earlier runs of the console, and of before there was a history.
  for (const plan of plans.list()) past.mark(plan);

  const view = (host: HostId): HostView | undefined => {
    const config = hosts.config(host);
    if (config === undefined) return undefined;
    const facts = hosts.facts(host);
    const summary = collect.summary(host);
    return {
      config,
      state: hosts.state(host),
      platforms: collect.presence(host),
      ...(facts === undefined ? {} : { facts }),
      ...(summary === undefined ? {} : { summary }),
    };
  };

  const hostsChanged = coalesce<HostId>(clock, tellEveryMs, (ids) => {
    const changed = ids.map(view).filter((one) => one !== undefined);
    const gone = ids.filter((id) => hosts.config(id) === undefined);
    if (changed.length > 0) tell('hosts.changed', changed);
    if (gone.length > 0) tell('hosts.removed', gone);
  });
  const guestsMoved = coalesce<'guests'>(clock, tellEveryMs, () =>
    tell('guests.moved', { revision: collect.guestRows.revision }),
  );
  const clustersMoved = coalesce<'clusters'>(clock, tellEveryMs, () => tell('clusters.moved', null));
  hosts.onChange((host) => hostsChanged.add(host, true));

  return {
    hosts,
    collect,
    plans,
    journal: options.records.journal,
    history,
    past,
    lab: options.lab,
    who: options.records.who,
    view,
    close: async () => {
      for (const waiting of [hostsChanged, guestsMoved, clustersMoved, plansMoved, largePlansMoved]) waiting.close();
      collect.close();
      await Promise.all([plans.close(), hosts.close()]);
      await history.close();
    },
  };
}
