/** The benchmark as a whole: what is measured, in which order, and the one table at the end. Called by scripts/bench.ts. */
import { loadavg } from 'node:os';
import { writeFileSync } from 'node:fs';
import { table } from './figures.ts';
import type { Missing, Row } from './figures.ts';
import { machineHere } from './machine-here.ts';
import { NotHere } from './measurement.ts';
import type { Measurement } from './measurement.ts';
import { agentCost } from './agent-cost.ts';
import { first } from './first.ts';
import { fleet } from './fleet.ts';
import { history } from './history.ts';
import { lab } from './lab.ts';
import { pages } from './pages.ts';
import { pixel } from './pixel.ts';
import { poll } from './poll.ts';
import { Tidy, tidyOnSignal } from './tidy.ts';

export const measurements: readonly Measurement[] = [poll, first, agentCost, fleet, history, lab, pages, pixel];

export interface BenchOptions {
  readonly quick: boolean;
  /** Names of measurements; all when empty. */
  readonly only: readonly string[];
  readonly jsonFile: string | undefined;
}

const longestMs = 5 * 60_000;

/** What it has started is undone by the caller, which also ends what still waits for it. */
function inTime<Answer>(run: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it took longer than ${longestMs / 60_000} minutes`)), longestMs);
  });
  // Once late, its own end interests nobody.
  run.catch(() => undefined);
  return Promise.race([run, late]).finally(() => clearTimeout(timer));
}

/** @returns exit status: 1 when something could not be measured, whatever the figures are; never resolves when interrupted */
export async function bench({ quick, only, jsonFile }: BenchOptions): Promise<number> {
  const tidy = new Tidy();
  tidyOnSignal(tidy);
  const rows: Row[] = [];
  const missing: Missing[] = [];
  const say = (words: string): void => console.log(words);
  say(`${machineHere()}${quick ? '; quick' : ''}`);
  for (const { name, title, run } of measurements) {
    if (only.length > 0 && !only.includes(name)) continue;
    say(`${name}: ${title} (load ${loadavg()[0]?.toFixed(1) ?? '?'})`);
    try {
      rows.push(...(await inTime(run({ quick, tidy, rows, say: (words) => say(`  ${words}`) }))));
    } catch (error) {
      if (tidy.interrupted) return new Promise(() => undefined);
      if (!(error instanceof NotHere)) console.error(error);
      missing.push({
        what: title,
        why: (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '',
      });
    }
    await tidy.all();
  }
  say(`\n${table(rows, missing)}`);
  if (jsonFile !== undefined)
    writeFileSync(jsonFile, `${JSON.stringify({ machine: machineHere(), quick, rows, missing }, null, 1)}\n`);
  return missing.length === 0 ? 0 : 1;
}
