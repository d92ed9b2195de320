/**
 * A console's room of plans with hosts in memory, a planner of the test's own, and a clock that moves when told. What is
 * written to the disk outlives a console that is killed, as on a real disk.
 */
import type { Platform } from '#core/platforms/platform.ts';
import type { Fit, Planned, PlannedStep, Sites } from '#core/platforms/change.ts';
import { openJournal } from '#core/plans/journal.ts';
import type { PlanRecord } from '#core/plans/format.ts';
import { planFormat } from '#core/plans/format.ts';
import { Plans } from '#core/plans/plans.ts';
import { openStore } from '#core/plans/store.ts';
import type { AgentLink, AppendFile, CollectPort, HostsPort, JsonFolder, TextFile } from '#core/ports.ts';
import type { DriftItem } from '#shared/model/drift.ts';
import type { HostConfig } from '#shared/model/host.ts';
import type { JournalEntry } from '#shared/model/journal.ts';
import type { SignalId } from '#shared/model/metric.ts';
import { usualWaves } from '#shared/model/plan.ts';
import type { Persistence, PlanView, Waves } from '#shared/model/plan.ts';
import type { Notice } from '#shared/model/settings.ts';
import type { Wish, WishDef } from '#shared/model/wish.ts';
import { ProblemError, problem } from '#shared/problem.ts';
import { epochMs } from '#shared/units.ts';
import { ChangeHost } from './change-link.ts';
import { TestClock, settled } from './test-clock.ts';

export const stepOf = (over: Pick<PlannedStep, 'host' | 'to'> & Partial<PlannedStep>): PlannedStep => ({
  stage: 0,
  knob: 'k',
  instance: '',
  title: 'the setting',
  place: '/sys/k',
  from: '',
  because: 'the test wants it',
  risk: 'low',
  riskWords: '',
  undo: 'old-value',
  undoWords: '',
  survives: 'nothing',
  ...over,
});

const wishes: readonly WishDef[] = [
  { id: 'test.set', wizard: 'compress', title: 'Set it', about: '', of: 'host' },
  { id: 'test.guest', wizard: 'frontswap', title: 'Set it', about: '', of: 'guest' },
  { id: 'test.cluster', wizard: 'cluster', title: 'Join them', about: '', of: 'cluster' },
];

/** The disk of a console: what is written there. */
export class Disk {
  readonly plans = new Map<string, string>();
  journal = '';
  anchor: string | undefined;
  /** Throws what the disk says, where a test wants it to. */
  full: (what: 'plan' | 'journal') => boolean = () => false;

  #check(what: 'plan' | 'journal'): void {
    if (this.full(what)) throw new ProblemError(problem('disk-full', 'The disk is full.'));
  }

  folder(): JsonFolder<PlanRecord> {
    return {
      load: async () =>
        new Map([...this.plans].map(([name, text]) => [name, planFormat.schema.parse(JSON.parse(text))])),
      save: async (name, value) => {
        this.#check('plan');
        this.plans.set(name, JSON.stringify(planFormat.schema.parse(JSON.parse(JSON.stringify(value)))));
      },
      remove: async (name) => {
        this.plans.delete(name);
      },
    };
  }

  journalFile(): AppendFile {
    return {
      path: '/data/journal.jsonl',
      read: async () => this.journal,
      append: async (text) => {
        this.#check('journal');
        this.journal += text;
      },
      cutTornLine: async () => undefined,
      mark: async () => `${this.journal.length} ${this.journal.slice(-100)}`,
    };
  }

  anchorFile(): TextFile {
    return {
      path: '/data/journal.last',
      read: async () => this.anchor,
      write: async (text) => {
        this.anchor = text;
      },
    };
  }

  entries(): JournalEntry[] {
    return this.journal
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as JournalEntry);
  }
}

