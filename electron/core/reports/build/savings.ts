/** The savings report: what was saved, what it cost, what to do next; the ledger's figures and how they came about. */
import type { Ledger } from '#shared/model/ledger.ts';
import type { ReportBlock, ReportDocument } from '#shared/model/report.ts';
import { figure, money } from '../format.ts';
import { subjectOf } from '../words.ts';
import { advise } from './advice.ts';
import type { MechanismSlice } from './charts.ts';
import { mechanismChart, savingsChart } from './charts.ts';
import type { BuildContext } from './context.ts';
import { head } from './context.ts';
import { ledgerMethod } from './method.ts';
import { ledgerQuality } from './quality.ts';
import { whatItCost, whatWasSaved } from './savings-answers.ts';
import { changeTable, guestTable, hostTable, mechanismTable } from './tables.ts';

const minute = 60_000;
const day = 1440 * minute;
const sliceLengths = [1, 5, 15, 30, 60, 120, 180, 360, 720].map((minutes) => minutes * minute);
const dayLengths = [1, 2, 7, 14, 30, 91].map((days) => days * day);
const mostSlices = 24;

export async function buildSavings(context: BuildContext): Promise<ReportDocument> {
  const { request, sources, from, to, hosts } = context;
  await context.step(0, 'computing the ledger');
  const ledger = await sources.ledger({ hosts: request.hosts, guests: true, from, to });
  await context.step(0.4, 'drawing savings over harm');
  const overHarm = await savingsChart(context, 'savings-over-harm', 'Savings over harm', request.hosts, ledger.events);
  const sliceMs = sliceLength(to - from);
  const slices = await slicesOf(context, sliceMs);
  await context.step(0.95, 'laying out tables');
  const byMechanism = mechanismChart(context, slices, sliceMs, ledger.events);
  const guests = guestTable(ledger);
  const nameOf = (host: string): string => hosts.find(({ id }) => id === host)?.name ?? host;
  const changes = changeTable(ledger.events, sources.plans(), nameOf);
  const blocks: (ReportBlock | undefined)[] = [
    { kind: 'figures', figures: keyFigures(ledger) },
    overHarm && { kind: 'chart', chart: overHarm },
    byMechanism && { kind: 'chart', chart: byMechanism },
    { kind: 'table', table: mechanismTable(ledger) },
    { kind: 'table', table: hostTable(ledger) },
    guests && { kind: 'table', table: guests },
    changes && { kind: 'table', table: changes },
  ];
  return {
    ...head(context, subjectOf(hosts)),
    lab: sources.lab || ledger.lab,
    answers: [
      { question: 'What did we save?', sentences: whatWasSaved(ledger) },
      { question: 'What did it cost?', sentences: whatItCost(ledger) },
      { question: 'What should we do next?', sentences: advise(ledger) },
    ],
    blocks: blocks.filter((block) => block !== undefined),
    method: [
      ...(await ledgerMethod(context, ledger, {
        formulas: [...ledger.hosts, ...ledger.hosts.flatMap((host) => host.guests)],
        raw: ledger.hosts,
      })),
      ...ledgerQuality(context, ledger),
    ],
  };
}

type Figures = Extract<ReportBlock, { kind: 'figures' }>['figures'];

function keyFigures({ sums, ram, overcommit, money: priced }: Ledger): Figures {
  return [
    { label: 'Memory saved, net', cell: figure(sums.saved, 'bytes'), note: 'Mean over the span.' },
    { label: 'RAM of the hosts', cell: figure(ram, 'bytes') },
    ...(overcommit === undefined ? [] : [{ label: 'Overcommit ratio', cell: figure(overcommit.value, 'ratio') }]),
    ...(sums.capacity === undefined
      ? []
      : [{ label: 'Capacity gained', cell: figure(sums.capacity, 'bytes'), note: 'Caches; may vanish.' }]),
    ...(sums.moved === undefined
      ? []
      : [{ label: 'Moved to other machines', cell: figure(sums.moved, 'bytes'), note: 'Not saved.' }]),
    ...(priced === undefined
      ? []
      : [
          // Of a short span it is nothing that could be paid.
          ...(Math.abs(priced.amount) < 0.005
            ? []
            : [{ label: 'Worth for this span', cell: money(priced.amount, priced.currency) }]),
          { label: 'Worth a month', cell: money(priced.perMonth, priced.currency) },
        ]),
  ];
}

/** So that there are at most two dozen, and each is a length that people count in. */
export function sliceLength(spanMs: number): number {
  return [...sliceLengths, ...dayLengths].find((length) => spanMs / length <= mostSlices) ?? spanMs / mostSlices;
}

async function slicesOf(context: BuildContext, sliceMs: number): Promise<readonly MechanismSlice[]> {
  const { request, sources, from, to } = context;
  const slices: MechanismSlice[] = [];
  for (let at = from; at < to; at += sliceMs) {
    await context.step(0.45 + (0.5 * (at - from)) / (to - from), 'drawing each mechanism');
    const end = Math.min(at + sliceMs, to);
    const { sums } = await sources.ledger({ hosts: request.hosts, guests: false, from: at, to: end });
    // A mean stands for the whole slice, so its point stands in the middle of it.
    slices.push({ at: (at + end) / 2, byMechanism: sums.byMechanism });
  }
  return slices;
}
