/** Everything this platform can read, declared once. The topics are in catalogue/. */
import type { MetricDef } from '#shared/model/metric.ts';
import { derived, guestDerived } from './catalogue/derived.ts';
import { dom0Memory, domainMetrics, infoSizes, infoWords } from './catalogue/host.ts';
import { insideMetrics } from './catalogue/inside.ts';
import { tmem } from './catalogue/tmem.ts';

const inside: readonly MetricDef[] = insideMetrics.map((known) => {
  const def: MetricDef & { file?: unknown; scale?: unknown; form?: unknown } = { ...known };
  delete def.file;
  delete def.scale;
  delete def.form;
  return def;
});

export const catalogue: readonly MetricDef[] = [
  ...derived,
  ...infoSizes,
  ...infoWords,
  dom0Memory,
  ...tmem,
  ...guestDerived,
  ...domainMetrics,
  ...inside,
];
