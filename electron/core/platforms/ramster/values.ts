/** Collects metric values of the host and remembers them by id, so that derived figures can be built on them. */
import type { MetricValue } from '#shared/model/metric.ts';
import type { Said } from '#shared/model/guest.ts';
import { bytes, epochMs } from '#shared/units.ts';
import type { EpochMs } from '#shared/units.ts';
import type { Evidence, FileText, ReadTrouble } from '../platform.ts';

export class Values {
  readonly list: MetricValue[] = [];
  readonly troubles: ReadTrouble[] = [];
  readonly evidence: Evidence;
  private readonly known = new Map<string, MetricValue>();

  constructor(evidence: Evidence) {
    this.evidence = evidence;
  }

  file(path: string): FileText | undefined {
    return this.evidence.files.get(path);
  }

  put(metric: string, value: number | string | undefined, source: string, line?: number, instance = ''): void {
    if (value === undefined) return;
    const said: MetricValue =
      line === undefined ? { metric, instance, value, source } : { metric, instance, value, source, line };
    this.list.push(said);
    if (instance === '') this.known.set(metric, said);
  }

  /** A number that was put for the host. */
  number(metric: string): number | undefined {
    const value = this.known.get(metric)?.value;
    return typeof value === 'number' ? value : undefined;
  }

  text(metric: string): string | undefined {
    const value = this.known.get(metric)?.value;
    return value === undefined ? undefined : String(value);
  }

  /** Where a metric of the host was read. */
  source(metric: string): string | undefined {
    return this.known.get(metric)?.source;
  }

  /** When the file behind a metric was read; 0 where it is not known. */
  at(metric: string): EpochMs {
    return this.file(this.source(metric) ?? '')?.at ?? epochMs(0);
  }

  /** A figure for a pool or a cluster, as old as the metric it rests on. Never below zero: files are read one by one. */
  said(amount: number | undefined, source: string, restsOn: string): Said | undefined {
    return amount === undefined ? undefined : { bytes: bytes(Math.max(0, amount)), source, at: this.at(restsOn) };
  }
}
