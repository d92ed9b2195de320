/** zswap of one kernel, a host's or a guest's own: the questions and the steps. */
import type { FieldProblem, WishField } from '#shared/model/wish.ts';
import { agreed, common } from '../../planning/targets.ts';
import { size } from '../../planning/sizes.ts';
import { fileStep } from '../../planning/steps.ts';
import type { StepWords } from '../../planning/steps.ts';
import type { PlannedStep } from '../../change.ts';
import type { Values } from '../../planning/wish-kind.ts';
import type { Setting } from '../knobs/setting.ts';
import { swappiness } from '../knobs/vm.ts';
import { acceptThreshold, compressor, compressors, enabled, maxPool, shrinker, zpool, zpools } from '../knobs/zswap.ts';
import { inFile, sensible, settingField } from './fields.ts';
import type { Look } from './look.ts';
import { available, moduleStep } from './modules.ts';
import { stages } from './stages.ts';

/** The compressor that zswap uses now; a name that it does not have counts only once it runs. */
const compressorInUse = (look: Look): string | undefined =>
  look.on(enabled) === true ? look.value(compressor) : undefined;

export const compressorsOf = (look: Look): readonly string[] =>
  available(compressors, look.modules, compressorInUse(look), 'lzo');
const zpoolsOf = (look: Look): readonly string[] =>
  available(zpools, look.modules, look.value(zpool), look.value(zpool) ?? 'zbud');

/** The densest that there is, unless pages are packed otherwise already. */
function zpoolFor(looks: readonly Look[], choices: readonly string[]): string {
  const now = agreed(looks.map((look) => look.value(zpool)));
  const free = looks.every((look) => look.held === 0);
  return !free && now !== undefined ? now : (choices[0] ?? now ?? 'zsmalloc');
}

export function zswapFields(looks: readonly Look[]): readonly WishField[] {
  const known = common(looks.map(compressorsOf));
  const pools = common(looks.map(zpoolsOf));
  const old = looks.some((look) => look.hardlyWritesBack);
  const algorithm = known.includes('zstd')
    ? 'zstd'
    : (known.find((name) => name.startsWith('lzo')) ?? known[0] ?? 'lzo');
  const fields = [
    settingField(looks, compressor, {
      id: 'compressor',
      range: { kind: 'choice', choices: known.length === 0 ? ['lzo'] : known },
      value: algorithm,
      because:
        algorithm === 'zstd'
          ? 'zstd keeps the most pages in the same RAM; this kernel has it.'
          : 'zstd would keep more, but this kernel does not say that it has it.',
    }),
    settingField(looks, maxPool, {
      id: 'max-pool',
      value: sensible(looks, maxPool, 20, 35, 25),
      because: '20 to 35 % leaves room for programs and catches most of what is cold. A full pool refuses new pages.',
    }),
    settingField(looks, acceptThreshold, {
      id: 'accept-threshold',
      value: sensible(looks, acceptThreshold, 50, 100, 90),
      because: 'The kernel’s own 90 % suits; other values change little.',
      advanced: true,
    }),
    settingField(looks, swappiness, {
      id: 'swappiness',
      value: sensible(looks, swappiness, 10, 200, 60),
      because: 'Below 10 programs are hardly ever swapped, and nothing gets compressed.',
      advanced: true,
    }),
  ];
  if (looks.every((look) => look.has(zpool)) && pools.length > 0) {
    fields.splice(
      1,
      0,
      settingField(looks, zpool, {
        id: 'zpool',
        range: { kind: 'choice', choices: pools },
        value: zpoolFor(looks, pools),
        because: old
          ? 'zsmalloc packs densest. On this kernel it cannot write back, but neither do the others to speak of: 6 pages of 21 844 with z3fold.'
          : 'zsmalloc packs densest, and writes back on this kernel.',
        advanced: true,
      }),
    );
  }
  if (looks.every((look) => look.has(shrinker))) {
    fields.push(
      settingField(looks, shrinker, {
        id: 'shrinker',
        value: 'on',
        because: 'Without it cold pages stay in RAM until the pool is full, and then new pages are refused.',
      }),
    );
  }
  return fields;
}

