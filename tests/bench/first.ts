/**
 * The first number after connecting: from the page's request to the event that brings the host's first figures. Beside
 * it, how long `ssh` takes from nothing to the text of one file. Taken in turns.
 */
import type { HostView } from '#shared/model/host.ts';
import { startCore } from './core-process.ts';
import { percentileOf, shown } from './figures.ts';
import type { Row } from './figures.ts';
import { runToEnd, startHostHere } from './host-here.ts';
import { pause } from './measurement.ts';
import type { Measurement } from './measurement.ts';

/** So long after the last change that the core holds no event back for the sake of that one. */
const calm = 1200;

export const first: Measurement = {
  name: 'first',
  title: 'the first number after connecting',
  run: async (means) => {
    const host = await startHostHere(means);
    const core = await startCore(host, { count: 1, connect: false, intervalSeconds: 5 }, means.tidy);
    const page = await core.page();
    const [listed] = await page.call('hosts.list', {});
    if (listed === undefined) throw new Error('the core lists no host');
    const { id } = listed.config;

    const seen = (wanted: (view: HostView) => boolean): Promise<void> =>
      new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error('the host did not get there within 20 s')), 20_000);
        const stop = page.on('hosts.changed', (views) => {
          if (!views.some((view) => view.config.id === id && wanted(view))) return;
          stop();
          clearTimeout(late);
          resolve();
        });
      });

    const ours: number[] = [];
    const live: number[] = [];
    const theirs: number[] = [];
    const rounds = means.quick ? 3 : 10;
    // The first round only warms up: it is the core's first connection ever.
    for (let round = -1; round < rounds; round++) {
      await pause(calm);
      const since = Date.now();
      const start = performance.now();
      let liveSince = 0;
      const figures = seen(({ state, summary }) => {
        if (state.kind === 'live') liveSince = state.since;
        return summary !== undefined && summary.at >= since;
      });
      await page.call('hosts.connect', { host: id });
      await figures;
      const took = performance.now() - start;
      const off = seen(({ state }) => state.kind === 'off');
      await page.call('hosts.disconnect', { host: id });
      await off;

      const sshStart = performance.now();
      await runToEnd('ssh', [...host.sshWords, 'cat /proc/meminfo']);
      const sshTook = performance.now() - sshStart;
      if (round < 0) continue;
      ours.push(took);
      live.push(liveSince - since);
      theirs.push(sshTook);
    }
    const who = 'ssh host cat /proc/meminfo';
    return [
      {
        what: 'first number after connect, p50',
        figure: percentileOf(ours, 0.5),
        unit: 'ms',
        budget: { below: 1500 },
        peer: { who, figure: percentileOf(theirs, 0.5) },
        also: `${rounds} times; live after ${shown(percentileOf(live, 0.5))} ms, what follows is the first full reading and the event's turn (once a second at most)`,
      },
      {
        what: 'first number after connect, max',
        figure: Math.max(...ours),
        unit: 'ms',
        budget: { below: 1500 },
        peer: { who, figure: Math.max(...theirs) },
      },
    ] satisfies readonly Row[];
  },
};
