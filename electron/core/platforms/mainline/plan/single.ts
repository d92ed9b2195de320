/** Every setting as a wish of its own: where it is for a target, and what refuses it now. */
import type { KnobDef } from '#shared/model/knob.ts';
import type { CommandKnob, PlannedStep } from '../../change.ts';
import { knobWish } from '../../planning/knob-wish.ts';
import type { KnobPlace, KnobWishOptions } from '../../planning/knob-wish.ts';
import { mebibyte, size } from '../../planning/sizes.ts';
import type { Found } from '../../planning/targets.ts';
import type { WishKind } from '../../planning/wish-kind.ts';
import { knobInstanceProblem, valueProblem } from '../../change-check.ts';
import { readProxmox } from '../guests/proxmox.ts';
import { libvirtBalloonKnob, libvirtPeriodKnob, proxmoxBalloonKnob } from '../knobs/balloon.ts';
import type { GroupLeaf } from '../knobs/cgroup.ts';
import { advisorMode, maxSharing, mergeAcrossNodes, pagesToScan, run } from '../knobs/ksm.ts';
import { moduleKnob } from '../knobs/module.ts';
import { swapDeviceKnob } from '../knobs/swap-device.ts';
import { minFree } from '../knobs/vm.ts';
import { zramKnob } from '../knobs/zram.ts';
import { compressor, enabled, zpool } from '../knobs/zswap.ts';
import { knobs, settings } from '../knobs.ts';
import { findGuests, keptAs, limitOfGuest } from './guest-look.ts';
import { Look } from './look.ts';
import { unadvisedStep } from './merge.ts';
import { stages } from './stages.ts';
import { moduleStep } from './modules.ts';

export const singles: readonly WishKind[] = knobs.map((def) => knobWish(def, optionsOf(def)));

function optionsOf(def: KnobDef): KnobWishOptions {
  const risky = ['zram.swap', 'swap.device', 'ksm.run', 'cgroup.memory.zswap.writeback', 'vm.min_free_kbytes'];
  return {
    place: (_, found) => placeOf(def, found),
    refuses: (_, found, place, to) => refusalOf(def, found, place, to),
    before: (_, found, __, to) => firstOf(def, found, to),
    stage: def.of === 'guest' ? stages.guests : stages.settings,
    risk: risky.includes(def.id) ? 'high' : 'low',
    ...(def.id === 'kernel.module'
      ? { undo: 'none', undoWords: 'It stays as it is: what was stored meanwhile may need it.' }
      : {}),
  };
}

/** A module that is not loaded; the number that the kernel forgets when its advisor is switched off again. */
function firstOf(def: KnobDef, found: Found, to: string): readonly PlannedStep[] {
  const look = new Look(found.site);
  if (def === compressor.def || def === zpool.def) return moduleStep(look, to, found.at);
  return def === advisorMode.def && to !== 'none' ? unadvisedStep(look, found.at) : [];
}

function placeOf(def: KnobDef, found: Found): KnobPlace | string {
  const setting = settings.find((one) => one.def === def);
  const { site } = found;
  if (setting) {
    const { knob } = setting;
    if (site.evidence.files.has(knob.path)) return { knob, instance: knob.path };
    return `${site.name} has no ${knob.path}: its kernel is older or newer, or is built without it.`;
  }
  if (def.of === 'guest') return placeOfGuest(def, found);
  const device = found.target.guest ?? '';
  const knob = deviceKnobs.find(({ name }) => name === def.id);
  if (!knob) return 'This is not a setting that the agent writes.';
  if (device === '') return `Say which ${def.id === 'kernel.module' ? 'module' : 'device'} it is for.`;
  const instance = knob === swapDeviceKnob && !device.startsWith('/dev/') ? `/dev/${device}` : device;
  const problem = knobInstanceProblem(knob, instance);
  return problem ?? { knob, instance, ...nowOfDevice(knob, found, instance) };
}

const deviceKnobs: readonly CommandKnob[] = [zramKnob, swapDeviceKnob, moduleKnob];

function nowOfDevice(knob: CommandKnob, { site }: Found, instance: string): { now?: string } {
  const look = new Look(site);
  if (knob === zramKnob) {
    const zram = look.zrams.find(({ device }) => device === instance);
    const now = zram === undefined ? 'absent' : zram.swap === undefined ? 'partial' : zram.spec;
    return now === undefined ? {} : { now };
  }
  if (knob === swapDeviceKnob) {
    const swap = look.swaps?.find(({ name }) => name === instance);
    if (look.swaps === undefined) return {};
    return { now: swap === undefined ? 'off' : swap.priority < 0 ? 'on:auto' : `on:${String(swap.priority)}` };
  }
  const { loaded, loadable } = look.modules;
  return loaded.has(instance) ? { now: 'present' } : loadable.has(instance) ? { now: 'absent' } : {};
}

