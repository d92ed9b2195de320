/** Machines of the lab as planners see them: what would have been read of each, under the machine's own name. */
import type { HostId } from '#shared/model/host.ts';
import type { LabMachine } from '#core/lab/machine.ts';
import { mainline } from '#core/platforms/mainline/index.ts';
import type { Site, Sites } from '#core/platforms/change.ts';
import type { Platform } from '#core/platforms/platform.ts';
import { evidenceOf } from './lab-evidence.ts';

export const hostOf = (machine: Pick<LabMachine, 'name'>): HostId => machine.name as HostId;

export function sitesOf(
  machines: readonly LabMachine[],
  platform: Platform,
  inside: ReadonlyMap<string, ReadonlyMap<string, HostId>> = new Map(),
): Sites {
  return new Map(
    machines.map((machine): [HostId, Site] => [
      hostOf(machine),
      {
        host: hostOf(machine),
        name: machine.name,
        evidence: evidenceOf(machine, mainline, platform),
        inside: inside.get(machine.name) ?? new Map(),
      },
    ]),
  );
}

export function machineIn(machines: readonly LabMachine[]): (host: string) => LabMachine {
  return (host) => {
    const found = machines.find(({ name }) => name === host);
    if (found === undefined) throw new Error(`no machine ${host}`);
    return found;
  };
}
