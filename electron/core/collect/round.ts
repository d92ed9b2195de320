/**
 * One round: which sets and commands are due, asked all at once, answers taken as they come. What is due: everything
 * of this tick; the slower ones when their time has come; all of them, as probes, in the first round of a link.
 */
import type { Cadence, Platform } from '#core/platforms/platform.ts';
import type { AgentLink, AgentVerb, Clock } from '#core/ports.ts';
import { problemOf } from '#shared/problem.ts';
import type { HostEvidence } from './evidence.ts';

interface Job {
  readonly source: string;
  readonly platform: string;
  readonly every: Cadence;
  readonly read: AgentVerb;
  readonly probe: AgentVerb;
}

const periods: Record<Cadence, number> = { tick: 0, '10s': 10_000, minute: 60_000, connect: Infinity };
/** Rights and modules change rarely; a probe costs one message per file that is not there. */
const probePeriod = 300_000;

export function jobsOf(platforms: readonly Platform[]): readonly Job[] {
  return platforms.flatMap((platform) => [
    ...platform.sets.map(({ name, every }): Job => ({
      source: name,
      platform: platform.id,
      every,
      read: { verb: 'read', set: name },
      probe: { verb: 'probe', set: name },
    })),
    ...platform.commands.map(({ name, every }): Job => ({
      source: name,
      platform: platform.id,
      every,
      read: { verb: 'run', command: name },
      probe: { verb: 'run', command: name },
    })),
  ]);
}

/** A set that had nothing to say is asked again this often: a guest that starts is seen within ten seconds. */
const quietPeriod = 10_000;

/** The rounds of one link. A new link starts a new one: everything is due again. */
export class Rounds {
  readonly #link: AgentLink;
  readonly #clock: Clock;
  readonly #jobs: readonly Job[];
  readonly #last = new Map<string, number>();
  #probedAt = -Infinity;
  #absent: ReadonlySet<string> = new Set();
  /** Sets that had nothing to say: no guests, another kind of control groups. */
  readonly #quiet = new Set<string>();

  constructor(link: AgentLink, clock: Clock, jobs: readonly Job[]) {
    this.#link = link;
    this.#clock = clock;
    this.#jobs = jobs.filter(({ source }) => link.offers.has(source));
  }

  /** What these platforms read is asked for only with the next probe: a host should not pay for what it has not. */
  leaveOut(absent: ReadonlySet<string>): void {
    this.#absent = absent;
  }

  /** Everything that moves while a connection stands is due, as in the first round. */
  askForAll(): void {
    for (const { source, every } of this.#jobs) if (every !== 'connect') this.#last.delete(source);
    this.#probedAt = -Infinity;
  }

  /**
   * Resolves when every due answer is in the evidence, to whether this round was a probe. Rejects when the link is of
   * no more use; a set or command that the agent refused or could not run spoils only itself.
   */
  async run(evidence: HostEvidence): Promise<boolean> {
    const now = this.#clock.now();
    const probing = isDue(now, this.#probedAt, probePeriod);
    const due = this.#jobs.filter(({ source, platform, every }) => {
      const last = this.#last.get(source);
      if (this.#absent.has(platform) && !probing) return false;
      return (
        last === undefined ||
        isDue(now, last, Math.max(periods[every], this.#quiet.has(source) ? quietPeriod : 0)) ||
        (probing && every !== 'connect')
      );
    });
    await Promise.all(
      due.map(async (job) => {
        try {
          const answer = await this.#link.ask(probing ? job.probe : job.read);
          const spoke = evidence.take(job.source, answer, probing && job.probe.verb === 'probe');
          if (spoke) this.#quiet.delete(job.source);
          else this.#quiet.add(job.source);
          this.#last.set(job.source, now);
        } catch (error) {
          if (problemOf(error)?.code !== 'agent-refused') throw error;
          this.#last.set(job.source, now);
          evidence.forget(job.source);
        }
      }),
    );
    if (probing) this.#probedAt = now;
    return probing;
  }
}

/** A clock that was set back makes everything due: better asked too soon than not for an hour. */
const isDue = (now: number, last: number, period: number): boolean =>
  now - last >= period || (now < last && period !== Infinity);
