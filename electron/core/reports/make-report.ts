/**
 * From a request to a document: what reports.ts, a page's preview and the command line all call. Knows nothing of jobs,
 * files or formats.
 */
import { setImmediate } from 'node:timers/promises';
import type { ReportDocument, ReportKind, ReportRequest } from '#shared/model/report.ts';
import { fail } from '#shared/problem.ts';
import { buildChangeImpact } from './build/change-impact.ts';
import type { Build } from './build/context.ts';
import { spanOf, subjectHosts } from './build/context.ts';
import { buildGuest } from './build/guest.ts';
import { buildHostHealth } from './build/host-health.ts';
import { buildInventory } from './build/inventory.ts';
import { buildSavings } from './build/savings.ts';
import type { ReportSources } from './sources.ts';

export interface MakeOptions {
  /** Milliseconds since 1970: when it is made, and where a span of the last so many seconds ends. */
  readonly now: number;
  readonly signal?: AbortSignal | undefined;
  /** 0…1, with what is being done. */
  readonly onProgress?: ((progress: number, step: string) => void) | undefined;
  /** Where a span of the last so many seconds ends, when that is not now. */
  readonly spanEnd?: number | undefined;
}

const builds: { readonly [kind in ReportKind]: Build } = {
  savings: buildSavings,
  'host-health': buildHostHealth,
  guest: buildGuest,
  'change-impact': buildChangeImpact,
  inventory: buildInventory,
};

/** Rejects: cancelled, not-found. */
export async function makeReport(
  request: ReportRequest,
  sources: ReportSources,
  { now, signal, onProgress, spanEnd = now }: MakeOptions,
): Promise<ReportDocument> {
  const { from, to } = spanOf(request, spanEnd);
  const step = async (progress: number, doing: string): Promise<void> => {
    onProgress?.(progress, doing);
    // What was asked meanwhile, such as to stop, is heard here.
    await setImmediate();
    stopWhenAborted(signal);
  };
  await step(0, 'looking for the hosts');
  const entities = await sources.history.entities();
  const hosts = subjectHosts(request, sources.hosts(), entities, from, to);
  return builds[request.kind]({ request, sources, from, to, now, entities, hosts, step });
}

export function stopWhenAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) fail('cancelled', 'The report was cancelled, and nothing of it was kept.');
}
