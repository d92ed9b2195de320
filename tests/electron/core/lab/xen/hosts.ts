/** Xen hosts of the lab for the tests. */
import { dice } from '#core/lab/random.ts';
import { createXenHost } from '#core/lab/xen/host.ts';
import type { XenHost } from '#core/lab/xen/host.ts';
import type { XenGuestOptions, XenHostOptions } from '#core/lab/xen/options.ts';
import { millis, seconds } from '#shared/units.ts';

export const guest = (name: string, more: Partial<XenGuestOptions> = {}): XenGuestOptions => ({
  name,
  workload: 'idle',
  memoryMiB: 128,
  maxMemMiB: 256,
  frontswap: true,
  cleancache: true,
  selfballooning: false,
  ...more,
});

export const host = (more: Partial<XenHostOptions> = {}): XenHost =>
  createXenHost({
    name: 'dom0',
    version: '4.11',
    memoryMiB: 3072,
    dom0MiB: 1280,
    tmem: true,
    guests: [guest('guest1')],
    dice: dice(1),
    startHour: 9,
    ...more,
  });

export function pass(machine: XenHost, span: number): void {
  for (let second = 0; second < span; second++) machine.step(seconds(1));
}

export const halfSecond = millis(500);
export const say = (machine: XenHost, line: string) => machine.run(line.split(' '));
export const text = (machine: XenHost, line: string): string => say(machine, line).text;

/** What a line of `xl tmem-list` says under a key. */
export function figure(list: string, start: string, key: string): number {
  const line = list.split('\n').find((each) => each.startsWith(start)) ?? '';
  const found = new RegExp(`[,=]${key}:(-?\\d+)`).exec(line)?.[1];
  if (found === undefined) throw new Error(`no ${key} in ${line}`);
  return Number(found);
}
