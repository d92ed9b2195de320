/** The fleet in one sentence, from the hosts' summaries. Pure. */
import type { ConnectionState, HostView } from '#shared/model/host.ts';
import { formatBytes, formatBytesOf } from '#shared/format/bytes.ts';
import { formatPercent } from '#shared/format/percent.ts';
import { savedOf } from '../../parts/host-memory.ts';
import { pressureTone, sentence, type Verdict, type VerdictPart } from '../../parts/verdict.ts';

export function fleetVerdict(hosts: readonly HostView[]): Verdict {
  const live = hosts.filter((host) => host.state.kind === 'live' && host.summary !== undefined);
  if (live.length === 0) return sentence([[{ words: nobodyLive(hosts) }], ...attention(hosts)]);
  return sentence([savings(live), pressure(live), ...oomKills(live), ...attention(hosts)]);
}

function nobodyLive(hosts: readonly HostView[]): string {
  const connecting = hosts.filter(({ state }) => state.kind === 'connecting' || state.kind === 'live').length;
  return connecting > 0 ? `Waiting for the first figures of ${hostsWord(connecting)}` : 'No host is connected';
}

function savings(live: readonly HostView[]): Verdict {
  const saved = live.map(({ summary }) => savedOf(summary?.signals ?? {})).filter((value) => value !== undefined);
  const totals = live.map(({ summary }) => summary?.signals['memory.total']).filter((value) => value !== undefined);
  const total = totals.length === 0 ? undefined : totals.reduce((all, value) => all + value, 0);
  const on = `on ${hostsWord(live.length)}`;
  if (saved.length === 0)
    return [
      {
        words: `${total === undefined ? 'Watching memory' : `Watching ${formatBytes(total)}`} ${on}; nothing tells what is saved`,
      },
    ];
  const sum = saved.reduce((all, value) => all + value, 0);
  if (sum < 0) return [{ words: `Costs ${formatBytes(-sum)} more than it saves ${on}`, tone: 'warn' }];
  const partly = saved.length < live.length ? `, told by ${saved.length} of them` : '';
  return [{ words: `Saves ${formatBytesOf(sum, total)} ${on}${partly}` }];
}

function pressure(live: readonly HostView[]): Verdict {
  const told = live.flatMap((host) => {
    const some = host.summary?.signals['harm.psi-some'];
    return some === undefined ? [] : [{ host, some }];
  });
  const worst = told.reduce<(typeof told)[number] | undefined>(
    (a, b) => (a === undefined || b.some > a.some ? b : a),
    undefined,
  );
  if (worst === undefined) return [{ words: 'pressure unknown' }];
  const tone = pressureTone(worst.some);
  if (tone === 'calm') return [{ words: 'nobody waits for memory' }];
  return [
    { words: tone === 'heavy' ? 'memory is short on ' : 'some waiting for memory on ' },
    { ...link(worst.host), ...(tone === 'heavy' ? { tone: 'bad' as const } : {}) },
    { words: ` (${formatPercent(worst.some)})` },
  ];
}

function oomKills(live: readonly HostView[]): Verdict[] {
  const killing = live.filter(({ summary }) => (summary?.signals['harm.oom-kills'] ?? 0) > 0);
  const [first] = killing;
  if (first === undefined) return [];
  const more = killing.length > 1 ? ` and ${killing.length - 1} more` : '';
  return [[{ words: 'the kernel is killing processes for memory on ', tone: 'bad' }, link(first), { words: more }]];
}

/** What waits for a person, worst first: one host is named, the others are counted. */
function attention(hosts: readonly HostView[]): Verdict[] {
  const inState = (...kinds: ConnectionState['kind'][]) => hosts.filter(({ state }) => kinds.includes(state.kind));
  return [
    ...clause(inState('changed-key'), ' shows another key than before', ' show another key than before', 'bad'),
    ...clause(inState('refused'), ' refuses the login', ' refuse the login', 'bad'),
    ...clause(inState('unknown-key', 'needs-secret'), ' waits for an answer', ' wait for an answer', undefined),
    ...clause(inState('stale', 'waiting'), ' is out of reach', ' are out of reach', 'warn'),
  ];
}

function clause(hosts: readonly HostView[], does: string, doThey: string, tone: 'bad' | 'warn' | undefined): Verdict[] {
  const [first, ...others] = hosts;
  if (first === undefined) return [];
  const name: VerdictPart = { ...link(first), ...(tone === undefined ? {} : { tone }) };
  if (others.length === 0) return [[name, { words: does }]];
  return [[name, { words: ` and ${others.length} more${doThey}` }]];
}

const link = (host: HostView): VerdictPart => ({
  words: host.config.name,
  to: { name: 'host', params: { host: host.config.id } },
});
const hostsWord = (count: number): string => (count === 1 ? '1 host' : `${count} hosts`);
