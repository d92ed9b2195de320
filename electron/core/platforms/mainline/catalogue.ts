/** Everything this platform can read, declared once. The topics are in catalogue/. */
import type { MetricDef } from '#shared/model/metric.ts';
import {
  groupEvents,
  groupLevels,
  groupLimits,
  groupStatCounters,
  groupStatLevels,
  groupV1,
  groupWriteback,
} from './catalogue/cgroup.ts';
import type { Entry } from './catalogue/entry.ts';
import { frontswap } from './catalogue/frontswap.ts';
import {
  balloonCounters,
  balloonCounts,
  balloonLevels,
  balloonUpdated,
  processLevels,
  truths,
} from './catalogue/guest.ts';
import { ksm } from './catalogue/ksm.ts';
import { memory } from './catalogue/memory.ts';
import { groupPressure, pressure } from './catalogue/pressure.ts';
import { derived } from './catalogue/signals.ts';
import { zram } from './catalogue/zram.ts';
import { zswap } from './catalogue/zswap.ts';

/** The host's metrics that stand in a file as they are. */
export const hostEntries: readonly Entry[] = [...memory, ...zswap, ...ksm, ...frontswap];

const everything: readonly Entry[] = [
  ...derived,
  ...hostEntries,
  ...pressure,
  ...zram,
  ...truths,
  ...groupLevels,
  ...groupStatLevels,
  ...groupStatCounters,
  ...groupEvents,
  ...groupPressure,
  ...groupLimits,
  groupWriteback,
  ...groupV1,
  ...balloonLevels,
  ...balloonCounters,
  ...balloonCounts,
  balloonUpdated,
  ...processLevels,
];

export const catalogue: readonly MetricDef[] = everything.map((known) => {
  const def: MetricDef & { where?: unknown } = { ...known };
  delete def.where;
  return def;
});
