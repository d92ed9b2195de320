/** mainline.balloon: how much of its memory a guest may have, by libvirt's or Proxmox' balloon; never below what it uses. */
import type { FieldProblem, Finding, WishField } from '#shared/model/wish.ts';
import type { PlannedStep } from '../../change.ts';
import { mebibyte } from '../../planning/sizes.ts';
import { commandStep } from '../../planning/steps.ts';
import { agreed } from '../../planning/targets.ts';
import type { Values, WishKind } from '../../planning/wish-kind.ts';
import { libvirtBalloonKnob, libvirtPeriodKnob, proxmoxBalloonKnob } from '../knobs/balloon.ts';
import { number } from '../knobs/setting.ts';
import { readProxmox } from '../guests/proxmox.ts';
import { findGuests } from './guest-look.ts';
import type { GuestLook } from './guest-look.ts';
import { stages } from './stages.ts';

/** Room above what the guest says it uses, so that it need not swap at once. */
const headroom = 1.2;
const grain = 64 * mebibyte;

/** In the unit of the form: rounded to GiB, what is given and what comes back would not add up. */
const inMiB = (bytes: number): string => `${String(Math.round(bytes / mebibyte))} MiB`;

const vmidOf = ({ guest }: GuestLook): string | undefined => /^proxmox:(\d{1,9})$/.exec(guest.key)?.[1];
const viaLibvirt = ({ guest }: GuestLook): boolean => guest.kind === 'libvirt' && guest.uuid !== undefined;
const viaProxmox = (one: GuestLook): boolean => one.guest.kind === 'proxmox' && vmidOf(one) !== undefined;
const able = (one: GuestLook): boolean => viaLibvirt(one) || viaProxmox(one);

/** What it may have now. Proxmox tells its monitor only: there it is what it was promised. */
const allowed = ({ guest }: GuestLook): number | undefined => guest.allowed?.bytes ?? guest.promised?.bytes;

function recommended(one: GuestLook): number | undefined {
  const { uses, promised } = one.guest;
  if (!uses) return allowed(one);
  const wanted = Math.ceil((uses.bytes * headroom) / grain) * grain;
  return promised ? Math.min(wanted, promised.bytes) : wanted;
}

export const balloon: WishKind = {
  def: {
    id: 'mainline.balloon',
    wizard: 'balloon',
    title: 'Set how much memory is allowed',
    about:
      'The guest’s balloon gives memory back to the host, or takes it again. For guests that were promised more than they use.',
    of: 'guest',
  },
  fits: (found) => {
    const { guests, findings } = findGuests(found);
    if (guests.some(able))
      return {
        fits: true,
        because: `${guests.length === 1 ? 'The guest has a balloon' : 'These guests have a balloon'} that libvirt or Proxmox moves.`,
        rank: 60,
      };
    const [other] = guests;
    return {
      fits: false,
      because: other ? whyNot(other) : (findings[0]?.sentence ?? 'There is no such guest.'),
      rank: 0,
    };
  },
  form: (found) => {
    const { guests, findings } = findGuests(found);
    return {
      fields: fieldsOf(guests.filter(able)),
      findings: [...findings, ...guests.flatMap((one) => [...findingsOf(one)])],
    };
  },
  plan: (found, values) => {
    const guests = findGuests(found).guests.filter(able);
    return {
      steps: guests.flatMap((one) => [...steps(one, values)]),
      fields: guests.flatMap((one) => [...problems(one, values)]),
      will: guests.map((one) => will(one, values)),
    };
  },
};

function whyNot({ guest }: GuestLook): string {
  switch (guest.kind) {
    case 'libvirt':
      return `libvirt has not told the UUID of ${guest.name}, by which its balloon is moved.`;
    case 'container':
      return `${guest.name} is a container: it has no balloon. Its limits are those of its control group.`;
    default:
      return `${guest.name} is run by neither libvirt nor Proxmox: its balloon is known to QEMU’s monitor only.`;
  }
}

function fieldsOf(guests: readonly GuestLook[]): readonly WishField[] {
  const wanted = guests.map(recommended).filter((bytes) => bytes !== undefined);
  const target = Math.max(64, Math.floor(Math.max(0, ...wanted) / mebibyte));
  const silent = guests.some((one) => viaLibvirt(one) && !one.guest.uses);
  const now = agreed(guests.map(allowed));
  const fields: WishField[] = [
    {
      id: 'target',
      title: 'Memory for each guest',
      help: 'What each of the guests may have. A guest that was promised less gets all it was promised. Proxmox takes it as a lower bound, and goes there when the host is short.',
      range: number(64, 1_073_741_824, 'MiB'),
      value: String(target),
      because: silent
        ? 'Of some guests nobody knows what they use: this is what they may have now.'
        : 'A fifth more than the hungriest of them says it uses.',
      ...(now === undefined ? {} : { current: String(Math.floor(now / mebibyte)) }),
    },
  ];
  if (guests.some(viaLibvirt)) {
    fields.push(
      {
        id: 'statistics',
        title: 'Balloon statistics',
        help: 'Let guests that are silent tell what they use. Their own figures then leave the guest, so their owners should know.',
        range: { kind: 'choice', choices: ['leave', 'on'] },
        value: silent ? 'on' : 'leave',
        because: silent
          ? 'Without them a balloon is moved blindly.'
          : 'All of these guests tell what they use already.',
      },
      {
        id: 'period',
        title: 'Statistics every',
        help: 'How often a guest is asked.',
        range: number(1, 3600, 's'),
        value: '10',
        because: 'It costs next to nothing, and is as fresh as this console reads it.',
        advanced: true,
      },
    );
  }
  return fields;
}

