/**
 * A report with everything in it that a writer may meet: names that are formulas, markup or turned around, very long
 * ones, a table of 500 rows, negative figures, figures that nobody tells, gaps, and changes close to each other.
 */
import type { ReportCell, ReportChart, ReportDocument, ReportTable } from '#shared/model/report.ts';

export const hostile = {
  formula: "=cmd|' /C calc'!A0",
  plus: '+1+1',
  at: '@SUM(A1:A9)',
  minus: '-2+3',
  spaced: '  =HYPERLINK("http://example.invalid","x")',
  script: '<script>alert(1)</script><img src=x onerror=alert(2)>',
  turned: 'web\u202egnp.exe\u202c',
  control: 'bell\u0007 and null\u0000',
  quote: 'a "quoted", comma\nand a line break',
  long: `db-${'very-long-name-'.repeat(20)}end`,
  wide: '漢字の名前',
};

export const gib = 1024 ** 3;
/** A day has its midnight in every time zone; this is the middle of one, UTC. */
export const sampleTo = Date.UTC(2026, 10, 24, 12);
const hour = 3_600_000;

const bytesText = (value: number): string => `${value < 0 ? '−' : ''}${(Math.abs(value) / gib).toFixed(2)}\u00a0GiB`;
export const bytes = (value: number): ReportCell => ({
  text: value === 0 ? '0' : bytesText(value),
  value,
  unit: 'bytes',
});
const words = (text: string): ReportCell => ({ text });
const percent = (value: number): ReportCell => ({ text: `${value.toFixed(1)}\u00a0%`, value, unit: 'percent' });
const absent: ReportCell = { text: '—' };

/** Waves with a gap of six hours, every hour one point. */
export function sampleChart(hours = 30 * 24, to = sampleTo): ReportChart {
  const from = to - hours * hour;
  const at = Array.from({ length: hours }, (_, i) => from + i * hour);
  const gapFrom = Math.floor(hours * 0.6);
  const gapTo = gapFrom + Math.max(2, Math.floor(hours / 40));
  const wave = (height: number, period: number, shift = 0): (number | null)[] =>
    at.map((_, i) =>
      i >= gapFrom && i < gapTo ? null : height * (1 + 0.4 * Math.sin((i * 2 * Math.PI) / period + shift)),
    );
  const line = (title: string, look: string, pane: string, values: (number | null)[]) => ({
    title,
    look,
    pane,
    at,
    values,
  });
  return {
    id: 'savings',
    title: 'Savings over harm',
    from,
    to,
    resolution: 'means of 1 hour',
    panes: [
      { id: 'saved', title: 'Memory saved', unit: 'bytes' },
      { id: 'stall', title: 'Time waiting for memory', unit: 'percent', mirrored: true },
      { id: 'flow', title: 'Pages per second', unit: 'rate', mirrored: true },
    ],
    lines: [
      { ...line('Compressed', 'compressed', 'saved', wave(9 * gib, 24)), stacked: true },
      { ...line('Merged', 'merged', 'saved', wave(4 * gib, 40, 1)), stacked: true },
      { ...line('Remote', 'remote', 'saved', wave(2 * gib, 60, 2)), stacked: true },
      { ...line('Ballooned', 'ballooned', 'saved', wave(6 * gib, 168, 3)), stacked: true },
      { ...line('Cache gained', 'ephemeral', 'saved', wave(3 * gib, 33)), dashed: true },
      line('Some tasks wait', 'harm-some', 'stall', wave(6, 24, 1)),
      line('All tasks wait', 'harm-full', 'stall', wave(2, 24, 1)),
      line('Back from swap', 'harm-swap', 'flow', wave(900, 24, 2)),
      { ...line('Rejects', 'harm-rejects', 'flow', wave(150, 50)), dashed: true },
    ],
    markers: [
      { at: from + hours * 0.2 * hour, letter: 'A', title: `Compress swapped pages on ${hostile.script}` },
      { at: from + hours * 0.205 * hour, letter: 'B', title: 'Raise the pool to 30 %' },
      { at: from + hours * 0.8 * hour, letter: 'C', title: 'Balloon 12 guests' },
    ],
  };
}

