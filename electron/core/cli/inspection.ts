/** A capture as each platform reads it: pure, so that `inspect` and the golden files share it. */
import type { Unread } from '../platforms/platform.ts';
import type { Platform } from '../platforms/platform.ts';
import { parseDump } from '../platforms/kernel/dump.ts';
import type { Capture } from '../platforms/kernel/dump.ts';

export interface InspectedValue {
  readonly metric: string;
  readonly instance: string;
  readonly value: number | string;
  readonly unit: string;
  /** Path, command or formula. */
  readonly source: string;
  /** Line in the capture; absent for a formula. */
  readonly line?: number;
}

export function inspection(text: string, platforms: readonly Platform[]): object {
  const capture = parseDump(text);
  return {
    ...machine(capture, platforms),
    ...(capture.others.length === 0 ? {} : { others: capture.others.map((other) => machine(other, platforms)) }),
  };
}

function machine(capture: Capture, platforms: readonly Platform[]): object {
  return {
    machine: capture.machine,
    facts: Object.fromEntries(capture.facts),
    pageSize: capture.pageSize,
    files: capture.files.size,
    commands: capture.commands.size,
    unread: unread(capture),
    platforms: platforms.map((platform) => inspected(platform, capture)),
  };
}

function inspected(platform: Platform, capture: Capture): object {
  const units = new Map<string, string>(platform.catalogue.map(({ id, unit }) => [id, unit]));
  const { values, guests, pools, clusters, troubles } = platform.read(capture);
  const all = [...values, ...guests.flatMap((guest) => guest.values)];
  return {
    platform: platform.id,
    ...platform.detect(capture),
    values: all.map(({ metric, instance, value, source, line }): InspectedValue => ({
      metric,
      instance,
      value,
      unit: units.get(metric) ?? 'unknown',
      source,
      ...(line === undefined ? {} : { line }),
    })),
    guests: guests.map((guest) => ({ ...guest, values: undefined })),
    pools: pools ?? [],
    clusters: clusters ?? [],
    troubles,
  };
}

function unread(capture: Capture): readonly { path: string; why: Unread; words: string }[] {
  return [...capture.unread].map(([path, { why, words }]) => ({ path, why, words }));
}
