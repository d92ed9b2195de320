/**
 * The end of a report with figures of the ledger: every formula with its terms and where they are read, what the words
 * mean, what money assumes, and how good the data is. Pure.
 */
import type { Ledger, LedgerFigure } from '#shared/model/ledger.ts';
import type { ReportBlock, ReportTable } from '#shared/model/report.ts';
import { words } from '../format.ts';
import type { BuildContext } from './context.ts';
import { formulaTable, inTurns, rawTable, termTable } from './formulas.ts';
import type { Scope } from './formulas.ts';
import { zoneWords } from './quality.ts';
import { left } from './tables.ts';

/** @param scopes whose figures the report tells: their formulas and what was read for them. */
export async function ledgerMethod(
  context: BuildContext,
  ledger: Ledger,
  scopes: { readonly formulas: readonly Scope[]; readonly raw: readonly Scope[] },
): Promise<readonly ReportBlock[]> {
  const turns = inTurns(() => context.step(0.97, 'laying out tables'));
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
    { kind: 'table', table: await formulaTable(scopes.formulas, turns) },
    { kind: 'table', table: await termTable(scopes.formulas, turns) },
    { kind: 'table', table: await rawTable(scopes.raw, turns) },
    { kind: 'table', table: definitions(ledger) },
  ];
}

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