/** What one host refuses of these values. */
export function zswapProblems(look: Look, values: Values): readonly FieldProblem[] {
  const pool = values('zpool');
  const now = look.value(zpool);
  if (pool === '' || now === undefined || pool === now || look.held === 0) return [];
  const held = look.held === undefined ? 'may hold pages' : `holds pages of ${size(look.held)}`;
  return [
    {
      field: 'zpool',
      sentence: `zswap on ${look.site.name} ${held} in ${now}. Leave ${now}, or empty zswap first: switch it off, then swap off and on.`,
    },
  ];
}

export function zswapSteps(look: Look, values: Values, target?: number): readonly PlannedStep[] {
  const words = (setting: Setting, because: string, more: Partial<StepWords> = {}): StepWords => ({
    title: setting.def.title,
    because,
    stage: stages.settings,
    ...(target === undefined ? {} : { target }),
    ...more,
  });
  const set = (
    setting: Setting,
    field: string,
    because: string,
    more: Partial<StepWords> = {},
  ): readonly PlannedStep[] => {
    const value = values(field);
    if (value === '' || !look.has(setting)) return [];
    return [
      fileStep(setting.knob, look.site, setting.knob.path, inFile(setting, value), words(setting, because, more)),
    ];
  };
  return [
    ...modulesFor(look, values, target),
    ...set(
      zpool,
      'zpool',
      'The allocator is set before zswap is switched on: changed under pages, the old pool stays.',
      {
        undoWords: 'Pages that were stored meanwhile stay in this allocator until they are read or freed.',
        risk: 'medium',
        riskWords: 'Pages stored before stay where they are.',
      },
    ),
    ...set(compressor, 'compressor', 'Pages are compressed by it from now on.', {
      undoWords: 'Pages that were stored meanwhile stay as they are, and can be read.',
      ...(knowsNot(look) ? lost(look) : {}),
    }),
    ...set(maxPool, 'max-pool', 'It limits the RAM that compressed pages take.', {
      undoWords: 'A pool above its old limit shrinks as pages are read or freed.',
    }),
    ...set(acceptThreshold, 'accept-threshold', 'It tells when a full pool takes pages again.'),
    ...set(shrinker, 'shrinker', 'Cold pages make room before the pool is full.', {
      undoWords: 'Pages that were written out stay on the device until they are read.',
    }),
    ...set(swappiness, 'swappiness', 'Programs’ memory has to be swapped to be compressed.'),
    switchOn(look, target),
  ];
}

/** A compressor nobody has is put right by the kernel when zswap starts, and cannot be written after that. */
const knowsNot = (look: Look): boolean =>
  look.on(enabled) === false && look.modules.told && !compressorsOf(look).includes(look.value(compressor) ?? '');
const lost = (look: Look): Partial<StepWords> => ({
  undo: 'none',
  undoWords: `This kernel does not have ${look.value(compressor) ?? 'the old one'}: it refuses it once zswap was on.`,
});

export function switchOn(look: Look, target?: number): PlannedStep {
  return fileStep(enabled.knob, look.site, enabled.knob.path, 'Y', {
    title: enabled.def.title,
    because: 'Pages on their way to swap are kept compressed in RAM from now on.',
    stage: stages.switch,
    ...(target === undefined ? {} : { target }),
    risk: 'medium',
    riskWords: 'Compressing takes processor time when memory is short, and the pool takes RAM from programs.',
    undoWords:
      'Off stops new stores; what zswap holds by then stays until it is read, freed or swapped off. Nothing is lost.',
  });
}

/** Modules that a value needs and the kernel has not loaded yet. */
function modulesFor(look: Look, values: Values, target?: number): readonly PlannedStep[] {
  const wanted = [
    [zpool, values('zpool')],
    [compressor, values('compressor')],
  ] as const;
  return wanted.flatMap(([setting, name]) =>
    look.has(setting) && look.value(setting) !== name ? moduleStep(look, name, target) : [],
  );
}

/** Sentences of what these values come to. */
export function zswapWill(look: Look, values: Values): readonly string[] {
  const percent = Number(values('max-pool'));
  const most = (look.total * percent) / 100;
  const devices = look.swaps?.map(({ name }) => name).join(', ') ?? '';
  return [
    `zswap may take up to ${size(most)} of the ${size(look.total)} of ${look.site.name}.`,
    ...(devices === '' ? [] : [`What does not fit goes to ${devices} on ${look.site.name}, as everything does now.`]),
  ];
}
