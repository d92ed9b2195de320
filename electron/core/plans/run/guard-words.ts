/** What the guard saw, as a sentence. Pure. */
import type { HostId } from '#shared/model/host.ts';
import type { SignalId } from '#shared/model/metric.ts';
import type { GuardReading } from '#shared/model/plan.ts';
import type { Problem } from '#shared/problem.ts';
import { problem } from '#shared/problem.ts';

const saw: { readonly [signal in SignalId]?: (now: string, before: string, limit: string) => string } = {
  'harm.psi-some': (now, before, limit) =>
    `tasks waited for memory ${now} % of the time; it was ${before} % before, and the limit is ${limit} %`,
  'harm.oom-kills': () => 'the kernel killed a process for want of memory',
  'harm.swap-in': (now, before, limit) =>
    `${now} pages came back from swap each second; it was ${before} before, and the limit is ${limit}`,
  'harm.rejects': (now, before, limit) =>
    `${now} pages were refused each second; it was ${before} before, and the limit is ${limit}`,
};

export function guardProblem(breached: readonly GuardReading[], nameOf: (host: HostId) => string): Problem {
  const [first] = breached;
  const whole = (value: number | undefined): string => (value === undefined ? 'not known' : String(Math.round(value)));
  const seen =
    first === undefined
      ? 'a limit was crossed'
      : `${nameOf(first.host)}: ${saw[first.signal]?.(whole(first.now), whole(first.before), whole(first.limit)) ?? first.signal}`;
  return problem('guard-tripped', `The guard stopped the plan. ${seen}. All hosts take it back.`);
}
