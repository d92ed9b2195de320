/** mainline.merge: KSM on a host. */
import type { FieldProblem, Finding, WishField } from '#shared/model/wish.ts';
import { size } from '../../planning/sizes.ts';
import { fileStep } from '../../planning/steps.ts';
import type { StepWords } from '../../planning/steps.ts';
import type { PlannedStep } from '../../change.ts';
import type { Values, WishKind } from '../../planning/wish-kind.ts';
import type { Setting } from '../knobs/setting.ts';
import { advisorMode, advisorTarget, pagesToScan, run, sleep, smartScan, zeroPages } from '../knobs/ksm.ts';
import { looksOf } from './compress.ts';
import { inFile, sensible, settingField, shown } from './fields.ts';
import type { Look } from './look.ts';
import { stages } from './stages.ts';

const everywhere = (looks: readonly Look[], setting: Setting): boolean => looks.every((look) => look.has(setting));
const advised = (look: Look): boolean => look.value(advisorMode) === 'scan-time';

/** What the kernel sets pages_to_scan to when its advisor is switched off. */
const unadvised = '100';

export const merge: WishKind = {
  def: {
    id: 'mainline.merge',
    wizard: 'compress',
    title: 'Merge equal pages with KSM',
    about:
      'Pages that are equal in several guests are kept once. For hosts whose guests run the same system and may know of each other.',
    of: 'host',
  },
  fits: (found) =>
    looksOf(found).some((look) => look.hasKsm)
      ? { fits: true, because: 'These kernels have KSM.', rank: 50 }
      : { fits: false, because: 'No kernel of these hosts has KSM.', rank: 0 },
  form: (found) => {
    const looks = looksOf(found);
    const able = looks.filter((look) => look.hasKsm);
    return { fields: fieldsOf(able), findings: looks.flatMap((look) => [...findings(look)]) };
  },
  plan: (found, values) => {
    const looks = looksOf(found).filter((look) => look.hasKsm);
    return {
      steps: looks.flatMap((look) => [...steps(look, values)]),
      fields: looks.flatMap((look) => [...problems(look, values)]),
      will: looks.map((look) => will(look, values)),
    };
  },
};

function fieldsOf(looks: readonly Look[]): readonly WishField[] {
  const withAdvisor = everywhere(looks, advisorMode);
  const fields: WishField[] = [];
  if (withAdvisor) {
    fields.push(
      settingField(looks, advisorMode, {
        id: 'advisor',
        value: 'scan-time',
        because: 'The kernel then finds the pace by itself, as guests come and go.',
      }),
      settingField(looks, advisorTarget, {
        id: 'scan-time',
        value: sensible(looks, advisorTarget, 30, 3600, 200),
        because: 'The kernel’s own 200 seconds suit most hosts; less finds equal pages sooner.',
      }),
    );
  }
  fields.push(
    settingField(looks, pagesToScan, {
      id: 'pages-to-scan',
      value: withAdvisor ? unadvised : sensible(looks, pagesToScan, 500, 10_000, 1000),
      because: withAdvisor
        ? 'Counts only without the advisor.'
        : 'With pauses of 20 ms that is about 195 MiB/s; the kernel’s own 100 would take hours for the memory of a host.',
      ...(withAdvisor ? { advanced: true as const } : {}),
    }),
    settingField(looks, sleep, {
      id: 'sleep',
      value: sensible(looks, sleep, 10, 1000, 20),
      because: 'The kernel’s own pause.',
      advanced: true,
    }),
  );
  const switches = [
    [smartScan, 'smart-scan', 'Pages that were never equal are then looked at less often.'],
    [zeroPages, 'use-zero-pages', 'As it is: it only changes which page zeros are merged with.'],
  ] as const;
  for (const [setting, id, because] of switches) {
    if (!everywhere(looks, setting)) continue;
    const now = looks[0] && shown(looks[0], setting);
    const value = setting === smartScan ? 'on' : (now ?? 'on');
    fields.push(settingField(looks, setting, { id, value, because, advanced: true }));
  }
  return fields;
}

