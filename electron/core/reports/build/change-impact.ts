/** The change impact report: each change of the span, what it wrote, and the hosts' figures before and after it. */
import { formatBytes } from '#shared/format/bytes.ts';
import type { PlanStep, PlanView } from '#shared/model/plan.ts';
import type { ReportBlock, ReportDocument, ReportTable } from '#shared/model/report.ts';
import { signalTitles } from '#shared/model/titles.ts';
import { durationText, figure, momentText, move, signalUnit, words } from '../format.ts';
import { many, names } from '../words.ts';
import { savingsChart } from './charts.ts';
import type { BuildContext } from './context.ts';
import { head } from './context.ts';
import { effect, mostAnswers, nextOf, whatChanged } from './impact-answers.ts';
import type { Measured } from './impact-measure.ts';
import { impactSignals, measure, savedIn, stateWords, worstIn } from './impact-measure.ts';
import type { Windows } from './impact-windows.ts';
import { windowMs } from './impact-windows.ts';
import { historyQuality, signalSentences } from './quality.ts';
import { signalTotals } from './signal-totals.ts';
import { left, right } from './tables.ts';

const mostSteps = 50;

export async function buildChangeImpact(context: BuildContext): Promise<ReportDocument> {
  const { sources, request, from, to, hosts } = context;
  await context.step(0, 'looking for the changes');
  const plans = chosenPlans(context);
  const measured: Measured[] = [];
  for (const [index, plan] of plans.entries()) {
    await context.step(0.05 + (0.6 * index) / plans.length, `measuring change ${plan.plan.letter}`);
    const one = await measure(context, plan);
    if (one !== undefined) measured.push(one);
  }
  await context.step(0.7, 'drawing the span');
  const quality = await signalTotals(sources, request.hosts, from, to, ['memory.total']);
  const chart = await savingsChart(context, 'savings-over-harm', 'Savings over harm', request.hosts, quality.events);
  await context.step(0.9, 'laying out tables');
  return {
    ...head(
      context,
      plans.length === 1
        ? `${plans[0]?.plan.letter ?? ''} ${plans[0]?.plan.title ?? ''}`
        : many(plans.length, 'change'),
    ),
    answers: [
      { question: 'What was changed?', sentences: whatChanged(measured) },
      {
        question: 'What did it do?',
        sentences: measured.length === 0 ? ['Nothing, as there was none.'] : measured.slice(0, mostAnswers).map(effect),
      },
      { question: 'What should we do next?', sentences: nextOf(measured) },
    ],
    blocks: [
      ...(chart === undefined ? [] : [{ kind: 'chart' as const, chart }]),
      ...(measured.length < 2 ? [] : [{ kind: 'table' as const, table: overview(measured) }]),
      ...measured.flatMap((one, index) => ofOne(one, index + 1)),
    ],
    method: [
      { kind: 'heading', text: 'Method and definitions' },
      {
        kind: 'text',
        sentences: [
          `Before is up to ${durationText(windowMs / 1000)} before the first step of a change, after is as long since its last one; of a change that was undone, after is the time while it stood. Another change of the same hosts cuts a window short.`,
          'Both figures are means over the window. A window that is short, or in which a host was hardly read, is said to be not enough and is not papered over.',
          'A difference between before and after is not proof that the change caused it: load moves too. Compare the same hours of other days before judging.',
          ...signalSentences(context),
        ],
      },
      ...historyQuality({ ...context, hosts }, quality.coverage, quality.events, quality.damaged),
    ],
  };
}

function chosenPlans({ sources, request, hosts, from, to }: BuildContext): readonly PlanView[] {
  const ours = new Set(hosts.map(({ id }) => id));
  return sources
    .plans()
    .filter(({ plan, run }) => {
      if (run === undefined) return false;
      if (request.plans.length > 0) return request.plans.includes(plan.id);
      const within = run.startedAt <= to && (run.endedAt ?? run.startedAt) >= from;
      return within && plan.hosts.some(({ host }) => ours.has(host));
    })
    .sort((a, b) => (a.run?.startedAt ?? 0) - (b.run?.startedAt ?? 0));
}

