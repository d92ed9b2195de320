/** The guard's readings in the order somebody wants them: crossed limits, then those nearest to theirs. Pure. */
import type { GuardReading } from '#shared/model/plan.ts';

export function sortedGuard(readings: readonly GuardReading[]): readonly GuardReading[] {
  return [...readings].sort((a, b) => Number(b.breached) - Number(a.breached) || nearness(b) - nearness(a));
}

/** How much of the way to the limit is gone; a limit of nothing is crossed by anything. */
export function nearness({ now, limit }: GuardReading): number {
  if (now === undefined) return 0;
  return limit > 0 ? now / limit : now > 0 ? Infinity : 0;
}

export function guardVerdict(readings: readonly GuardReading[], names: ReadonlyMap<string, string>): string {
  const breached = readings.filter(({ breached: is }) => is);
  if (readings.length === 0) return 'The guard has read nothing yet.';
  if (breached.length > 0) {
    const hosts = [...new Set(breached.map(({ host }) => names.get(host) ?? host))];
    return `The guard tripped on ${hosts.join(', ')}: the change is undone.`;
  }
  const silent = readings.filter(({ now }) => now === undefined).length;
  if (silent === readings.length) return 'The guard waits for the first figures since the write.';
  return 'Everything is below its limit.';
}
