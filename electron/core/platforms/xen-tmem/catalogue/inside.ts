/** Files inside a Xen guest (and in Domain-0): balloon, self-ballooning, the tmem driver’s parameters. */
import type { MetricDef } from '#shared/model/metric.ts';
import { entry } from './entry.ts';

export const balloonDirectory = '/sys/devices/system/xen_memory/xen_memory0';
export const parameterDirectory = '/sys/module/tmem/parameters';

export interface FileMetric extends MetricDef {
  readonly file: string;
  readonly scale: number;
  readonly form: 'number' | 'flag';
}

const kib = 1024;
const file = (def: MetricDef, path: string, scale = 1): FileMetric => ({
  ...def,
  file: path,
  scale,
  form: def.unit === 'flag' ? 'flag' : 'number',
});
const size = (path: string, title: string, help: string): FileMetric =>
  file(
    entry(`xen.memory.${path.slice(path.lastIndexOf('/') + 1)}`, title, 'level', 'bytes', help),
    `${balloonDirectory}/${path}`,
    kib,
  );
const balloonSetting = (name: string, unit: MetricDef['unit'], help: string): FileMetric =>
  file(entry(`xen.selfballoon.${name}`, name, 'setting', unit, help), `${balloonDirectory}/selfballoon/${name}`);
const retry = (name: string, help: string): FileMetric =>
  file(entry(`xen.memory.${name}`, name, 'setting', 'count', help), `${balloonDirectory}/${name}`);
const parameter = (name: string, help: string): FileMetric =>
  file(entry(`xen.tmem-driver.${name}`, name, 'setting', 'flag', help), `${parameterDirectory}/${name}`);

/** Sizes, which move by themselves. */
export const balloonSizes: readonly FileMetric[] = [
  size(
    'target_kb',
    'target',
    'What the balloon works towards. Self-ballooning moves it, and the host does not see that.',
  ),
  size('info/current_kb', 'current', 'What the guest has now.'),
  size('info/low_kb', 'low', 'Pages given away by the balloon.'),
  size('info/high_kb', 'high', 'Pages of high memory given away; 0 on 64-bit.'),
];

export const balloonSettings: readonly FileMetric[] = [
  balloonSetting('selfballooning', 'flag', 'The guest follows its own need with its balloon.'),
  balloonSetting('selfballoon_interval', 'seconds', 'Seconds between two steps.'),
  balloonSetting('selfballoon_downhysteresis', 'count', 'A surplus is given away in parts of 1 in this many.'),
  balloonSetting('selfballoon_uphysteresis', 'count', 'A lack is made up in parts of 1 in this many.'),
  balloonSetting('selfballoon_min_usable_mb', 'count', 'Floor in MiB; 0 leaves it to the kernel.'),
  balloonSetting('selfballoon_reserved_mb', 'count', 'Headroom in MiB on top of the need.'),
  balloonSetting('frontswap_selfshrinking', 'flag', 'Swap pages are fetched back from tmem while nothing presses.'),
  balloonSetting('frontswap_hysteresis', 'count', 'Fetched back in parts of 1 in this many.'),
  balloonSetting('frontswap_inertia', 'count', 'Quiet rounds before pages are fetched back.'),
  retry('max_retry_count', 'How often the balloon tries before it gives up; 0 for always.'),
  retry('max_schedule_delay', 'The longest wait in seconds between two tries.'),
  parameter('cleancache', 'Clean pages of files are offered to the hypervisor.'),
  parameter('frontswap', 'Pages on their way to swap are offered to the hypervisor.'),
  parameter('selfballooning', 'Self-ballooning was asked for when the kernel started.'),
  parameter('selfshrinking', 'Self-shrinking was asked for when the kernel started.'),
];

export const insideMetrics: readonly FileMetric[] = [...balloonSizes, ...balloonSettings];
