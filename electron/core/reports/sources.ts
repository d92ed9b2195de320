/**
 * What a report is made from. core.ts and the command line hand it in; all of it may be history alone, with no host
 * connected: what only a live host tells is then undefined.
 */
import type { CatalogueEntry } from '#shared/contract/samples.ts';
import type { GuestRow } from '#shared/model/guest-row.ts';
import type { HostId, PlatformPresence } from '#shared/model/host.ts';
import type { Ledger } from '#shared/model/ledger.ts';
import type { PlanView } from '#shared/model/plan.ts';
import type { MoneySettings } from '#shared/model/settings.ts';
import type { HistoryPort } from '#core/ports.ts';

/** A host of the inventory. From the shell, without a console, most of it is not known. */
export interface ReportHost {
  readonly id: HostId;
  readonly name: string;
  readonly address: string;
  readonly group: string;
  readonly tags: readonly string[];
  /** `live since 14:03`, `refused`: as an operator reads it. */
  readonly state?: string | undefined;
  readonly kernel?: string | undefined;
  readonly os?: string | undefined;
  readonly platforms?: readonly PlatformPresence[] | undefined;
  /** Readings that the login may not take: paths. */
  readonly missing?: readonly string[] | undefined;
  /** Bytes. */
  readonly ram?: number | undefined;
  readonly guests?: number | undefined;
}

export interface LedgerQuery {
  /** All when empty. */
  readonly hosts: readonly HostId[];
  readonly guests: boolean;
  readonly from: number;
  readonly to: number;
}

export interface ReportSources {
  readonly history: Pick<HistoryPort, 'status' | 'entities' | 'columns' | 'series' | 'fleet' | 'totals' | 'events'>;
  ledger(query: LedgerQuery): Promise<Ledger>;
  hosts(): readonly ReportHost[];
  /** As they were seen last; none when the host is not connected. */
  guests(host: HostId): readonly GuestRow[];
  plans(): readonly PlanView[];
  readonly catalogue: readonly CatalogueEntry[];
  /** Milliseconds between two readings. */
  readonly interval: number;
  readonly lab: boolean;
  /** `user@machine`. */
  readonly who: string;
  readonly version: string;
  readonly money: MoneySettings;
}
