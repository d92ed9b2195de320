/** How much of the span is known, and what that means for the figures, in sentences. */
import type { Coverage, HistoryTotals } from '#shared/model/history.ts';
import type { HostId } from '#shared/model/host.ts';
import type { LedgerQuality } from '#shared/model/ledger.ts';
import { spanWords } from './span-words.ts';

export interface QualityOf {
  readonly totals: HistoryTotals;
  /** All that were asked for, those without any reading among them. */
  readonly hosts: readonly HostId[];
  readonly spanMs: number;
  nameOf(host: HostId): string;
}

/** More than this is called complete: an interval at either end of a span is nobody's gap. */
const complete = 0.995;
const longestList = 10;

export function qualityOf({ totals, hosts, spanMs, nameOf }: QualityOf): LedgerQuality {
  const known = new Map<HostId, Coverage>(
    totals.coverage.filter(({ guest }) => guest === '').map((coverage) => [coverage.host, coverage]),
  );
  const found = hosts.flatMap((host) => known.get(host) ?? []);
  const ofHosts = (kind: 'reboot' | 'reset'): number =>
    totals.events.filter((event) => event.kind === kind && hosts.includes(event.host)).length;
  const coveredMs = found.reduce((sum, one) => sum + Math.min(one.coveredMs, spanMs), 0);
  const quality = {
    covered: hosts.length === 0 || spanMs <= 0 ? 0 : coveredMs / (hosts.length * spanMs),
    gaps: found.reduce((sum, { gaps }) => sum + gaps, 0),
    longestGapMs: Math.max(0, ...found.map(({ longestGapMs }) => longestGapMs)),
    reboots: ofHosts('reboot'),
    resets: ofHosts('reset'),
    missing: hosts.filter((host) => (known.get(host)?.coveredMs ?? 0) <= 0).map(nameOf),
    damaged: totals.damaged,
  };
  return { ...quality, notes: notesOf(quality, hosts.length) };
}

function notesOf(quality: Omit<LedgerQuality, 'notes'>, hosts: number): readonly string[] {
  const { covered, gaps, longestGapMs, reboots, resets, missing, damaged } = quality;
  const notes: string[] = [];
  if (hosts === 0) return ['No host has readings in this span.'];
  if (covered < complete)
    notes.push(
      `Readings cover ${percent(covered)} of the time. Means are of the time that is known; what was counted while nothing was read may be missing.`,
    );
  if (gaps > 0)
    notes.push(
      `There ${areWas(gaps)} ${counted(gaps, 'gap')} without readings, the longest of ${spanWords(longestGapMs)}.`,
    );
  if (reboots > 0)
    notes.push(
      `Hosts started anew ${times(reboots)}. What they counted between the last reading and the start is not known.`,
    );
  if (resets > 0)
    notes.push(`Counters began anew ${times(resets)} without a reboot. What they grew by across that is left out.`);
  if (missing.length > 0) notes.push(`Without any reading in this span, and in none of the sums: ${listed(missing)}.`);
  if (damaged > 0)
    notes.push(
      `${counted(damaged, 'piece')} of the history on the disk could not be read, and ${damaged === 1 ? 'is' : 'are'} left out.`,
    );
  return notes;
}

/** Never 100 % while something is missing, never 0 % while there is something. */
function percent(share: number): string {
  const rounded = Math.round(share * 100);
  if (rounded === 0 && share > 0) return 'less than 1 %';
  return `${String(Math.min(rounded, 99))} %`;
}
const counted = (number: number, one: string): string => `${String(number)} ${one}${number === 1 ? '' : 's'}`;
const times = (number: number): string => (number === 1 ? 'once' : `${String(number)} times`);
const areWas = (number: number): string => (number === 1 ? 'was' : 'were');
const listed = (names: readonly string[]): string =>
  names.length <= longestList
    ? names.join(', ')
    : `${names.slice(0, longestList).join(', ')} and ${String(names.length - longestList)} more`;
