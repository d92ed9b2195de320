/**
 * The room of changes, as the console uses it: wishes become plans, plans are applied, kept or undone, and all of it is
 * written down. One for each inventory that is watched, so the lab's plans are never mixed with real ones. Reaches hosts
 * only through the links it is given.
 */
import type { ArgsOf } from '#shared/contract/contract.ts';
import type { DriftItem } from '#shared/model/drift.ts';
import type { HostId } from '#shared/model/host.ts';
import type { JournalWhat } from '#shared/model/journal.ts';
import type { Draft, Plan, PlanId, PlanView } from '#shared/model/plan.ts';
import type { Notice } from '#shared/model/settings.ts';
import type { WishForm, WishOffer, WishTarget } from '#shared/model/wish.ts';
import { fail } from '#shared/problem.ts';
import type { AgentKnob } from '#core/platforms/change.ts';
import type { Platform } from '#core/platforms/platform.ts';
import type { AgentLink, Clock, CollectPort, HostsPort, Log } from '#core/ports.ts';
import { draw, readAnew } from './draft.ts';
import type { DraftArgs, DraftPorts, PlanContent } from './draft.ts';
import { Drift, putBackWish } from './drift.ts';
import { argsIn, refuseReversal, textOf } from './exchange.ts';
import type { Journal, Told } from './journal.ts';
import { nextLetter } from './letters.ts';
import { reversed } from './reverse.ts';
import { Runs } from './runs.ts';
import { sitesOf } from './sites.ts';
import type { Store } from './store.ts';
import { unitsOf } from './units.ts';
import { Wishes } from './wishes.ts';

export interface PlansOptions {
  readonly hosts: HostsPort;
  readonly collect: CollectPort;
  readonly platforms: readonly Platform[];
  readonly clock: Clock;
  readonly log: Log;
  readonly store: Store;
  readonly journal: Journal;
  /** `user@machine`. */
  readonly who: string;
  newId(): string;
  /** Text of the agent as it is installed on a host. */
  agentScript(): string;
  notify(notice: Notice): void;
  /** Something about that plan is newer, or it is new. */
  onMoved(plan: Plan): void;
  onRemoved(plan: PlanId): void;
  onDrift(items: readonly DriftItem[]): void;
}

export class Plans {
  readonly #options: PlansOptions;
  readonly #wishes: Wishes;
  readonly #links = new Map<HostId, AgentLink>();
  readonly #knobs: ReadonlyMap<string, AgentKnob>;
  readonly #titles: ReadonlyMap<string, string>;
  readonly #runs: Runs;
  readonly #drift: Drift;
  readonly #ports: DraftPorts;

