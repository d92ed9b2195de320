/** A Xen host of the lab as the planner sees it, with short ways to plan, make and take back. */
import type { LabMachine } from '#core/lab/machine.ts';
import type { XenHost } from '#core/lab/xen/host.ts';
import type { XenGuestOptions } from '#core/lab/xen/options.ts';
import type { Planned, Sites } from '#core/platforms/change.ts';
import { xenTmem } from '#core/platforms/xen-tmem/index.ts';
import { planner } from '#core/platforms/xen-tmem/planner.ts';
import type { HostId } from '#shared/model/host.ts';
import { applySteps, readKnob, undoSteps } from '../../../../support/apply-steps.ts';
import { hostOf, machineIn, sitesOf } from '../../../../support/lab-sites.ts';
import { guest, host } from '../../lab/xen/hosts.ts';

export const keyOf = (machine: XenHost, name: string): string => `xen:${machine.model.find(name)?.uuid ?? ''}`;

export interface Bench {
  readonly xen: XenHost;
  readonly machines: readonly LabMachine[];
  readonly sites: () => Sites;
}

/** @param linked names of guests that are connected to the console themselves */
export function bench(
  guests: readonly XenGuestOptions[],
  more: Parameters<typeof host>[0] = {},
  linked: readonly string[] = [],
): Bench {
  const xen = host({ guests, ...more });
  const inside = linked.map((name) => xen.guestMachine(name));
  const machines = [xen, ...inside];
  const links = new Map<string, HostId>(linked.map((name) => [keyOf(xen, name), hostOf({ name })]));
  return { xen, machines, sites: () => sitesOf(machines, xenTmem, new Map([[xen.name, links]])) };
}

export const wish = (
  { xen, sites }: Bench,
  id: string,
  names: readonly string[],
  values: Record<string, string> = {},
): Planned =>
  planner.plan({ id, values, targets: names.map((name) => ({ host: hostOf(xen), guest: keyOf(xen, name) })) }, sites());
export const apply = ({ machines }: Bench, planned: Planned) =>
  applySteps(machineIn(machines), planner.agentKnobs, planned.steps);
export const undo = ({ machines }: Bench, made: ReturnType<typeof apply>) =>
  undoSteps(machineIn(machines), planner.agentKnobs, made);
export const missing = ({ findings }: Planned): readonly string[] =>
  findings.filter(({ level }) => level === 'missing').map(({ sentence }) => sentence);
export const settings = ({ machines }: Bench, names: readonly string[]): string =>
  JSON.stringify([
    ...planner.agentKnobs
      .filter(({ kind, name }) => kind === 'command' && name !== 'xen.tmem.shared-auth')
      .map((knob) => names.map((name) => [knob.name, readKnob(machines[0] as LabMachine, knob, name)])),
    ...machines
      .slice(1)
      .map((machine) =>
        planner.agentKnobs.flatMap((knob) =>
          knob.kind === 'file' && knob.check === 'exact' ? [[knob.path, machine.files.read(knob.path)]] : [],
        ),
      ),
  ]);

export const closed = (name: string, more: Partial<XenGuestOptions> = {}) =>
  guest(name, { memoryMiB: 256, maxMemMiB: 512, ...more });
