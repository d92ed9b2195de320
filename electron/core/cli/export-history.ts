/** Streams one tier of the history into a file, batch by batch, in little memory. Called by history.ts. */
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fail } from '#shared/problem.ts';
import { loadHosts } from '../kept-sources.ts';
import { historyName } from '../files/archive-manifest.ts';
import { readHistory } from '../history/read-history.ts';
import type { HistoryReader } from '../history/read-history.ts';
import { momentText } from '../reports/format.ts';
import type { AskedHistory } from './history.ts';
import { csvRows, parquetRows, type RowWriter } from './history-rows.ts';
import { newFile } from './out-file.ts';
import type { Span } from './span-words.ts';
import { progressLine, tell } from './words.ts';
import { hostsNamed } from './write-report.ts';

const writers: { readonly [format in AskedHistory['format']]: RowWriter } = { csv: csvRows, parquet: parquetRows };

export async function exportHistory(asked: AskedHistory, signal: AbortSignal): Promise<number> {
  const { out, format, tier, dataDir } = asked;
  const history = readHistory(join(dataDir, historyName));
  const progress = progressLine();
  let count = 0;
  try {
    const hosts = hostsNamed(asked.hosts, await loadHosts(dataDir, tell), await history.entities());
    const span = spanIn(history, asked);
    await newFile(out, async (file) => {
      const writer = writers[format](file);
      await writer.begin();
      await history.rows({ tier, hosts, ...span }, async (rows) => {
        await writer.rows(rows);
        count += rows.length;
        progress.tell(`${count} rows, at ${rows.at(-1)?.hostName ?? ''} ${momentText(rows.at(-1)?.at ?? span.from)}`);
        // What was asked meanwhile, such as to stop, is heard here.
        await setImmediate();
        signal.throwIfAborted();
      });
      await writer.end();
      if (count === 0)
        fail(
          'not-found',
          `There are no readings of the tier ${tier} in that span${asked.hosts.length === 0 ? '' : ' of these hosts'}.`,
        );
    });
    progress.end();
    process.stderr.write(`${count} rows\n`);
    process.stdout.write(`${out}\n`);
    return 0;
  } finally {
    progress.end();
    history.close();
  }
}

/** What was asked for, within what there is. Rejects: not-found. */
function spanIn(history: HistoryReader, { tier, span }: AskedHistory): Span {
  const { tiers } = history.status();
  const found = tiers.find((one) => one.tier === tier);
  if (found === undefined) {
    const others = tiers.map((one) => one.tier).join(', ');
    return fail(
      'not-found',
      `The history holds nothing of the tier ${tier}${others === '' ? ' yet' : `. It has: ${others}`}.`,
    );
  }
  // The end is not part of it, the last reading is.
  const whole = { from: found.from, to: found.to + 1 };
  if (span === undefined) return whole;
  if (span.from >= whole.to || span.to <= whole.from)
    fail(
      'not-found',
      `There are no readings from ${momentText(span.from)} to ${momentText(span.to)}: the tier ${tier} reaches from ${momentText(whole.from)} to ${momentText(whole.to)}.`,
    );
  return { from: Math.max(span.from, whole.from), to: Math.min(span.to, whole.to) };
}
