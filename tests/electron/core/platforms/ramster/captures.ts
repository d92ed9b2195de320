/** The recordings of the 3.10 pair, read by the platform, in the form the tests ask questions of. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDump } from '#core/platforms/kernel/dump.ts';
import type { Capture } from '#core/platforms/kernel/dump.ts';
import { sectionCommand } from '#core/platforms/kernel/section.ts';
import type { Evidence } from '#core/platforms/platform.ts';
import { ramster } from '#core/platforms/ramster/index.ts';
import { recordingsDir } from '../../../../support/recordings.ts';

/** Sections that hold a command's output, said as that command; line numbers stay. */
export function captureOf(text: string): Capture {
  const lines = text.split('\n').map((line) => {
    const command = line.startsWith('## ') ? sectionCommand(line.slice(3)) : undefined;
    return command === undefined ? line : `$ ${command}`;
  });
  return parseDump(lines.join('\n'));
}

export const recorded = (name: string): Capture =>
  captureOf(readFileSync(join(recordingsDir, 'linux-3.10-ramster', `${name}.rec`), 'utf8'));

export function reading(evidence: Evidence) {
  const { values, pools = [], clusters = [], troubles } = ramster.read(evidence);
  const known = new Map(
    values.map(({ metric, instance, value }) => [`${metric}${instance === '' ? '' : ` ${instance}`}`, value]),
  );
  const [cluster] = clusters;
  return {
    values,
    value: (metric: string) => known.get(metric),
    number: (metric: string) => Number(known.get(metric)),
    source: (metric: string) => values.find((one) => one.metric === metric)?.source,
    pools,
    pool: (key: string) => pools.find((one) => one.key === key),
    cluster,
    warnings: cluster?.warnings.join('\n') ?? '',
    troubles,
  };
}

export const states = {
  quiet: ['node0-idle', 'node1-idle', 'node0-linked', 'node1-linked', 'node0-linkfail', 'node1-linkfail'],
  busy: [
    'node0-cleancache-active',
    'node0-frontswap-active',
    'node0-ramster-active',
    'node1-ramster-active',
    'node0-ramster-paused',
    'node1-ramster-paused',
    'node0-after-swapoff',
    'node1-after-swapoff',
    'node0-peer-crashed',
    'node0-peer-lost-at-timeout',
  ],
  boot: [
    'node0-boot-no-params',
    'node0-boot-zcache-only',
    'node0-boot-ramster-only',
    'node0-boot-nofrontswap',
    'node0-boot-nocleancache',
    'node0-boot-noselfshrink-nonexclusive',
    'node0-boot-bad-compressor',
  ],
} as const;

export const everyState: readonly string[] = [...states.quiet, ...states.busy, ...states.boot];
