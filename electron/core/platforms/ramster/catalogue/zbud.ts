/** The allocator that puts two compressed pages into one frame: /sys/kernel/debug/zbud, root only (zbud.c). */
import type { MetricDef } from '#shared/model/metric.ts';
import { entry } from './entry.ts';
import type { Entry } from './entry.ts';

export const zbudDebug = '/sys/kernel/debug/zbud';

const kinds = [
  ['eph', 'cache'],
  ['pers', 'swapped'],
] as const;

type Column = readonly [name: string, title: string, kind: MetricDef['kind'], unit: MetricDef['unit'], help: string];

const columns: readonly Column[] = [
  ['zpages', 'zbud KIND pages', 'level', 'pages', 'KIND pages that zbud holds.'],
  ['pageframes', 'zbud KIND frames', 'level', 'pages', 'Frames that zbud holds for KIND pages.'],
  [
    'zbytes',
    'zbud KIND bytes',
    'level',
    'bytes',
    'Compressed KIND pages with a handle of 32 bytes each: zcache’s own figure leaves the handles out.',
  ],
  ['buddied_count', 'zbud KIND pairs', 'level', 'pages', 'Frames that hold two KIND pages.'],
  ['unbuddied_count', 'zbud KIND singles', 'level', 'pages', 'Frames that hold one KIND page.'],
  ['cumul_zpages', 'zbud KIND pages ever', 'counter', 'pages', 'KIND pages taken since boot.'],
  ['cumul_zbytes', 'zbud KIND bytes ever', 'counter', 'bytes', 'Compressed bytes of KIND pages taken since boot.'],
  [
    'evicted_pageframes',
    'zbud KIND evictions',
    'counter',
    'pages',
    'Frames of KIND pages freed by throwing the pages away.',
  ],
];

export const zbud: readonly Entry[] = [
  ...kinds.flatMap(([prefix, word]) =>
    columns.map(([name, title, kind, unit, help]) => {
      const named = (text: string): string => text.replace('KIND', word);
      const sentence = named(help);
      return entry(
        `zbud.${prefix}_${name}`,
        named(title),
        kind,
        unit,
        sentence.charAt(0).toUpperCase() + sentence.slice(1),
        {
          files: [`${zbudDebug}/${prefix}_${name}`],
        },
      );
    }),
  ),
  entry(
    'zbud.pers_zombie_count',
    'zbud zombies',
    'level',
    'pages',
    'Frames of swapped pages that were picked to be sent to another node and are not back in the list: after a failed send they stay so.',
    { files: [`${zbudDebug}/pers_zombie_count`] },
  ),
];
