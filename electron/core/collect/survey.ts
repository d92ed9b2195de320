/** One full look at a host that is not watched (yet): for the connection test. */
import type { MissingRight, PlatformPresence } from '#shared/model/host.ts';
import type { Platform } from '#core/platforms/platform.ts';
import type { AgentLink, Clock } from '#core/ports.ts';
import { HostEvidence } from './evidence.ts';
import { missingRights, presenceOf } from './host-watch.ts';
import { jobsOf, Rounds } from './round.ts';

export interface Survey {
  readonly platforms: readonly PlatformPresence[];
  readonly missing: readonly MissingRight[];
  readonly guests: number;
}

export async function survey(link: AgentLink, platforms: readonly Platform[], clock: Clock): Promise<Survey> {
  const collected = new HostEvidence(link.facts.pageSize);
  await new Rounds(link, clock, jobsOf(platforms)).run(collected);
  const evidence = collected.view();
  return {
    platforms: presenceOf(platforms, evidence),
    missing: missingRights(evidence),
    guests: platforms.reduce((count, platform) => count + platform.read(evidence).guests.length, 0),
  };
}
