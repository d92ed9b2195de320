/** Finds figures in ledgers and reports by what they are called; throws where there is not exactly one. */
import { execFileSync } from 'node:child_process';
import type { Console } from '#shared/contract/connect.ts';
import type { HistorySeries } from '#shared/model/history.ts';
import type {
  Harm,
  HarmEntry,
  HostLedger,
  Ledger,
  LedgerEntry,
  LedgerPart,
  LedgerScope,
  Mechanism,
} from '#shared/model/ledger.ts';
import type { ReportCell, ReportChart, ReportDocument, ReportRequest, ReportTable } from '#shared/model/report.ts';
import { until } from './until.ts';

function only<T>(what: string, found: readonly T[]): T {
  const [first] = found;
  if (first === undefined || found.length > 1) throw new Error(`${found.length} of ${what}`);
  return first;
}

export const hostIn = ({ hosts }: Ledger): HostLedger => only('the ledger’s hosts', hosts);

export const guestIn = ({ guests }: HostLedger, name: string): LedgerScope =>
  only(
    `guests called ${name}`,
    guests.filter((guest) => guest.name === name),
  );

export const entryIn = ({ entries }: LedgerScope, mechanism: Mechanism, part: LedgerPart): LedgerEntry =>
  only(
    `entries for ${mechanism}, ${part}`,
    entries.filter((entry) => entry.mechanism === mechanism && entry.part === part),
  );

export const harmIn = ({ harm }: Pick<LedgerScope, 'harm'>, kind: Harm): HarmEntry =>
  only(
    `entries for ${kind}`,
    harm.filter((entry) => entry.harm === kind),
  );

const tableIn = ({ blocks }: ReportDocument, id: string): ReportTable =>
  only(
    `tables ${id}`,
    blocks.flatMap((block) => (block.kind === 'table' && block.table.id === id ? block.table : [])),
  );

export const chartsIn = ({ blocks }: ReportDocument): readonly ReportChart[] =>
  blocks.flatMap((block) => (block.kind === 'chart' ? block.chart : []));

/** By a text that stands in its row and the title of its column. */
export function cellIn(document: ReportDocument, id: string, text: string, column: string): ReportCell {
  const { columns, rows } = tableIn(document, id);
  const row = only(
    `rows of ${id} with ${text}`,
    rows.filter((cells) => cells.some((cell) => cell.text === text)),
  );
  const cell = row[columns.findIndex(({ title }) => title === column)];
  if (cell === undefined) throw new Error(`the table ${id} has no column ${column}`);
  return cell;
}

/** Has a report made as JSON and reads it. @throws with the reason when it fails */
export async function jsonReport(
  page: Console,
  request: Pick<ReportRequest, 'kind' | 'span'> & Partial<ReportRequest>,
): Promise<ReportDocument> {
  const { id } = await page.call('reports.make', {
    request: { hosts: [], guests: [], plans: [], ...request, formats: ['json'] },
  });
  let name = '';
  await until('the report to be made', async () => {
    const info = (await page.call('reports.list', {})).find((one) => one.id === id);
    if (info?.state === 'failed') throw new Error(info.problem?.sentence);
    name = info?.files[0]?.name ?? '';
    return info?.state === 'done';
  });
  const { base64 } = await page.call('reports.read', { report: id, name });
  return JSON.parse(Buffer.from(base64, 'base64').toString()) as ReportDocument;
}

/** From the last reading before to the first one after. */
export function gapsIn(of: HistorySeries | undefined): readonly { readonly from: number; readonly to: number }[] {
  const { at = [], values = [] } = of ?? {};
  return values.flatMap((value, index) =>
    value === null ? { from: at[index - 1] ?? NaN, to: at[index + 1] ?? NaN } : [],
  );
}

export const squeezed = (text: string): string => text.replace(/[\s\u00a0\u202f]+/g, '');

/** Without its spaces; undefined where there is no program for it. */
export function textOfPdf(path: string): string | undefined {
  try {
    return squeezed(execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
