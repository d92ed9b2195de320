/** Guests as the plans see them: who they are, where their limits are, and how to name that place once they restart. */
import type { GuestReading } from '#shared/model/guest.ts';
import type { Finding } from '#shared/model/wish.ts';
import type { Evidence } from '../../platform.ts';
import { isPathOf } from '../../change-check.ts';
import type { FileKnob, PlannedStep } from '../../change.ts';
import { fileStep, fileValue } from '../../planning/steps.ts';
import type { StepWords } from '../../planning/steps.ts';
import { byHost } from '../../planning/targets.ts';
import type { Found } from '../../planning/targets.ts';
import { cgroupFileKnobs } from '../knobs/cgroup.ts';
import type { GroupLeaf } from '../knobs/cgroup.ts';
import { read } from '../read.ts';
import { Look } from './look.ts';

export interface GuestLook {
  readonly found: Found;
  readonly look: Look;
  readonly guest: GuestReading;
}

export interface GuestsFound {
  readonly guests: readonly GuestLook[];
  /** One for each host of the targets. */
  readonly looks: readonly Look[];
  readonly findings: readonly Finding[];
}

/** Evidence never changes, and a fleet's plan asks each host's for every one of its guests. */
const readOnce = new WeakMap<Evidence, ReadonlyMap<string, GuestReading>>();

function guestsOf(evidence: Evidence): ReadonlyMap<string, GuestReading> {
  const known = readOnce.get(evidence) ?? new Map(read(evidence).guests.map((guest) => [guest.key, guest]));
  readOnce.set(evidence, known);
  return known;
}

export function findGuests(found: readonly Found[]): GuestsFound {
  const guests: GuestLook[] = [];
  const looks: Look[] = [];
  const findings: Finding[] = [];
  for (const { site, targets } of byHost(found)) {
    const look = new Look(site);
    looks.push(look);
    const known = guestsOf(site.evidence);
    for (const one of targets) {
      const guest = one.target.guest === undefined ? undefined : known.get(one.target.guest);
      if (guest) guests.push({ found: one, look, guest });
      else {
        findings.push(
          look.finding(
            'missing',
            known.size === 0
              ? `${site.name} runs no guests of KVM and no containers.`
              : `This guest is not running on ${site.name} any more.`,
            'Take it out of the selection.',
            one.target,
          ),
        );
      }
    }
  }
  return { guests, looks, findings };
}

/** The file of one limit and the knob that writes it; undefined when the guest has no group of cgroup v2, or the kernel no such limit. */
export function limitOfGuest(
  { guest, look }: GuestLook,
  leaf: GroupLeaf,
): { readonly knob: FileKnob; readonly path: string; readonly now: string } | undefined {
  const path = guest.cgroup === undefined ? undefined : `${guest.cgroup}/${leaf}`;
  const knob = path === undefined ? undefined : cgroupFileKnobs.find((one) => isPathOf(one.path, path));
  if (path === undefined || knob === undefined) return undefined;
  const now = fileValue(knob, look.site.evidence, path);
  return now === undefined ? undefined : { knob, path, now };
}

export function limitStep(
  one: GuestLook,
  leaf: GroupLeaf,
  to: string,
  words: Omit<StepWords, 'title' | 'target' | 'keepAs'>,
): readonly PlannedStep[] {
  const limit = limitOfGuest(one, leaf);
  if (limit === undefined) return [];
  return [
    fileStep(limit.knob, one.look.site, limit.path, to, {
      ...words,
      title: `${leaf} of ${one.guest.name}`,
      target: one.found.at,
      keepAs: keptAs(limit.path),
    }),
  ];
}

/**
 * libvirt numbers its domains anew at each start: `machine-qemu\x2d7\x2ddb.scope` becomes `machine-qemu\x2d*\x2ddb.scope`.
 * Other names stay as they are over a restart. False where a name has a `*` of its own.
 */
export function keptAs(path: string): string | false {
  if (path.includes('*')) return false;
  return path.replace(
    /^(\/sys\/fs\/cgroup\/machine(?:\.slice)?\/(?:machine-(?:qemu|lxc)\\x2d|(?:qemu|lxc)-))\d{1,9}(?=\\x2d|-)/,
    '$1*',
  );
}

/** What is the same for every wish that needs a guest's group. */
export function withoutGroup({ look, guest, found }: GuestLook): Finding | undefined {
  if (guest.cgroup !== undefined && !guest.cgroup.startsWith('/sys/fs/cgroup/memory/')) return undefined;
  return guest.cgroup === undefined
    ? look.finding(
        'missing',
        `${guest.name} has no control group of its own on ${look.site.name}, so nothing can be set for it alone.`,
        'Run it under libvirt or Proxmox, which give each guest a group.',
        found.target,
      )
    : look.finding(
        'missing',
        `The group of ${guest.name} is of cgroup v1, which has no limits for zswap.`,
        'Boot the host with systemd.unified_cgroup_hierarchy=1.',
        found.target,
      );
}
