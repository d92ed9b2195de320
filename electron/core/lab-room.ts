/**
 * The lab as the console uses it: opens one, watches it with an inventory of its own that is never saved, and leaves
 * it again. While it is open every page speaks of the lab's hosts only. Pages may ask for all of this at once: one
 * lab is opened or left after the other, and there is never a second.
 */
import { randomInt } from 'node:crypto';
import type { Emit } from '#shared/contract/contract.ts';
import type { LabScenario, LabSpeed, LabStatus } from '#shared/model/lab.ts';
import { fail } from '#shared/problem.ts';
import { coalesce } from './coalesce.ts';
import type { Coalesced } from './coalesce.ts';
import type { AgentList } from './lab/agent-double.ts';
import { labScenarios, openLab } from './lab/lab.ts';
import type { Lab } from './lab/lab.ts';
import type { Clock } from './ports.ts';
import type { Watch } from './watch.ts';

interface OpenLab {
  readonly lab: Lab;
  readonly watch: Watch;
  readonly changed: Coalesced<'lab'>;
}

export interface LabRoom {
  readonly open: { readonly watch: Watch } | undefined;
  scenarios(): readonly LabScenario[];
  status(): LabStatus | null;
  /** Leaves the lab that is open once the new one stands. Rejects: not-found; cancelled when the console is ending. */
  enter(scenario: string, seed: number | undefined): Promise<LabStatus>;
  steer(speed: LabSpeed, paused: boolean): LabStatus;
  leave(): Promise<void>;
  /** Leaves, and enters no more. */
  close(): Promise<void>;
}

export interface LabRoomOptions {
  readonly clock: Clock;
  readonly list: AgentList;
  readonly tellAll: Emit;
  openWatch(knownHosts: string): Promise<Watch>;
}

export function createLabRoom(options: LabRoomOptions): LabRoom {
  const { clock, list, tellAll } = options;
  let open: OpenLab | undefined;
  let closed = false;
  let last: Promise<unknown> = Promise.resolve();
  const status = (): LabStatus | null => open?.lab.status() ?? null;

  const inTurn = <Answer>(run: () => Promise<Answer>): Promise<Answer> => {
    const turn = last.then(run);
    last = turn.catch(() => undefined);
    return turn;
  };

  const leave = async (): Promise<void> => {
    if (open === undefined) return;
    const { lab, watch, changed } = open;
    open = undefined;
    changed.close();
    tellAll('lab.changed', null);
    tellAll('lab.switched', null);
    await Promise.all([watch.close(), lab.close()]);
  };

  const enter = async (scenario: string, seed: number | undefined): Promise<LabStatus> => {
    if (closed) fail('cancelled', 'The console is ending, and opens no lab any more.');
    const changed = coalesce<'lab'>(clock, 1000, () => tellAll('lab.changed', status()));
    const lab = await openLab({
      scenario,
      seed: seed ?? randomInt(1, 1_000_000),
      clock,
      list,
      onChange: () => changed.add('lab'),
    });
    try {
      await leave();
      const watch = await options.openWatch(lab.knownHosts);
      open = { lab, watch, changed };
      for (const draft of lab.hosts) await watch.hosts.add({ draft });
    } catch (error) {
      if (open?.lab === lab) await leave();
      else await lab.close();
      throw error;
    }
    tellAll('lab.changed', lab.status());
    tellAll('lab.switched', null);
    return lab.status();
  };

  return {
    get open() {
      return open;
    },
    scenarios: () => labScenarios,
    status,
    enter: (scenario, seed) => inTurn(() => enter(scenario, seed)),
    steer: (speed, paused) => {
      const { lab } = open ?? fail('not-found', 'No lab is open.');
      lab.steer(speed, paused);
      return lab.status();
    },
    leave: () => inTurn(leave),
    close: () => {
      closed = true;
      return inTurn(leave);
    },
  };
}
