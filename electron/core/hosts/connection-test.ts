/**
 * A connection made only to see whether it works: every step with its time, up to the first that fails. Leaves
 * nothing behind: no host, no secret, no agent. Called by hosts.ts.
 */
import type { HostDraft, HostFacts, MissingRight, PlatformPresence } from '#shared/model/host.ts';
import type { TestReport, TestStep } from '#shared/contract/hosts.ts';
import { problem, problemOf } from '#shared/problem.ts';
import type { Problem } from '#shared/problem.ts';
import type { AgentLink, Clock, Log } from '#core/ports.ts';
import type { ConnectContext, Trace } from './connect.ts';
import { KeyStop } from './key-stop.ts';
import { reach } from './reach.ts';
import type { Means } from './reach.ts';
import { SecretNeeded } from './secrets.ts';

export interface Survey {
  readonly platforms: readonly PlatformPresence[];
  readonly missing: readonly MissingRight[];
  readonly guests: number;
}

export interface TestDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly means: Means;
  readonly context: Omit<ConnectContext, 'keys' | 'trace'>;
  survey(link: AgentLink): Promise<Survey>;
}

export async function testConnection(draft: HostDraft, deps: TestDeps): Promise<TestReport> {
  const steps: TestStep[] = [];
  const trace = recordSteps(steps, deps.clock);
  let facts: HostFacts | undefined;
  try {
    const { route, agent } = await reach({ ...draft, id: 'test' }, deps.means, { ...deps.context, trace });
    try {
      facts = agent.link.facts;
      trace.begin('Rights');
      trace.done(rightsWords(facts, agent.sudoProblem));
      trace.begin('What is there');
      const found = await deps.survey(agent.link);
      const present = found.platforms.filter(({ presence }) => presence !== 'none').map(({ title }) => title);
      trace.done(`${present.join(', ') || 'nothing the console can read'}; guests: ${found.guests}`);
      return { steps, facts, ...found };
    } finally {
      agent.close();
      route.close();
    }
  } catch (error) {
    const why = problemOf(error) ?? mistake(error, deps.log);
    trace.fail(why);
    const needs = needsOf(error);
    return {
      steps: [...steps, ...skipped(steps)],
      problem: why,
      ...(needs === undefined ? {} : { needs }),
      ...(facts === undefined ? {} : { facts }),
      platforms: [],
      missing: [],
      guests: 0,
    };
  }
}

function mistake(error: unknown, log: Log): Problem {
  log.bug('connection test', error);
  return problem('internal', 'The console made a mistake during the test; its log tells where.');
}

function needsOf(error: unknown): TestReport['needs'] {
  if (error instanceof SecretNeeded) return { kind: 'secret', request: error.request };
  return error instanceof KeyStop && error.check.verdict === 'unknown'
    ? { kind: 'key', check: error.check }
    : undefined;
}

function recordSteps(steps: TestStep[], clock: Clock): Trace & { fail(why: Problem): void } {
  let title = '';
  let since = clock.now();
  let open = false;
  const end = (outcome: TestStep['outcome'], detail: string) => {
    if (open) steps.push({ title, outcome, detail, millis: clock.now() - since });
    open = false;
  };
  return {
    begin: (next) => {
      title = next;
      since = clock.now();
      open = true;
    },
    done: (detail) => end('done', detail),
    fail: (why) => end('failed', why.sentence),
  };
}

/** The steps on the host itself that a failure kept from happening. */
const lastSteps = ['Agent', 'Rights', 'What is there'];

function skipped(steps: readonly TestStep[]): TestStep[] {
  const done = new Set(steps.map(({ title }) => title));
  return lastSteps
    .filter((title) => !done.has(title))
    .map((title) => ({ title, outcome: 'skipped', detail: 'not reached' }));
}

function rightsWords(facts: HostFacts, sudoProblem: Problem | undefined): string {
  const who =
    facts.rights === 'root' ? 'root' : facts.rights === 'sudo' ? `root, by sudo from ${facts.user}` : facts.user;
  const may = facts.grade === 'operator' ? `${who}; may change settings` : who;
  return sudoProblem === undefined ? may : `${may}. ${sudoProblem.sentence}`;
}