export class World {
  readonly clock = new TestClock();
  readonly hosts = new Map<string, ChangeHost>();
  readonly disk = new Disk();
  readonly notices: Notice[] = [];
  readonly bugs: unknown[] = [];
  readonly renewed: string[] = [];
  readonly removed: string[] = [];
  /** What the planner answers. */
  planned: (wish: Wish, sites: Sites) => Partial<Planned> = () => ({});
  fits: () => Fit = () => ({ fits: true, because: 'it does', rank: 50 });
  /** What was read of a host at a moment. */
  reading: (host: string, signal: SignalId, at: number) => number | null = (_, signal) =>
    signal === 'harm.oom-kills' ? 0 : 1;
  /** Milliseconds between two readings. */
  interval = 1000;
  /** Whether a reading that was due came in. */
  reads: (host: string, at: number) => boolean = () => true;
  /** Hosts that are not read. */
  readonly silent = new Set<string>();
  readonly guests = new Map<string, { key: string; name: string; uuid?: string }[]>();
  readonly files = new Map<string, Record<string, string>>();
  readonly knobs: Platform['knobs'] = [
    {
      id: 'k',
      title: 'The knob',
      of: 'host',
      target: '/sys/k',
      range: { kind: 'switch' },
      survives: 'nothing',
      help: '',
      traps: [],
    },
  ];
  checkOfKnob: 'exact' | 'settles' | 'none' = 'exact';
  drift: readonly DriftItem[] = [];
  #ids = 0;

  addHost(name: string, values: Readonly<Record<string, string>> = { 'k ': '0' }): ChangeHost {
    const host = new ChangeHost(name, this.clock, values);
    this.hosts.set(name, host);
    return host;
  }

  host(name: string): ChangeHost {
    const host = this.hosts.get(name);
    if (host === undefined) throw new Error(`no host ${name}`);
    return host;
  }

  get platform(): Platform {
    return {
      id: 'test',
      title: 'Test',
      sets: [],
      commands: [],
      catalogue: [],
      knobs: this.knobs ?? [],
      planner: {
        agentKnobs: [
          {
            kind: 'file',
            name: 'k',
            path: '/sys/k',
            shown: 'plain',
            value: { kind: 'number', min: 0, max: 9 },
            check: this.checkOfKnob,
          },
        ],
        wishes,
        fits: () => this.fits(),
        form: () => ({ fields: [], findings: [] }),
        plan: (wish, sites) => ({
          steps: [],
          manual: [],
          will: [],
          findings: [],
          fields: [],
          ...this.planned(wish, sites),
        }),
      },
      detect: () => ({ presence: 'full', because: [] }),
      read: () => ({ values: [], guests: [], troubles: [] }),
    };
  }

  /** Starts a console on these hosts; they are connected unless the test says otherwise. */
  async open(options: { connect?: boolean; disk?: Disk } = {}): Promise<Room> {
    const { connect = true, disk = this.disk } = options;
    const room = new Room(this, disk);
    await room.open(() => `p${++this.#ids}`);
    if (connect) room.connectAll();
    await settled();
    return room;
  }
}

/** One console. Several may share a world, each with its own disk and its own links. */
export class Room {
  readonly world: World;
  readonly disk: Disk;
  readonly moved: string[] = [];
  readonly #links = new Map<string, AgentLink>();
  readonly #linkListeners: ((host: string, link: AgentLink | undefined) => void)[] = [];
  plans!: Plans;
  #killed = false;

  constructor(world: World, disk: Disk) {
    this.world = world;
    this.disk = disk;
  }

  async open(newId: () => string): Promise<void> {
    const { clock, notices, bugs } = this.world;
    const log = {
      info: () => undefined,
      warn: () => undefined,
      bug: (_: string, error: unknown) => void bugs.push(error),
    };
    const notify = (notice: Notice) => void notices.push(notice);
    this.plans = new Plans({
      hosts: this.#hosts(),
      collect: this.#collect(),
      platforms: [this.world.platform],
      clock,
      log,
      store: await openStore(this.disk.folder()),
      journal: await openJournal({
        file: this.disk.journalFile(),
        anchor: this.disk.anchorFile(),
        clock,
        log,
        who: 'ann@desk',
        notify,
      }),
      who: 'ann@desk',
      newId,
      agentScript: () => '#!/bin/sh\n',
      notify,
      onMoved: (plan) => void this.moved.push(plan.id),
      onRemoved: (plan) => void this.world.removed.push(plan),
      onDrift: (items) => (this.world.drift = items),
    });
  }

