/**
 * Ends a recording process without warning, a hundred times, at any moment: writing, packing, rolling. After each
 * time the file opens, nothing that was acknowledged is missing, and nothing stands there twice.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { HistoryStore } from '#core/history/store.ts';
import { folder } from './ticks.ts';
import { momentOf, settings, stormHosts } from './storm-ticks.ts';

const child = fileURLToPath(new URL('./storm-child.ts', import.meta.url));
const rounds = 100;

/** The highest number of each host that was acknowledged. */
async function oneRound(file: string, acknowledged: Map<string, number>, afterMs: number): Promise<void> {
  const recorder = spawn(process.execPath, [child, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => recorder.once('exit', (_, signal) => resolve(signal)));
  let begun = (): void => undefined;
  const first = new Promise<void>((resolve) => (begun = resolve));
  const lines = createInterface({ input: recorder.stdout });
  lines.on('line', (line) => {
    const [, host, number] = /^(\w+) (\d+)$/.exec(line) ?? [];
    // The last line may have been cut in two.
    if (host !== undefined) acknowledged.set(host, Math.max(acknowledged.get(host) ?? 0, Number(number)));
    begun();
  });
  const closed = new Promise((resolve) => lines.once('close', resolve));
  await Promise.race([first, ended]);
  await wait(afterMs);
  recorder.kill('SIGKILL');
  expect(await ended).toBe('SIGKILL');
  await closed;
}

function check(file: string, acknowledged: ReadonlyMap<string, number>): number {
  const store = new HistoryStore({ file, settings });
  const numbers = new Map<string, number[]>();
  for (const batch of store.rows({ tier: 'raw', from: 0, to: Infinity, hosts: [] }))
    for (const { host, guest, metric, value } of batch) {
      if (guest !== '' || metric !== 'number') continue;
      const known = numbers.get(host);
      if (known === undefined) numbers.set(host, [value]);
      else known.push(value);
    }
  let most = 0;
  for (const host of stormHosts) {
    const told = numbers.get(host) ?? [];
    const last = told.length;
    // One after the other, each once: 1, 2, 3 and so on.
    const wrong = told.findIndex((value, index) => value !== index + 1);
    expect(wrong, `${host}, tick ${wrong + 1}`).toBe(-1);
    expect(last, host).toBeGreaterThanOrEqual(acknowledged.get(host) ?? 0);
    const { totals, damaged } = store.totals({
      hosts: [host],
      guests: false,
      metrics: ['grown'],
      from: momentOf(0),
      to: momentOf(last + 1),
    });
    expect(damaged).toBe(0);
    expect(totals[0]?.increase ?? 0).toBe((last * (last + 1)) / 2);
    most = Math.max(most, last);
  }
  store.close();
  return most;
}

describe('a hundred times kill -9', () => {
  it('loses nothing that was acknowledged, and doubles nothing', async () => {
    const file = join(folder(), 'history.sqlite');
    const acknowledged = new Map<string, number>();
    let most = 0;
    for (let round = 0; round < rounds; round++) {
      await oneRound(file, acknowledged, Math.random() * 250);
      most = check(file, acknowledged);
    }
    // It was a storm: hours were rolled, and chunks packed, many times.
    expect(most).toBeGreaterThan(3000);
  });
});
