/**
 * What every kind of report is built with: the request with its span resolved, the hosts it is about, and a way to say
 * how far it is. make-report.ts makes one; the builders read it.
 */
import type { HistoryEntity, HistoryEvent } from '#shared/model/history.ts';
import type { HostId } from '#shared/model/host.ts';
import type { ReportDocument, ReportKind, ReportRequest } from '#shared/model/report.ts';
import { fail } from '#shared/problem.ts';
import type { ReportHost, ReportSources } from '../sources.ts';
import { kindTitles } from '../words.ts';

/** A host the report is about: of the inventory, or one that is gone and has a history. */
export interface SubjectHost {
  readonly id: HostId;
  readonly name: string;
  readonly inventory?: ReportHost | undefined;
  readonly seen?: HistoryEntity | undefined;
}

export interface BuildContext {
  readonly request: ReportRequest;
  readonly sources: ReportSources;
  readonly from: number;
  readonly to: number;
  readonly now: number;
  readonly entities: readonly HistoryEntity[];
  readonly hosts: readonly SubjectHost[];
  /** Says what is done next, 0…1 of the building. Rejects when the report is no longer wanted. */
  step(progress: number, words: string): Promise<void>;
}

export type Build = (context: BuildContext) => Promise<ReportDocument>;

/** Points of a chart: about two for each millimetre of a page. */
export const chartPoints = 360;

export function spanOf({ span }: Pick<ReportRequest, 'span'>, now: number): { from: number; to: number } {
  return 'lastSeconds' in span ? { from: now - span.lastSeconds * 1000, to: now } : { from: span.from, to: span.to };
}

/** All that were seen in the span or are in the inventory, or those that were asked for. Rejects: not-found. */
export function subjectHosts(
  { hosts: asked }: ReportRequest,
  inventory: readonly ReportHost[],
  entities: readonly HistoryEntity[],
  from: number,
  to: number,
): readonly SubjectHost[] {
  const known = new Map<HostId, SubjectHost>();
  for (const host of inventory) known.set(host.id, { id: host.id, name: host.name, inventory: host });
  for (const seen of entities) {
    if (seen.guest !== '') continue;
    const listed = known.get(seen.host);
    const within = seen.firstAt <= to && seen.lastAt >= from;
    if (listed !== undefined) known.set(seen.host, { ...listed, seen });
    else if (within || asked.includes(seen.host)) known.set(seen.host, { id: seen.host, name: seen.hostName, seen });
  }
  const all = [...known.values()].sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  if (asked.length === 0) return all;
  const chosen = all.filter(({ id }) => asked.includes(id));
  if (chosen.length === 0)
    fail(
      'not-found',
      'None of the hosts that the report is about is in the inventory or in the history. Choose others.',
    );
  return chosen;
}

export const head = (
  { request, sources, from, to, now }: BuildContext,
  subject: string,
): Omit<ReportDocument, 'answers' | 'blocks' | 'method'> => ({
  kind: request.kind,
  title: titleOf(request.kind),
  subject,
  from,
  to,
  madeAt: now,
  madeBy: sources.who,
  version: sources.version,
  lab: sources.lab,
});

export const titleOf = (kind: ReportKind): string => `${kindTitles[kind]} report`;

/** Changes as letters on a chart. */
export const markersOf = (
  events: readonly HistoryEvent[],
): { readonly at: number; readonly letter: string; readonly title: string }[] =>
  events
    .filter(({ kind, letter }) => (kind === 'change' || kind === 'change-undone') && letter !== undefined)
    .map(({ at, letter, words }) => ({ at, letter: letter ?? '', title: words }));
