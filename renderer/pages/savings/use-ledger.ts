/**
 * The ledger and the chart of one span and choice of hosts: asked for together, so that both speak of the same time.
 * A span that ends now moves on while the page is open; late answers are dropped.
 */
import { onScopeDispose, shallowRef, watch } from 'vue';
import type { ArgsOf } from '#shared/contract/contract.ts';
import type { FleetHistory } from '#shared/model/history.ts';
import type { HostId } from '#shared/model/host.ts';
import type { Ledger } from '#shared/model/ledger.ts';
import type { ReportSpan } from '#shared/model/report.ts';
import type { Problem } from '#shared/problem.ts';
import { problemOf } from '#shared/problem.ts';
import { useConsole } from '../../console.ts';
import type { SignalLines } from '../../parts/savings-lines.ts';
import { linesOf } from '../fleet/use-fleet-series.ts';
import { momentsOf } from './span.ts';

const points = 1500;
/** A minute more changes little, except at the beginning of a recording. */
const everyMs = 60_000;
const oftenMs = 5000;
const paceMs = (recordedMs: number): number => Math.min(everyMs, Math.max(oftenMs, recordedMs / 10));
/** A chart of less draws two points across its width. */
const leastMs = 120_000;
/** So much of the span without a reading at its beginning is not worth half a chart. */
const lateShare = 0.1;

/** The first and the last moment of which something is known. */
function knownOf({ at, hosts }: FleetHistory): { readonly first: number; readonly last: number } | undefined {
  const known = at.filter((_, index) => (hosts[index] ?? 0) > 0);
  const [first, last] = [known[0], known.at(-1)];
  return first === undefined || last === undefined ? undefined : { first, last };
}

interface LedgerChart {
  readonly signals: SignalLines;
  /** Where the chart begins: with the span, or with the first reading where that is much later. */
  readonly from: number;
  /** A young recording is drawn up to its newest reading: some seconds are much of it. */
  readonly to: number;
  /** Of the first reading in the span. */
  readonly firstAt: number | undefined;
}
export interface LedgerView extends LedgerChart {
  readonly ledger: Ledger;
}

export function useLedger(wanted: () => { readonly span: ReportSpan; readonly hosts: readonly HostId[] }) {
  const link = useConsole();
  const view = shallowRef<LedgerView>();
  const problem = shallowRef<Problem>();
  /** What is shown is of another span or other hosts than were asked for. */
  const behind = shallowRef(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let round = 0;

  /** Where readings begin late in the span, the part that has some is drawn, as finely as it is known. */
  async function drawn(asked: Omit<ArgsOf<'history.fleet'>, 'points'>): Promise<LedgerChart> {
    const whole = await link.call('history.fleet', { ...asked, points });
    const first = knownOf(whole)?.first;
    if (first === undefined || first - asked.from < (asked.to - asked.from) * lateShare)
      return { signals: linesOf(whole), from: asked.from, to: asked.to, firstAt: first };
    const from = Math.max(asked.from, Math.min(first, asked.to - leastMs));
    const part = await link.call('history.fleet', { ...asked, from, points });
    const { first: began, last: to } = knownOf(part) ?? { first, last: asked.to };
    return { signals: linesOf(part), from: Math.min(began, to - leastMs), to, firstAt: began };
  }

  async function load(): Promise<void> {
    clearTimeout(timer);
    const mine = ++round;
    const { span, hosts } = wanted();
    const asked = { hosts: [...hosts], ...momentsOf(span, Date.now()) };
    let pace = everyMs;
    try {
      const [ledger, chart] = await Promise.all([link.call('ledger.get', { ...asked, guests: false }), drawn(asked)]);
      if (mine !== round) return;
      view.value = { ledger, ...chart };
      pace = paceMs(asked.to - (chart.firstAt ?? asked.to));
      problem.value = undefined;
    } catch (error) {
      if (mine !== round) return;
      problem.value = problemOf(error);
      if (problem.value === undefined) throw error;
    } finally {
      if (mine === round) {
        behind.value = false;
        if ('lastSeconds' in span) timer = setTimeout(() => void load(), pace);
      }
    }
  }

  link.onOpen(() => void load());
  watch(wanted, () => {
    behind.value = true;
    void load();
  });
  onScopeDispose(() => {
    round += 1;
    clearTimeout(timer);
  });

  return { view, problem, behind, load };
}
