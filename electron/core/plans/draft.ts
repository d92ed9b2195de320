/**
 * From a wish to a plan that can be reviewed: the hosts are read anew, the platform's planner draws the steps, the hosts
 * are asked for every value, and the steps are spread over waves. Nothing is written.
 */
import type { HostId } from '#shared/model/host.ts';
import type { Draft, Persistence, Plan, PlanStep, Waves } from '#shared/model/plan.ts';
import { usualWaves } from '#shared/model/plan.ts';
import type { Finding, Wish, WishDef, WishTarget } from '#shared/model/wish.ts';
import { problemOf } from '#shared/problem.ts';
import type { PlannedStep, Sites } from '#core/platforms/change.ts';
import type { AgentLink, CollectPort, HostsPort } from '#core/ports.ts';
import { askHosts } from './ask-hosts.ts';
import { askWrittenDown } from './written-down.ts';
import { planStep } from './plan-step.ts';
import { mayChange, readOnlyFix, readOnlySentence } from './rights.ts';
import { sitesOf } from './sites.ts';
import { spread } from './waves.ts';
import type { Wishes } from './wishes.ts';

export interface DraftPorts {
  readonly hosts: HostsPort;
  readonly collect: CollectPort;
  readonly wishes: Wishes;
  link(host: HostId): AgentLink | undefined;
  nameOf(host: HostId): string;
  /** Of the knob's values, where they are amounts of memory. */
  unitOf(knob: string): PlanStep['unit'];
}

export interface DraftArgs {
  readonly wish: Wish;
  readonly persistence: Persistence;
  readonly waves: Waves;
}

/** A plan but for what it gets when it is kept: its name among the others, who and when. */
export type PlanContent = Omit<Plan, 'id' | 'letter' | 'createdAt' | 'createdBy'>;
export type Drawn = Omit<Draft, 'plan'> & { readonly content?: PlanContent };

export async function draw(args: DraftArgs, ports: DraftPorts): Promise<Drawn> {
  const { wishes, nameOf } = ports;
  const { def, planner } = wishes.get(args.wish.id);
  const { sites, gone } = await readAnew(args.wish.targets, ports);
  const targets = args.wish.targets.filter(({ host }) => sites.has(host) && !gone.has(host));
  const away = [...new Set(args.wish.targets.map(({ host }) => host))].filter(
    (host) => !sites.has(host) || gone.has(host),
  );
  const planned = planner.plan({ ...args.wish, targets }, sites);
  const findings: Finding[] = [...away.map((host) => notConnected(host, nameOf(host))), ...planned.findings];
  const refused = { fields: planned.fields, findings };
  if (planned.fields.length > 0 || isInTheWay(findings)) return refused;

  const { steps, stays } = await forPersistence(planned.steps, args.persistence, ports);
  const asked = await askHosts(steps, (host) => ports.link(host), stays);
  for (const step of asked.absent)
    findings.push({
      level: 'missing',
      ...whom(step, targets),
      sentence: `"${step.title}" cannot be set on ${nameOf(step.host)}: ${step.place} is not there.`,
    });
  for (const { step, sentence } of asked.failed)
    findings.push({
      level: 'missing',
      ...whom(step, targets),
      sentence: `"${step.title}" could not be asked for on ${nameOf(step.host)}. ${sentence}`,
    });
  if (isInTheWay(findings)) return refused;

  const stepHosts = new Set(asked.steps.map(({ host }) => host));
  for (const host of stepHosts) {
    if (!mayChange(ports.hosts.facts(host)))
      findings.push({ level: 'note', host, sentence: readOnlySentence(nameOf(host)), fix: readOnlyFix });
  }
  const hosts = new Set([...targets.map(({ host }) => host), ...stepHosts, ...planned.manual.map(({ host }) => host)]);
  // All hosts of a cluster are one change.
  const waves = def.of === 'cluster' ? { ...usualWaves, watchSeconds: args.waves.watchSeconds } : args.waves;
  const hostsOf = targets.map(({ host, guest }) => [host, ...insideOf(sites, host, guest)]);
  const content: PlanContent = {
    title: titleOf(def, targets, ports),
    wish: args.wish,
    hosts: [...hosts].map((host) => ({ host, name: nameOf(host) })),
    steps: spread(asked.steps, hostsOf, waves).map((step) => {
      const unit = ports.unitOf(step.knob);
      return planStep(unit === undefined ? step : { ...step, unit }, args.persistence);
    }),
    manual: planned.manual,
    will: planned.will,
    persistence: args.persistence,
    waves,
  };
  return { content, fields: [], findings };
}