const names = Object.values(hostile);

export function guestsTable(rows = 500): ReportTable {
  return {
    id: 'guests',
    title: 'Guests',
    columns: [
      { title: 'Guest', align: 'left' },
      { title: 'Host', align: 'left' },
      { title: 'Saved', align: 'right' },
      { title: 'Overhead', align: 'right' },
      { title: 'Net', align: 'right' },
      { title: 'Waiting', align: 'right' },
      { title: 'Swap-ins', align: 'right' },
    ],
    rows: Array.from({ length: rows }, (_, i) => {
      const saved = i * 7_654_321 + 4096;
      const overhead = 123_456_789;
      return [
        words(names[i] ?? `guest-${String(i).padStart(4, '0')}`),
        words(`host-${String(i % 20).padStart(2, '0')}`),
        bytes(saved),
        i % 7 === 0 ? absent : bytes(overhead),
        bytes(i % 7 === 0 ? saved : saved - overhead),
        percent(((i * 37) % 250) / 10),
        { text: String(i * 11), value: i * 11, unit: 'pages' },
      ];
    }),
    note: 'Net is gross less what keeping it takes; where the kernel does not tell the overhead, it is the gross figure.',
  };
}

const mechanisms: ReportTable = {
  id: 'mechanisms',
  title: 'By mechanism',
  columns: [
    { title: 'Mechanism', align: 'left' },
    { title: 'Net', align: 'right' },
    { title: 'Formula', align: 'left' },
  ],
  rows: [
    [words('zswap'), bytes(9_663_676_417), words('Zswapped − Zswap')],
    [words('KSM'), bytes(-1_234_567), words('ksm_saved − rmap items')],
    [words('Price'), { text: '12.50\u00a0EUR', value: 12.5, unit: 'EUR' }, words('mean net GiB × months × price')],
  ],
};

export function sampleReport(changes: Partial<ReportDocument> = {}): ReportDocument {
  const to = sampleTo;
  return {
    kind: 'savings',
    title: 'Savings',
    subject: `20 hosts, among them ${hostile.script}`,
    from: to - 30 * 24 * hour,
    to,
    madeAt: to + 1000,
    madeBy: 'ann@desk',
    version: '0.1.0',
    lab: false,
    answers: [
      {
        question: 'What did we save?',
        sentences: ['On average 21.3 GiB of 128 GiB were not needed.', 'zswap gave the most: 9.00 GiB.'],
      },
      {
        question: 'What did it cost?',
        sentences: ['Some tasks waited for memory for 6.0 % of the time on the worst host, host-07.'],
      },
      {
        question: 'What should we do next?',
        sentences: [`Look at ${hostile.turned}: it came back from swap 900 times per second.`],
      },
    ],
    blocks: [
      {
        kind: 'figures',
        figures: [
          { label: 'Net saved', cell: bytes(22_870_867_149), note: 'mean over the time that is known' },
          { label: 'Merged', cell: bytes(-1_234_567) },
          { label: 'Money', cell: { text: '1 234\u00a0EUR', value: 1234.25, unit: 'EUR' } },
          { label: 'Overcommit', cell: { text: '1.42', value: 1.4213, unit: 'ratio' } },
          { label: 'Reads avoided', cell: absent },
        ],
      },
      { kind: 'chart', chart: sampleChart() },
      { kind: 'heading', text: 'Where it was saved' },
      { kind: 'table', table: mechanisms },
      { kind: 'table', table: guestsTable() },
      {
        kind: 'table',
        table: { id: 'none', title: 'Changes', columns: [{ title: 'Change', align: 'left' }], rows: [] },
      },
    ],
    method: [
      { kind: 'heading', text: 'Method and definitions' },
      { kind: 'text', sentences: ['Stocks are means over the time that is known.', 'Flows are sums.'] },
      { kind: 'heading', text: 'Data quality' },
      { kind: 'text', sentences: ['Readings cover 97 % of the span; there is one gap of 18 hours.'] },
    ],
    ...changes,
  };
}
