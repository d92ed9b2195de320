/**
 * The end of a report with figures of the ledger: every formula with its terms and where they are read, what the words
 * mean, what money assumes, and how good the data is. Pure.
 */
import type { HarmEntry, Ledger, LedgerFigure, LedgerTerm } from '#shared/model/ledger.ts';
import type { ReportBlock, ReportTable } from '#shared/model/report.ts';
import { digits, figureText, words } from '../format.ts';
import type { CellUnit } from '../format.ts';
import { mechanismTitles, partTitles } from '../words.ts';
import type { BuildContext } from './context.ts';
import { hostEntries } from './figures.ts';
import { zoneWords } from './quality.ts';
import { left, right } from './tables.ts';

/** A page of a spreadsheet takes more; a person who reads a PDF does not. */
const mostRaw = 600;

export function ledgerMethod(context: BuildContext, ledger: Ledger): readonly ReportBlock[] {
  return [
    { kind: 'heading', text: 'Method and definitions' },
    {
      kind: 'text',
      sentences: [
        'Bytes are means over the time that is known, weighted by time. Counts are the sum of what counters grew by; a counter that began anew, after a reboot or a reset, counts from there and is never taken for a drop.',
        'Net is gross less overhead. Where a kernel does not tell the overhead, net is the gross figure, and the formula’s row says so.',
        'Hosts are added up, guests are not: what a guest saves is part of what its host saves. Pages that one host keeps for another are counted once, where they came from.',
        `The charts show what the hosts told from moment to moment, with memory kept in other machines drawn as “Remote”; the ledger counts that as moved, not as saved. ${zoneWords(context)}`,
      ],
    },
    { kind: 'table', table: formulaTable(ledger) },
    { kind: 'table', table: rawTable(ledger) },
    { kind: 'table', table: definitions(ledger) },
  ];
}

interface Formula {
  readonly what: string;
  readonly figure: LedgerFigure;
  readonly notes: readonly string[];
}

function formulasOf(ledger: Ledger): readonly Formula[] {
  const found: Formula[] = [];
  for (const { mechanism, part, title, gross, overhead, net, notes } of hostEntries(ledger)) {
    const what = `${mechanismTitles[mechanism]}, ${partTitles[part]}: ${title}`;
    if (overhead === undefined && net.formula === gross.formula) {
      found.push({ what, figure: net, notes });
      continue;
    }
    found.push({ what: `${what} (gross)`, figure: gross, notes: [] });
    if (overhead !== undefined) found.push({ what: `${what} (overhead)`, figure: overhead, notes: [] });
    found.push({ what: `${what} (net)`, figure: net, notes });
  }
  for (const { title, figure: its, notes } of ledger.hosts.flatMap((host): readonly HarmEntry[] => host.harm))
    found.push({ what: title, figure: its, notes });
  for (const { overcommit, effective } of ledger.hosts) {
    if (overcommit !== undefined) found.push({ what: 'Overcommit ratio', figure: overcommit, notes: [] });
    if (effective !== undefined) found.push({ what: 'Effective ratio', figure: effective, notes: [] });
  }
  return found;
}

function formulaTable(ledger: Ledger): ReportTable {
  const distinct = new Map<string, Formula>();
  for (const formula of formulasOf(ledger)) {
    const key = `${formula.what}\n${formula.figure.formula}`;
    if (!distinct.has(key)) distinct.set(key, formula);
  }
  return {
    id: 'formulas',
    title: 'Formulas',
    columns: [left('Figure'), left('Formula'), left('Terms and where they are read'), left('To know')],
    rows: [...distinct.values()].map(({ what, figure: its, notes }) => [
      words(what),
      words(its.formula),
      words(its.terms.map(termWords).join('; ')),
      words(notes.join(' ')),
    ]),
  };
}

const hows: { readonly [how in LedgerTerm['how']]: string } = {
  mean: 'mean',
  increase: 'sum of what was counted',
  last: 'last reading',
  constant: 'constant',
};

const termWords = ({ name, title, how, source, value }: LedgerTerm): string =>
  how === 'constant'
    ? `${name} = ${digits(value)} (${title})`
    : `${name}: ${title}, ${hows[how]}${source === '' ? '' : `, ${source}`}`;

