/** The savings of a span in one sentence, as an administrator would say it. Pure. */
import type { Ledger } from '#shared/model/ledger.ts';
import { formatBytes, formatBytesOf } from '#shared/format/bytes.ts';
import { count } from '#shared/format/number.ts';
import { formatPercent } from '#shared/format/percent.ts';
import { pressureTone, sentence, type Verdict } from '../../parts/verdict.ts';
import { moneyWords } from './money-words.ts';
import { coveredWords } from './quality-words.ts';

/** Less than this and the figures are those of a part of the span: it is said. */
const wholeShare = 0.98;
/** Readings begin and end within a minute of their span: that is no gap. */
const hardlyMissingMs = 60_000;

/**
 * @param span such as "the last 30 days"
 * @param begins of what is spoken of, where recording began within the span: what was before is not missing from it
 */
export function savingsVerdict(ledger: Ledger, span: string, begins: number = ledger.from): Verdict {
  return sentence([
    saved(ledger, span),
    ...capacity(ledger),
    ...moved(ledger),
    ...killed(ledger),
    ...money(ledger),
    ...known(ledger, begins),
  ]);
}

function saved(ledger: Ledger, span: string): Verdict {
  const { saved: sum } = ledger.sums;
  const over = `on average over ${span}`;
  if (sum === undefined) return [{ words: `Nothing told what was saved over ${span}` }, ...waited(ledger)];
  if (sum < 0)
    return [{ words: `Cost ${formatBytes(-sum)} more than it saved ${over}`, tone: 'warn' }, ...waited(ledger)];
  return [{ words: `Saved ${formatBytesOf(sum, ledger.ram)} ${over}` }, ...waited(ledger)];
}

function waited({ harm, hosts }: Ledger): Verdict {
  const psi = harm.find((entry) => entry.harm === 'psi-some')?.figure.value;
  if (psi === undefined) return [{ words: '; what it cost is unknown: no kernel told its pressure' }];
  if (psi === 0) return [{ words: ', with nobody waiting for memory' }];
  const where = hosts.length > 1 ? ' on the worst host' : '';
  const tone = pressureTone(psi);
  return [
    { words: ', for ' },
    {
      words: `${formatPercent(psi)} of time waited${where}`,
      ...(tone === 'calm' ? {} : { tone: tone === 'heavy' ? 'bad' : 'warn' }),
    },
  ];
}

const capacity = ({ sums }: Ledger): Verdict[] =>
  sums.capacity === undefined || sums.capacity <= 0
    ? []
    : [[{ words: `${formatBytes(sums.capacity)} of cache gained besides` }]];

const moved = ({ sums }: Ledger): Verdict[] =>
  sums.moved === undefined || sums.moved <= 0
    ? []
    : [[{ words: `${formatBytes(sums.moved)} kept in other hosts’ RAM` }]];

function killed({ harm }: Ledger): Verdict[] {
  const kills = harm.find((entry) => entry.harm === 'oom-kills')?.figure.value ?? 0;
  if (kills <= 0) return [];
  const processes = Math.round(kills) === 1 ? 'one process' : `${count(kills)} processes`;
  return [[{ words: `the kernel killed ${processes} for memory`, tone: 'bad' }]];
}

const money = ({ money: said }: Ledger): Verdict[] =>
  said === undefined ? [] : [[{ words: `worth ${moneyWords(said.perMonth, said.currency)} per month` }]];

function known({ quality, from, to }: Ledger, begins: number): Verdict[] {
  const parts: Verdict[] = [];
  const length = to - begins;
  const covered = Math.min(1, (quality.covered * (to - from)) / Math.max(1, length));
  const missing = quality.missing.length;
  if (missing > 0)
    parts.push([
      { words: missing === 1 ? '1 host told nothing' : `${count(missing)} hosts told nothing`, tone: 'warn' },
    ]);
  if (covered < wholeShare && (1 - covered) * length > hardlyMissingMs)
    parts.push([{ words: `readings cover ${coveredWords(covered)}`, tone: 'warn' }]);
  return parts;
}
