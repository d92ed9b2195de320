/** One host in one sentence. Pure. */
import type { HostView } from '#shared/model/host.ts';
import { formatBytes, formatBytesOf } from '#shared/format/bytes.ts';
import { formatAge } from '../../format/duration.ts';
import { count, digits } from '#shared/format/number.ts';
import { formatPercent } from '#shared/format/percent.ts';
import { connectionWords } from '../../parts/connection-words.ts';
import { savedOf } from '../../parts/host-memory.ts';
import { pressureTone, sentence, type Verdict } from '../../parts/verdict.ts';

export function hostVerdict(host: HostView, now: number): Verdict {
  const { summary, state } = host;
  if (summary === undefined) {
    if (state.kind === 'live') return [{ words: 'Connected; the first figures are on their way.' }];
    return [{ words: connectionWords(state, now).sentence }];
  }
  const figures = sentence([savings(host), pressure(host), ...oomKills(host), ...swapIn(host), ...guests(host)]);
  if (state.kind === 'live') return figures;
  return [{ words: `Last heard ${formatAge(summary.at, now)}`, tone: 'warn' }, { words: '. ' }, ...figures];
}

function savings({ summary }: HostView): Verdict {
  const signals = summary?.signals ?? {};
  const saved = savedOf(signals);
  const total = signals['memory.total'];
  if (saved === undefined) return [{ words: `${formatBytes(total)} installed, nothing tells what is saved` }];
  if (saved < 0) return [{ words: `Costs ${formatBytes(-saved)} more than it saves`, tone: 'warn' }];
  return [{ words: `Saves ${formatBytesOf(saved, total)}` }];
}

function pressure({ summary }: HostView): Verdict {
  const some = summary?.signals['harm.psi-some'];
  if (some === undefined) return [{ words: 'pressure unknown: this kernel does not tell it' }];
  const tone = pressureTone(some);
  if (tone === 'calm') return [{ words: 'nobody waits for memory' }];
  const words = `some tasks waited for memory ${formatPercent(some)} of the last 10\u00a0s`;
  return [tone === 'heavy' ? { words, tone: 'bad' } : { words }];
}

const oomKills = ({ summary }: HostView): Verdict[] =>
  (summary?.signals['harm.oom-kills'] ?? 0) > 0
    ? [[{ words: 'the kernel is killing processes for memory', tone: 'bad' }]]
    : [];

function swapIn({ summary }: HostView): Verdict[] {
  const rate = summary?.signals['harm.swap-in'] ?? 0;
  return rate < 1 ? [] : [[{ words: `${digits(rate)}\u00a0pages/s come back from swap` }]];
}

function guests({ config, summary }: HostView): Verdict[] {
  if (summary === undefined || summary.guests === 0) return [];
  const many = summary.guests === 1 ? '1 guest' : `${count(summary.guests)} guests`;
  const worst = summary.worstGuest;
  if (worst === undefined) return [[{ words: many }]];
  return [
    [
      { words: `${many}, the largest ` },
      { words: worst.name, to: { name: 'guest', params: { host: config.id, guest: worst.key } } },
      { words: ` with ${formatBytes(worst.pays)}` },
    ],
  ];
}
