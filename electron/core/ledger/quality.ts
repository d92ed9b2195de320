/** How much of the span is known, and what that means for the figures, in sentences. */
import type { Coverage, HistoryTotals } from '#shared/model/history.ts';
import type { HostId } from '#shared/model/host.ts';
import type { LedgerQuality } from '#shared/model/ledger.ts';
import { spanWords } from './span-words.ts';

export interface QualityOf {
  readonly totals: HistoryTotals;
  /** All that were asked for, those without any reading among them. */
  readonly hosts: readonly HostId[];
  readonly from: number;
  readonly to: number;
  nameOf(host: HostId): string;
  recorded(host: HostId): Recorded;
}

/** The part of the span from a host's first reading ever, and up to its last where it is not watched any more. */
export interface Recorded {
  readonly from: number;
  readonly to: number;
}

export const lengthOf = ({ from, to }: Recorded): number => Math.max(0, to - from);

/** More than this is called complete: an interval at either end of a span is nobody's gap. */
const complete = 0.995;
const longestList = 10;

export function qualityOf({ totals, hosts, from, to, nameOf, recorded }: QualityOf): LedgerQuality {
  const spanMs = to - from;
  const known = new Map<HostId, Coverage>(
    totals.coverage.filter(({ guest }) => guest === '').map((coverage) => [coverage.host, coverage]),
  );
  const found = hosts.flatMap((host) => known.get(host) ?? []);
  const ofHosts = (kind: 'reboot' | 'reset'): number =>
    totals.events.filter((event) => event.kind === kind && hosts.includes(event.host)).length;
  const coveredMs = found.reduce((sum, one) => sum + Math.min(one.coveredMs, spanMs), 0);
  const missing = hosts.filter((host) => (known.get(host)?.coveredMs ?? 0) <= 0);
  // A host that is missing is said to be, and was not recorded for any part of the span that counts against it.
  const recordedMs = hosts.reduce((sum, host) => sum + (missing.includes(host) ? spanMs : lengthOf(recorded(host))), 0);
  const cutShort = (ms: number): boolean => ms > (1 - complete) * spanMs;
  const parts = hosts.flatMap((host) => {
    const part = recorded(host);
    const since = cutShort(part.from - from) ? ` since ${momentWords(part.from)}` : '';
    const until = cutShort(to - part.to) ? ` until ${momentWords(part.to)}` : '';
    return missing.includes(host) || since + until === '' ? [] : [`${nameOf(host)}${since}${until}`];
  });
  const quality = {
    covered: hosts.length === 0 || spanMs <= 0 ? 0 : coveredMs / (hosts.length * spanMs),
    coveredSince: recordedMs <= 0 ? 0 : Math.min(1, coveredMs / recordedMs),
    gaps: found.reduce((sum, { gaps }) => sum + gaps, 0),
    longestGapMs: Math.max(0, ...found.map(({ longestGapMs }) => longestGapMs)),
    reboots: ofHosts('reboot'),
    resets: ofHosts('reset'),
    missing: missing.map(nameOf),
    damaged: totals.damaged,
  };
  return { ...quality, notes: notesOf(quality, hosts.length, parts) };
}

type Told = Omit<LedgerQuality, 'notes'> & Required<Pick<LedgerQuality, 'coveredSince'>>;

function notesOf(quality: Told, hosts: number, parts: readonly string[]): readonly string[] {
  const { coveredSince, gaps, longestGapMs, reboots, resets, missing, damaged } = quality;
  const notes: string[] = [];
  if (hosts === 0) return ['No host has readings in this span.'];
  if (parts.length > 0) {
    const together =
      hosts > 1 ? ' Sums over hosts add what each had in its own part, as if all had run side by side.' : '';
    notes.push(`Recorded for a part of the span only, and the figures are of that part: ${listed(parts)}.${together}`);
  }
  if (coveredSince < complete)
    notes.push(
      `Readings cover ${percent(coveredSince)} of the ${parts.length > 0 ? 'recorded time' : 'time'}. Means are of the time that is known; what was counted while nothing was read may be missing.`,
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

/** To the minute, in a time that means the same to everybody who reads it. */
const momentWords = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

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
