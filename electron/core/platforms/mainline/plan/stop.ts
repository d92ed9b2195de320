/** mainline.stop-compressing: zswap and KSM off, zram devices taken away; nothing that RAM has no room for. */
import type { FieldProblem, Finding, WishField } from '#shared/model/wish.ts';
import type { PlannedStep } from '../../change.ts';
import { size } from '../../planning/sizes.ts';
import { commandStep, fileStep } from '../../planning/steps.ts';
import type { Values, WishKind } from '../../planning/wish-kind.ts';
import { run } from '../knobs/ksm.ts';
import { zramKnob } from '../knobs/zram.ts';
import { enabled } from '../knobs/zswap.ts';
import { looksOf } from './compress.ts';
import type { Look } from './look.ts';
import { stages } from './stages.ts';

const leave = 'leave';
const inUse = (look: Look) => look.zrams.filter(({ swap }) => swap !== undefined);
const merges = (look: Look): boolean => look.value(run) === '1' || (look.value(run) === '0' && (look.merged ?? 0) > 0);

export const stop: WishKind = {
  def: {
    id: 'mainline.stop-compressing',
    wizard: 'compress',
    title: 'Stop compressing',
    about:
      'zswap takes no more pages, KSM stops, zram devices are taken away. For hosts that have become large enough, or that are too slow with it.',
    of: 'host',
  },
  fits: (found) => {
    const looks = looksOf(found);
    return looks.some((look) => look.on(enabled) === true || merges(look) || inUse(look).length > 0)
      ? { fits: true, because: 'Something compresses or merges here.', rank: 10 }
      : { fits: false, because: 'Nothing compresses or merges on these hosts.', rank: 0 };
  },
  form: (found) => {
    const looks = looksOf(found);
    return { fields: fieldsOf(looks), findings: looks.flatMap((look) => [...findings(look)]) };
  },
  plan: (found, values) => {
    const looks = looksOf(found);
    return {
      steps: looks.flatMap((look) => [...steps(look, values)]),
      fields: looks.flatMap((look) => [...problems(look, values)]),
      will: looks.flatMap((look) => [...will(look, values)]),
    };
  },
};

function fieldsOf(looks: readonly Look[]): readonly WishField[] {
  const field = (id: string, title: string, help: string, choices: readonly string[], value: string): WishField => ({
    id,
    title,
    help,
    range: { kind: 'choice', choices: [leave, ...choices] },
    value,
    because: value === leave ? 'There is nothing to stop, or stopping it needs RAM.' : 'It is on now.',
  });
  return [
    field(
      'zswap',
      'zswap',
      'Off takes no more pages; what it holds stays until it is read or freed.',
      ['off'],
      looks.some((look) => look.on(enabled) === true) ? 'off' : leave,
    ),
    field(
      'ksm',
      'KSM',
      'Stop keeps what is merged. Split gives every guest its own pages again, which needs RAM for all of them.',
      ['stop', 'split'],
      looks.some((look) => look.value(run) === '1') ? 'stop' : leave,
    ),
    field(
      'zram',
      'zram devices',
      'Remove brings what they hold back into RAM first.',
      ['remove'],
      looks.some((look) => inUse(look).length > 0) ? 'remove' : leave,
    ),
  ];
}

function findings(look: Look): readonly Finding[] {
  const { name } = look.site;
  const found: Finding[] = [];
  if (look.on(enabled) === true) {
    const held = look.held;
    found.push(
      look.finding(
        'note',
        `zswap holds ${held === undefined ? 'an unknown number of' : size(held)} ${held === undefined ? 'pages' : 'of pages'} on ${name}: they stay there when it is off, until they are read or freed.`,
      ),
    );
  }
  if ((look.merged ?? 0) > 0) {
    found.push(look.finding('note', `KSM saves ${size(look.merged ?? 0)} on ${name}: splitting needs that much RAM.`));
  }
  for (const { device, swap } of inUse(look)) {
    found.push(look.finding('note', `${device} holds ${size(swap?.used ?? 0)} of pages on ${name}.`));
  }
  if (found.length === 0) found.push(look.finding('note', `Nothing compresses or merges on ${name}.`));
  return found;
}

