/** What the rules of all platforms give for one host, guest or device: savings with their cost, and the harm beside. */
import type { HarmEntry, LedgerEntry } from '#shared/model/ledger.ts';
import type { HarmRule, LedgerRules, RuleFigure, SavingRule } from '#core/platforms/ledger.ts';
import { difference, figureOf } from './figure.ts';
import type { KnownFigure } from './figure.ts';
import { hostPlace } from './known.ts';
import type { HostTotals, Place } from './known.ts';
import { spanWords } from './span-words.ts';

/** The rules of all platforms, in the order of the platforms. */
export type Rules = Pick<LedgerRules, 'savings' | 'harm'>;

export function entriesOf(rules: Rules, totals: HostTotals, guest: string, coveredMs: number): readonly LedgerEntry[] {
  return rules.savings.flatMap((rule) =>
    placesOf(rule, totals, guest).flatMap((place) => {
      const found = applies(rule, rules.savings, totals, place) ? savingOf(rule, totals, place, coveredMs) : undefined;
      return found ?? [];
    }),
  );
}

/** In the order of the rules; several of one kind where several platforms tell. */
export function harmOf(rules: Rules, totals: HostTotals, guest: string): readonly HarmEntry[] {
  return rules.harm.flatMap((rule) =>
    placesOf(rule, totals, guest).flatMap((place) => {
      const known = applies(rule, rules.harm, totals, place) ? figureOf(rule.figure, totals, place) : undefined;
      if (known === undefined) return [];
      const { harm, title } = rule;
      const peak = rule.peak === undefined ? undefined : peakOf(totals, rule.peak, place);
      const notes = notesOf(rule, totals, place);
      return { harm, title, figure: known.figure, ...(peak === undefined ? {} : { peak }), notes };
    }),
  );
}

function placesOf({ level, ...rule }: SavingRule | HarmRule, totals: HostTotals, guest: string): readonly Place[] {
  if ((level === 'guest') !== (guest !== '')) return [];
  if (level === 'host') return [hostPlace];
  if (level === 'guest') return [{ guest, device: '' }];
  const terms = Object.values(('gross' in rule ? rule.gross : rule.figure).terms);
  const metrics = terms.flatMap((term) => ('metric' in term ? term.metric : []));
  const ofDevices = metrics.filter((metric) => totals.catalogue.get(metric)?.instance === 'device');
  return totals.devicesWith(ofDevices).map((device) => ({ guest: '', device }));
}

/** Its conditions hold, and no rule gave a figure here that tells the same. */
function applies(
  rule: SavingRule | HarmRule,
  rules: readonly (SavingRule | HarmRule)[],
  totals: HostTotals,
  place: Place,
): boolean {
  if (rule.when?.some((condition) => !totals.holds(condition, place))) return false;
  return !rule.unless?.some((id) => {
    const other = rules.find((one) => one.id === id);
    return (
      other !== undefined &&
      applies(other, rules, totals, place) &&
      figureOf(figureIn(other), totals, place) !== undefined
    );
  });
}

const figureIn = (rule: SavingRule | HarmRule): RuleFigure => ('gross' in rule ? rule.gross : rule.figure);

function savingOf(rule: SavingRule, totals: HostTotals, place: Place, scopeMs: number): LedgerEntry | undefined {
  const gross = figureOf(rule.gross, totals, place);
  if (gross === undefined) return undefined;
  const overhead = rule.overhead && figureOf(rule.overhead, totals, place);
  const net = netOf(rule, gross, overhead, totals, place);
  const coveredMs = Math.min(scopeMs, gross.coveredMs, overhead?.coveredMs ?? Infinity, net.coveredMs);
  const notes = [...notesOf(rule, totals, place)];
  if (rule.overhead !== undefined && overhead === undefined)
    notes.push('What has to be taken off is not told by this host: the figure is gross.');
  if (coveredMs < scopeMs / 2)
    notes.push(
      `Known for ${spanWords(coveredMs)} of the ${spanWords(scopeMs)} with readings; it is of that time only.`,
    );
  const { mechanism, part, title } = rule;
  return {
    host: totals.host,
    guest: place.guest,
    instance: place.device,
    mechanism,
    part,
    title,
    gross: gross.figure,
    ...(overhead === undefined ? {} : { overhead: overhead.figure }),
    net: net.figure,
    coveredMs,
    notes,
  };
}

function netOf(
  rule: SavingRule,
  gross: KnownFigure,
  overhead: KnownFigure | undefined,
  totals: HostTotals,
  place: Place,
): KnownFigure {
  const own = rule.net && figureOf(rule.net, totals, place);
  return own ?? (overhead === undefined ? gross : difference(gross, overhead));
}

const notesOf = (
  { notes, cautions = [] }: Pick<SavingRule, 'notes' | 'cautions'>,
  totals: HostTotals,
  place: Place,
): readonly string[] => [...notes, ...cautions.flatMap(({ when, note }) => (totals.holds(when, place) ? note : []))];

function peakOf(totals: HostTotals, metric: string, place: Place): number | undefined {
  const found = totals.find(metric, place);
  return found?.kind === 'counter' ? found.peak : found?.high;
}