/** The counters themselves, so that any figure can be computed again by hand. */
function rawTable(ledger: Ledger): ReportTable {
  const rows = ledger.hosts.flatMap((host) => {
    const seen = new Set<string>();
    const terms = [
      ...host.entries.flatMap(({ instance, gross, overhead, net }) =>
        [gross, overhead, net].flatMap((its) => (its?.terms ?? []).map((term) => ({ instance, term }))),
      ),
      ...host.harm.flatMap(({ figure: its }) => its.terms.map((term) => ({ instance: '', term }))),
    ];
    return terms.flatMap(({ instance, term }) => {
      const key = `${instance}\n${term.metric}\n${term.how}`;
      if (term.how === 'constant' || seen.has(key)) return [];
      seen.add(key);
      return [
        [
          words(host.name),
          words(instance),
          words(term.title),
          { text: rawText(term), value: term.value, unit: term.unit },
          words(hows[term.how]),
          words(term.source),
        ],
      ];
    });
  });
  return {
    id: 'raw',
    title: 'What the hosts told',
    columns: [left('Host'), left('Device'), left('Value'), right('Over the span'), left('How'), left('Source')],
    rows: rows.slice(0, mostRaw),
    ...(rows.length > mostRaw
      ? { note: `The first ${mostRaw} of ${rows.length} values; make the report of fewer hosts to see the others.` }
      : {}),
  };
}

const rawUnits: { readonly [unit in LedgerTerm['unit']]: CellUnit } = {
  bytes: 'bytes',
  pages: 'pages',
  count: 'count',
  percent: 'percent',
  microseconds: 'milliseconds',
  milliseconds: 'milliseconds',
  seconds: 'seconds',
  flag: 'count',
  text: 'count',
};

const rawText = ({ unit, value }: LedgerTerm): string =>
  figureText(unit === 'microseconds' ? value / 1000 : value, rawUnits[unit]);

function definitions({ overcommit, hosts, money }: Ledger): ReportTable {
  const ratio = overcommit ?? hosts.find((host) => host.overcommit !== undefined)?.overcommit;
  const effective = hosts.find((host) => host.effective !== undefined)?.effective;
  const rows: (readonly [string, string])[] = [
    ['Gross', 'What is kept or not needed, before the cost of keeping it.'],
    ['Overhead', 'The RAM that keeping it takes.'],
    ['Net saved', 'Gross less overhead: RAM that the host did not need.'],
    ['Capacity gained', 'Room for caches that may vanish at any moment. It makes work faster and frees no memory.'],
    [
      'Moved, lent',
      'Pages kept in another machine’s RAM, and RAM that holds pages of others. The same pages, seen twice.',
    ],
    ['Reads and writes avoided', 'Pages that were fetched from RAM, or kept there, where a disk would have been used.'],
    [
      'Waited',
      'Share of time in which some (or all) tasks that could have run waited for memory: the kernel’s pressure stall information.',
    ],
    ['Swap-ins', 'Pages that came back from swap of any kind, compressed RAM included.'],
    ['Refaults', 'Pages that were needed again soon after they were evicted.'],
    ['Rejects', 'Pages that a pool did not take: they went to a disk, or stayed.'],
    ...(ratio === undefined ? [] : [['Overcommit ratio', `${ratio.formula}${termsWords(ratio)}`] as const]),
    ...(effective === undefined ? [] : [['Effective ratio', `${effective.formula}${termsWords(effective)}`] as const]),
    [
      'Money',
      money === undefined ? 'No price for a GiB of RAM is set, so nothing is counted in money.' : money.assumption,
    ],
  ];
  return {
    id: 'definitions',
    title: 'Words',
    columns: [left('Word'), left('Meaning')],
    rows: rows.map(([word, meaning]) => [words(word), words(meaning)]),
  };
}

const termsWords = ({ terms }: LedgerFigure): string =>
  terms.length === 0 ? '' : `, where ${terms.map(({ name, title }) => `${name} is ${title}`).join('; ')}`;
