/** The host health report: pressure, swap traffic, refusals and kills of each host, what is on, and what was found. */
import { count } from '#shared/format/number.ts';
import { formatPercent } from '#shared/format/percent.ts';
import type { HistoryEvent } from '#shared/model/history.ts';
import type { Harm } from '#shared/model/ledger.ts';
import type { SignalId } from '#shared/model/metric.ts';
import type { ReportBlock, ReportDocument, ReportTable } from '#shared/model/report.ts';
import { signalTitles } from '#shared/model/titles.ts';
import { figure, signalUnit, words } from '../format.ts';
import { many, names, subjectOf } from '../words.ts';
import { savingsChart } from './charts.ts';
import type { BuildContext, SubjectHost } from './context.ts';
import { head } from './context.ts';
import { harmOf } from './figures.ts';
import type { Counts, HostFinding } from './findings.ts';
import { findingsOf } from './findings.ts';
import { historyQuality, signalSentences } from './quality.ts';
import type { SignalTotals } from './signal-totals.ts';
import { signalTotals } from './signal-totals.ts';
import { changeTable, left, right } from './tables.ts';

/** Hosts with a chart of their own: those that wait most. The others are in the tables and in the chart of all. */
const mostCharts = 8;

export async function buildHostHealth(context: BuildContext): Promise<ReportDocument> {
  const { request, sources, hosts, from, to } = context;
  await context.step(0, 'reading what the hosts told');
  const totals = await signalTotals(sources, request.hosts, from, to);
  await context.step(0.15, 'counting');
  const ledger = await sources.ledger({ hosts: request.hosts, guests: false, from, to });
  const counts: Counts = (host, harm) => {
    const own = ledger.hosts.find((one) => one.host === host);
    return own === undefined ? undefined : harmOf(own, harm)?.value;
  };
  const gaps = new Map(totals.coverage.filter(({ guest }) => guest === '').map((one) => [one.host, one.longestGapMs]));
  const findings = hosts.flatMap((host) => findingsOf(host, totals, totals.events, gaps.get(host.id) ?? 0, counts));
  const charts = await chartsOf(context, totals);
  await context.step(0.95, 'laying out tables');
  const nameOf = (host: string): string => hosts.find(({ id }) => id === host)?.name ?? host;
  const changes = changeTable(totals.events, sources.plans(), nameOf);
  return {
    ...head(context, subjectOf(hosts)),
    answers: [
      { question: 'Are the hosts well?', sentences: state(hosts, totals, findings) },
      { question: 'What hurts?', sentences: hurts(hosts, totals, counts) },
      { question: 'What should we do next?', sentences: next(findings) },
    ],
    blocks: [
      ...charts,
      { kind: 'table', table: healthTable(hosts, totals, counts) },
      { kind: 'table', table: onTable(hosts, totals) },
      ...(findings.length === 0 ? [] : [{ kind: 'table' as const, table: findingTable(findings) }]),
      ...(changes === undefined ? [] : [{ kind: 'table' as const, table: changes }]),
    ],
    method: [
      { kind: 'heading', text: 'Method and definitions' },
      { kind: 'text', sentences: signalSentences(context) },
      ...historyQuality(context, totals.coverage, totals.events, totals.damaged),
    ],
  };
}

async function chartsOf(context: BuildContext, totals: SignalTotals): Promise<readonly ReportBlock[]> {
  const { hosts, request } = context;
  const wait = ({ id }: SubjectHost): number => totals.get(id, 'harm.psi-some')?.mean ?? -1;
  const worst = hosts.toSorted((a, b) => wait(b) - wait(a)).slice(0, mostCharts);
  const wanted: { id: string; title: string; hosts: readonly string[] }[] = [
    ...(hosts.length > 1 ? [{ id: 'all-hosts', title: 'All hosts: savings over harm', hosts: request.hosts }] : []),
    ...worst.map(({ id, name }, index) => ({
      id: `host-${index + 1}`,
      title: `${name}: savings over harm`,
      hosts: [id],
    })),
  ];
  const blocks: ReportBlock[] = [];
  for (const [index, { id, title, hosts: whose }] of wanted.entries()) {
    await context.step(0.3 + (0.6 * index) / wanted.length, `drawing ${title.split(':')[0] ?? ''}`);
    const chart = await savingsChart(context, id, title, whose, eventsOf(totals.events, whose));
    if (chart !== undefined) blocks.push({ kind: 'chart', chart });
  }
  return blocks;
}

const eventsOf = (events: readonly HistoryEvent[], hosts: readonly string[]): readonly HistoryEvent[] =>
  hosts.length === 0
    ? events
    : events.filter(({ host, hosts: several }) => hosts.includes(host) || several?.some((one) => hosts.includes(one)));

function state(hosts: readonly SubjectHost[], totals: SignalTotals, findings: readonly HostFinding[]): string[] {
  const of = (level: HostFinding['level']): string[] => [
    ...new Set(findings.filter((one) => one.level === level).map(({ host }) => host)),
  ];
  const bad = of('bad');
  const warned = of('warn').filter((host) => !bad.includes(host));
  const read = hosts.filter(({ id }) => totals.coverage.some(({ host, coveredMs }) => host === id && coveredMs > 0));
  const calm = read.length - bad.length - warned.filter((name) => read.some((host) => host.name === name)).length;
  const which =
    read.length === hosts.length ? many(hosts.length, 'host') : `${read.length} of ${many(hosts.length, 'host')}`;
  const well =
    calm === read.length
      ? calm === 1
        ? ', and it is well'
        : ', and all are well'
      : `; ${calm === 0 ? 'none' : calm} of them ${calm > 1 ? 'are' : 'is'} well`;
  return [
    read.length === 0
      ? 'No host was read in this span.'
      : `${which} ${read.length === 1 ? 'was' : 'were'} read in this span${well}.`,
    ...(bad.length > 0 ? [`In need: ${names(bad, 8)}.`] : []),
    ...(warned.length > 0 ? [`To be watched: ${names(warned, 8)}.`] : []),
  ];
}

