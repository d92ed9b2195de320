/**
 * Spreads steps over waves and puts them in the order in which they are made. Pure. A step that all targets of its host
 * need goes with the first of these targets, so that a canary is alone with what it needs.
 */
import type { PlannedStep } from '#core/platforms/change.ts';
import type { HostId } from '#shared/model/host.ts';
import type { Waves } from '#shared/model/plan.ts';

/** The wave of a target by its place in the wish. */
function waveOf(target: number, { canary, size }: Waves): number {
  if (canary && target === 0) return 0;
  const [behind, first] = canary ? [target - 1, 1] : [target, 0];
  return first + (size === 0 ? 0 : Math.floor(behind / size));
}

/**
 * @param hostOf the host of each target, or of the guest it is when that is a host itself
 * @returns the steps in the order they are made, each with its wave; waves are numbered without gaps
 */
export function spread<Step extends Pick<PlannedStep, 'host' | 'stage' | 'target'>>(
  steps: readonly Step[],
  hostsOf: readonly (readonly HostId[])[],
  waves: Waves,
): readonly (Step & { readonly wave: number })[] {
  const firstTarget = new Map<HostId, number>();
  hostsOf.forEach((hosts, target) => {
    for (const host of hosts) if (!firstTarget.has(host)) firstTarget.set(host, target);
  });
  const placed = steps.map((step, index) => ({
    step,
    index,
    wave: waveOf(step.target ?? firstTarget.get(step.host) ?? 0, waves),
  }));
  const used = [...new Set(placed.map(({ wave }) => wave))].sort((a, b) => a - b);
  const numbers = new Map(used.map((wave, number) => [wave, number]));
  return placed
    .sort((a, b) => a.wave - b.wave || a.step.stage - b.step.stage || a.index - b.index)
    .map(({ step, wave }) => ({ ...step, wave: numbers.get(wave) ?? 0 }));
}
