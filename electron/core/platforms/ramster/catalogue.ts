/** Everything this platform can read, declared once. The topics are in catalogue/. */
import type { MetricDef } from '#shared/model/metric.ts';
import { cleancache } from './catalogue/cleancache.ts';
import { cluster } from './catalogue/cluster.ts';
import { derived } from './catalogue/derived.ts';
import type { Entry } from './catalogue/entry.ts';
import { ramsterEntries } from './catalogue/ramster.ts';
import { zbud } from './catalogue/zbud.ts';
import { zcacheV1 } from './catalogue/zcache-v1.ts';
import { zcache } from './catalogue/zcache.ts';

/** The metrics that stand in a file as they are. */
export const fileEntries: readonly Entry[] = [...zcache, ...zcacheV1, ...zbud, ...ramsterEntries, ...cleancache];

export const catalogue: readonly MetricDef[] = [...derived, ...fileEntries, ...cluster].map((known) => {
  const def: MetricDef & { files?: unknown; form?: unknown } = { ...known };
  delete def.files;
  delete def.form;
  return def;
});
