/** A metric of this platform as the catalogue holds it. The topics build their lists with these few words. */
import type { MetricDef } from '#shared/model/metric.ts';

type More = Pick<MetricDef, 'doc' | 'signal' | 'sum'> & Partial<Pick<MetricDef, 'charted' | 'instance'>>;

export function entry(
  id: string,
  title: string,
  kind: MetricDef['kind'],
  unit: MetricDef['unit'],
  help: string,
  { charted = kind !== 'setting' && unit !== 'text', instance = 'host', ...rest }: More = {},
): MetricDef {
  return { id, title, kind, unit, help, instance, charted, ...rest };
}

/** One key of a tmem-list line. `still` keys are shown, and not kept over time. */
export type Key = readonly [
  key: string,
  title: string,
  kind: MetricDef['kind'],
  unit: MetricDef['unit'],
  help: string,
  still?: 'still',
];

export const keysOf = (letter: string, instance: MetricDef['instance'], keys: readonly Key[]): readonly MetricDef[] =>
  keys.map(([key, title, kind, unit, help, still]) =>
    entry(`xen.tmem.${letter}.${key}`, `${key}: ${title}`, kind, unit, help, {
      instance,
      ...(still === undefined ? {} : { charted: false }),
    }),
  );