function findings(look: Look): readonly Finding[] {
  const { name } = look.site;
  if (!look.hasKsm) {
    return [look.finding('missing', `The kernel of ${name} has no KSM.`, 'Use a kernel with CONFIG_KSM.')];
  }
  const on = look.value(run) === '1';
  return [
    look.finding('ok', on ? `KSM runs on ${name}.` : `KSM is there on ${name}, and does not run.`),
    look.finding(
      'note',
      'A guest can find out by timing whether another guest holds a page that it holds too. Leave KSM off between guests that must not know of each other.',
    ),
    look.finding(
      'note',
      'Only memory that is marked mergeable is looked at: QEMU marks guests’ memory unless it runs with mem-merge=off.',
    ),
  ];
}

function problems(look: Look, values: Values): readonly FieldProblem[] {
  const found: FieldProblem[] = [];
  if (advised(look) && values('advisor') === 'none' && values('pages-to-scan') !== unadvised) {
    found.push({
      field: 'pages-to-scan',
      sentence: `Switching the advisor off sets this to ${unadvised} on ${look.site.name}. Leave ${unadvised} here, keep that, and change it afterwards.`,
    });
  }
  return found;
}

function steps(look: Look, values: Values): readonly PlannedStep[] {
  const set = (setting: Setting, value: string, because: string, more: Partial<StepWords> = {}) =>
    value === '' || !look.has(setting)
      ? []
      : [
          fileStep(setting.knob, look.site, setting.knob.path, inFile(setting, value), {
            title: `KSM: ${setting.def.title}`,
            because,
            stage: stages.settings,
            ...more,
          }),
        ];
  const advisor = look.has(advisorMode) ? values('advisor') : 'none';
  const pace = set(pagesToScan, values('pages-to-scan'), 'It is the pace at which pages are looked at.');
  const scan = advisor === 'none' ? (advised(look) ? [] : pace) : unadvisedStep(look);
  return [
    ...set(zeroPages, values('use-zero-pages'), 'It tells what pages of zeros are merged with.'),
    ...set(smartScan, values('smart-scan'), 'It spares processor time.'),
    ...set(sleep, values('sleep'), 'It is the pause between two rounds.'),
    ...scan,
    ...set(
      advisorTarget,
      advisor === 'none' ? '' : values('scan-time'),
      'It is the time one look at all memory may take.',
    ),
    ...set(advisorMode, look.has(advisorMode) ? advisor : '', 'It tells who sets the pace.'),
    ...set(run, '1', 'Equal pages are looked for from now on.', {
      title: 'KSM',
      stage: stages.switch,
      risk: 'medium',
      riskWords: 'It takes processor time, and lets guests find out by timing what other guests hold.',
      undoWords:
        'What was merged stays merged until it is written to; only run 2 splits it, which needs RAM for all of it.',
    }),
  ];
}

/**
 * The kernel forgets pages_to_scan when its advisor is switched off again. Undone, this step comes after that and is
 * what brings the old number back.
 */
export function unadvisedStep(look: Look, target?: number): readonly PlannedStep[] {
  if (advised(look) || !look.has(pagesToScan)) return [];
  return [
    fileStep(pagesToScan.knob, look.site, pagesToScan.knob.path, unadvised, {
      title: `KSM: ${pagesToScan.def.title}`,
      because: 'The advisor takes over from the kernel’s own number, so that the old one can come back.',
      stage: stages.settings,
      ...(target === undefined ? {} : { target }),
    }),
  ];
}

function will(look: Look, values: Values): string {
  const { name } = look.site;
  if (look.has(advisorMode) && values('advisor') === 'scan-time') {
    return `KSM looks at all mergeable memory of ${name} about every ${values('scan-time')} seconds.`;
  }
  const bytesPerSecond =
    (Number(values('pages-to-scan')) * look.site.evidence.pageSize * 1000) / Number(values('sleep'));
  const whole = Math.ceil(look.total / bytesPerSecond);
  return `KSM looks at up to ${size(bytesPerSecond)} each second on ${name}: all ${size(look.total)} in ${String(whole)} seconds at best.`;
}
