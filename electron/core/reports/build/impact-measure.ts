/** One change as it was measured: the hosts' signals over the windows before and after it. */
import type { SignalId } from '#shared/model/metric.ts';
import { signals } from '#shared/model/metric.ts';
import type { PlanView } from '#shared/model/plan.ts';
import type { BuildContext } from './context.ts';
import type { Windows } from './impact-windows.ts';
import { lackOf, windowsOf } from './impact-windows.ts';
import type { SignalTotals } from './signal-totals.ts';
import { signalTotals } from './signal-totals.ts';

export const impactSignals: readonly SignalId[] = signals.filter((signal) => /^(saved|capacity|harm)\./.test(signal));
export interface Measured {
  readonly plan: PlanView;
  readonly windows: Windows;
  readonly before: SignalTotals;
  readonly after: SignalTotals;
  /** Why before and after cannot be compared. */
  readonly lack?: string | undefined;
}

export async function measure({ sources, now }: BuildContext, plan: PlanView): Promise<Measured | undefined> {
  const windows = windowsOf(plan, sources.plans(), now);
  if (windows === undefined) return undefined;
  const hosts = plan.plan.hosts.map(({ host }) => host);
  const totalsIn = ({ from, to }: Windows['before']): Promise<SignalTotals> =>
    signalTotals(sources, hosts, from, Math.max(to, from + 1), impactSignals);
  const [before, after] = [await totalsIn(windows.before), await totalsIn(windows.after)];
  const lacks = plan.plan.hosts.flatMap(({ host, name }) => {
    const of = ({ coverage }: SignalTotals) => coverage.find((one) => one.host === host && one.guest === '');
    return (
      lackOf(name, windows.before, 'before the first step', of(before)) ??
      lackOf(name, windows.after, windows.afterWords, of(after)) ??
      []
    );
  });
  return { plan, windows, before, after, lack: lacks[0] };
}

const savedSignals = impactSignals.filter((signal) => signal.startsWith('saved.'));

/** Saved over all its hosts; a mechanism that nobody tells on one side counts as nothing there. */
export function savedIn({ plan }: Measured, totals: SignalTotals): number | undefined {
  const values = plan.plan.hosts.flatMap(({ host }) =>
    savedSignals.flatMap((signal) => totals.get(host, signal)?.mean ?? []),
  );
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0);
}

export const worstIn = ({ plan }: Measured, totals: SignalTotals): number | undefined => {
  const values = plan.plan.hosts.flatMap(({ host }) => totals.get(host, 'harm.psi-some')?.mean ?? []);
  return values.length === 0 ? undefined : Math.max(...values);
};

export const label = ({ plan: { plan } }: Measured): string => `${plan.letter} (${plan.title})`;

export const stateWords: { readonly [state in PlanView['state']]: string } = {
  draft: 'not applied',
  arming: 'being applied',
  applying: 'being applied',
  watching: 'applied, and being watched',
  keeping: 'being kept',
  undoing: 'being undone',
  kept: 'kept',
  undone: 'undone',
  'partly-undone': 'undone in part',
  unknown: 'unknown, as a host has not told yet',
};
