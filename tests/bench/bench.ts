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
import { poll } from './poll.ts';
import { Tidy, tidyOnSignal } from './tidy.ts';

export const measurements: readonly Measurement[] = [poll, first, agentCost, fleet];

export interface BenchOptions {
  readonly quick: boolean;
  /** Names of measurements; all when empty. */
  readonly only: readonly string[];
  readonly jsonFile: string | undefined;
}

/** @returns exit status: 1 when something could not be measured, whatever the figures are */
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
      rows.push(...(await run({ quick, tidy, rows, say: (words) => say(`  ${words}`) })));
    } catch (error) {
      if (!(error instanceof NotHere)) console.error(error);
      missing.push({ what: title, why: error instanceof Error ? error.message : String(error) });
    }
    await tidy.all();
  }
  say(`\n${table(rows, missing)}`);
  if (jsonFile !== undefined)
    writeFileSync(jsonFile, `${JSON.stringify({ machine: machineHere(), quick, rows, missing }, null, 1)}\n`);
  return missing.length === 0 ? 0 : 1;
}