function placeOfGuest(def: KnobDef, found: Found): KnobPlace | string {
  const [one] = findGuests([found]).guests;
  if (!one) return `This guest is not running on ${found.site.name}.`;
  const { guest } = one;
  if (def.id.startsWith('cgroup.')) {
    const leaf = def.id.slice('cgroup.'.length) as GroupLeaf;
    const limit = limitOfGuest(one, leaf);
    if (!limit) return `${guest.name} has no ${leaf}: it has no group of cgroup v2, or the kernel no such limit.`;
    return { knob: limit.knob, instance: limit.path, keepAs: keptAs(limit.path), of: guest.name };
  }
  if (def.id === 'proxmox.balloon') {
    const vmid = /^proxmox:(\d{1,9})$/.exec(guest.key)?.[1];
    if (vmid === undefined) return `${guest.name} is no virtual machine of Proxmox.`;
    const now = readProxmox(found.site.evidence).get(vmid)?.least ?? 'unset';
    return { knob: proxmoxBalloonKnob, instance: vmid, now, keepAs: false, of: guest.name };
  }
  if (guest.kind !== 'libvirt' || guest.uuid === undefined) return `${guest.name} is no domain of libvirt with a UUID.`;
  const allowed = guest.allowed === undefined ? {} : { now: String(guest.allowed.bytes / 1024) };
  return def.id === 'libvirt.balloon'
    ? { knob: libvirtBalloonKnob, instance: guest.uuid, of: guest.name, ...allowed }
    : { knob: libvirtPeriodKnob, instance: guest.uuid, of: guest.name };
}

function refusalOf(def: KnobDef, found: Found, place: KnobPlace, to: string): string | undefined {
  const { site } = found;
  const look = new Look(site);
  const merged = look.merged ?? 0;
  const spare = look.spare(merged);
  const shared = look.number('/sys/kernel/mm/ksm/pages_shared') ?? 0;
  switch (def.id) {
    case compressor.def.id:
      return lacks(look, to);
    case zpool.def.id:
      if (lacks(look, to) !== undefined) return lacks(look, to);
      return look.held !== 0 && look.value(zpool) !== to
        ? `zswap on ${site.name} ${look.held === undefined ? 'may hold pages' : `holds pages of ${size(look.held)}`}: empty it first, by switching it off, then swapping off and on.`
        : undefined;
    case enabled.def.id:
      return to === 'Y' && look.withoutSwap === true
        ? `${site.name} has no swap device, which zswap needs. Add one first.`
        : undefined;
    case run.def.id:
      return to === '2' && merged > 0 && (spare === undefined || spare <= 0)
        ? `Splitting needs ${size(merged)} of RAM on ${site.name}, and ${size(look.memory('MemAvailable') ?? 0)} are available. Free memory first.`
        : undefined;
    case pagesToScan.def.id:
      return look.value(advisorMode) === 'scan-time'
        ? `The advisor of ${site.name} sets this. Switch the advisor off first.`
        : undefined;
    case mergeAcrossNodes.def.id:
    case maxSharing.def.id:
      // While KSM runs there may be some by the time it has to be undone.
      return shared > 0 || look.value(run) === '1'
        ? `The kernel changes this only while nothing is merged: KSM ${look.value(run) === '1' ? 'runs' : 'is stopped'} on ${site.name}, with ${String(shared)} merged pages. Set KSM to 2 first, which needs ${size(merged)} of RAM.`
        : undefined;
    case minFree.def.id:
      return Number(to) * 1024 > look.total / 20
        ? `That is more than a twentieth of the ${size(look.total)} of ${site.name}: programs would be killed at once.`
        : undefined;
    case 'libvirt.balloon':
    case 'proxmox.balloon':
      return wrongBalloon(def, found, to);
    default:
      return place.knob.value.kind === 'limit'
        ? unrounded(to, site.evidence.pageSize)
        : valueProblem(place.knob.value, to);
  }
}

/** On 6.12 any text is taken before zswap was first switched on, and replaced by lzo then. */
function lacks({ modules, site }: Look, name: string): string | undefined {
  const { told, loaded, loadable } = modules;
  return told && !loaded.has(name) && !loadable.has(name)
    ? `The kernel of ${site.name} has no ${name}: neither built in nor as a module.`
    : undefined;
}

/** Neither tool minds a balloon that starves its guest. */
function wrongBalloon(def: KnobDef, found: Found, to: string): string | undefined {
  const [one] = findGuests([found]).guests;
  if (!one) return undefined;
  const { name, uses, promised, allowed } = one.guest;
  const kib = def.id === 'libvirt.balloon';
  const bytes = Number(to) * (kib ? 1024 : mebibyte);
  if (kib && Number(to) % 4 !== 0) {
    const down = Number(to) - (Number(to) % 4);
    return `A balloon moves in whole pages of 4 KiB: give ${String(down)} or ${String(down + 4)}.`;
  }
  if (promised && bytes > promised.bytes) {
    return `${name} was promised ${size(promised.bytes)} and cannot have ${size(bytes)}. Give less.`;
  }
  // For Proxmox 0 means no balloon at all.
  if (!kib && to === '0') return undefined;
  if (uses && bytes < uses.bytes) {
    return `${name} says it uses ${size(uses.bytes)}: with ${size(bytes)} it would swap or kill programs. Give more.`;
  }
  const now = (allowed ?? promised)?.bytes;
  return !uses && (now === undefined || bytes < now)
    ? `What ${name} uses is unknown, so it is not made smaller. Switch its balloon statistics on first.`
    : undefined;
}

/** The kernel would keep another number than the one that was written. */
function unrounded(to: string, pageSize: number): string | undefined {
  if (to === 'max' || Number(to) % pageSize === 0) return undefined;
  const down = Math.floor(Number(to) / pageSize) * pageSize;
  return `The kernel keeps limits in whole pages of ${String(pageSize)} bytes: give ${String(down)} or ${String(down + pageSize)}.`;
}
