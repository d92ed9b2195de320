/** Collects metric values; the small vocabulary in which read.ts, guests.ts and derive.ts write them down. */
import type { MetricValue } from '#shared/model/metric.ts';
import type { Evidence, FileText, ReadTrouble } from '../platform.ts';

export class Values {
  readonly list: MetricValue[] = [];
  readonly troubles: ReadTrouble[] = [];
  readonly evidence: Evidence;

  constructor(evidence: Evidence) {
    this.evidence = evidence;
  }

  file(path: string): FileText | undefined {
    return this.evidence.files.get(path);
  }

  /** Runs a parser on a file that is there; undefined when it is not, or was not understood. */
  parse<Result>(path: string, parser: (file: FileText, troubles: ReadTrouble[]) => Result): Result | undefined {
    const file = this.file(path);
    return file === undefined ? undefined : parser(file, this.troubles);
  }

  put(metric: string, value: number | string | undefined, source: string, line?: number, instance = ''): void {
    if (value === undefined) return;
    this.list.push(
      line === undefined ? { metric, instance, value, source } : { metric, instance, value, source, line },
    );
  }
}
