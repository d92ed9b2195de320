/**
 * The lab's hosts live faster than the console's clock when a person says so, and the history counts by that clock: a
 * counter that grew by 60 in a second of the console may have taken a minute of its host's. Rates of what is read from
 * the lab's history are put into the hosts' own time here, as they are everywhere else. core.ts wraps the lab's history
 * in it; what is recorded, and what was counted in all, stays as it is.
 */
import type { HistorySeries, HistoryTable, HistoryTotals } from '#shared/model/history.ts';
import type { HostId } from '#shared/model/host.ts';
import type { History } from './history/history.ts';
import { held } from './ports.ts';
import type { HistoryTick } from './ports.ts';

export function inHostTime(history: History): History {
  const hosts = new Map<HostId, HostTime>();
  return {
    ready: history.ready,
    record: (tick) => {
      let time = hosts.get(tick.host);
      if (time === undefined) hosts.set(tick.host, (time = new HostTime()));
      time.take(tick);
      history.record(tick);
    },
    mark: (event) => history.mark(event),
    status: () => history.status(),
    entities: () => history.entities(),
    columns: (...args) => history.columns(...args),
    events: (...args) => history.events(...args),
    fleet: (...args) => history.fleet(...args),
    series: async (...args) => tableIn(await history.series(...args), hosts),
    totals: async (query) => totalsIn(await history.totals(query), hosts, query.from, query.to),
    settingsChanged: () => history.settingsChanged(),
    snapshot: (path) => history.snapshot(path),
    close: () => history.close(),
  };
}

/** Beyond this every second moment is dropped: the lab may stay open for days. */
const most = 50_000;

/** How far a host's own clock had come, by the console's. */
class HostTime {
  #at: number[] = [];
  #passed: number[] = [];

  take({ at, rows }: HistoryTick): void {
    const own = rows.find(({ guest }) => guest === '');
    const place = own?.columns.findIndex(({ metric }) => metric === 'host.uptime') ?? -1;
    const grown = place < 0 ? NaN : (own?.values[place] ?? NaN);
    const [lastAt, last] = [this.#at.at(-1), this.#passed.at(-1) ?? 0];
    if (grown === held || (lastAt !== undefined && at <= lastAt)) return;
    // On first sight and over a reboot nothing is known, and the console's time stands for the host's.
    const passed = Number.isNaN(grown) ? at - (lastAt ?? at) : grown * 1000;
    this.#at.push(at);
    this.#passed.push(last + passed);
    if (this.#at.length <= most) return;
    this.#at = this.#at.filter((_, index) => index % 2 === 0);
    this.#passed = this.#passed.filter((_, index) => index % 2 === 0);
  }

  /** Milliseconds of the host between two moments of the console. */
  between(from: number, to: number): number {
    return this.#until(to) - this.#until(from);
  }

  /** When the host was read last before a moment. */
  readBefore(moment: number): number {
    return this.#at[this.#first(moment) - 1] ?? moment;
  }

  /** The most that the host's time was ahead of the console's anywhere in the span. */
  fastest(from: number, to: number): number {
    let fastest = 0;
    for (let index = Math.max(1, this.#first(from)); index < this.#at.length; index++) {
      const [before, at] = [this.#at[index - 1] as number, this.#at[index] as number];
      if (before >= to) break;
      fastest = Math.max(
        fastest,
        ((this.#passed[index] as number) - (this.#passed[index - 1] as number)) / (at - before),
      );
    }
    return fastest;
  }

  #until(moment: number): number {
    const index = this.#first(moment);
    const [before, after] = [index - 1, index];
    const [begin, end] = [this.#at[before], this.#at[after]];
    if (begin === undefined) return (this.#passed[0] ?? 0) + moment - (this.#at[0] ?? moment);
    if (end === undefined) return (this.#passed[before] as number) + moment - begin;
    const [low, high] = [this.#passed[before] as number, this.#passed[after] as number];
    return low + ((high - low) * (moment - begin)) / (end - begin);
  }

  /** The first place at or after a moment. */
  #first(moment: number): number {
    let [low, high] = [0, this.#at.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#at[middle] as number) < moment) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function tableIn(table: HistoryTable, hosts: ReadonlyMap<HostId, HostTime>): HistoryTable {
  return { ...table, series: table.series.map((one) => seriesIn(one, table.stepMs, hosts.get(one.host))) };
}

function seriesIn(series: HistorySeries, stepMs: number, time: HostTime | undefined): HistorySeries {
  if (series.kind === 'level' || time === undefined) return series;
  const { at, values, low, high } = series;
  // A reading's rate is that of the time before it; a step's that of the times before its readings.
  const scales = at.map((moment, index) => {
    const [from, to] =
      low === undefined
        ? [at[index - 1] ?? moment - stepMs, moment]
        : [time.readBefore(moment), time.readBefore(moment + stepMs)];
    const passed = time.between(from, to);
    return passed > 0 ? (to - from) / passed : 1;
  });
  const scaled = (list: readonly (number | null)[]): (number | null)[] =>
    list.map((value, index) => (value === null ? null : value * (scales[index] as number)));
  return {
    ...series,
    values: scaled(values),
    ...(low === undefined ? {} : { low: scaled(low) }),
    ...(high === undefined ? {} : { high: scaled(high) }),
  };
}

/** Where the lab ran at several speeds, the highest rate was told while it ran fastest. */
function totalsIn(told: HistoryTotals, hosts: ReadonlyMap<HostId, HostTime>, from: number, to: number): HistoryTotals {
  const paces = new Map([...hosts].map(([host, time]) => [host, time.fastest(from, to)]));
  const totals = told.totals.map((one) => {
    const pace = paces.get(one.host) ?? 1;
    return one.kind === 'counter' && one.peak !== undefined && pace > 0 ? { ...one, peak: one.peak / pace } : one;
  });
  return { ...told, totals };
}
