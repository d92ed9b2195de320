/**
 * One contestant of the history's benchmark in a process of its own, started by history.ts, so that its memory is its
 * own too. Feeds it the same figures as the others, in simulated time, and tells what that took.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HistoryTick } from '#core/ports.ts';
import { Workload } from './history-data.ts';
import { hourMs, monthStepMs, watched } from './history-contest.ts';
import type { Contest, Contestant } from './history-contest.ts';
import { duckdbContest, sqliteContest } from './history-peers.ts';
import { productContest } from './history-product.ts';
import type { ProductContest } from './history-product.ts';
import { HistoryTruth } from './history-truth.ts';

export interface HistoryTask {
  readonly who: Contestant;
  readonly folder: string;
  /** Where DuckDB was installed. */
  readonly packages: string;
  /** When the last reading is taken. */
  readonly end: number;
  /** Milliseconds for which everything is told every five seconds, each tick a commit. */
  readonly spanMs: number;
  /** On a slow machine the span is cut short when the process has run for so many milliseconds. */
  readonly longestMs: number;
  /** How many hosts there are in the thirty days before. */
  readonly monthHosts: number;
}

export interface HistoryAnswer {
  /** What became of the span. */
  readonly spanMs: number;
  readonly rows: number;
  /** Those that are figures: neither gaps nor counters that were not read anew. */
  readonly values: number;
  readonly commits: readonly number[];
  /** Milliseconds of packing after each commit, and the longest piece of it. */
  readonly settling: number;
  readonly longestPiece: number;
  readonly cpuMs: number;
  /** Bytes the process took at most: while figures were made up and not stored, and until the last commit. */
  readonly emptyRss: number;
  readonly peakRss: number;
  /** By how many bytes the span made the files grow. */
  readonly grew: number;
  /** Of the product: bytes of a value in the journal, and packed. */
  readonly journal?: number;
  readonly packed?: number;
  readonly loadMs: number;
  readonly guestHour: readonly number[];
  readonly guestDay: readonly number[];
  readonly fleetMonth: readonly number[];
}

const tickMs = 5000;
/** Measured however slow the machine is. */
const leastTicks = 60;
const dayMs = 24 * hourMs;
const stepsOfDay = 1440;

const onlyWatched = (host: number): boolean => host === watched.host;

/** From here on the largest is counted anew, without what is no longer needed. */
function forgetPeak(): void {
  globalThis.gc?.();
  writeFileSync('/proc/self/clear_refs', '5');
}

/** What the process took at most, since that was counted anew. */
function peak(): number {
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  if (kib === undefined) throw new Error('the kernel does not tell VmHWM');
  return Number(kib) * 1024;
}

/** How many of the values are figures: neither gaps nor counters that were not read anew. */
function figuresIn(ticks: readonly HistoryTick[]): number {
  let count = 0;
  for (const { rows } of ticks)
    for (const { values } of rows) for (const value of values) if (Number.isFinite(value)) count += 1;
  return count;
}

const rawBytes = (product: ProductContest | undefined): number =>
  product?.store.usage().tiers.find(({ tier }) => tier === 'raw')?.bytes ?? 0;

async function timed(run: () => number | Promise<number>, into: number[]): Promise<number> {
  const start = performance.now();
  const answer = await run();
  into.push(performance.now() - start);
  return answer;
}

/**
 * The thirty days before, a day at a time: of hosts only their signals, as nothing else of them is asked for, and in the last
 * day the watched host with its guests as often as ever.
 */
async function load(contest: Contest, data: Workload, truth: HistoryTruth, task: HistoryTask): Promise<void> {
  const { end, spanMs, monthHosts } = task;
  const begin = end - spanMs;
  const lastDay = end - dayMs;
  const hosts = Array.from({ length: monthHosts }, (_, host) => host);
  const others = hosts.filter((host) => !onlyWatched(host));
  for (let at = end - 30 * dayMs; at < begin;) {
    const ticks: HistoryTick[] = [];
    const until = Math.min(begin, at + (at < lastDay ? dayMs : hourMs));
    for (; at < until; at += monthStepMs) {
      ticks.push(...data.signals(at, monthStepMs, at < lastDay ? hosts : others));
      if (at < lastDay) continue;
      for (let moment = at; moment < at + monthStepMs; moment += tickMs)
        ticks.push(...data.ticks(moment, tickMs, [watched.host]));
    }
    truth.take(ticks);
    await contest.commit(ticks);
    contest.settle(at);
  }
}

