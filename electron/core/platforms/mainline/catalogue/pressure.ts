/** PSI: the share of time in which tasks waited for memory; of the host and of each group. */
import type { SignalId } from '#shared/model/metric.ts';
import { entry } from './entry.ts';
import type { Entry } from './entry.ts';

const doc = 'accounting/psi.html';
const who = { some: 'at least one task', full: 'all tasks at once' } as const;

function stall(group: string, instance: 'host' | 'guest', kind: 'some' | 'full', signal: SignalId): readonly Entry[] {
  const average = (span: '10' | '60' | '300', more: { signal?: SignalId }): Entry =>
    entry(
      `${group}.${kind}.avg${span}`,
      `Stalled (${kind}), ${span} s`,
      'level',
      'percent',
      `Share of the last ${span} s in which ${who[kind]} waited for memory.`,
      { doc, instance, charted: span === '10', ...more },
    );
  return [
    average('10', { signal }),
    average('60', {}),
    average('300', {}),
    entry(
      `${group}.${kind}.total`,
      `Stalled (${kind})`,
      'counter',
      'microseconds',
      `Time in which ${who[kind]} waited for memory.`,
      {
        doc,
        instance,
      },
    ),
  ];
}

export const pressure: readonly Entry[] = [
  ...stall('pressure.memory', 'host', 'some', 'harm.psi-some'),
  ...stall('pressure.memory', 'host', 'full', 'harm.psi-full'),
];

export const groupPressure: readonly Entry[] = [
  ...stall('cgroup.memory.pressure', 'guest', 'some', 'harm.psi-some'),
  ...stall('cgroup.memory.pressure', 'guest', 'full', 'harm.psi-full'),
];