/** What would have to go back into RAM, by the field that asks for it. */
function needs(look: Look, values: Values): { readonly ksm: number; readonly zram: number } {
  const zram = values('zram') === 'remove' ? inUse(look).reduce((sum, { swap }) => sum + (swap?.used ?? 0), 0) : 0;
  return { ksm: values('ksm') === 'split' ? (look.merged ?? 0) : 0, zram };
}

function problems(look: Look, values: Values): readonly FieldProblem[] {
  const need = needs(look, values);
  const found: FieldProblem[] = [];
  const refuse = (field: string, what: string, bytes: number, together: string): void => {
    const spare = look.spare(need.ksm + need.zram);
    if (bytes === 0 || (spare !== undefined && spare > 0)) return;
    const available = look.memory('MemAvailable');
    const room = available === undefined ? 'how much is available is unknown' : `${size(available)} are available`;
    found.push({
      field,
      sentence: `${what} needs ${size(bytes)} of RAM on ${look.site.name}${together}, and ${room}. Free memory first, or leave it.`,
    });
  };
  const both = need.ksm > 0 && need.zram > 0 ? `, both together ${size(need.ksm + need.zram)}` : '';
  if (values('ksm') === 'split' && look.hasKsm && look.merged === undefined) {
    found.push({
      field: 'ksm',
      sentence: `How much is merged on ${look.site.name} could not be read, so nobody knows whether RAM suffices to split it. Stop it instead.`,
    });
  }
  refuse('ksm', 'Splitting what is merged', need.ksm, both);
  refuse('zram', 'Taking zram away', need.zram, both);
  return found;
}

function steps(look: Look, values: Values): readonly PlannedStep[] {
  const planned: PlannedStep[] = [];
  if (values('zswap') === 'off' && look.hasZswap) {
    planned.push(
      fileStep(enabled.knob, look.site, enabled.knob.path, 'N', {
        title: enabled.def.title,
        because: 'No more pages are compressed by it.',
        stage: stages.devices,
        riskWords: 'Pages go to the swap device uncompressed from now on: it has more to do.',
      }),
    );
  }
  const ksm = values('ksm');
  // A KSM that has split everything is stopped already.
  if (ksm !== leave && look.hasKsm && !(ksm === 'stop' && look.value(run) === '2')) {
    planned.push(
      fileStep(run.knob, look.site, run.knob.path, ksm === 'split' ? '2' : '0', {
        title: run.def.title,
        because: ksm === 'split' ? 'Every guest gets its own pages again.' : 'Equal pages are not looked for any more.',
        stage: stages.devices,
        ...(ksm === 'split'
          ? {
              risk: 'high' as const,
              riskWords: `It needs ${size(look.merged ?? 0)} of RAM at once, and keeps a processor busy until all is split.`,
              undoWords: 'KSM runs again and has to find equal pages anew.',
            }
          : {}),
      }),
    );
  }
  if (values('zram') === 'remove') {
    for (const { device, swap, spec } of inUse(look)) {
      planned.push(
        commandStep(zramKnob, look.site, device, spec ?? '', 'absent', {
          title: `Swap on ${device}`,
          because: 'Its pages go back into RAM, and the device is removed.',
          stage: stages.settings,
          risk: 'high',
          riskWords: `${size(swap?.used ?? 0)} of pages come back into RAM, which takes minutes and leaves less for everything else.`,
          undoWords: 'The device is made anew, and is empty.',
        }),
      );
    }
  }
  return planned;
}

function will(look: Look, values: Values): readonly string[] {
  const need = needs(look, values);
  const sum = need.ksm + need.zram;
  const available = look.memory('MemAvailable');
  if (sum === 0 || available === undefined) return [];
  return [`${size(sum)} come back into RAM on ${look.site.name}; ${size(available)} are available.`];
}
