/**
 * Measures what one run does to its hosts: the guard while it is watched, the effect until a while after it was kept.
 * The windows before are taken once, at the start, as the rings forget.
 */
import type { HostId } from '#shared/model/host.ts';
import type { GuardReading, Impact } from '#shared/model/plan.ts';
import type { EpochMs } from '#shared/units.ts';
import type { SignalTable } from '#core/ports.ts';
import { guardBeforeMs, guardOf, guardSignals, readingsForGuard } from '../guard.ts';
import { impactOf, impactSignals, impactWindowMs } from '../impact.ts';
import type { Board } from './board.ts';
import type { RunPorts } from './run-ports.ts';

/** Readings that the guard looks back at. */
const guardReadings = 30;

export class Effect {
  readonly #board: Board;
  readonly #ports: RunPorts;
  readonly #guardBefore: ReadonlyMap<HostId, SignalTable>;
  readonly #before: ReadonlyMap<HostId, SignalTable>;
  /** When a step of the host was first seen begun. */
  readonly #touchedAt = new Map<HostId, number>();

  constructor(board: Board, ports: RunPorts) {
    this.#board = board;
    this.#ports = ports;
    const now = ports.clock.now();
    const tables = (signals: typeof guardSignals, spanMs: number): Map<HostId, SignalTable> =>
      new Map(board.hosts().map(({ host }) => [host, ports.collect.signals(host, signals, now - spanMs)]));
    this.#guardBefore = tables(guardSignals, guardBeforeMs);
    this.#before = tables(impactSignals, impactWindowMs);
  }

  /** Hosts on which something was written. */
  touched(): ReadonlyMap<HostId, number> {
    const now = this.#ports.clock.now();
    for (const { host } of this.#board.hosts())
      if (!this.#touchedAt.has(host) && this.#board.isTouched(host)) this.#touchedAt.set(host, now);
    return this.#touchedAt;
  }

  guard(): GuardReading[] {
    const { clock, collect } = this.#ports;
    const reach = clock.now() - guardReadings * collect.interval();
    return [...this.touched()].flatMap(([host, since]) =>
      guardOf(
        host,
        this.#guardBefore.get(host)?.columns ?? [],
        collect.signals(host, guardSignals, Math.max(since, reach)).columns,
      ),
    );
  }

  /** Undefined until all steps are made. */
  impact(): Impact | undefined {
    const { clock, collect, nameOf, link } = this.#ports;
    const { appliedAt, boots } = this.#board;
    if (appliedAt === undefined) return undefined;
    const from = Math.max(appliedAt, clock.now() - impactWindowMs);
    const sites = this.#board.hosts().map(({ host }) => {
      const boot = link(host)?.facts.bootId;
      return {
        host,
        name: nameOf(host),
        before: this.#before.get(host) ?? { at: [], columns: [] },
        after: collect.signals(host, impactSignals, from),
        rebooted: boot !== undefined && boot !== boots[host],
      };
    });
    return impactOf(sites, collect.interval());
  }

  /** Every host that was written to has been read often enough since for the guard to have a say. */
  sawAll(): boolean {
    const { collect } = this.#ports;
    return [...this.touched()].every(
      ([host, since]) => collect.signals(host, guardSignals, since + 1).at.length >= readingsForGuard,
    );
  }

  /** Hosts that were written to and have not been read for too long, with when they were read last. */
  silent(): readonly { readonly host: HostId; readonly since: EpochMs | undefined }[] {
    const { clock, collect } = this.#ports;
    const patience = Math.max(collect.interval() * 3, 10_000);
    return [...this.touched()].flatMap(([host, touchedAt]) => {
      const seen = collect.seenAt(host);
      return clock.now() - Math.max(seen ?? 0, touchedAt) > patience ? [{ host, since: seen }] : [];
    });
  }
}