interface ToAsk extends PlannedStep {
  readonly heldBefore?: true;
}

/** What is so already has still to be written down, where that is wished for and not done yet. */
async function forPersistence(
  planned: readonly PlannedStep[],
  persistence: Persistence,
  ports: DraftPorts,
): Promise<{ steps: readonly ToAsk[]; stays: (step: ToAsk) => boolean }> {
  if (persistence !== 'survives' || planned.every(({ keepAs }) => keepAs === undefined))
    return { steps: planned, stays: () => false };
  const written = await askWrittenDown(
    planned.map(({ host }) => host),
    (host) => ports.link(host),
  );
  return {
    steps: planned.map((step) => (written.valueOf(step) === undefined ? step : { ...step, heldBefore: true })),
    stays: (step) => step.keepAs !== undefined && written.valueOf(step) !== step.to,
  };
}

/** The hosts of the targets, and the guests among them that are hosts, as they are now. */
export async function readAnew(
  targets: readonly WishTarget[],
  { hosts, collect }: Pick<DraftPorts, 'hosts' | 'collect'>,
): Promise<{ sites: Sites; gone: ReadonlySet<HostId> }> {
  const before = sitesOf(hosts, collect);
  const wanted = new Set(targets.flatMap(({ host, guest }) => [host, ...insideOf(before, host, guest)]));
  const gone = new Set<HostId>();
  await Promise.all(
    [...wanted].map(async (host) => {
      try {
        if (before.has(host)) await collect.renew(host);
      } catch (error) {
        if (problemOf(error) === undefined) throw error;
        gone.add(host);
      }
    }),
  );
  return { sites: sitesOf(hosts, collect), gone };
}

const insideOf = (sites: Sites, host: HostId, guest: string | undefined): HostId[] => {
  const inside = guest === undefined ? undefined : sites.get(host)?.inside.get(guest);
  return inside === undefined ? [] : [inside];
};

const isInTheWay = (findings: readonly Finding[]): boolean => findings.some(({ level }) => level === 'missing');

const notConnected = (host: HostId, name: string): Finding => ({
  level: 'missing',
  host,
  sentence: `${name} is not connected, so nothing is known of it now.`,
  fix: 'Connect it, or leave it out.',
});

function whom(step: PlannedStep, targets: readonly WishTarget[]): Pick<Finding, 'host' | 'guest'> {
  const target = step.target === undefined ? undefined : targets[step.target];
  return target?.guest === undefined ? { host: step.host } : { host: target.host, guest: target.guest };
}

/** The verb and object, and whom it is for: by name when that is one. */
function titleOf(def: WishDef, targets: readonly WishTarget[], { collect, nameOf }: DraftPorts): string {
  const [first] = targets;
  if (first === undefined) return def.title;
  const hosts = new Set(targets.map(({ host }) => host));
  const on = hosts.size === 1 ? nameOf(first.host) : `${hosts.size} hosts`;
  if (def.of !== 'guest') return `${def.title} on ${on}`;
  const name = collect.guests(first.host).find(({ key }) => key === first.guest)?.name ?? first.guest ?? '';
  return `${def.title} for ${targets.length === 1 ? name : `${targets.length} guests`} on ${on}`;
}