function hurts(hosts: readonly SubjectHost[], totals: SignalTotals, counts: Counts): string[] {
  const worstOf = (signal: SignalId): { name: string; mean: number; high: number } | undefined =>
    hosts
      .flatMap(({ id, name }) => {
        const found = totals.get(id, signal);
        return found?.mean === undefined ? [] : [{ name, mean: found.mean, high: found.high ?? found.mean }];
      })
      .sort((a, b) => b.mean - a.mean)[0];
  const sumOf = (harm: Harm): number | undefined => {
    const values = hosts.flatMap(({ id }) => counts(id, harm) ?? []);
    return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0);
  };
  const wait = worstOf('harm.psi-some');
  const [back, kills] = [sumOf('swap-ins'), sumOf('oom-kills')];
  return [
    wait === undefined
      ? 'No kernel here tells how long tasks wait for memory.'
      : wait.high === 0
        ? 'No task waited for memory on the hosts that tell.'
        : `${wait.name} waited most: some task ${formatPercent(wait.mean)} of the time${wait.high <= wait.mean ? '' : `, and ${formatPercent(wait.high)} in the worst spell`}.`,
    ...(back === undefined
      ? []
      : [back === 0 ? 'No page came back from swap.' : `${count(back)} pages came back from swap.`]),
    ...(kills === undefined
      ? []
      : [
          kills < 0.5
            ? 'Nothing was killed for lack of memory.'
            : `${many(Math.round(kills), 'process was', 'processes were')} killed for lack of memory.`,
        ]),
  ];
}

const most = 6;
function next(findings: readonly HostFinding[]): string[] {
  const urgent = [
    ...findings.filter(({ level }) => level === 'bad'),
    ...findings.filter(({ level }) => level === 'warn'),
  ];
  if (urgent.length === 0) return ['No figure calls for a change.'];
  return [
    ...urgent.slice(0, most).map(({ host, sentence }) => `${host}: ${sentence}`),
    ...(urgent.length > most
      ? [`${many(urgent.length - most, 'more finding is', 'more findings are')} in the table.`]
      : []),
  ];
}

const healthSignals: readonly {
  readonly signal: SignalId;
  readonly how: 'mean' | 'high' | 'low';
  readonly title: string;
}[] = [
  { signal: 'memory.total', how: 'mean', title: 'RAM' },
  { signal: 'memory.available', how: 'low', title: 'Least available' },
  { signal: 'harm.psi-some', how: 'mean', title: 'Waited' },
  { signal: 'harm.psi-some', how: 'high', title: 'Worst spell' },
  { signal: 'harm.psi-full', how: 'mean', title: 'All waited' },
  { signal: 'harm.swap-in', how: 'mean', title: 'Swap-in' },
  { signal: 'harm.swap-out', how: 'mean', title: 'Swap-out' },
  { signal: 'harm.refaults', how: 'mean', title: 'Refaults' },
  { signal: 'harm.rejects', how: 'mean', title: 'Rejects' },
];

function healthTable(hosts: readonly SubjectHost[], totals: SignalTotals, counts: Counts): ReportTable {
  return {
    id: 'health',
    title: 'Pressure and traffic',
    columns: [left('Host'), ...healthSignals.map(({ title }) => right(title)), right('OOM kills')],
    rows: hosts.map(({ id, name }) => [
      words(name),
      ...healthSignals.map(({ signal, how }) => figure(totals.get(id, signal)?.[how], signalUnit(signal))),
      figure(counts(id, 'oom-kills'), 'count'),
    ]),
    note: 'Means over the time that is known; rates are pages per second.',
  };
}

const onSignals: readonly SignalId[] = [
  'saved.compressed',
  'saved.merged',
  'saved.remote',
  'saved.ballooned',
  'capacity.ephemeral',
];

function onTable(hosts: readonly SubjectHost[], totals: SignalTotals): ReportTable {
  return {
    id: 'on',
    title: 'What is on',
    columns: [left('Host'), ...onSignals.map((signal) => right(signalTitles[signal])), left('Found there')],
    rows: hosts.map(({ id, name, inventory }) => [
      words(name),
      ...onSignals.map((signal) => figure(totals.get(id, signal)?.mean, 'bytes')),
      words(
        (inventory?.platforms ?? [])
          .filter(({ presence }) => presence !== 'none')
          .map(({ title, presence }) => (presence === 'full' ? title : `${title} (in part)`))
          .join(', '),
      ),
    ]),
    note: 'A dash says that nothing on the host tells of it.',
  };
}

const levelWords = { bad: 'In need', warn: 'To be watched', note: 'To know' } as const;

const findingTable = (findings: readonly HostFinding[]): ReportTable => ({
  id: 'findings',
  title: 'Findings',
  columns: [left('Host'), left('How urgent'), left('What')],
  rows: findings.map(({ host, level, sentence }) => [words(host), words(levelWords[level]), words(sentence)]),
});
