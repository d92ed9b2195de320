/**
 * From the kernel to the screen: the host page shows /proc/uptime word for word, and the kernel counts it always. When
 * the page has painted a new text, its age is the time from the kernel's count to the pixel, without the wait for the
 * next tick. A real core, a real sshd, a real browser.
 */
import { readFileSync } from 'node:fs';
import { startCore } from './core-process.ts';
import { percentileOf, shown } from './figures.ts';
import type { Row } from './figures.ts';
import { startHostHere } from './host-here.ts';
import { pause } from './measurement.ts';
import type { Measurement } from './measurement.ts';
import { openAt, openBrowser } from './watch-page.ts';

/** Epoch milliseconds of uptime 0, exact to a millisecond: read where the hundredths change. */
function bootedAt(): number {
  const read = (): number => Number(readFileSync('/proc/uptime', 'utf8').split(' ', 1)[0]) * 1000;
  const first = read();
  let now = read();
  while (now === first) now = read();
  return Date.now() - now;
}

export const pixel: Measurement = {
  name: 'pixel',
  title: 'from the kernel to the screen',
  run: async (means) => {
    const host = await startHostHere(means);
    const browser = await openBrowser(means.tidy);
    const core = await startCore(host, { count: 1, connect: true, intervalSeconds: 1 }, means.tidy);
    const listed = await (await core.page()).call('hosts.list', {});
    const id = listed[0]?.config.id;
    if (id === undefined) throw new Error('the core lists no host');
    const page = await openAt(browser, core.url, `/hosts/${id}/raw`);
    await page.getByRole('button', { name: '/proc/uptime' }).click({ timeout: 30_000 });
    await page.getByRole('heading', { name: '/proc/uptime' }).waitFor();
    await pause(2000);

    const ticks = means.quick ? 6 : 30;
    const seen = await page.evaluate(
      (ticks) =>
        new Promise<{ text: string; at: number }[]>((resolve, reject) => {
          setTimeout(
            () => reject(new Error(`/proc/uptime on the page moved ${found.length} times in ${ticks + 10} ticks`)),
            (ticks + 10) * 1000,
          );
          const found: { text: string; at: number }[] = [];
          const shown = (): string => document.querySelector('pre')?.textContent ?? '';
          let last = shown();
          const observer = new MutationObserver(() => {
            const text = shown();
            if (text === last) return;
            last = text;
            // After the frame that paints it.
            requestAnimationFrame(() =>
              setTimeout(() => {
                found.push({ text, at: performance.timeOrigin + performance.now() });
                if (found.length < ticks) return;
                observer.disconnect();
                resolve(found);
              }, 0),
            );
          });
          observer.observe(document.body, { subtree: true, childList: true, characterData: true });
        }),
      ticks,
    );
    const booted = bootedAt();
    const ages = seen.map(({ text, at }) => at - booted - Number(text.split(' ', 1)[0]) * 1000);
    return [
      {
        what: 'kernel counter to pixel, beyond the tick, p50',
        figure: percentileOf(ages, 0.5),
        unit: 'ms',
        budget: { below: 150 },
        also: `${ticks} ticks, max ${shown(Math.max(...ages))} ms; /proc/uptime on the host page, exact to 10 ms`,
      },
    ] satisfies readonly Row[];
  },
};
