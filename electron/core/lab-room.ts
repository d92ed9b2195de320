/**
 * The lab as the console uses it: opens one, watches it with an inventory of its own that is never saved, and leaves
 * it again. While it is open every page speaks of the lab's hosts only.
 */
import { randomInt } from 'node:crypto';
import type { Emit } from '#shared/contract/contract.ts';
import type { LabScenario, LabSpeed, LabStatus } from '#shared/model/lab.ts';
import { fail } from '#shared/problem.ts';
import { coalesce } from './coalesce.ts';
import type { AgentList } from './lab/agent-double.ts';
import { labScenarios, openLab } from './lab/lab.ts';
import type { Lab } from './lab/lab.ts';
import type { Clock } from './ports.ts';
import type { Watch } from './watch.ts';

interface OpenLab {
  readonly lab: Lab;
  readonly watch: Watch;
}

export interface LabRoom {
  readonly open: OpenLab | undefined;
  scenarios(): readonly LabScenario[];
  status(): LabStatus | null;
  /** Leaves the lab that is open, if one is. */
  enter(scenario: string, seed: number | undefined): Promise<LabStatus>;
  steer(speed: LabSpeed, paused: boolean): LabStatus;
  leave(): Promise<void>;
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
  const status = (): LabStatus | null => open?.lab.status() ?? null;
  const changed = coalesce<'lab'>(clock, 1000, () => tellAll('lab.changed', status()));

  const leave = async (): Promise<void> => {
    const left = open;
    if (left === undefined) return;
    open = undefined;
    await left.watch.close();
    await left.lab.close();
    changed.close();
    tellAll('lab.changed', null);
    tellAll('lab.switched', null);
  };

  return {
    get open() {
      return open;
    },
    scenarios: () => labScenarios,
    status,
    enter: async (scenario, seed) => {
      await leave();
      const lab = await openLab({
        scenario,
        seed: seed ?? randomInt(1, 1_000_000),
        clock,
        list,
        onChange: () => changed.add('lab'),
      });
      const watch = await options.openWatch(lab.knownHosts);
      open = { lab, watch };
      for (const draft of lab.hosts) await watch.hosts.add({ draft });
      tellAll('lab.changed', lab.status());
      tellAll('lab.switched', null);
      return lab.status();
    },
    steer: (speed, paused) => {
      const { lab } = open ?? fail('not-found', 'No lab is open.');
      lab.steer(speed, paused);
      return lab.status();
    },
    leave,
  };
}
