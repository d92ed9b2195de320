/** All guests of all hosts as rows, with a revision, so that a page asks only for what changed. */
import type { EpochMs } from '#shared/units.ts';
import type { GuestRow } from '#shared/model/guest-row.ts';
import type { HostId } from '#shared/model/host.ts';
import type { CurrentValue } from '#shared/model/reading.ts';
import type { GuestChanges } from '#shared/contract/guests.ts';
import type { ObservedGuest } from './observe.ts';

/** What a row is made of. */
type Guest = Pick<ObservedGuest, 'reading' | 'signals' | 'values'>;

interface Kept {
  readonly row: GuestRow;
  values(): readonly CurrentValue[];
  readonly revision: number;
}

interface Gone {
  readonly host: HostId;
  readonly key: string;
  readonly revision: number;
}

/** A page that was away for longer than this many departures is given everything anew. */
const rememberedDepartures = 20_000;

export class GuestRows {
  readonly #hosts = new Map<HostId, Map<string, Kept>>();
  #gone: Gone[] = [];
  #forgottenBefore = 0;
  #revision = 1;

  get revision(): number {
    return this.#revision;
  }

  replace(host: { id: HostId; name: string }, at: EpochMs, guests: readonly Guest[]): void {
    this.#revision += 1;
    const before = this.#hosts.get(host.id);
    const now = new Map<string, Kept>();
    for (const guest of guests) {
      const { key } = guest.reading;
      now.set(key, { row: rowOf(host, at, guest), values: () => guest.values(), revision: this.#revision });
    }
    for (const key of before?.keys() ?? []) if (!now.has(key)) this.#depart(host.id, key);
    this.#hosts.set(host.id, now);
  }

  removeHost(host: HostId): void {
    this.#revision += 1;
    for (const key of this.#hosts.get(host)?.keys() ?? []) this.#depart(host, key);
    this.#hosts.delete(host);
  }

  changes(since: number, host: HostId | undefined): GuestChanges {
    const from = since < this.#forgottenBefore ? 0 : since;
    const rows: GuestRow[] = [];
    for (const [id, guests] of this.#hosts) {
      if (host !== undefined && host !== id) continue;
      for (const kept of guests.values()) if (kept.revision > from) rows.push(kept.row);
    }
    const gone = this.#gone
      .filter((one) => one.revision > from && (host === undefined || host === one.host))
      // It may have come back since.
      .filter(({ host: id, key }) => this.#hosts.get(id)?.has(key) !== true);
    return {
      revision: this.#revision,
      rows,
      gone: from === 0 ? [] : gone.map(({ host: id, key }) => ({ host: id, key })),
    };
  }

  /** The guests of one host. */
  of(host: HostId): readonly GuestRow[] {
    return [...(this.#hosts.get(host)?.values() ?? [])].map(({ row }) => row);
  }

  get(host: HostId, key: string): { row: GuestRow; values: readonly CurrentValue[] } | undefined {
    const kept = this.#hosts.get(host)?.get(key);
    return kept === undefined ? undefined : { row: kept.row, values: kept.values() };
  }

  #depart(host: HostId, key: string): void {
    this.#gone.push({ host, key, revision: this.#revision });
    if (this.#gone.length <= rememberedDepartures) return;
    const dropped = this.#gone.splice(0, this.#gone.length - rememberedDepartures);
    this.#forgottenBefore = dropped[dropped.length - 1]?.revision ?? this.#forgottenBefore;
  }
}

function rowOf(host: { id: HostId; name: string }, at: EpochMs, { reading, signals }: Guest): GuestRow {
  const saved = sumOf(Object.entries(signals).filter(([signal]) => signal.startsWith('saved.')));
  const pressure = signals['harm.psi-some'];
  const swapIn = signals['harm.swap-in'];
  return {
    ...reading,
    host: host.id,
    hostName: host.name,
    at,
    ...(pressure === undefined ? {} : { pressure }),
    ...(swapIn === undefined ? {} : { swapIn }),
    ...(saved === undefined ? {} : { saved }),
  };
}

const sumOf = (signals: readonly (readonly [string, number])[]): number | undefined =>
  signals.length === 0 ? undefined : signals.reduce((sum, [, value]) => sum + value, 0);
