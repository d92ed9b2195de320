/** Collects metric values with their source; the small vocabulary in which this platform's readers write them down. */
import type { MetricValue } from '#shared/model/metric.ts';
import type { ReadTrouble } from '../platform.ts';

export class Values {
  readonly list: MetricValue[] = [];
  readonly troubles: ReadTrouble[] = [];

  put(metric: string, value: number | string | undefined, source: string, line?: number, instance = ''): void {
    if (value === undefined) return;
    this.list.push(
      line === undefined ? { metric, instance, value, source } : { metric, instance, value, source, line },
    );
  }
}
