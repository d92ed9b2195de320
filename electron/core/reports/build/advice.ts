/**
 * What should be done next, computed from a ledger: each sentence names the host, the figure that speaks for it and the
 * step. Nothing is advised that no figure asks for. Pure.
 */
import { formatBytes } from '#shared/format/bytes.ts';
import { count } from '#shared/format/number.ts';
import { formatPercent } from '#shared/format/percent.ts';
import type { HostLedger, Ledger } from '#shared/model/ledger.ts';
import { mechanismTitles } from '#shared/model/titles.ts';
import { durationText } from '../format.ts';
import { many, names } from '../words.ts';
import { bySaving, harmOf, harmValue, works } from './figures.ts';

const GiB = 1024 ** 3;
/** Percent of time: below it nobody notices, from the second on people do. */
const felt = 1;
const heavy = 10;
/** GiB: less than this saved is not divided by. */
const leastSaved = 0.1;
/** Of pages that were offered, so many per cent refused, and at least so many pages. */
const muchRefused = 5;
const fewestRefused = 1000;
const enoughCover = 0.95;

interface Advice {
  /** The more urgent come first. */
  readonly urgency: number;
  readonly sentence: string;
}

export function advise(ledger: Ledger): readonly string[] {
  const seen = ledger.hosts.filter(({ coveredMs }) => coveredMs > 0);
  if (seen.length === 0)
    return [
      'Nothing was read in this span. Connect the hosts, let the console run for as long as the report is to be about, and make it again.',
    ];
  const all = [
    ...killed(seen),
    ...waiting(seen),
    ...dearMerging(seen),
    ...refused(seen),
    ...withoutAny(seen),
    ...spread(ledger, seen),
    ...quality(ledger),
  ].sort((a, b) => b.urgency - a.urgency);
  return all.length > 0 ? all.map(({ sentence }) => sentence) : [calm(seen)];
}

/** The worst first; one host in full, several together with the figure of each. */
function together(
  hosts: readonly HostLedger[],
  figureOf: (host: HostLedger) => number,
  write: (value: number) => string,
): string {
  const listed = hosts
    .toSorted((a, b) => figureOf(b) - figureOf(a))
    .map((host) => `${host.name} ${write(figureOf(host))}`);
  return names(listed, 5);
}

function killed(hosts: readonly HostLedger[]): Advice[] {
  const kills = (host: HostLedger): number => Math.round(harmValue(host, 'oom-kills'));
  const hit = hosts.filter((host) => kills(host) > 0);
  if (hit.length === 0) return [];
  const listed = together(hit, kills, (value) => `(${count(value)})`);
  return [
    {
      urgency: 100,
      sentence: `The kernel killed processes for lack of memory on ${listed}. Move guests away or add RAM there before saving more on ${hit.length === 1 ? 'it' : 'them'}.`,
    },
  ];
}

function dearMerging(hosts: readonly HostLedger[]): Advice[] {
  const loss = (host: HostLedger): number => -(host.sums.byMechanism.ksm ?? 0);
  const hit = hosts.filter((host) => loss(host) > 0);
  if (hit.length === 0) return [];
  const listed = together(hit, loss, (value) => `(${formatBytes(value)})`);
  return [
    {
      urgency: 70,
      sentence: `Merging equal pages (KSM) takes more than it saves on ${listed}. Stop KSM there, and unmerge.`,
    },
  ];
}

function refused(hosts: readonly HostLedger[]): Advice[] {
  const rejects = (host: HostLedger): number => harmValue(host, 'rejects');
  /** Pages that were taken are told by some kernels only, and by none while nothing was taken. */
  const taken = (host: HostLedger): number => Math.max(0, host.sums.writesAvoided ?? 0);
  const share = (host: HostLedger): number => (100 * rejects(host)) / (rejects(host) + taken(host));
  const hit = hosts.filter((host) => rejects(host) >= fewestRefused && share(host) >= muchRefused);
  if (hit.length === 0) return [];
  const offered = (host: HostLedger): string =>
    taken(host) > 0 ? `, ${formatPercent(share(host))} of those offered` : '';
  const [first] = hit;
  const sentence =
    hit.length === 1 && first !== undefined
      ? `Pools refused ${count(rejects(first))} pages on ${first.name}${offered(first)}. Raise their limit, or give them fewer pages to keep.`
      : `Pools refused pages on ${names(
          hit
            .toSorted((one, other) => rejects(other) - rejects(one))
            .map((host) => `${host.name} (${count(rejects(host))}${offered(host)})`),
          5,
        )}. Raise their limits, or give them fewer pages to keep.`;
  return [{ urgency: 60, sentence }];
}

