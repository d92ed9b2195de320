/** The recordings of Xen hosts, and what the platform says of them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDump } from '#core/platforms/kernel/dump.ts';
import type { Capture } from '#core/platforms/kernel/dump.ts';
import type { Detection, Reading } from '#core/platforms/platform.ts';
import { xenTmem } from '#core/platforms/xen-tmem/index.ts';
import { recordingsDir } from '../../../../support/recordings.ts';

/** @param name `xen-4.11.4-tmem/frozen` */
export const captureText = (name: string): string => readFileSync(join(recordingsDir, `${name}.rec`), 'utf8');

export interface Seen {
  readonly capture: Capture;
  readonly detection: Detection;
  readonly reading: Reading;
  /** A value of the host, a guest or a pool; the instance is '' for the host. */
  value(metric: string, instance?: string): number | string | undefined;
}

export const seenIn = (name: string): Seen => seen(captureText(name));

export function seen(text: string, machine?: string): Seen {
  const whole = parseDump(text);
  const capture = machine === undefined ? whole : whole.others.find((other) => other.machine === machine);
  if (capture === undefined) throw new Error(`the capture has no machine ${machine ?? ''}`);
  const reading = xenTmem.read(capture);
  const all = [...reading.values, ...reading.guests.flatMap(({ values }) => values)];
  return {
    capture,
    detection: xenTmem.detect(capture),
    reading,
    value: (metric, instance = '') =>
      all.find((value) => value.metric === metric && value.instance === instance)?.value,
  };
}