function findingsOf(one: GuestLook): readonly Finding[] {
  const { look, guest, found } = one;
  if (!able(one)) return [look.finding('missing', whyNot(one), undefined, found.target)];
  if (guest.uses) {
    const { bytes, source } = guest.uses;
    return [look.finding('ok', `${guest.name} says it uses ${inMiB(bytes)}: ${source}.`, undefined, found.target)];
  }
  return [
    look.finding(
      'note',
      `${guest.name} does not say what it uses: its balloon is not made smaller before it does.`,
      'Switch its balloon statistics on, keep that, and plan again.',
      found.target,
    ),
  ];
}

/** Never more than it was promised. */
function targetOf({ guest }: GuestLook, values: Values): number {
  const bytes = Number(values('target')) * mebibyte;
  return guest.promised ? Math.min(bytes, guest.promised.bytes) : bytes;
}

function problems(one: GuestLook, values: Values): readonly FieldProblem[] {
  const { guest } = one;
  const target = targetOf(one, values);
  if (guest.uses && target < guest.uses.bytes) {
    const least = Math.ceil(guest.uses.bytes / mebibyte);
    return [
      {
        field: 'target',
        sentence: `${guest.name} says it uses ${inMiB(guest.uses.bytes)}: with ${inMiB(target)} it would swap or kill programs. Give ${String(least)} MiB or more.`,
      },
    ];
  }
  const now = allowed(one);
  if (!guest.uses && (now === undefined || Math.floor(target / mebibyte) < Math.floor(now / mebibyte))) {
    return [
      {
        field: 'target',
        sentence: `What ${guest.name} uses is unknown, so it is not made smaller. ${now === undefined ? 'Switch its statistics on first.' : `Leave ${String(Math.floor(now / mebibyte))} MiB, switch its statistics on, and lower it afterwards.`}`,
      },
    ];
  }
  return [];
}

function steps(one: GuestLook, values: Values): readonly PlannedStep[] {
  const { guest, look, found } = one;
  const target = targetOf(one, values);
  const common = {
    target: found.at,
    title: `Balloon of ${guest.name}`,
    because: `${guest.name} may have ${inMiB(target)}.`,
    stage: stages.balloons,
    risk: 'medium' as const,
    riskWords: guest.uses
      ? `It says it uses ${inMiB(guest.uses.bytes)}; more than the target would make it swap inside.`
      : 'It does not say what it uses.',
  };
  const vmid = vmidOf(one);
  if (vmid !== undefined) {
    const least = readProxmox(look.site.evidence).get(vmid)?.least ?? 'unset';
    return [
      commandStep(proxmoxBalloonKnob, look.site, vmid, least, String(Math.floor(target / mebibyte)), {
        ...common,
        survives: 'reboot',
        keepAs: false,
        undoWords: 'Memory that the guest gave away comes back only as the host has it.',
      }),
    ];
  }
  const uuid = guest.uuid ?? '';
  const now = guest.allowed ? String(guest.allowed.bytes / 1024) : '';
  return [
    ...(values('statistics') === 'on'
      ? [
          commandStep(libvirtPeriodKnob, look.site, uuid, '', values('period'), {
            ...common,
            title: `Balloon statistics of ${guest.name}`,
            because: `${guest.name} then tells what it uses.`,
            stage: stages.guests,
            risk: 'low',
            riskWords: 'Figures of the guest’s own kernel leave the guest.',
          }),
        ]
      : []),
    commandStep(libvirtBalloonKnob, look.site, uuid, now, String(target / 1024), {
      ...common,
      undoWords: 'Memory that the guest gave away comes back only as the host has it.',
    }),
  ];
}

function will(one: GuestLook, values: Values): string {
  const { guest } = one;
  const [target, now] = [targetOf(one, values), allowed(one)];
  if (now === undefined) return `${guest.name} may have ${inMiB(target)}.`;
  if (target === now) return `${guest.name} keeps its ${inMiB(now)}.`;
  return target < now
    ? `${guest.name} goes from ${inMiB(now)} to ${inMiB(target)}: the host gets up to ${inMiB(now - target)} back.`
    : `${guest.name} goes from ${inMiB(now)} to ${inMiB(target)}: the host has to find ${inMiB(target - now)}.`;
}
