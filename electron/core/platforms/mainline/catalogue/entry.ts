/**
 * A catalogue entry: what a metric means, and for the metrics that are read straight from a file, where it stands.
 * read.ts walks these; so a file's metric is named once. The `where` never leaves the platform.
 */
import type { MetricDef } from '#shared/model/metric.ts';

/** Where a host's metric stands. Derived, device and guest metrics have none: their readers know. */
export type Where =
  | { readonly form: 'meminfo' | 'vmstat'; readonly key: string }
  | { readonly form: 'number' | 'flag' | 'word' | 'choice'; readonly file: string };

export interface Entry extends MetricDef {
  readonly where?: Where;
}

type Told = Pick<MetricDef, 'doc' | 'signal'> & { readonly charted?: boolean };

export function entry(
  id: string,
  title: string,
  kind: MetricDef['kind'],
  unit: MetricDef['unit'],
  help: string,
  more: Told & { readonly instance?: MetricDef['instance']; readonly where?: Where } = {},
): Entry {
  const { charted = kind !== 'setting' && unit !== 'text', instance = 'host', ...rest } = more;
  return { id, title, kind, unit, help, instance, charted, ...rest };
}

/** An entry of /proc/meminfo, in bytes. */
export const meminfo = (key: string, title: string, help: string, more: Told = {}): Entry =>
  entry(`meminfo.${key}`, title, 'level', 'bytes', help, {
    doc: 'filesystems/proc.html#meminfo',
    ...more,
    where: { form: 'meminfo', key },
  });

/** A counter of /proc/vmstat. */
export const vmstat = (key: string, title: string, unit: 'pages' | 'count', help: string, more: Told = {}): Entry =>
  entry(`vmstat.${key}`, title, 'counter', unit, help, { ...more, where: { form: 'vmstat', key } });

/** A file of a directory that holds one value per file. */
export function single(
  group: string,
  directory: string,
  doc: string,
): (
  name: string,
  title: string,
  kind: MetricDef['kind'],
  unit: MetricDef['unit'],
  help: string,
  form?: 'number' | 'flag' | 'word' | 'choice',
) => Entry {
  return (name, title, kind, unit, help, form = unit === 'flag' ? 'flag' : unit === 'text' ? 'word' : 'number') =>
    entry(`${group}.${name}`, title, kind, unit, help, { doc, where: { form, file: `${directory}/${name}` } });
}
