/**
 * The agent's text as values, pools and clusters. Absent files give absent values; a file that cannot be understood
 * gives a trouble and spoils only its own metrics. Never throws, has no memory of its own. Guests are not its business.
 */
import type { FileText, ReadTrouble } from '../platform.ts';
import type { Evidence, Reading } from '../platform.ts';
import { parseInteger } from '../kernel/integer.ts';
import { noteTrouble, quoted } from '../kernel/trouble.ts';
import { fileEntries } from './catalogue.ts';
import type { Entry } from './catalogue/entry.ts';
import { histogramFiles } from './catalogue/zcache-v1.ts';
import { clusterReading } from './cluster-reading.ts';
import { readClusters } from './cluster-config.ts';
import { derive } from './derive.ts';
import { linksOf } from './links.ts';
import { parseHistogram } from './histogram.ts';
import { poolsOf } from './pools.ts';
import { stateOf } from './state.ts';
import { Values } from './values.ts';

export function read(evidence: Evidence): Reading {
  const out = new Values(evidence);
  for (const known of fileEntries) readEntry(out, known);
  readHistograms(out);
  const state = stateOf(evidence);
  // ocfs2 keeps its cluster in the same place: without RAMster it is not ours.
  const clusters = state.ramster ? readClusters(out) : [];
  const target = Number(out.text('ramster.remote_target_nodenum'));
  const lost = clusters.some((config) => linksOf(evidence, config).linked(target) === false);
  // Files of a zcache that was never switched on read 0: that is nothing kept, not nothing saved.
  const kept = state.running === true ? derive(out, lost && !Number.isNaN(target)) : [];
  return {
    values: out.list,
    guests: [],
    pools: poolsOf(out, state, kept),
    clusters: clusters.map((config) => clusterReading(out, config)),
    troubles: out.troubles,
  };
}

function readEntry(out: Values, { id, files, form, kind, unit }: Entry): void {
  const file = files?.map((path) => out.file(path)).find((found) => found !== undefined);
  if (file === undefined) return;
  const gauge = kind === 'level' && unit !== 'bytes';
  const value = form === 'text' ? nodeNumbers(file, out.troubles) : number(file, gauge, out.troubles);
  out.put(id, value, file.path, file.line);
}

/**
 * A gauge that slips below zero is printed as unsigned: parseInteger knows it at 64 bits; a 32-bit kernel prints a
 * number just below 2^32, which as pages would be 16 TiB (docs/domain.md 2).
 */
function number(file: FileText, gauge: boolean, troubles: ReadTrouble[]): number | undefined {
  const value = parseInteger(file.text);
  if (value === undefined) noteTrouble(troubles, file, 0, `expected a whole number, found ${quoted(file.text)}`);
  return gauge && value !== undefined && value < 2 ** 32 && value >= 2 ** 32 - 2 ** 20 ? value - 2 ** 32 : value;
}

/** `0 1 ` with its blank, an empty line for none, or `unset`. */
function nodeNumbers(file: FileText, troubles: ReadTrouble[]): string | undefined {
  const text = file.text.trim();
  if (text === '') return 'none';
  if (text === 'unset' || /^\d{1,3}(?: \d{1,3}){0,15}$/.test(text)) return text;
  noteTrouble(troubles, file, 0, `expected numbers of nodes or “unset”, found ${quoted(file.text)}`);
  return undefined;
}

function readHistograms(out: Values): void {
  const { current, lifetime, single, chunks } = histogramFiles;
  for (const [path, metric, sized] of [
    [current, 'zcache.zv_curr_dist_counts', true],
    [lifetime, 'zcache.zv_cumul_dist_counts', false],
    [single, 'zcache.zbud_unbuddied_list_counts', false],
    [chunks, 'zcache.zbud_cumul_chunk_counts', false],
  ] as const) {
    const file = out.file(path);
    const found = file && parseHistogram(file, out.troubles);
    out.put(`${metric}.pages`, found?.pages, path, file?.line);
    if (sized) out.put(`${metric}.bytes`, found?.bytes, path, file?.line);
  }
}