const overview = (measured: readonly Measured[]): ReportTable => ({
  id: 'changes',
  title: 'Changes in this span',
  columns: [
    left('Letter'),
    left('Change'),
    left('Begun'),
    left('By'),
    left('State'),
    right('Hosts'),
    right('Saved before'),
    right('Saved after'),
    right('Waited before'),
    right('Waited after'),
    left('To know'),
  ],
  rows: measured.map((one) => [
    words(one.plan.plan.letter),
    words(one.plan.plan.title),
    words(one.plan.run === undefined ? '' : momentText(one.plan.run.startedAt)),
    words(one.plan.run?.by ?? ''),
    words(stateWords[one.plan.state]),
    figure(one.plan.plan.hosts.length, 'count'),
    figure(savedIn(one, one.before), 'bytes'),
    figure(savedIn(one, one.after), 'bytes'),
    figure(worstIn(one, one.before), 'percent'),
    figure(worstIn(one, one.after), 'percent'),
    words(one.lack ?? ''),
  ]),
});

function ofOne(one: Measured, index: number): readonly ReportBlock[] {
  const { plan, windows, lack } = one;
  const of = ({ from, to }: Windows['before']): string =>
    `${momentText(from)} to ${momentText(to)} (${durationText((to - from) / 1000)})`;
  return [
    { kind: 'heading', text: `${plan.plan.letter}  ${plan.plan.title}` },
    {
      kind: 'text',
      sentences: [
        ...plan.plan.will,
        ...(lack === undefined ? [] : [lack]),
        `Before: ${of(windows.before)}. After, ${windows.afterWords}: ${of(windows.after)}.`,
        ...(windows.cutBy.length === 0
          ? []
          : [
              `Cut short by ${names(windows.cutBy)}, made on the same hosts: the effects of the two cannot be told apart beyond that.`,
            ]),
        ...(plan.run?.problem === undefined ? [] : [plan.run.problem.sentence]),
      ],
    },
    { kind: 'table', table: stepTable(plan, index) },
    { kind: 'table', table: effectTable(one, index) },
  ];
}

/** The same step on many hosts is one row. */
function stepTable({ plan, run }: PlanView, index: number): ReportTable {
  const groups = new Map<string, { step: PlanStep; hosts: string[]; states: string[] }>();
  const nameOf = (host: string): string => plan.hosts.find((one) => one.host === host)?.name ?? host;
  for (const [at, step] of plan.steps.entries()) {
    const key = [step.title, step.place, step.from, step.to].join('\n');
    const group = groups.get(key) ?? { step, hosts: [], states: [] };
    group.hosts.push(nameOf(step.host));
    group.states.push(run?.steps[at]?.state ?? 'waiting');
    groups.set(key, group);
  }
  const rows = [...groups.values()];
  return {
    id: `steps-${index}`,
    title: 'What was written',
    columns: [left('Setting'), left('From'), left('To'), left('Hosts'), left('State'), left('Why')],
    rows: rows
      .slice(0, mostSteps)
      .map(({ step, hosts, states }) => [
        words(step.title),
        words(withUnit(step.from, step.unit)),
        words(withUnit(step.to, step.unit)),
        words(names(hosts, 6)),
        words([...new Set(states)].join(', ')),
        words(step.because),
      ]),
    ...(rows.length > mostSteps ? { note: `The first ${mostSteps} of ${rows.length} different steps.` } : {}),
  };
}

const unitBytes = { bytes: 1, KiB: 1024, MiB: 1024 ** 2 } as const;
const withUnit = (value: string, unit: PlanStep['unit']): string =>
  unit !== undefined && /^\d+$/.test(value) ? `${formatBytes(Number(value) * unitBytes[unit])} (${value})` : value;

function effectTable({ plan, before, after }: Measured, index: number): ReportTable {
  return {
    id: `effect-${index}`,
    title: 'Before and after',
    columns: [left('Host'), left('Figure'), right('Before'), right('After'), right('Moved')],
    rows: plan.plan.hosts.flatMap(({ host, name }) =>
      impactSignals.flatMap((signal) => {
        const [was, is] = [before.get(host, signal)?.mean, after.get(host, signal)?.mean];
        if (was === undefined && is === undefined) return [];
        const unit = signalUnit(signal);
        return [[words(name), words(signalTitles[signal]), figure(was, unit), figure(is, unit), move(was, is, unit)]];
      }),
    ),
  };
}
