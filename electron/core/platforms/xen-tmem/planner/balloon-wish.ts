/** "Give guests a balloon policy": target and limit together, and self-ballooning inside. */
import type { FieldProblem, Finding, WishField } from '#shared/model/wish.ts';
import { size } from '../../planning/sizes.ts';
import { agreed } from '../../planning/targets.ts';
import type { Values, WishKind } from '../../planning/wish-kind.ts';
import { asked, limitFor, roomField, roomOf, selfBalloonField } from './fields.ts';
import { ballooning } from './frontswap-wish.ts';
import { selfBallooning } from './inside.ts';
import { memSetStep } from './steps.ts';
import { finding, guestsOf, nameFindings } from './view.ts';
import type { GuestView } from './view.ts';

const mib = 2 ** 20;

export const balloonWish: WishKind = {
  def: {
    id: 'xen-tmem.balloon',
    wizard: 'balloon',
    title: 'Set memory and its limit',
    about:
      'What a guest should use, what the hypervisor lets it have above that, and whether it balloons itself. For guests of a Xen host with the balloon driver.',
    of: 'guest',
  },
  fits: (found, sites) =>
    guestsOf(found, sites).guests.length > 0
      ? { fits: true, because: 'These are guests of a Xen host.', rank: 80 }
      : { fits: false, because: 'None of these is a guest of a Xen host.', rank: 0 },
  form: (found, sites) => {
    const { guests, findings } = guestsOf(found, sites);
    if (guests.length === 0) return { fields: [], findings };
    return {
      fields: [
        targetField(guests),
        roomField(
          guests,
          0,
          agreed(guests.map(roomOf)) ?? 0,
          'As it is now. xl mem-set sets the limit to the target and so closes the door for frontswap; the plan opens it again as far as this says.',
        ),
        ...selfBalloonField(guests, 'now'),
      ],
      findings: [...findings, ...guests.flatMap((view) => [...nameFindings(view), ...figures(view)])],
    };
  },
  plan: (found, values, sites) => {
    const { guests } = guestsOf(found, sites);
    const fields = guests.flatMap((view) => problems(view, values)).slice(0, 1);
    if (fields.length > 0) return { fields };
    const able = guests.filter((view) => wanted(view, values) !== undefined);
    return {
      steps: able.flatMap((view) => {
        const target = wanted(view, values) ?? 0;
        const limit = limitFor(target, Number(values('room_percent')));
        return [
          ...memSetStep(view, target, limit, {
            title: `Memory of ${view.known.name}`,
            because: 'Target and limit are set together: setting the target alone sets the limit to it as well.',
            stage: 0,
            risk: target < (view.target ?? 0) ? 'medium' : 'low',
            riskWords:
              target < (view.target ?? 0)
                ? 'No lower bound is known to be safe: too little, and the guest’s kernel kills programs or stops.'
                : 'It may never get there: the host has to have the memory.',
          }),
          ...(values('selfballooning') === '' || selfBallooning(view) === undefined
            ? []
            : ballooning(view, asked(values, 'selfballooning'))),
        ];
      }),
      will: able.map((view) => will(view, values)),
    };
  },
};

function targetField(guests: readonly GuestView[]): WishField {
  const [only] = guests;
  if (guests.length === 1 && only !== undefined) {
    return {
      id: 'target_mib',
      title: 'Target',
      help: 'What the guest’s balloon works towards.',
      range: { kind: 'number', min: 1, max: 16_777_216, unit: 'MiB' },
      value: String(only.target ?? only.promised ?? ''),
      because: 'Left as it is.',
      ...(only.target === undefined ? {} : { current: String(only.target) }),
    };
  }
  const share = ({ target, promised }: GuestView): number | undefined =>
    target === undefined || promised === undefined ? undefined : Math.round((target / promised) * 100);
  const current = agreed(guests.map(share));
  return {
    id: 'target_percent',
    title: 'Target',
    help: 'What each guest’s balloon works towards, as a share of its maxmem.',
    range: { kind: 'number', min: 1, max: 100, unit: '%' },
    value: String(current ?? 75),
    because: current === undefined ? 'A quarter is left to the host and can be given back.' : 'Left as it is.',
    ...(current === undefined ? {} : { current: String(current) }),
  };
}

/** MiB. */
function wanted(view: GuestView, values: Values): number | undefined {
  const percent = values('target_percent');
  if (percent === '') return Number(values('target_mib'));
  return view.promised === undefined ? undefined : Math.floor((view.promised * Number(percent)) / 100);
}

/** What the guest's own kernel would keep when it balloons itself, MiB (docs/domain.md 6 selfballoon). */
export function floorOf(promised: number): number {
  if (promised < 16) return promised;
  if (promised < 64) return Math.floor(16 + (promised - 16) / 2);
  if (promised < 512) return Math.floor(40 + (promised - 40) / 8);
  return Math.floor(99 + (promised - 99) / 32);
}

function problems(view: GuestView, values: Values): readonly FieldProblem[] {
  const target = wanted(view, values);
  const { promised, known, inside } = view;
  if (target === undefined || promised === undefined) return [];
  const field = values('target_percent') === '' ? 'target_mib' : 'target_percent';
  if (target > promised) {
    return [
      {
        field,
        sentence: `${known.name} has a maxmem of ${String(promised)} MiB: xl refuses more, even after xl mem-max.`,
      },
    ];
  }
  const floor = floorOf(promised);
  if (target < floor) {
    return [
      {
        field,
        sentence: `${String(target)} MiB are too little for ${known.name}: its own kernel would keep ${String(floor)} MiB when it balloons itself, and kills programs below that.`,
      },
    ];
  }
  const needs = inside && committed(inside.evidence.files.get('/proc/meminfo')?.text ?? '');
  return needs !== undefined && target < needs / 2 / mib
    ? [
        {
          field,
          sentence: `${String(target)} MiB are less than half of the ${size(needs)} that the programs of ${known.name} have asked for.`,
        },
      ]
    : [];
}

function committed(meminfo: string): number | undefined {
  const found = /^Committed_AS:\s+(\d{1,15}) kB$/m.exec(meminfo)?.[1];
  return found === undefined ? undefined : Number(found) * 1024;
}

function figures(view: GuestView): readonly Finding[] {
  const { known, target, limit, promised, has } = view;
  const shown = (value: number | undefined): string => (value === undefined ? 'unknown' : `${String(value)} MiB`);
  const said = `${known.name}: maxmem ${shown(promised)}, target ${shown(target)}, limit ${shown(limit)}, has ${shown(has)}.`;
  const found: Finding[] = [
    promised === undefined || target === undefined || limit === undefined
      ? finding(view, 'missing', `${said} xl list -l and xentop tell what is unknown, and were not read.`)
      : finding(view, 'ok', said),
  ];
  if (selfBallooning(view) === true) {
    found.push(
      finding(
        view,
        'note',
        `${known.name} balloons itself: it moves away from the target again, and what the host shows stays.`,
      ),
    );
  }
  return found;
}

function will(view: GuestView, values: Values): string {
  const target = wanted(view, values) ?? 0;
  const limit = limitFor(target, Number(values('room_percent')));
  const moved = target - (view.target ?? target);
  const change =
    moved === 0 ? '' : moved < 0 ? `, ${size(-moved * mib)} less` : `, ${size(moved * mib)} more, if the host has it`;
  return limit === target
    ? `${view.known.name}: ${String(target)} MiB${change}. No room for swap pages in tmem: the limit is the target.`
    : `${view.known.name}: ${String(target)} MiB${change}, and ${String(limit - target)} MiB of room for swap pages above it.`;
}
