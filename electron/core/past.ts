/**
 * What one inventory looked like over time: charts up to now, from memory as far as that reaches and from the history
 * on the disk beyond it; the savings ledger of any span; and the changes that are marked on them. watch.ts has one of
 * these for its hosts.
 */
import type { AnswerOf, ArgsOf } from '#shared/contract/contract.ts';
import type { HistoryKey } from '#shared/model/history.ts';
import type { HostId } from '#shared/model/host.ts';
import type { PlanView } from '#shared/model/plan.ts';
import type { Ledger } from '#shared/model/ledger.ts';
import type { Series, SeriesKey } from '#shared/model/sample.ts';
import type { MoneySettings } from '#shared/model/settings.ts';
import type { Collect } from './collect/collect.ts';
import type { History } from './history/history.ts';
import type { Hosts } from './hosts/hosts.ts';
import { ledgerOf } from './ledger/ledger.ts';
import type { LedgerQuery } from './ledger/ledger.ts';
import { platforms } from './platforms/index.ts';
import type { Clock } from './ports.ts';
import { inPieces } from './totals-in-pieces.ts';

export interface PastPorts {
  readonly history: History;
  readonly collect: Collect;
  readonly hosts: Hosts;
  readonly clock: Clock;
  /** Its hosts are simulated. */
  readonly lab: boolean;
  money(): MoneySettings;
}

export class Past {
  readonly #ports: PastPorts;

  constructor(ports: PastPorts) {
    this.#ports = ports;
  }

  async series(args: ArgsOf<'samples.series'>): Promise<readonly Series[]> {
    const { history, collect, clock } = this.#ports;
    const { host, spanSeconds, points } = args;
    const spanMs = spanSeconds * 1000;
    const reach = collect.ringSpanMs(host);
    const ofGuests = args.keys?.some((key) => this.#keyOf(host, key).guest !== '') === true;
    if (this.#inMemory(spanMs, ofGuests ? reach.guests : reach.host)) return collect.series(args);
    const to = clock.now();
    const from = to - spanMs;
    const wanted = args.keys?.map((key) => this.#keyOf(host, key)) ?? (await this.#hostKeys(host, from, to));
    if (wanted.length === 0) return collect.series(args);
    const found: Series[] = [];
    for (let first = 0; first < wanted.length; first += keysAtOnce) {
      const { series } = await history.series(wanted.slice(first, first + keysAtOnce), from, to, points);
      for (const { metric, instance, guest, at, values, low, high } of series)
        found.push({
          metric,
          instance: guest === '' ? instance : guest,
          at,
          values,
          ...(low === undefined ? {} : { low }),
          ...(high === undefined ? {} : { high }),
        });
    }
    return found;
  }

  async fleet(args: ArgsOf<'samples.fleet'>): Promise<AnswerOf<'samples.fleet'>> {
    const { history, collect, hosts, clock } = this.#ports;
    const spanMs = args.spanSeconds * 1000;
    const reach = Math.max(0, ...hosts.configs().map(({ id }) => collect.ringSpanMs(id).host));
    if (this.#inMemory(spanMs, reach)) return collect.fleet(args);
    const to = clock.now();
    const { at, signals } = await history.fleet([], to - spanMs, to, args.points);
    return { at, signals };
  }

  /** What was saved and what it cost, of hosts that are watched now and of those that are gone. */
  ledger(query: LedgerQuery): Promise<Ledger> {
    const { history, hosts, lab, money } = this.#ports;
    return ledgerOf(query, {
      history: inPieces(history),
      platforms,
      lab,
      money: money(),
      hostName: (host) => hosts.config(host)?.name,
      wanted: () => hosts.configs().map(({ id }) => id),
    });
  }

  /** Where a plan began and where it was undone, for charts of years to come. Told again and again; kept once. */
  mark({ plan, state, run }: PlanView): void {
    if (run === undefined) return;
    const { history } = this.#ports;
    const about = { host: '', plan: plan.id, letter: plan.letter, hosts: plan.hosts.map(({ host }) => host) };
    history.mark({ ...about, at: run.startedAt, kind: 'change', words: `${plan.title}, begun by ${run.by}.` });
    if ((state === 'undone' || state === 'partly-undone') && run.endedAt !== undefined)
      history.mark({ ...about, at: run.endedAt, kind: 'change-undone', words: `${plan.title} was undone.` });
  }

  /** A history that is not there, or not yet, leaves what is in memory. */
  #inMemory(spanMs: number, reachMs: number): boolean {
    const { state } = this.#ports.history.status();
    return spanMs <= reachMs || state === 'off' || state === 'opening';
  }

  #keyOf(host: HostId, { metric, instance }: SeriesKey): HistoryKey {
    const ofGuest = this.#ports.collect.catalogue.find(metric)?.instance === 'guest';
    return ofGuest ? { host, guest: instance, metric, instance: '' } : { host, guest: '', metric, instance };
  }

  async #hostKeys(host: HostId, from: number, to: number): Promise<readonly HistoryKey[]> {
    const columns = await this.#ports.history.columns({ host, guest: '' }, from, to);
    return columns.map(({ metric, instance }) => ({ host, guest: '', metric, instance }));
  }
}

/** As many as a page may ask for; the store reads them together. */
const keysAtOnce = 200;
