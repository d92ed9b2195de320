/** The two first answers of a savings report, as sentences with figures: what was saved, and what it cost. Pure. */
import { formatBytes } from '#shared/format/bytes.ts';
import { count } from '#shared/format/number.ts';
import { formatPercent } from '#shared/format/percent.ts';
import { formatRate } from '#shared/format/rate.ts';
import type { Ledger, LedgerMoney, LedgerSums } from '#shared/model/ledger.ts';
import { mechanismTitles } from '#shared/model/titles.ts';
import { figureText, moneyText } from '../format.ts';
import { many, names } from '../words.ts';
import { bySaving, harmOf, harmValue } from './figures.ts';

export function whatWasSaved(ledger: Ledger): readonly string[] {
  const { sums, money, ram } = ledger;
  const seen = ledger.hosts.filter(({ coveredMs }) => coveredMs > 0).length;
  if (sums.saved === undefined) return [nothingTold(seen), ...besides(sums)];
  const of =
    ram === undefined || ram <= 0
      ? ''
      : `, ${formatPercent((100 * sums.saved) / ram)} of the ${formatBytes(ram)} they have`;
  const sentences = [
    sums.saved < 0
      ? `On ${many(seen, 'host')} saving took ${formatBytes(-sums.saved)} of RAM more than it gave, as a mean over the span.`
      : `${many(seen, 'host')} did without ${formatBytes(sums.saved)} of RAM${of}, as a mean over the span. What saving itself takes is already deducted.`,
  ];
  const parts = bySaving(sums).map(({ mechanism, net }) => `${mechanismTitles[mechanism]} ${formatBytes(net)}`);
  if (parts.length > 1) sentences.push(`By mechanism: ${names(parts, 6)}.`);
  if (money !== undefined) sentences.push(worth(money));
  return [...sentences, ...besides(sums)];
}

/** Of a span so short that it comes to nothing, only what it would come to. */
function worth({ amount, perMonth, currency, pricePerGiBMonth }: LedgerMoney): string {
  const [verb, of] = amount < 0 ? ['costs', -1] : ['is worth', 1];
  const span = Math.abs(amount) < 0.005 ? '' : `${moneyText(of * amount, currency)} for this span, or `;
  return `That ${verb} ${span}${moneyText(of * perMonth, currency)} a month, at ${moneyText(pricePerGiBMonth, currency)} for each GiB and month.`;
}

const nothingTold = (seen: number): string =>
  seen === 0
    ? 'No host was read in this span.'
    : `Nothing on ${many(seen, 'host')} tells of memory saved in this span.`;

/** What is no saving of RAM, each with its own words so that nobody adds it. */
function besides({ capacity, moved, lent, readsAvoided, writesAvoided }: LedgerSums): string[] {
  const found: string[] = [];
  if (capacity !== undefined && capacity !== 0)
    found.push(
      `Apart from that, caches had ${formatBytes(capacity)} more room: capacity that may vanish, not memory saved.`,
    );
  if (moved !== undefined && moved !== 0)
    found.push(
      `${formatBytes(moved)} were kept in other machines’ RAM${lent === undefined ? '' : `, which lent ${formatBytes(lent)}`}: moved, not saved.`,
    );
  const flows = [
    ...(readsAvoided === undefined || readsAvoided === 0 ? [] : [`reading ${figureText(readsAvoided, 'pages')}`]),
    ...(writesAvoided === undefined || writesAvoided === 0 ? [] : [`writing ${figureText(writesAvoided, 'pages')}`]),
  ];
  if (flows.length > 0) found.push(`Disks were spared ${flows.join(' and ')}.`);
  return found;
}

export function whatItCost(ledger: Ledger): readonly string[] {
  const { hosts, sums } = ledger;
  const sentences: string[] = [];
  const waiting = hosts
    .flatMap((host) => {
      const harm = harmOf(host, 'psi-some');
      return harm === undefined ? [] : [{ name: host.name, ...harm }];
    })
    .sort((a, b) => b.value - a.value);
  const [worst] = waiting;
  if (worst === undefined) sentences.push('No kernel here tells how long tasks wait for memory.');
  else if (worst.value === 0)
    sentences.push(
      `No task waited for memory on ${waiting.length === 1 ? worst.name : `the ${waiting.length} hosts that tell`}.`,
    );
  else {
    // Pressure averages forget within seconds: a wait between two readings is in the mean and in no spell that was seen.
    const peak =
      worst.peak === undefined || worst.peak < worst.value ? '' : `, ${formatPercent(worst.peak)} in its worst spell`;
    sentences.push(
      waiting.length === 1
        ? `On ${worst.name} some task waited for memory ${formatPercent(worst.value)} of the time${peak}.`
        : `The host that waited most is ${worst.name}: some task waited for memory ${formatPercent(worst.value)} of the time${peak}.`,
    );
  }
  const swapIns = harmOf(ledger, 'swap-ins');
  const refaults = harmOf(ledger, 'refaults');
  const back = [
    ...(swapIns === undefined || swapIns.value === 0
      ? []
      : [
          `${count(swapIns.value)} pages came back from swap${swapIns.peak === undefined ? '' : ` (at most ${formatRate(swapIns.peak)})`}`,
        ]),
    ...(refaults === undefined || refaults.value === 0
      ? []
      : [`${count(refaults.value)} pages were needed again soon after eviction`]),
  ];
  if (back.length > 0) sentences.push(`${back.join('; ')}.`);
  else if (swapIns !== undefined) sentences.push('No page came back from swap.');
  const rejects = harmOf(ledger, 'rejects');
  if (rejects !== undefined)
    sentences.push(
      rejects.value === 0 ? 'No page was refused by a pool.' : `${count(rejects.value)} pages were refused by a pool.`,
    );
  const kills = harmOf(ledger, 'oom-kills');
  if (kills !== undefined) {
    const where = hosts.filter((host) => harmValue(host, 'oom-kills') > 0).map(({ name }) => name);
    sentences.push(
      kills.value === 0
        ? 'Nothing was killed for lack of memory.'
        : `${many(Math.round(kills.value), 'process was', 'processes were')} killed for lack of memory, on ${names(where)}.`,
    );
  }
  if (sums.overhead !== undefined && sums.overhead !== 0)
    sentences.push(
      `Keeping what was saved took ${formatBytes(sums.overhead)} of RAM, which is already deducted above.`,
    );
  return sentences;
}