/** Bytes of a value before anything is packed. */
function journalBytes({ folder, end }: HistoryTask): number {
  const own = mkdtempSync(join(folder, 'journal-'));
  const contest = productContest(own);
  const data = new Workload();
  const empty = contest.bytes();
  const told = Array.from({ length: 36 }, (_, tick) => data.ticks(end + tick * tickMs, tickMs));
  for (const ticks of told) void contest.commit(ticks);
  contest.close();
  const bytes = contest.bytes() - empty;
  rmSync(own, { recursive: true });
  return bytes / told.reduce((sum, ticks) => sum + figuresIn(ticks), 0);
}

/** What this process takes at most while it makes figures up and keeps none of them. */
function memoryOfMakingUp(at: number): number {
  forgetPeak();
  const data = new Workload();
  for (let tick = 0; tick < 120; tick++) figuresIn(data.ticks(at + tick * tickMs, tickMs));
  return peak();
}

async function run(task: HistoryTask): Promise<HistoryAnswer> {
  const { who, folder, packages, end, spanMs, longestMs } = task;
  const product = who === 'product' ? productContest(folder) : undefined;
  const contest = product ?? (who === 'sqlite' ? sqliteContest(folder) : await duckdbContest(folder, packages));
  const data = new Workload();
  const truth = new HistoryTruth(end - dayMs);
  const emptyRss = memoryOfMakingUp(end);

  const loadStart = performance.now();
  await load(contest, data, truth, task);
  const loadMs = performance.now() - loadStart;

  const [before, rawBefore] = [contest.bytes(), rawBytes(product)];
  forgetPeak();
  const commits: number[] = [];
  const begin = end - spanMs;
  let [rows, values, settling, longestPiece, cpuMs] = [0, 0, 0, 0, 0];
  let at = begin;
  for (; at < end && (commits.length < leastTicks || performance.now() < longestMs); at += tickMs) {
    const ticks = data.ticks(at, tickMs);
    truth.take(ticks);
    rows += ticks.reduce((sum, tick) => sum + tick.rows.length, 0);
    values += figuresIn(ticks);
    const cpu = process.cpuUsage();
    const start = performance.now();
    await contest.commit(ticks);
    const committed = performance.now();
    longestPiece = Math.max(longestPiece, contest.settle(at));
    const { user, system } = process.cpuUsage(cpu);
    commits.push(committed - start);
    settling += performance.now() - committed;
    cpuMs += (user + system) / 1000;
  }
  const peakRss = peak();

  const [guestHour, guestDay, fleetMonth]: [number[], number[], number[]] = [[], [], []];
  for (let turn = 0; turn < 5; turn++) {
    await timed(() => contest.guestSpan(at - hourMs, at, 60), guestHour);
    truth.checkCounted(await timed(() => contest.guestSpan(end - dayMs, at, stepsOfDay), guestDay));
    truth.checkSaved(await timed(() => contest.fleetSpan(end - 30 * dayMs, end), fleetMonth));
  }
  const grew = contest.bytes() - before;
  const packed = (rawBytes(product) - rawBefore) / values;
  contest.close();
  return {
    ...{ spanMs: at - begin, rows, values, commits, settling, longestPiece, cpuMs, emptyRss, peakRss, grew, loadMs },
    ...{ guestHour, guestDay, fleetMonth },
    ...(product === undefined ? {} : { journal: journalBytes(task), packed }),
  };
}

// Ctrl-C reaches the whole group; the parent decides when this ends.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit(0));
process.send?.(await run(JSON.parse(process.argv[2] ?? '') as HistoryTask), () => process.exit(0));
