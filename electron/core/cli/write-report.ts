/** Makes the report that was asked for on the command line and puts its files into a folder. Called by report.ts. */
import { mkdir, writeFile } from 'node:fs/promises';
import type { HistoryEntity } from '#shared/model/history.ts';
import type { HostId } from '#shared/model/host.ts';
import { fail } from '#shared/problem.ts';
import { keptSources } from '../kept-sources.ts';
import type { ReportHost } from '../reports/sources.ts';
import { copyOut } from '../reports/copy-out.ts';
import { makeReport, writeFormats } from '../reports/reports.ts';
import { momentText } from '../reports/format.ts';
import { outProblem } from './out-file.ts';
import { version } from './program.ts';
import type { Asked } from './report.ts';
import type { Span } from './span-words.ts';
import { progressLine, tell } from './words.ts';

export async function writeAsked(asked: Asked, signal: AbortSignal): Promise<number> {
  const { kind, span, formats, out, dataDir, now } = asked;
  const { history, sources, close } = await keptSources({ dataDir, version, signal, warn: tell });
  const progress = progressLine();
  try {
    const entities = await history.entities();
    const hosts = hostsNamed(asked.hosts, sources.hosts(), entities);
    refuseEmpty(entities, hosts, span);
    await mkdir(out, { recursive: true }).catch((error: unknown) => {
      throw outProblem(out, error);
    });
    const request = { kind, span, hosts, guests: [], plans: [], formats };
    const onProgress = (part: number, step: string): void => progress.tell(`${Math.round(part * 100)} %  ${step}`);
    const document = await makeReport(request, sources, { now, signal, onProgress });
    const { files, notes } = await writeFormats(document, formats, { signal, onProgress });
    const written = await copyOut(out, files, writeOpen, signal).catch((error: unknown) => {
      throw outProblem(out, error);
    });
    progress.end();
    notes.forEach(tell);
    process.stdout.write(written.map((path) => `${path}\n`).join(''));
    return 0;
  } finally {
    progress.end();
    close();
  }
}

/** By name, whatever its case, or by id; of the inventory, else of the history. Rejects: not-found. */
export function hostsNamed(
  names: readonly string[],
  inventory: readonly ReportHost[],
  entities: readonly HistoryEntity[],
): readonly HostId[] {
  const seen = entities.filter(({ guest }) => guest === '').map(({ host, hostName }) => ({ id: host, name: hostName }));
  const known = [...inventory, ...seen];
  return names.map((wanted) => {
    const same = (name: string): boolean => name.trim().toLowerCase() === wanted.trim().toLowerCase();
    const found = known.find(({ id }) => id === wanted) ?? known.find(({ name }) => same(name));
    if (found !== undefined) return found.id;
    const some = [...new Set(known.map(({ name }) => name))].sort();
    const list = some.length === 0 ? 'none' : `${some.slice(0, 10).join(', ')}${some.length > 10 ? ', …' : ''}`;
    return fail('not-found', `There is no host "${wanted}" in the inventory or the history. Known are: ${list}.`);
  });
}

/** A report about a span without readings would be a page of dashes: what there is instead is named. */
function refuseEmpty(entities: readonly HistoryEntity[], hosts: readonly HostId[], { from, to }: Span): void {
  const about = entities.filter(({ host }) => hosts.length === 0 || hosts.includes(host));
  if (about.some(({ firstAt, lastAt }) => firstAt <= to && lastAt >= from)) return;
  const whose = hosts.length === 0 ? 'the history' : 'the history of these hosts';
  if (about.length === 0)
    fail('not-found', `There are no readings in ${whose} yet. Start the console and let it watch the hosts.`);
  const first = Math.min(...about.map(({ firstAt }) => firstAt));
  const last = Math.max(...about.map(({ lastAt }) => lastAt));
  fail(
    'not-found',
    `There are no readings from ${momentText(from)} to ${momentText(to)}: ${whose} reaches from ${momentText(first)} to ${momentText(last)}.`,
  );
}

/** With the rights that files of this person have. */
const writeOpen = (path: string, bytes: Uint8Array): Promise<void> =>
  writeFile(path, bytes, { flag: 'wx', flush: true });
