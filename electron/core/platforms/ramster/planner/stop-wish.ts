/**
 * "Stop RAMster": first the pages come home, by draining swap, then the switches go off. The other way round strands the
 * pages: with both switches off the target is never told what to drop (docs/domain.md 2.6).
 */
import type { Finding } from '#shared/model/wish.ts';
import type { PlannedStep } from '../../change.ts';
import { size } from '../../planning/sizes.ts';
import { fileStep } from '../../planning/steps.ts';
import type { WishKind } from '../../planning/wish-kind.ts';
import { ramsterSysfs } from '../catalogue/ramster.ts';
import type { Swap } from '../../kernel/swaps.ts';
import { fileKnob } from './cluster-steps.ts';
import { finding } from './findings.ts';
import { isOn, viewsOf } from './view.ts';
import type { View } from './view.ts';

const stages = { open: 0, drain: 1, close: 2, back: 3 } as const;
/** Part of the available memory that swapped pages may take when they come back. */
const spare = 0.9;

const sends = ({ sends: { persistent, ephemeral } }: View): boolean => isOn(persistent) || isOn(ephemeral);
/** Something of it is on others, or may be within the next second. */
const busy = (view: View): boolean => sends(view) || view.away > 0;
const used = (swaps: readonly Swap[]): number => swaps.reduce((sum, swap) => sum + swap.used, 0);

export const stopWish: WishKind = {
  def: {
    id: 'ramster.stop',
    wizard: 'cluster',
    title: 'Stop RAMster',
    about:
      'Brings swapped pages of these hosts home and switches sending off. For the hosts that send; do it before a host that keeps pages for them is rebooted.',
    of: 'cluster',
  },
  fits: (found) => {
    const views = viewsOf(found);
    const sending = views.filter(busy);
    if (sending.length > 0)
      return { fits: true, because: `${sending.map(({ name }) => name).join(', ')} may have pages away.`, rank: 60 };
    const able = views.some(({ state }) => state.ramster);
    return {
      fits: false,
      because: able ? 'None of these hosts sends pages.' : 'None of these hosts has RAMster.',
      rank: 0,
    };
  },
  form: (found) => ({ fields: [], findings: viewsOf(found).flatMap(findingsOf) }),
  plan: (found) => {
    const views = viewsOf(found).filter(busy);
    return {
      steps: views.flatMap(stepsOf),
      will: views.map(
        (view) =>
          `${view.name}: up to ${String(view.away)} pages come home, ${size(used(view.swaps))} of swap are read back into ${size(view.available ?? 0)} of available memory.`,
      ),
    };
  },
};

function findingsOf(view: View): readonly Finding[] {
  const { name, swaps, available } = view;
  if (!view.state.ramster) return [finding(view, 'missing', `${name} has no RAMster: there is nothing to stop.`)];
  if (!busy(view)) {
    return [
      finding(
        view,
        'ok',
        view.foreign > 0
          ? `${name} sends nothing. It keeps ${String(view.foreign)} pages of others, which only their owners can take home.`
          : `${name} sends nothing.`,
      ),
    ];
  }
  const found: Finding[] = [];
  const back = used(swaps);
  if (available === undefined || back > available * spare) {
    found.push(
      finding(
        view,
        'missing',
        available === undefined
          ? `How much memory ${name} has to spare is not known: whether its swapped pages have room cannot be told.`
          : `${size(back)} of ${name} are swapped out and about ${size(available)} of memory are available: swapoff would fail, or end in the kernel killing programs.`,
        'End or move programs of this host first, until its swapped pages have room.',
      ),
    );
  }
  for (const swap of swaps.filter((one) => !isDevice(one) && one.used > 0)) {
    found.push(
      finding(
        view,
        'missing',
        `${name} swaps to ${swap.name}, which is no device: the console drains devices only.`,
        `swapoff ${swap.name}`,
      ),
    );
  }
  if (!sends(view)) {
    found.push(
      finding(
        view,
        'note',
        `Both switches of ${name} are off, and up to ${String(view.away)} pages are still on its target: it was not told what to drop. Sending is switched on for the time of the drain.`,
      ),
    );
  }
  if (isOn(view.sends.ephemeral))
    found.push(
      finding(
        view,
        'note',
        `Cache pages of ${name} that are away are not brought home: they may be dropped at any time, and the file is read again.`,
      ),
    );
  return found;
}

const isDevice = ({ name }: Swap): boolean => /^\/dev\/[A-Za-z0-9_][A-Za-z0-9._/-]*$/.test(name);

function stepsOf(view: View): readonly PlannedStep[] {
  const draining = view.swaps.filter((swap) => isDevice(swap) && swap.used > 0);
  // The flush queue is worked off only while one of the two is on.
  const open = sends(view) ? [] : [switchStep(view, 'pers', '0', '1', stages.open)];
  const close = (['pers', 'eph'] as const).flatMap((kind) => {
    const now = kind === 'pers' ? view.sends.persistent : view.sends.ephemeral;
    if (isOn(now)) return [switchStep(view, kind, now, '0', stages.close)];
    return kind === 'pers' && open.length > 0 ? [switchStep(view, kind, '1', '0', stages.close)] : [];
  });
  return [
    ...open,
    ...draining.map((swap) => swapStep(view, swap, onAs(swap), 'off', stages.drain)),
    ...close,
    ...draining.map((swap) => swapStep(view, swap, 'off', onAs(swap), stages.back)),
  ];
}

function switchStep(view: View, kind: 'pers' | 'eph', from: string, to: '0' | '1', stage: number): PlannedStep {
  const file = `${ramsterSysfs}/${kind}_remotify_enable`;
  return {
    ...fileStep(fileKnob(`ramster.${kind}_remotify_enable`), view.site, file, to, {
      title: `Send ${kind === 'pers' ? 'swapped' : 'cache'} pages of ${view.name}`,
      because:
        to === '1'
          ? 'While both switches are off the target is not told what it can drop.'
          : 'Its pages are home: now it can be switched off without stranding any.',
      stage,
      risk: 'low',
      riskWords:
        to === '0'
          ? 'What was not told to the target within the last second stays there: watch its foreign pages.'
          : '',
      keepAs: false,
    }),
    from,
  };
}

/** A priority the kernel chose by itself is negative, and its own choice again the next time. */
const onAs = ({ priority }: Swap): string => (priority < 0 ? 'on:auto' : `on:${String(priority)}`);

/** The device of today's Linux, by the name of its knob there. */
function swapStep(view: View, swap: Swap, from: string, to: string, stage: number): PlannedStep {
  const off = to === 'off';
  return {
    host: view.host,
    stage,
    knob: 'swap.device',
    instance: swap.name,
    title: `Swap on ${swap.name} of ${view.name}`,
    place: off
      ? `swapoff ${swap.name}`
      : `swapon${swap.priority < 0 ? '' : ` -p ${String(swap.priority)}`} ${swap.name}`,
    from,
    to,
    because: off
      ? `Draining fetches all ${size(swap.used)} of swapped pages back, from the target too.`
      : 'It is put back as it was.',
    risk: off ? 'high' : 'low',
    riskWords: off
      ? 'It takes memory for every page, and minutes; a program that asks for more meanwhile may be refused or killed.'
      : '',
    undo: 'old-value',
    undoWords: off ? 'Pages that came home stay in memory.' : '',
    survives: 'nothing',
  };
}
