/**
 * Many hosts at once: all are this machine, each with a connection, an agent and a place of its own in the core. A page
 * is attached over the door and takes every event.
 */
import type { HostId, HostView } from '#shared/model/host.ts';
import { startCore } from './core-process.ts';
import { percentileOf, shown } from './figures.ts';
import type { Row } from './figures.ts';
import { startHostHere } from './host-here.ts';
import { pause } from './measurement.ts';
import type { Measurement } from './measurement.ts';
import { openSshCpu } from './poll.ts';

const secondsToConnect = 120;

export const fleet: Measurement = {
  name: 'fleet',
  title: 'many hosts once a second in one core',
  run: async (means) => {
    const count = means.quick ? 40 : 200;
    const seconds = means.quick ? 10 : 60;
    const host = await startHostHere(means);
    const core = await startCore(host, { count, connect: true, intervalSeconds: 1 }, means.tidy);
    const page = await core.page();

    const liveSince = new Map<HostId, number>();
    const summaryAt = new Map<HostId, number>();
    const ages: number[] = [];
    let rounds = 0;
    const take = (views: readonly HostView[]): void => {
      const now = Date.now();
      for (const { config, state, summary } of views) {
        if (state.kind === 'live') liveSince.set(config.id, state.since);
        else liveSince.delete(config.id);
        if (summary === undefined || summary.at === summaryAt.get(config.id)) continue;
        summaryAt.set(config.id, summary.at);
        ages.push(now - summary.at);
        rounds += 1;
      }
    };
    page.on('hosts.changed', take);
    take(await page.call('hosts.list', {}));
    const deadline = Date.now() + secondsToConnect * 1000;
    while (liveSince.size < count) {
      if (Date.now() > deadline)
        throw new Error(`${liveSince.size} of ${count} hosts live after ${secondsToConnect} s`);
      await pause(50);
    }
    const allLive = Math.max(...liveSince.values()) - core.startedAt;
    means.say(`${count} hosts live after ${(allLive / 1000).toFixed(1)} s`);

    await pause(means.quick ? 3000 : 10_000);
    await core.report();
    ages.length = 0;
    rounds = 0;
    await pause(seconds * 1000);
    const { cpuMs, wallMs, rss, heapUsed, arrayBuffers, lag } = await core.report();
    if (liveSince.size < count) throw new Error(`only ${liveSince.size} of ${count} hosts stayed live`);

    const perSecond = rounds / (wallMs / 1000);
    const opensshPoll = means.rows.find(({ what }) => what === openSshCpu)?.peer?.figure;
    const name = `${count} hosts at 1 Hz`;
    return [
      {
        what: `${name}: CPU, of one core`,
        figure: (cpuMs / wallMs) * 100,
        unit: '%',
        budget: { below: 10 },
        ...(opensshPoll === undefined
          ? {}
          : { peer: { who: 'ssh -S, its poll × hosts', figure: (opensshPoll * count) / 10 } }),
        also: `${shown(perSecond)} readings a second reached the page, ${shown(cpuMs / rounds)} ms of CPU each with everything (crypto, parsing, history, page); over ${seconds} s`,
      },
      {
        what: `${name}: memory (RSS, largest)`,
        figure: rss / 1e6,
        unit: 'MB',
        budget: { below: 250 },
        also: `of it at the end ${shown(heapUsed / 1e6)} MB of objects, ${shown(arrayBuffers / 1e6)} MB of series`,
      },
      {
        what: `${name}: event loop late by, p99`,
        figure: lag.p99,
        unit: 'ms',
        budget: { below: 20 },
        also: `p50 ${shown(lag.p50)}, max ${shown(lag.max)} ms; the hosts run on the same cores, so the core goes before them (SCHED_FIFO)`,
      },
      {
        what: `${name}: until all are live`,
        figure: allLive,
        unit: 'ms',
        also: `from the start of the core, 8 handshakes at once; ${shown(allLive / count)} ms a host, both ends on this machine`,
      },
      {
        what: `${name}: reading to fleet page, p99`,
        figure: percentileOf(ages, 0.99),
        unit: 'ms',
        also: `from the end of a host's round to its arrival at the page, p50 ${shown(percentileOf(ages, 0.5))} ms; hosts.changed goes out once a second at most`,
      },
    ] satisfies readonly Row[];
  },
};
