/** What runs in the page while it is measured: how long frames take, long tasks, what its main thread costs. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { chromiumPath, openPage } from '../support/browser.ts';
import { threadCpu } from './cpu.ts';
import { NotHere } from './measurement.ts';
import type { Tidy } from './tidy.ts';

/** A browser with a page built from today's sources. */
export async function openBrowser(tidy: Tidy): Promise<Browser> {
  if (chromiumPath === undefined) throw new NotHere('there is no Chromium');
  const build = fileURLToPath(new URL('../../scripts/build.ts', import.meta.url));
  execFileSync(process.execPath, [build, 'pages', '--if-stale'], { stdio: ['ignore', 'ignore', 'inherit'] });
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
    // Signals are for the benchmark, which has more than a browser to end.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  tidy.add(() => browser.close());
  return browser;
}

/** Throws when the page complains: a page that fails is not measured. */
export async function openAt(browser: Browser, url: string, hash: string): Promise<Page> {
  const { page, complaints } = await openPage(browser, `${url}#${hash}`, { width: 1440, height: 900, theme: 'light' });
  page.on('close', () => {
    if (complaints.length > 0) console.error('the page complained:', ...complaints.slice(0, 3));
  });
  return page;
}

export interface Frames {
  /** Milliseconds from one frame to the next. */
  readonly frames: readonly number[];
  readonly longTasks: readonly number[];
}

/**
 * Counts frames for a while.
 * @param scroll selector of what is scrolled by `perFrame` pixels each frame, to and fro
 */
export function countFrames(
  page: Page,
  seconds: number,
  scroll?: { readonly selector: string; readonly perFrame: number },
): Promise<Frames> {
  return page.evaluate(
    ({ seconds, scroll }) =>
      new Promise<{ frames: number[]; longTasks: number[] }>((resolve) => {
        const frames: number[] = [];
        const longTasks: number[] = [];
        const observer = new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) longTasks.push(entry.duration);
        });
        observer.observe({ entryTypes: ['longtask'] });
        const element = scroll === undefined ? null : document.querySelector(scroll.selector);
        const start = performance.now();
        let before: number | undefined;
        let direction = 1;
        const frame = (now: number): void => {
          if (before !== undefined) frames.push(now - before);
          before = now;
          if (element !== null && scroll !== undefined) {
            const top = element.scrollTop;
            element.scrollTop = top + direction * scroll.perFrame;
            if (element.scrollTop === top) direction = -direction;
          }
          if (now - start < seconds * 1000) {
            requestAnimationFrame(frame);
            return;
          }
          // Long tasks are told a little later.
          setTimeout(() => {
            observer.disconnect();
            resolve({ frames, longTasks });
          }, 200);
        };
        requestAnimationFrame(frame);
      }),
    { seconds, scroll },
  );
}

export interface PageCost {
  /** CPU milliseconds of the page's main thread: scripts, style, layout, recording of what is to be painted. */
  readonly main: number;
  /** The part of it that the browser counts as scripts; by the clock, so that waiting for a processor is in it. */
  readonly scripts: number;
}

/** Starts counting; the function it gives back tells what the page has cost since. */
export async function countCost(browser: Browser, page: Page): Promise<() => Promise<PageCost>> {
  const whole = await browser.newBrowserCDPSession();
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'timeTicks' });
  const scripts = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? 0) * 1000;
  };
  const renderers = async (): Promise<number[]> => {
    const { processInfo } = await whole.send('SystemInfo.getProcessInfo');
    return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
  };
  // Which of them draws this page nobody tells; the others are idle.
  const before = new Map((await renderers()).map((pid) => [pid, threadCpu(pid)]));
  const scriptsBefore = await scripts();
  return async () => ({
    main: Math.max(...[...before].map(([pid, cpu]) => threadCpu(pid) - cpu)),
    scripts: (await scripts()) - scriptsBefore,
  });
}
