/**
 * The pages in Chromium without a graphics card: ten thousand guests scrolled while they move, and a host's charts.
 * Beside the frames, those of an empty page in the same browser: what this machine can do at best.
 */
import { percentileOf, shown } from './figures.ts';
import type { Row } from './figures.ts';
import { pause } from './measurement.ts';
import type { Measurement } from './measurement.ts';
import { guestsPerHost, hostCount, openSyntheticCore } from './synthetic-core.ts';
import { countCost, countFrames, openAt, openBrowser } from './watch-page.ts';
import type { Frames } from './watch-page.ts';

const framesBudget = 32;
const who = 'empty page';

const said = ({ frames, longTasks }: Frames): string => {
  const slow = frames.filter((frame) => frame > framesBudget).length;
  const long =
    longTasks.length === 0 ? 'no long task' : `${longTasks.length} long tasks, max ${shown(Math.max(...longTasks))} ms`;
  return `p50 ${shown(percentileOf(frames, 0.5))}, p95 ${shown(percentileOf(frames, 0.95))} ms; ${slow} of ${frames.length} frames over ${framesBudget} ms; ${long}`;
};

export const pages: Measurement = {
  name: 'pages',
  title: 'frames of the pages in Chromium',
  run: async ({ quick, tidy }) => {
    const seconds = quick ? 3 : 5;
    const browser = await openBrowser(tidy);
    const empty = await browser.newPage();
    const idle = await countFrames(empty, seconds);
    await empty.close();
    const rows: Row[] = [];

    for (const intervalSeconds of quick ? [5] : [5, 1]) {
      const core = await openSyntheticCore(intervalSeconds, tidy);
      const page = await openAt(browser, core.url, '/guests');
      const table = '[role=grid]';
      await page.locator(`${table}[aria-rowcount="${hostCount * guestsPerHost + 1}"]`).waitFor({ timeout: 30_000 });
      await pause(2000);
      const restingCost = await countCost(browser, page);
      const resting = await countFrames(page, seconds);
      const restingBusy = ((await restingCost()).main / (seconds * 1000)) * 100;
      const cost = await countCost(browser, page);
      const scrolled = await countFrames(page, seconds, { selector: table, perFrame: 60 });
      const busy = ((await cost()).main / (seconds * 1000)) * 100;
      const moving = ((hostCount * guestsPerHost) / intervalSeconds).toLocaleString('en');
      rows.push(
        {
          what: `10,000 guests scrolled, ${moving} move a second: longest frame`,
          figure: Math.max(...scrolled.frames),
          unit: 'ms',
          budget: { below: framesBudget },
          peer: { who, figure: Math.max(...idle.frames) },
          also: `${said(scrolled)}; main thread ${shown(busy)} % of a core; the page takes new rows in when scrolling rests`,
        },
        {
          what: `10,000 guests at rest, ${moving} move a second: longest frame`,
          figure: Math.max(...resting.frames),
          unit: 'ms',
          peer: { who, figure: Math.max(...idle.frames) },
          also: `${said(resting)}; main thread ${shown(restingBusy)} % of a core; hosts read every ${intervalSeconds} s`,
        },
      );
      await page.context().close();
    }

    const core = await openSyntheticCore(1, tidy);
    const page = await openAt(browser, core.url, `/hosts/${core.host}/pools`);
    await page.locator('canvas').first().waitFor({ timeout: 30_000 });
    await pause(3000);
    const charts = await page.locator('canvas').count();
    const start = performance.now();
    const cost = await countCost(browser, page);
    await pause(quick ? 5000 : 10_000);
    const { main, scripts } = await cost();
    const passed = performance.now() - start;
    const share = (main / passed) * 100;
    const live = await countFrames(page, seconds);
    rows.push(
      {
        what: 'host page, live charts at 1 Hz: main thread for 12 of them, of one core',
        figure: (share / charts) * 12,
        unit: '%',
        budget: { below: 10 },
        also: `the page has ${charts} charts and takes ${shown(share)} %, of which scripts are about ${shown((scripts / passed) * 100)} %; the figure is that share; painting (other threads) is not in it`,
      },
      {
        what: `host page, ${charts} live charts at 1 Hz: longest frame`,
        figure: Math.max(...live.frames),
        unit: 'ms',
        peer: { who, figure: Math.max(...idle.frames) },
        also: said(live),
      },
    );
    return rows;
  },
};
