/**
 * `xl tmem-list` in every form it has: short and long, of all domains or of one, of 4.0 to 4.12. read.ts, detect.ts
 * and the guests build on what is chosen here. Never throws.
 *
 * A list is known by its lines, not by the words of the command: option order, `sudo`, `xm` and paths differ. Of
 * several, the newest long list of all domains counts; else the newest short one; else what lists of single domains
 * say together.
 */
import type { CommandText, Evidence, ReadTrouble } from '../../platform.ts';
import { quoted } from '../../kernel/trouble.ts';
import { numberOf, parseRecord } from './record.ts';
import type { TmemRecord } from './record.ts';

export interface TmemList {
  /** The words of the command, the source of its values. */
  readonly source: string;
  /** Of all domains: has, or should have, a G line. */
  readonly whole: boolean;
  /** Has the long group of keys. */
  readonly long: boolean;
  readonly global: TmemRecord | undefined;
  readonly shared: readonly TmemRecord[];
  readonly clients: readonly TmemRecord[];
  readonly pools: readonly TmemRecord[];
  /** Ends with its T line. Proves nothing: it survives most truncations. */
  readonly timed: boolean;
  readonly at: CommandText['at'];
  readonly troubles: readonly ReadTrouble[];
}

const firstPair = /^(?:G=Tt:|C=CI:|P=CI:|S=SI:)/m;
/** At most 20 sentences: a hostile list must not fill the memory. */
const mostTroubles = 20;

export function tmemList(evidence: Evidence): TmemList | undefined {
  const lists = [...evidence.commands.values()]
    .filter(({ command, text }) => command.includes('tmem') && firstPair.test(text))
    .sort((a, b) => a.at - b.at || a.line - b.line)
    .map(parseTmemList);
  const whole = lists.filter((list) => list.whole);
  return whole.findLast(({ long }) => long) ?? whole.at(-1) ?? together(lists);
}

export function parseTmemList(command: CommandText): TmemList {
  const records: TmemRecord[] = [];
  const lines = command.text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const record = parseRecord(lines[i] ?? '', command.line + i);
    if (record !== undefined) records.push(record);
  }
  const of = (letter: string): readonly TmemRecord[] => records.filter((record) => record.letter === letter);
  const source = command.command;
  const troubles = records
    .filter(({ letter, broken }) => letter !== 'T' && broken.length > 0)
    .slice(0, mostTroubles)
    .map(({ line, broken }) => ({
      path: `$ ${source}`,
      line,
      words: `expected “key:number” pairs, found ${quoted(broken[0] ?? '')}; the rest of the line was read`,
    }));
  return {
    source,
    whole: records.some(({ letter }) => letter === 'G' || letter === 'S' || letter === 'T'),
    long: records.some(({ fields }) => fields.has('Ec') || fields.has('Pc')),
    global: of('G')[0],
    shared: of('S'),
    clients: of('C'),
    pools: of('P'),
    timed: of('T').length > 0,
    at: command.at,
    troubles,
  };
}

/** Lists of single domains: of each domain the newest, a long one before a short one. */
function together(lists: readonly TmemList[]): TmemList | undefined {
  const byDomain = new Map<number, TmemList>();
  for (const list of lists) {
    const domain = numberOf(list.clients[0] ?? list.pools[0], 'CI');
    if (domain === undefined) continue;
    const before = byDomain.get(domain);
    if (before === undefined || list.long || !before.long) byDomain.set(domain, list);
  }
  const chosen = [...byDomain.values()];
  const last = chosen.at(-1);
  if (last === undefined) return undefined;
  return {
    ...last,
    source: chosen.length === 1 ? last.source : 'xl tmem-list (single domains)',
    long: chosen.every(({ long }) => long),
    clients: chosen.flatMap(({ clients }) => clients),
    pools: chosen.flatMap(({ pools }) => pools),
    troubles: chosen.flatMap(({ troubles }) => troubles).slice(0, mostTroubles),
  };
}
