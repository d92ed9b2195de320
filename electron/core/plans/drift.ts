/**
 * Drift: what is written down on the hosts to survive and is different now. The hosts are asked once a minute, when they
 * come up, and after something was kept.
 */
import type { DriftItem } from '#shared/model/drift.ts';
import type { HostId } from '#shared/model/host.ts';
import { usualWaves } from '#shared/model/plan.ts';
import type { PlanStep } from '#shared/model/plan.ts';
import { fail, problemOf } from '#shared/problem.ts';
import type { AgentKnob } from '#core/platforms/change.ts';
import type { AgentLink, Clock, CollectPort, Log } from '#core/ports.ts';
import { driftIn } from './answers.ts';
import { askHosts } from './ask-hosts.ts';
import type { PlanContent } from './draft.ts';
import type { Told } from './journal.ts';
import { placeOf } from './place.ts';
import { mayChange, readOnlyFix, readOnlySentence } from './rights.ts';

const everyMs = 60_000;
/** A host that has just come up is read first. */
const soonMs = 3000;
export const putBackWish = 'drift.put-back';

export interface DriftPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly collect: CollectPort;
  link(host: HostId): AgentLink | undefined;
  nameOf(host: HostId): string;
  knob(name: string): AgentKnob | undefined;
  titleOf(knob: string): string;
  journal(...entries: readonly Told[]): Promise<void>;
  onChange(items: readonly DriftItem[]): void;
}

export class Drift {
  readonly #ports: DriftPorts;
  readonly #items = new Map<HostId, readonly DriftItem[]>();
  readonly #timers = new Map<HostId, () => void>();
  #told = '[]';

  constructor(ports: DriftPorts) {
    this.#ports = ports;
  }

  list(): readonly DriftItem[] {
    return [...this.#items.values()].flat();
  }

  linkUp(host: HostId): void {
    this.#plan(host, soonMs);
  }

  /** What was seen last stands until the host is there again. */
  linkDown(host: HostId): void {
    this.#timers.get(host)?.();
    this.#timers.delete(host);
  }

  forget(host: HostId): void {
    this.linkDown(host);
    this.#items.delete(host);
    this.#tell();
  }

  close(): void {
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }

  /** Asks now. Rejects with the link's problem. */
  async look(host: HostId): Promise<void> {
    const { nameOf, titleOf } = this.#ports;
    const link = this.#linkOrFail(host);
    const lines = driftIn((await link.ask({ verb: 'drift' })).text);
    const items = lines
      .filter(({ wanted, now }) => wanted !== now)
      .map(({ now, ...line }): DriftItem => {
        const item = { host, hostName: nameOf(host), ...line, title: titleOf(line.knob) };
        return now === undefined ? item : { ...item, now };
      });
    this.#items.set(host, items);
    this.#tell();
  }

  /** Rejects: plan-refused when nothing drifted that could be written again. */
  async putBack(host: HostId): Promise<PlanContent> {
    const { nameOf, link } = this.#ports;
    await this.look(host);
    const steps = (this.#items.get(host) ?? []).flatMap((item) => this.#stepsOf(item));
    const asked = await askHosts(steps, (one) => link(one));
    const [failed] = asked.failed;
    if (failed !== undefined) fail('plan-refused', failed.sentence);
    const name = nameOf(host);
    if (asked.steps.length === 0)
      fail(
        'plan-refused',
        `On ${name} everything that is there is as it is written down, so there is nothing to put back.`,
      );
    return {
      title: `Put back what is written down on ${name}`,
      wish: { id: putBackWish, targets: [{ host }], values: {} },
      hosts: [{ host, name }],
      steps: asked.steps,
      manual: [],
      will: [`Writes again what is written down on ${name} to survive. What is written down stays as it is.`],
      persistence: 'until-reboot',
      waves: usualWaves,
    };
  }

  /** Rejects: read-only, and with the link's problem. */
  async accept(host: HostId): Promise<void> {
    const { nameOf, journal } = this.#ports;
    const link = this.#linkOrFail(host);
    const name = nameOf(host);
    if (!mayChange(link.facts)) fail('read-only', `${readOnlySentence(name)} ${readOnlyFix}`);
    await this.look(host);
    const entries = (this.#items.get(host) ?? []).map(({ knob, keptAs, title, wanted, now }): Told => {
      const entry = {
        plan: '',
        title,
        what: 'drift' as const,
        host: { id: host, name },
        knob,
        instance: keptAs,
        before: wanted,
      };
      return now === undefined
        ? { ...entry, words: 'It is not there any more: the line is dropped from what survives.' }
        : { ...entry, after: now, words: 'What is so now becomes what survives.' };
    });
    await journal(...entries);
    await link.ask({ verb: 'accept' });
    await this.look(host);
  }

  #stepsOf({ host, knob: name, keptAs, title, wanted, now }: DriftItem): PlanStep[] {
    if (now === undefined) return [];
    const knob = this.#ports.knob(name);
    return this.#instancesOf(host, keptAs).map((instance) => ({
      host,
      wave: 0,
      stage: 0,
      knob: name,
      instance,
      title,
      place: placeOf(knob, instance, wanted) ?? instance,
      from: now,
      to: wanted,
      because: 'It is written down on the host to be so.',
      risk: 'low',
      riskWords: '',
      undo: 'old-value',
      undoWords: '',
      survives: 'nothing',
    }));
  }

  /** `*` stands for a number that changes: which it is now is seen in the files that were read. */
  #instancesOf(host: HostId, keptAs: string): string[] {
    const star = keptAs.indexOf('*');
    if (star < 0) return [keptAs];
    const [before, behind] = [keptAs.slice(0, star), keptAs.slice(star + 1)];
    return [...(this.#ports.collect.evidence(host)?.files.keys() ?? [])].filter(
      (path) =>
        path.length > before.length + behind.length &&
        path.startsWith(before) &&
        path.endsWith(behind) &&
        /^[0-9]+$/.test(path.slice(before.length, path.length - behind.length)),
    );
  }

  #linkOrFail(host: HostId): AgentLink {
    return (
      this.#ports.link(host) ??
      fail('host-gone', `${this.#ports.nameOf(host)} is not connected. Connect it, then repeat.`)
    );
  }

  #plan(host: HostId, ms: number): void {
    const { clock, log, nameOf } = this.#ports;
    this.#timers.get(host)?.();
    this.#timers.set(
      host,
      clock.after(ms, () => {
        this.#plan(host, everyMs);
        this.look(host).catch((error: unknown) => {
          const why = problemOf(error);
          if (why === undefined) return log.bug(`drift of ${nameOf(host)}`, error);
          // An older installed agent does not know the question, and will not before it is connected anew.
          if (why.code === 'agent-refused') this.linkDown(host);
        });
      }),
    );
  }

  #tell(): void {
    const items = this.list();
    const text = JSON.stringify(items);
    if (text === this.#told) return;
    this.#told = text;
    this.#ports.onChange(items);
  }
}
