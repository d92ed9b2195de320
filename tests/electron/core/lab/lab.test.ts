/** The lab as a whole: every scenario runs, the same seed gives the same lab, and the console reaches it over real SSH. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect as tcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCore } from '#core/core.ts';
import type { Core } from '#core/core.ts';
import { createRamsterHosts } from '#core/lab/ramster/ramster-hosts.ts';
import { dice } from '#core/lab/random.ts';
import { scenarios } from '#core/lab/scenarios/index.ts';
import type { Scenario } from '#core/lab/scenario.ts';
import { World } from '#core/lab/world.ts';
import { platforms } from '#core/platforms/index.ts';
import { connect } from '#shared/contract/connect.ts';
import type { Console } from '#shared/contract/connect.ts';
import { problemOf } from '#shared/problem.ts';
import { agentBody } from '../../../support/agent-body.ts';
import { portChannel } from '../../../support/channel-pair.ts';
import { evidenceOf } from '../../../support/lab-evidence.ts';
import { TestClock } from '../../../support/test-clock.ts';
import { until } from '../../../support/until.ts';

/** Everything a console could read of every machine, after so many seconds, and what happened on the way. */
function journal(
  scenario: Scenario,
  seed: number,
  seconds: number,
): { digest: string; happened: string[]; troubles: string[] } {
  const happened: string[] = [];
  const world = new World({
    scenery: scenario.build(dice(seed)),
    clock: new TestClock(),
    startHour: scenario.startHour,
    onTick: () => undefined,
    onEvent: ({ at, words }) => happened.push(`${at}: ${words}`),
  });
  world.advance(seconds);
  const digest = createHash('sha256');
  const troubles: string[] = [];
  for (const machine of world.machines) {
    const evidence = evidenceOf(machine, ...platforms);
    for (const { path, text } of evidence.files.values()) digest.update(`${machine.name} ${path}\n${text}\n`);
    for (const { command, text } of evidence.commands.values())
      digest.update(`${machine.name} $ ${command}\n${text}\n`);
    for (const platform of platforms) {
      for (const { path, words } of platform.read(evidence).troubles)
        troubles.push(`${machine.name} ${path}: ${words}`);
    }
  }
  return { digest: digest.digest('hex'), happened, troubles };
}

describe('scenarios', () => {
  it('have ids of their own, and say what to watch', () => {
    expect(new Set(scenarios.map(({ id }) => id)).size).toBe(scenarios.length);
    for (const { id, title, about } of scenarios) {
      expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(title.length).toBeGreaterThan(5);
      expect(about).toMatch(/\.$/);
    }
  });

  it.each(scenarios.map((scenario) => [scenario.id, scenario] as const))(
    '%s: the same journal twice for a seed, another for another, and every file is understood',
    (_, scenario) => {
      const first = journal(scenario, 7, 320);
      expect(journal(scenario, 7, 320)).toEqual(first);
      expect(journal(scenario, 8, 320).digest).not.toBe(first.digest);
      expect(first.troubles).toEqual([]);
    },
  );

  it('of eight hosts that lend to each other, and lose a donor, are the same twice', () => {
    const eight: Scenario = {
      id: 'eight',
      title: 'Eight',
      about: 'Six clients, two donors.',
      startHour: 12,
      build: (roll) => {
        const cluster = createRamsterHosts({
          hosts: Array.from({ length: 8 }, (_, index) => ({
            name: `node${index}`,
            memoryMiB: index < 6 ? 1024 : 6144,
            swapMiB: 4096,
            programs: index < 6 ? [{ name: 'db', workload: 'database', memoryMiB: 1600 }] : [],
            ...(index < 6 ? { target: index < 3 ? 'node6' : 'node7', persistent: true, ephemeral: true } : {}),
          })),
          dice: roll,
        });
        const lose = { at: 200, words: 'node6 loses power.', happen: () => cluster.powerOff('node6') };
        return { machines: cluster.machines, events: [lose] };
      },
    };
    const once = journal(eight, 3, 420);
    expect(journal(eight, 3, 420)).toEqual(once);
    expect(once.happened).toEqual(['200: node6 loses power.']);
    expect(once.troubles).toEqual([]);
  });

  it('let things happen at their time', () => {
    const lost = scenarios.find(({ id }) => id === 'donor-lost');
    expect(lost && journal(lost, 1, 299).happened).toEqual([]);
    expect(lost && journal(lost, 1, 601).happened).toEqual([
      '300: ram-3 loses power, and with it the pages it kept.',
      '600: ram-3 is booted again, empty.',
    ]);
  });
});

describe('the world', () => {
  const count = () => {
    let seconds = 0;
    const machine = { step: () => (seconds += 1) };
    return { machine, seconds: () => seconds };
  };

  it('steps as fast as it is told, and not while it is paused', async () => {
    const clock = new TestClock();
    const { machine, seconds } = count();
    const world = new World({
      scenery: { machines: [machine as never], events: [] },
      clock,
      startHour: 23.5,
      onTick: () => undefined,
      onEvent: () => undefined,
    });
    world.start();
    await clock.pass(10_000);
    expect(seconds()).toBe(10);
    world.speed = 60;
    await clock.pass(10_000);
    expect(seconds()).toBe(610);
    world.paused = true;
    await clock.pass(60_000);
    expect(seconds()).toBe(610);
    world.paused = false;
    world.advance(3600);
    expect(world.hour).toBeCloseTo(0.669, 2);
    world.stop();
    expect(clock.waiting).toBe(0);
  });

  it('does not catch up for hours after the machine it runs on slept', async () => {
    const clock = new TestClock();
    const { machine, seconds } = count();
    const world = new World({
      scenery: { machines: [machine as never], events: [] },
      clock,
      startHour: 0,
      onTick: () => undefined,
      onEvent: () => undefined,
    });
    world.speed = 60;
    world.start();
    clock.jump(3_600_000);
    await clock.pass(100);
    expect(seconds()).toBeLessThanOrEqual(130);
    world.stop();
  });
});

