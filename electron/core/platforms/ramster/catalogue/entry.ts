/**
 * A catalogue entry: what a metric means, and in which file it may stand. Several kernels keep the same counter in
 * different places (RAMster's moved from sysfs to debugfs in 3.7), so an entry may name more than one; the first
 * that is there counts. read.ts walks the entries, files.ts lists their files: a file is named once.
 */
import type { MetricDef } from '#shared/model/metric.ts';

export interface Entry extends MetricDef {
  /** Absent for figures that are computed, and for the cluster's, which have an instance. */
  readonly files?: readonly string[];
  readonly form?: 'number' | 'text';
}

type More = Pick<MetricDef, 'signal' | 'doc'> & {
  readonly instance?: MetricDef['instance'];
  readonly charted?: boolean;
  readonly files?: readonly string[];
};

export function entry(
  id: string,
  title: string,
  kind: MetricDef['kind'],
  unit: MetricDef['unit'],
  help: string,
  more: More = {},
): Entry {
  const { instance = 'host', charted = kind !== 'setting' && unit !== 'text', ...rest } = more;
  return { id, title, kind, unit, help, instance, charted, form: unit === 'text' ? 'text' : 'number', ...rest };
}

/** One row of a table of files: name, title, unit, help. */
export type Row = readonly [name: string, title: string, unit: MetricDef['unit'], help: string];

/** Rows of one directory (or of several that hold the same file); the id is the group and the file's name. */
export const rows = (
  group: string,
  directories: readonly string[],
  kind: MetricDef['kind'],
  table: readonly Row[],
  charted?: boolean,
): readonly Entry[] =>
  table.map(([name, title, unit, help]) =>
    entry(`${group}.${name}`, title, kind, unit, help, {
      files: directories.map((directory) => `${directory}/${name}`),
      ...(charted === undefined ? {} : { charted }),
    }),
  );
