/**
 * The history on the disk: 100 hosts and 2,000 guests in simulated time, against plain rows in SQLite and against
 * DuckDB with the same figures. Each contestant runs in a process of its own, one after the other.
 */
import { execFile, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { percentileOf, shown } from './figures.ts';
import type { Row } from './figures.ts';
import type { HistoryAnswer, HistoryTask } from './history-child.ts';
import { hourMs, monthStepMs } from './history-contest.ts';
import type { Contestant } from './history-contest.ts';
import { hostCount } from './history-data.ts';
import type { Measurement } from './measurement.ts';
import type { Tidy } from './tidy.ts';

const child = fileURLToPath(new URL('history-child.ts', import.meta.url));
const duckdb = '@duckdb/node-api@1.5.6-r.1';
const minuteMs = 60_000;

/** Into a folder of its own, as it is no dependency; answers why it is not here, where it is not. */
async function installDuckDb(folder: string): Promise<string | undefined> {
  const words = [
    'install',
    '--prefix',
    folder,
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--fetch-retries=0',
    duckdb,
  ];
  try {
    await promisify(execFile)('npm', words, { timeout: 60_000 });
    return undefined;
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0];
  }
}

async function contest(task: HistoryTask, tidy: Tidy): Promise<HistoryAnswer> {
  const running = fork(child, [JSON.stringify(task)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: ['--expose-gc'],
  });
  const ended = new Promise<number | null>((resolve) => running.once('exit', resolve));
  tidy.add(async () => {
    running.kill('SIGKILL');
    await ended;
  });
  return new Promise((resolve, reject) => {
    running.once('message', (answer) => resolve(answer as HistoryAnswer));
    void ended.then((status) => reject(new Error(`${task.who} ended with status ${String(status)}`)));
  });
}

const minutes = ({ spanMs }: HistoryAnswer): string => shown(spanMs / minuteMs);
const p50 = (samples: readonly number[]): number => percentileOf(samples, 0.5);
const meanMs = ({ commits, settling }: HistoryAnswer): number =>
  (commits.reduce((sum, one) => sum + one, 0) + settling) / commits.length;

export const history: Measurement = {
  name: 'history',
  title: '2,000 guests and 100 hosts into the history, and back',
  run: async ({ quick, tidy, say }) => {
    const end = Math.floor(Date.now() / hourMs) * hourMs;
    const folder = tidy.folder();
    const why = await installDuckDb(folder);
    if (why !== undefined) say(`without DuckDB: ${why}`);
    const span = { product: quick ? 20 * minuteMs : 6 * hourMs, peers: quick ? 20 * minuteMs : hourMs };
    const monthHosts = quick ? 10 : hostCount;
    const measure = async (who: Contestant): Promise<HistoryAnswer> => {
      const spanMs = who === 'product' ? span.product : span.peers;
      // Five minutes are all there is; most of them are the product's, which has the longest span.
      const longestMs = (quick ? 15_000 : 170_000) / (who === 'product' ? 1 : 5);
      const task: HistoryTask = { who, folder: tidy.folder(), packages: folder, end, spanMs, longestMs, monthHosts };
      const answer = await contest(task, tidy);
      const { rows, commits } = answer;
      say(
        `${who}: ${shown(rows / commits.length / meanMs(answer))}k rows/s, loaded in ${shown(answer.loadMs / 1000)} s`,
      );
      return answer;
    };
    const we = await measure('product');
    const they = await measure('sqlite');
    const duck = why === undefined ? await measure('duckdb') : undefined;
    return rowsOf(we, they, duck, {
      spans: `${minutes(we)} simulated minutes, SQLite rows ${minutes(they)}${duck === undefined ? '' : `, DuckDB ${minutes(duck)}`}; before that 30 days of ${monthHosts} hosts’ signals every ${monthStepMs / minuteMs} minutes, and a day of one host’s guests every 5 s`,
      duckless: why === undefined ? '' : `DuckDB is not here: ${why}`,
    });
  },
};

function rowsOf(
  we: HistoryAnswer,
  they: HistoryAnswer,
  duck: HistoryAnswer | undefined,
  { spans, duckless }: { readonly spans: string; readonly duckless: string },
): readonly Row[] {
  const who = 'SQLite rows';
  const also = (figure: (answer: HistoryAnswer) => string): string =>
    duck === undefined ? duckless : `DuckDB ${figure(duck)}`;
  const pace = (answer: HistoryAnswer): string => {
    const seconds = (meanMs(answer) * answer.commits.length) / 1000;
    const cpu = shown(answer.cpuMs / answer.commits.length);
    return `${shown(answer.rows / seconds / 1000)}k rows/s, ${shown(answer.values / seconds / 1e6)}M values/s, ${cpu} ms of CPU`;
  };
  const commits = ({ commits: all }: HistoryAnswer): string =>
    `p50 ${shown(p50(all))}, p99 ${shown(percentileOf(all, 0.99))}, max ${shown(Math.max(...all))} ms`;
  const memory = ({ peakRss, emptyRss }: HistoryAnswer): string =>
    `${shown(peakRss / 1e6)} MB, of it ${shown(emptyRss / 1e6)} MB while figures were only made up`;
  const bytes = ({ grew, values }: HistoryAnswer): number => grew / values;
  const reading = (figure: (answer: HistoryAnswer) => readonly number[]) => ({
    figure: p50(figure(we)),
    unit: 'ms' as const,
    peer: { who, figure: p50(figure(they)) },
    also: also((answer) => `${shown(p50(figure(answer)))} ms`),
  });
  return [
    {
      what: 'history: a tick of 2,100 rows, mean with packing',
      figure: meanMs(we),
      unit: 'ms',
      peer: { who, figure: meanMs(they) },
      also: `${pace(we)}; SQLite rows ${pace(they)}; ${also(pace)}; ${spans}`,
    },
    {
      what: 'history: commit of a tick, p99',
      figure: percentileOf(we.commits, 0.99),
      unit: 'ms',
      peer: { who, figure: percentileOf(they.commits, 0.99) },
      also: `${commits(we)}, longest piece of packing ${shown(we.longestPiece)} ms; SQLite rows ${commits(they)}; ${also(commits)}`,
    },
    { what: 'history: a value in the journal', figure: we.journal ?? NaN, unit: 'B', budget: { below: 4 } },
    {
      what: 'history: a value packed',
      figure: we.packed ?? NaN,
      unit: 'B',
      budget: { below: 2 },
      peer: { who, figure: bytes(they) },
      also: `with minutes, hours and what is not packed yet ${shown(bytes(we))} B; ${also((answer) => `${shown(bytes(answer))} B`)}`,
    },
    {
      what: 'history: memory of the process (largest)',
      figure: we.peakRss / 1e6,
      unit: 'MB',
      peer: { who, figure: they.peakRss / 1e6 },
      also: `${memory(we)}; SQLite rows ${memory(they)}; ${also(memory)}`,
    },
    { what: 'history: one guest, the last hour', ...reading(({ guestHour }) => guestHour) },
    {
      what: 'history: one guest, 24 h, all 24 columns',
      budget: { below: 50 },
      ...reading(({ guestDay }) => guestDay),
    },
    { what: 'history: fleet, 30 days', budget: { below: 150 }, ...reading(({ fleetMonth }) => fleetMonth) },
  ];
}
