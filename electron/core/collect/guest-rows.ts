/** All guests of all hosts as rows, with a revision, so that a page asks only for what changed. */
import type { EpochMs } from '#shared/units.ts';
import type { GuestReading } from '#shared/model/guest.ts';
import type { GuestRow } from '#shared/model/guest-row.ts';
import type { HostId } from '#shared/model/host.ts';
import type { CurrentValue } from '#shared/model/reading.ts';
import type { GuestChanges } from '#shared/contract/guests.ts';
import type { Catalogue } from './catalogue.ts';

interface Kept {
  readonly row: GuestRow;
  readonly values: readonly CurrentValue[];
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
  readonly #catalogue: Catalogue;
  readonly #hosts = new Map<HostId, Map<string, Kept>>();
  #gone: Gone[] = [];
  #forgottenBefore = 0;
  #revision = 1;

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue;
  }

  get revision(): number {
    return this.#revision;
  }

  replace(
    host: { id: HostId; name: string },
    at: EpochMs,
    guests: readonly GuestReading[],
    values: ReadonlyMap<string, readonly CurrentValue[]>,
  ): void {
    this.#revision += 1;
    const before = this.#hosts.get(host.id);
    const now = new Map<string, Kept>();
    for (const guest of guests) {
      const current = values.get(guest.key) ?? [];
      now.set(guest.key, { row: this.#row(host, at, guest, current), values: current, revision: this.#revision });
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

  get(host: HostId, key: string): { row: GuestRow; values: readonly CurrentValue[] } | undefined {
    return this.#hosts.get(host)?.get(key);
  }

  #depart(host: HostId, key: string): void {
    this.#gone.push({ host, key, revision: this.#revision });
    if (this.#gone.length <= rememberedDepartures) return;
    const dropped = this.#gone.splice(0, this.#gone.length - rememberedDepartures);
    this.#forgottenBefore = dropped[dropped.length - 1]?.revision ?? this.#forgottenBefore;
  }

  #row(
    host: { id: HostId; name: string },
    at: EpochMs,
    guest: GuestReading,
    values: readonly CurrentValue[],
  ): GuestRow {
    const signal = (wanted: string): CurrentValue | undefined =>
      values.find(({ metric }) => this.#catalogue.find(metric)?.signal === wanted);
    const pressure = asNumber(signal('harm.psi-some')?.value);
    const swapIn = signal('harm.swap-in')?.rate;
    const saved = sumOf(values.filter(({ metric }) => this.#catalogue.find(metric)?.signal?.startsWith('saved.')));
    return {
      host: host.id,
      hostName: host.name,
      at,
      key: guest.key,
      name: guest.name,
      kind: guest.kind,
      ...(guest.uuid === undefined ? {} : { uuid: guest.uuid }),
      ...(guest.cgroup === undefined ? {} : { cgroup: guest.cgroup }),
      ...(guest.pid === undefined ? {} : { pid: guest.pid }),
      ...(guest.promised === undefined ? {} : { promised: guest.promised }),
      ...(guest.allowed === undefined ? {} : { allowed: guest.allowed }),
      ...(guest.uses === undefined ? {} : { uses: guest.uses }),
      pays: guest.pays,
      unknown: guest.unknown,
      ...(pressure === undefined ? {} : { pressure }),
      ...(swapIn === undefined ? {} : { swapIn }),
      ...(saved === undefined ? {} : { saved }),
    };
  }
}

const asNumber = (value: number | string | undefined): number | undefined =>
  typeof value === 'number' ? value : undefined;

function sumOf(values: readonly CurrentValue[]): number | undefined {
  const known = values.map(({ value }) => asNumber(value)).filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0);
}