  connectAll(): void {
    for (const name of this.world.hosts.keys()) this.connect(name);
  }

  connect(name: string): void {
    const host = this.world.host(name);
    host.onLink = (link) => this.#tell(name, link);
    host.connect();
  }

  /** SIGKILL: nothing more comes from this console, and its links are gone. */
  kill(): void {
    this.#killed = true;
    for (const host of this.world.hosts.values()) host.cut();
    void this.plans.close();
  }

  async create(
    options: {
      wish?: string;
      hosts?: readonly string[];
      guests?: readonly (readonly [string, string])[];
      persistence?: Persistence;
      waves?: Partial<Waves>;
    } = {},
  ): Promise<string> {
    const {
      wish = 'test.set',
      hosts = [...this.world.hosts.keys()],
      persistence = 'until-reboot',
      waves = {},
    } = options;
    const targets = options.guests?.map(([host, guest]) => ({ host, guest })) ?? hosts.map((host) => ({ host }));
    const view = await this.plans.create({
      wish: { id: wish, targets, values: {} },
      persistence,
      waves: { ...usualWaves, ...waves },
    });
    return view.plan.id;
  }

  view(plan: string): PlanView {
    const view = this.plans.get(plan);
    if (view === undefined) throw new Error(`no plan ${plan}`);
    return view;
  }

  /** Of the run: its state, and each host's. */
  states(plan: string): string {
    const { state, run } = this.view(plan);
    return [state, ...(run?.hosts ?? []).map((host) => `${host.host} ${host.state}`)].join(', ');
  }

  #tell(name: string, link: AgentLink | undefined): void {
    if (link === undefined) this.#links.delete(name);
    else this.#links.set(name, link);
    if (!this.#killed) for (const listen of this.#linkListeners) listen(name, link);
  }

  #hosts(): HostsPort {
    const { hosts } = this.world;
    const config = (id: string): HostConfig | undefined =>
      hosts.has(id)
        ? {
            id,
            name: id,
            address: '10.0.0.1',
            port: 22,
            user: 'root',
            login: { method: 'agent' },
            group: '',
            tags: [],
            jumps: [],
            agent: 'pushed',
            sudo: 'never',
            role: 'operator',
            guestGroups: [],
            connect: true,
          }
        : undefined;
    return {
      configs: () => [...hosts.keys()].map(config).filter((one) => one !== undefined),
      config,
      state: (id) => (this.#links.has(id) ? { kind: 'live', since: epochMs(0), missing: [] } : { kind: 'off' }),
      facts: (id) => this.#links.get(id)?.facts,
      onLink: (listen) => void this.#linkListeners.push(listen),
      onChange: () => undefined,
      setMissing: () => undefined,
      reportDead: () => undefined,
    };
  }

  #collect(): CollectPort {
    const { world } = this;
    return {
      evidence: (id) => ({
        files: new Map(
          Object.entries(world.files.get(id) ?? {}).map(([path, text]) => [
            path,
            { path, text, line: 1, at: epochMs(0) },
          ]),
        ),
        commands: new Map(),
        unread: new Map(),
        pageSize: 4096,
      }),
      renew: async (id) => {
        world.renewed.push(id);
        if (!this.#links.has(id)) throw new ProblemError(problem('host-gone', 'It went away.'));
      },
      guests: (id) => world.guests.get(id) ?? [],
      signals: (id, signals, from) => {
        const at: number[] = [];
        const now = world.clock.now();
        const { interval } = world;
        for (let time = Math.ceil(from / interval) * interval; time <= now; time += interval)
          if (world.reads(id, time)) at.push(time);
        return { at, columns: signals.map((signal) => at.map((time) => world.reading(id, signal, time))) };
      },
      seenAt: (id) => (world.silent.has(id) || !this.#links.has(id) ? epochMs(0) : world.clock.now()),
      interval: () => world.interval,
    };
  }
}