  constructor(options: PlansOptions) {
    const { hosts, collect, platforms, clock, log, store, journal } = options;
    this.#options = options;
    this.#wishes = new Wishes(platforms);
    this.#knobs = new Map(
      platforms.flatMap(({ planner }) => (planner?.agentKnobs ?? []).map((knob) => [knob.name, knob])),
    );
    this.#titles = new Map(platforms.flatMap(({ knobs = [] }) => knobs.map(({ id, title }) => [id, title])));
    const common = {
      clock,
      log,
      collect,
      link: (host: HostId) => this.#links.get(host),
      nameOf: (host: HostId) => hosts.config(host)?.name ?? 'a host that was removed',
      knob: (name: string) => this.#knobs.get(name),
      journal: (...entries: readonly Told[]) => journal.add(...entries),
    };
    this.#ports = { ...common, hosts, wishes: this.#wishes, unitOf: unitsOf(platforms) };
    this.#drift = new Drift({
      ...common,
      titleOf: (knob) => this.#titles.get(knob) ?? knob,
      onChange: (items) => options.onDrift(items),
    });
    this.#runs = new Runs({
      ...common,
      store,
      who: options.who,
      facts: (host) => hosts.facts(host),
      secondsOf: (knob) => secondsOf(this.#knobs.get(knob)),
      agentScript: () => options.agentScript(),
      notify: (notice) => options.notify(notice),
      renew: (host) => collect.renew(host),
      onMoved: (plan) => options.onMoved(plan),
      onKept: (kept) => {
        for (const host of kept) this.#drift.linkUp(host);
      },
    });
    hosts.onLink((host, link) => this.#link(host, link));
    hosts.onChange((host) => {
      if (hosts.config(host) === undefined) this.#drift.forget(host);
    });
    this.#runs.takeUp();
  }

  offers({ wizard, targets }: ArgsOf<'plans.offers'>): readonly WishOffer[] {
    this.#insistOn(targets);
    return this.#wishes.offers(wizard, targets, this.#sites());
  }

  async form({ wish, targets }: ArgsOf<'plans.form'>): Promise<WishForm> {
    this.#insistOn(targets);
    const { sites } = await readAnew(targets, this.#ports);
    return this.#wishes.form(wish, targets, sites);
  }

  async draft(args: DraftArgs): Promise<Draft> {
    this.#insistOn(args.wish.targets);
    const { content, ...draft } = await draw(args, this.#ports);
    return content === undefined ? draft : { ...draft, plan: this.#headed(content, 'draft') };
  }

  create(args: DraftArgs): Promise<PlanView> {
    return this.#create(args, 'created');
  }

  async import({ text, targets, waves }: ArgsOf<'plans.import'>): Promise<PlanView> {
    return this.#create(argsIn(text, this.#options.hosts, { targets, waves }), 'imported');
  }

  export(plan: PlanId): string {
    return textOf(this.#options.store.get(plan).plan);
  }

  async replay({ plan: id, targets, waves }: ArgsOf<'plans.replay'>): Promise<PlanView> {
    const { plan } = this.#options.store.get(id);
    refuseReversal(plan.reverses);
    if (plan.wish.id === putBackWish)
      fail('plan-refused', 'That plan puts back what was written down on its host, so it cannot be used for others.');
    return this.#create({ wish: { ...plan.wish, targets }, persistence: plan.persistence, waves }, 'created');
  }

  async reverse(plan: PlanId): Promise<PlanView> {
    return this.#keepDraft(
      await reversed(this.#options.store.get(plan), { ...this.#ports, knob: (name) => this.#knobs.get(name) }),
      'created',
    );
  }

  list(): readonly PlanView[] {
    return this.#runs.views();
  }

  get(plan: PlanId): PlanView | undefined {
    return this.#runs.view(plan);
  }

  apply(plan: PlanId): Promise<PlanView> {
    return this.#runs.apply(plan);
  }

  keep(plan: PlanId): Promise<PlanView> {
    return this.#runs.keep(plan);
  }

  undo(plan: PlanId): Promise<PlanView> {
    return this.#runs.undo(plan);
  }

  async remove(id: PlanId): Promise<void> {
    const { store, journal, onRemoved } = this.#options;
    const { plan, run } = store.get(id);
    if (run !== undefined)
      fail('plan-refused', 'Only a draft can be removed. What was applied stays, as the journal speaks of it.');
    await journal.add({ plan: plan.id, title: plan.title, what: 'removed' });
    await store.remove(id);
    onRemoved(id);
  }

  drift(): readonly DriftItem[] {
    return this.#drift.list();
  }

  async putBack(host: HostId): Promise<PlanView> {
    this.#insistOn([{ host }]);
    return this.#keepDraft(await this.#drift.putBack(host), 'created');
  }

  accept(host: HostId): Promise<void> {
    this.#insistOn([{ host }]);
    return this.#drift.accept(host);
  }

  /** Hosts that are armed undo by themselves, and are asked what became of it by the next console. */
  async close(): Promise<void> {
    this.#drift.close();
    this.#runs.close();
    await this.#options.journal.close();
  }

  async #create(args: DraftArgs, what: JournalWhat): Promise<PlanView> {
    this.#insistOn(args.wish.targets);
    const { content, fields, findings } = await draw(args, this.#ports);
    if (content === undefined) {
      const [field] = fields;
      const missing = findings
        .filter(({ level }) => level === 'missing')
        .map(({ sentence, fix }) => [sentence, fix].join(' ').trim());
      return fail(
        'plan-refused',
        field === undefined ? (missing[0] ?? '') : `${field.field}: ${field.sentence}`,
        missing.slice(1).join('\n'),
      );
    }
    if (content.steps.length === 0 && content.manual.length === 0)
      fail('plan-refused', 'There is nothing to do: everything the plan would set is so already.');
    return this.#keepDraft(content, what);
  }

  async #keepDraft(content: PlanContent, what: JournalWhat): Promise<PlanView> {
    const { store, journal } = this.#options;
    const plan = this.#headed(content, this.#options.newId());
    await store.put({ plan });
    await journal.add({ plan: plan.id, title: plan.title, what });
    this.#options.onMoved(plan);
    return { plan, state: 'draft' };
  }

  #headed(content: PlanContent, id: PlanId): Plan {
    const { store, clock, who } = this.#options;
    const letter = nextLetter(store.all().map(({ plan }) => plan.letter));
    return { id, letter, createdAt: clock.now(), createdBy: who, ...content };
  }

  #sites(): ReturnType<typeof sitesOf> {
    return sitesOf(this.#options.hosts, this.#options.collect);
  }

  #insistOn(targets: readonly Pick<WishTarget, 'host'>[]): void {
    for (const { host } of targets)
      if (this.#options.hosts.config(host) === undefined)
        fail('not-found', 'One of the chosen hosts is not in the inventory any more. Choose the targets again.');
  }

  #link(host: HostId, link: AgentLink | undefined): void {
    if (link === undefined) {
      this.#links.delete(host);
      this.#runs.linkDown(host);
      this.#drift.linkDown(host);
    } else {
      this.#links.set(host, link);
      this.#runs.linkUp(host, link);
      this.#drift.linkUp(host);
    }
  }
}

const secondsOf = (knob: AgentKnob | undefined): number => (knob?.kind === 'command' ? (knob.seconds ?? 10) : 10);