describe('the console in the lab', () => {
  let home: string;
  let core: Core;
  let page: Console;
  const heard: string[] = [];
  const ownTemp = process.env['TMPDIR'];
  const labFolders = () => readdirSync(join(home, 'tmp'));

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'tmem-lab-home-'));
    // The lab's folders are counted: those of other consoles on this machine are not.
    mkdirSync(join(home, 'tmp'));
    process.env['TMPDIR'] = join(home, 'tmp');
    core = await createCore({
      dataDir: join(home, 'data'),
      shell: 'browser',
      version: 'test',
      agentBody,
      home,
      env: {},
    });
    const { port1, port2 } = new MessageChannel();
    core.attach(portChannel(port1));
    page = connect(portChannel(port2));
    page.on('lab.switched', () => heard.push('switched'));
    page.on('lab.changed', (status) => heard.push(status === null ? 'left' : status.scenario.id));
  });
  afterAll(async () => {
    page.close();
    await core.close();
    if (ownTemp === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = ownTemp;
    rmSync(home, { recursive: true, force: true });
  });

  it('offers every scenario, and none is open', async () => {
    expect((await page.call('lab.scenarios', {})).map(({ id }) => id)).toEqual(scenarios.map(({ id }) => id));
    expect(await page.call('lab.status', {})).toBe(null);
    const problem = problemOf(await page.call('lab.open', { scenario: 'nowhere' }).catch((error: unknown) => error));
    expect(problem?.sentence).toContain('donor-lost');
  });

  it('opens one, and reaches its hosts by address and key like any other', async () => {
    const status = await page.call('lab.open', { scenario: 'tour', seed: 5 });
    expect(status).toMatchObject({ scenario: { id: 'tour' }, seed: 5, speed: 1, paused: false });
    await until('all hosts of the lab to be live', async () => {
      const hosts = await page.call('hosts.list', {});
      return hosts.length === 5 && hosts.every(({ state, summary }) => state.kind === 'live' && summary !== undefined);
    });
    expect(heard.slice(0, 2)).toEqual(['tour', 'switched']);
    const names = (await page.call('hosts.list', {})).map(({ config }) => [config.name, config.tags, config.address]);
    expect(names).toContainEqual(['xen-01', ['lab'], '127.0.0.1']);
    const kinds = new Set((await page.call('guests.changes', { since: 0 })).rows.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(['libvirt', 'xen']);
    const members = await page.call('clusters.members', {});
    expect(members.map(({ hostName, reading }) => [hostName, reading.role]).sort()).toEqual([
      ['ram-1', 'client'],
      ['ram-2', 'client'],
      ['ram-3', 'donor'],
    ]);
  });

  it('lets its time be steered', async () => {
    const before = (await page.call('lab.steer', { speed: 60, paused: false })).elapsed;
    await until(
      'a minute of the lab to pass',
      async () => ((await page.call('lab.status', {}))?.elapsed ?? 0) > before + 60,
    );
    const { paused } = await page.call('lab.steer', { speed: 1, paused: true });
    expect(paused).toBe(true);
  });

  it('is one lab, however often it is asked for at once, and stays when there is no such scenario', async () => {
    const opened = await Promise.all([
      page.call('lab.open', { scenario: 'steady' }),
      page.call('lab.open', { scenario: 'reject-storm' }),
    ]);
    expect(opened.map(({ scenario }) => scenario.id)).toEqual(['steady', 'reject-storm']);
    expect(labFolders().length).toBe(1);
    await expect(page.call('lab.open', { scenario: 'nowhere' })).rejects.toThrow('nowhere');
    expect((await page.call('hosts.list', {})).map(({ config }) => config.name)).toHaveLength(2);
  });

  it('tells of passing time in the second lab as in the first', async () => {
    heard.length = 0;
    await until('three seconds of the lab', () => heard.filter((id) => id === 'reject-storm').length >= 3);
  });

  it('leaves nothing of it behind, though somebody holds on to its port', async () => {
    const port = (await page.call('hosts.list', {}))[0]?.config.port ?? 0;
    const silent = tcp({ host: '127.0.0.1', port });
    await once(silent, 'connect');
    await page.call('lab.leave', {});
    silent.destroy();
    expect(labFolders()).toEqual([]);
    expect(await page.call('hosts.list', {})).toEqual([]);
    expect((await page.call('guests.changes', { since: 0 })).rows).toEqual([]);
    expect(await page.call('clusters.members', {})).toEqual([]);
    expect(await page.call('lab.status', {})).toBe(null);
    expect(heard).toContain('left');
  });

  it('is not left behind by a console that ends while it opens', async () => {
    const opening = page.call('lab.open', { scenario: 'tour' }).then(
      () => 'opened',
      () => 'not opened',
    );
    await core.close();
    await opening;
    expect(labFolders()).toEqual([]);
  });
});
