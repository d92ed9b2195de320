/**
 * Plans on a test host, made and followed through the console's contract alone: what a page could do, and no more.
 * What became of the host is read past the console, over the tests' own SSH.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Console } from '#shared/contract/connect.ts';
import type { HostDraft, HostId } from '#shared/model/host.ts';
import type { JournalEntry } from '#shared/model/journal.ts';
import type { Persistence, PlanId, PlanView } from '#shared/model/plan.ts';
import { usualWaves } from '#shared/model/plan.ts';
import { defaultSettings } from '#shared/model/settings.ts';
import type { WishTarget } from '#shared/model/wish.ts';
import { startConsole } from '../console-process.ts';
import type { Ended } from '../console-process.ts';
import { until } from '../until.ts';
import type { Machine } from './machine.ts';

export function operatorDraft(machine: Machine, over: Partial<HostDraft> = {}): HostDraft {
  return {
    name: machine.name,
    address: '127.0.0.1',
    port: machine.sshPort,
    user: 'root',
    login: { method: 'key', keyFile: machine.keyPath },
    group: '',
    tags: [],
    jumps: [],
    agent: 'pushed',
    sudo: 'never',
    role: 'operator',
    guestGroups: [],
    connect: true,
    ...over,
  };
}

export interface PlanWish {
  readonly id: string;
  readonly targets: readonly WishTarget[];
  readonly values?: Readonly<Record<string, string>>;
  readonly persistence?: Persistence;
}

export function createPlan(page: Console, wish: PlanWish): Promise<PlanView> {
  const { id, targets, values = {}, persistence = 'until-reboot' } = wish;
  return page.call('plans.create', { wish: { id, targets, values }, persistence, waves: usualWaves });
}

export async function planNow(page: Console, plan: PlanId): Promise<PlanView> {
  const view = await page.call('plans.get', { plan });
  if (view === null) throw new Error(`the console has no plan ${plan}`);
  return view;
}

/** Waits for one of the states; in the end states of another kind it stops at once, with the run. */
export async function planReaches(
  page: Console,
  plan: PlanId,
  states: readonly PlanView['state'][],
  ms = 60_000,
): Promise<PlanView> {
  const final: readonly PlanView['state'][] = ['kept', 'undone', 'partly-undone'];
  let view = await planNow(page, plan);
  await until(
    `plan ${plan} to be ${states.join(' or ')}`,
    async () => {
      view = await planNow(page, plan);
      if (!states.includes(view.state) && final.includes(view.state))
        throw new Error(`the plan is ${view.state} and not ${states.join(' or ')}: ${JSON.stringify(view.run)}`);
      return states.includes(view.state);
    },
    ms,
  );
  return view;
}

/** Creates it, applies it and waits until all its steps are made. */
export async function applied(page: Console, wish: PlanWish): Promise<PlanView> {
  const { plan } = await createPlan(page, wish);
  await page.call('plans.apply', { plan: plan.id });
  return planReaches(page, plan.id, ['watching']);
}

export async function kept(page: Console, wish: PlanWish): Promise<PlanView> {
  const { plan } = await applied(page, wish);
  await page.call('plans.keep', { plan: plan.id });
  return planReaches(page, plan.id, ['kept']);
}

export async function undone(page: Console, plan: PlanId): Promise<PlanView> {
  await page.call('plans.undo', { plan });
  return planReaches(page, plan, ['undone']);
}

/** Waits until the run is in the middle: some steps made, and some not. */
export async function inTheMiddle(page: Console, plan: PlanId): Promise<PlanView> {
  let view = await planNow(page, plan);
  const madeOf = ({ run }: PlanView): number => run?.steps.filter(({ state }) => state === 'done').length ?? 0;
  await until(
    `plan ${plan} to have made some of its steps`,
    async () => {
      view = await planNow(page, plan);
      return madeOf(view) >= 3;
    },
    120_000,
  );
  if (madeOf(view) === view.plan.steps.length) throw new Error('the run was over before it could be cut short');
  return view;
}

/** Of one plan, oldest first. @throws when the chain is broken */
export async function journalOf(page: Console, plan: PlanId): Promise<readonly JournalEntry[]> {
  const { entries, broken } = await page.call('journal.page', { plan, limit: 500 });
  if (broken !== undefined) throw new Error(`the journal is broken: ${broken}`);
  return [...entries].reverse();
}

export async function guestTargets(page: Console, host: HostId, names: readonly string[]): Promise<WishTarget[]> {
  let targets: WishTarget[] = [];
  await until(`the guests ${names.join(', ')} to be listed`, async () => {
    const { rows } = await page.call('guests.changes', { since: 0, host });
    targets = names.flatMap((name) => rows.filter((row) => row.name === name).map(({ key }) => ({ host, guest: key })));
    return targets.length === names.length;
  });
  return targets;
}

/** Control groups as guests have them, without anything in them: enough where only their settings matter. */
export async function makeEmptyGuests(machine: Machine, count: number): Promise<readonly string[]> {
  const names = Array.from({ length: count }, (_, at) => `idle${at + 1}`);
  const dirs = names.map((name, at) => `'/sys/fs/cgroup/machine.slice/machine-qemu\\x2d${100 + at}\\x2d${name}.scope'`);
  await machine.run(`mkdir ${dirs.join(' ')}`);
  return names;
}

export interface PlanConsole {
  readonly page: Console;
  /** As `kill -9` does it; the data folder stays. */
  kill(): Promise<Ended>;
  stop(): Promise<Ended>;
}

export interface ConsoleHome {
  readonly dataDir: string;
  start(): Promise<PlanConsole>;
  /** Ends what still runs, and removes the data. */
  remove(): Promise<void>;
}

/** A console as a process of its own, which may be killed and started again over the same data. */
export function consoleHome(machines: readonly Machine[], dataDir?: string): ConsoleHome {
  const home = mkdtempSync(join(tmpdir(), 'tmem-home-'));
  mkdirSync(join(home, '.ssh'));
  writeFileSync(join(home, '.ssh', 'known_hosts'), machines.map((one) => `${one.knownHostsLine}\n`).join(''));
  const data = dataDir ?? join(home, 'data');
  const running = new Set<() => Promise<Ended>>();
  return {
    dataDir: data,
    start: async () => {
      const started = await startConsole({ dataDir: data, env: { HOME: home } });
      const page = await started.page();
      await page.call('settings.set', { settings: { ...defaultSettings, intervalSeconds: 1 } });
      const end = (signal: NodeJS.Signals) => () => {
        running.delete(kill);
        page.close();
        return started.stop(signal);
      };
      const kill = end('SIGKILL');
      running.add(kill);
      return { page, kill, stop: end('SIGTERM') };
    },
    remove: async () => {
      for (const kill of running) await kill();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Adds the host unless it is there, and waits until it is live. */
export async function liveHost(page: Console, draft: HostDraft, ms = 60_000): Promise<HostId> {
  const find = async () => (await page.call('hosts.list', {})).find(({ config }) => config.name === draft.name);
  if ((await find()) === undefined) await page.call('hosts.add', { draft });
  await until(
    `${draft.name} to be live`,
    async () => {
      const host = await find();
      if (host?.state.kind === 'refused') throw new Error(host.state.problem.sentence);
      return host?.state.kind === 'live' && host.summary !== undefined;
    },
    ms,
  );
  return (await find())?.config.id ?? '';
}
