/** The core in this process with a page that has opened the lab: plans are drawn up, applied and undone as a page does. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { createCore } from '#core/core.ts';
import { connect } from '#shared/contract/connect.ts';
import type { Console } from '#shared/contract/connect.ts';
import type { HostId } from '#shared/model/host.ts';
import type { LabSpeed } from '#shared/model/lab.ts';
import type { Plan, PlanView, Waves } from '#shared/model/plan.ts';
import type { Wish, WishTarget } from '#shared/model/wish.ts';
import { defaultSettings } from '#shared/model/settings.ts';
import { agentBody } from './agent-body.ts';
import { portChannel } from './channel-pair.ts';
import { until } from './until.ts';

export interface LabConsole {
  readonly page: Console;
  /** Opens the scenario and waits until every host of it is watched. */
  enter(scenario: string, speed?: LabSpeed): Promise<void>;
  host(name: string): Promise<HostId>;
  /** Guests whose host is one of these, those whose name begins so first. */
  guests(hosts: readonly string[], first?: string): Promise<WishTarget[]>;
  create(wish: Wish, persistence?: Plan['persistence'], waves?: Waves): Promise<PlanView>;
  /** Steps of the same wish, as the hosts say now. */
  drawn(wish: Wish): Promise<Plan['steps']>;
  /** Waits until the plan is in this state, and fails at once when it ends in another. */
  reaches(plan: string, state: PlanView['state']): Promise<PlanView>;
  close(): Promise<void>;
}

const atOnce: Waves = { canary: false, size: 0, watchSeconds: 5 };
const ends: readonly PlanView['state'][] = ['kept', 'undone', 'partly-undone'];

export async function openLabConsole(): Promise<LabConsole> {
  const home = mkdtempSync(join(tmpdir(), 'tmem-lab-plans-'));
  const core = await createCore({
    dataDir: join(home, 'data'),
    shell: 'browser',
    version: 'test',
    agentBody,
    home,
    env: {},
  });
  const { port1, port2 } = new MessageChannel();
  core.attach(portChannel(port1));
  const page = connect(portChannel(port2));
  await page.call('settings.set', { settings: { ...defaultSettings, intervalSeconds: 1 } });
  const hosts = () => page.call('hosts.list', {});

  return {
    page,
    enter: async (scenario, speed = 60) => {
      await page.call('lab.open', { scenario, seed: 5 });
      await page.call('lab.steer', { speed, paused: false });
      await until(`all hosts of ${scenario}`, async () =>
        (await hosts()).every(({ state, facts, summary }) => {
          if (facts !== undefined && facts.grade !== 'operator') throw new Error('the lab wants to be changed');
          return state.kind === 'live' && summary !== undefined;
        }),
      );
    },
    host: async (name) => {
      const found = (await hosts()).find(({ config }) => config.name === name);
      if (found === undefined) throw new Error(`no host ${name}`);
      return found.config.id;
    },
    guests: async (names, first = '') => {
      const { rows } = await page.call('guests.changes', { since: 0 });
      return rows
        .filter(({ hostName }) => names.includes(hostName))
        .sort((a, b) => Number(b.name.startsWith(first)) - Number(a.name.startsWith(first)))
        .map(({ host, key }) => ({ host, guest: key }));
    },
    create: (wish, persistence = 'until-reboot', waves = atOnce) =>
      page.call('plans.create', { wish, persistence, waves }),
    drawn: async (wish) => {
      const { plan, findings, fields } = await page.call('plans.draft', {
        wish,
        persistence: 'until-reboot',
        waves: atOnce,
      });
      if (plan === undefined) throw new Error(JSON.stringify([findings, fields]));
      return plan.steps;
    },
    reaches: async (plan, state) => {
      let view: PlanView | null = null;
      await until(`the plan to be ${state}`, async () => {
        view = await page.call('plans.get', { plan });
        if (view === null) throw new Error('there is no such plan');
        if (view.state !== state && ends.includes(view.state))
          throw new Error(`it is ${view.state}: ${JSON.stringify(view.run)}`);
        return view.state === state;
      });
      return view ?? Promise.reject(new Error('there is no such plan'));
    },
    close: async () => {
      page.close();
      await core.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
