/** The core in this process with a page on a MessagePort, in a home and data directory of its own. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { createCore } from '#core/core.ts';
import { connect } from '#shared/contract/connect.ts';
import type { Console } from '#shared/contract/connect.ts';
import type { HostDraft, HostId, HostView } from '#shared/model/host.ts';
import { defaultSettings } from '#shared/model/settings.ts';
import { agentBody } from './agent-body.ts';
import { portChannel } from './channel-pair.ts';
import { until } from './until.ts';

export interface ConsoleUnderTest {
  readonly page: Console;
  readonly home: string;
  /** Adds the host and waits until it is live and has a summary. */
  addLive(draft: HostDraft): Promise<HostId>;
  view(host: HostId): Promise<HostView>;
  close(): Promise<void>;
}

export async function openConsole(options: { knownHosts: string; intervalSeconds: number }): Promise<ConsoleUnderTest> {
  const home = mkdtempSync(join(tmpdir(), 'tmem-home-'));
  mkdirSync(join(home, '.ssh'));
  writeFileSync(join(home, '.ssh', 'known_hosts'), options.knownHosts);
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
  await page.call('settings.set', { settings: { ...defaultSettings, intervalSeconds: options.intervalSeconds } });

  const view = async (host: HostId): Promise<HostView> => {
    const found = (await page.call('hosts.list', {})).find(({ config }) => config.id === host);
    if (found === undefined) throw new Error(`no host ${host}`);
    return found;
  };
  return {
    page,
    home,
    view,
    addLive: async (draft) => {
      const { id } = await page.call('hosts.add', { draft });
      await until(`${draft.name} to be live`, async () => {
        const { state, summary } = await view(id);
        if (state.kind === 'refused') throw new Error(state.problem.sentence);
        return state.kind === 'live' && summary !== undefined;
      });
      return id;
    },
    close: async () => {
      page.close();
      await core.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