/** Hosts that suffer, and of those that only feel it the one whose tasks wait most for each GiB saved. */
function waiting(hosts: readonly HostLedger[]): Advice[] {
  const wait = (host: HostLedger): number => harmOf(host, 'psi-some')?.value ?? 0;
  const saved = (host: HostLedger): number => host.sums.saved ?? 0;
  const price = (host: HostLedger): number => wait(host) / Math.max(saved(host) / GiB, leastSaved);
  const feeling = hosts.filter((host) => wait(host) >= felt).sort((a, b) => price(b) - price(a));
  const [dearest] = feeling;
  if (dearest === undefined) return [];
  const others = feeling.filter((host) => host !== dearest && wait(host) >= heavy);
  const gain =
    saved(dearest) > 0
      ? `for ${formatBytes(saved(dearest))} saved${feeling.length > 1 ? ': the most harm for each GiB' : ''}`
      : 'and nothing is saved there, so saving is not what makes it wait';
  return [
    {
      urgency: wait(dearest) >= heavy ? 90 : 50,
      sentence: `${dearest.name}: some task waited for memory ${formatPercent(wait(dearest))} of the time, ${gain}. Move a guest away from it or give it more RAM first.`,
    },
    ...(others.length === 0
      ? []
      : [
          {
            urgency: 85,
            sentence: `${others.length === 1 ? 'Another host' : `${others.length} more hosts`} waited ${formatPercent(heavy)} of the time or longer: ${together(others, wait, (value) => `(${formatPercent(value)})`)}. Give ${others.length === 1 ? 'it' : 'them'} no further guests.`,
          },
        ]),
  ];
}

function withoutAny(hosts: readonly HostLedger[]): Advice[] {
  const bare = hosts.filter(({ entries }) => !entries.some(works));
  if (bare.length === 0 || bare.length === hosts.length)
    return bare.length === 0
      ? []
      : [
          {
            urgency: 40,
            sentence: 'Nothing saves memory on any of these hosts. Try zswap on one of them first, and compare.',
          },
        ];
  const ram = bare.reduce((sum, host) => sum + (host.ram ?? 0), 0);
  return [
    {
      urgency: 40,
      sentence: `Nothing saves memory on ${names(bare.map(({ name }) => name))}${ram > 0 ? `, with ${formatBytes(ram)} of RAM` : ''}. See whether what works on the others can be had there.`,
    },
  ];
}

/** The mechanism that saves most, and the hosts that have it and save nothing with it. */
function spread({ sums }: Ledger, hosts: readonly HostLedger[]): Advice[] {
  const [best] = bySaving(sums);
  if (best === undefined || best.net < 0) return [];
  const having = hosts.filter(({ sums: own }) => (own.byMechanism[best.mechanism] ?? 0) > 0);
  // A host on which nothing works, or that waits already, has a sentence of its own.
  const lacking = hosts.filter(
    (host) =>
      !having.includes(host) &&
      host.entries.some(works) &&
      harmValue(host, 'psi-some') < felt &&
      host.entries.some(({ mechanism }) => mechanism === best.mechanism),
  );
  if (having.length === 0 || lacking.length === 0) return [];
  return [
    {
      urgency: 20,
      sentence: `${mechanismTitles[best.mechanism]} saves the most, ${formatBytes(best.net)} on ${many(having.length, 'host')}. ${names(lacking.map(({ name }) => name))} could use it too and ${lacking.length === 1 ? 'saves' : 'save'} nothing with it: compare the settings.`,
    },
  ];
}

function quality({ quality: { covered, coveredSince = covered, longestGapMs, missing } }: Ledger): Advice[] {
  const found: Advice[] = [];
  if (missing.length > 0)
    found.push({
      urgency: 30,
      sentence: `${names(missing)} ${missing.length === 1 ? 'was' : 'were'} not read once in this span. Look at the connection, or leave ${missing.length === 1 ? 'it' : 'them'} out of the report.`,
    });
  // Of a host that was added within the span nothing was missed.
  if (coveredSince < enoughCover)
    found.push({
      urgency: 25,
      sentence: `Readings cover ${formatPercent(covered * 100)} of the span${longestGapMs < 60_000 ? '' : `, with a gap of ${durationText(longestGapMs / 1000)} at the longest`}: the figures are of that part only. A console that runs all the time, on a server with --headless, sees all of the next one.`,
    });
  return found;
}

function calm(hosts: readonly HostLedger[]): string {
  const waits = hosts.flatMap((host) => harmOf(host, 'psi-some')?.value ?? []);
  return waits.length === 0
    ? 'No figure calls for a change. These kernels do not tell how long tasks wait for memory, so the harm is known in part only.'
    : `No figure calls for a change: no host waited for memory more than ${formatPercent(Math.max(...waits))} of the time, and nothing was killed.`;
}
