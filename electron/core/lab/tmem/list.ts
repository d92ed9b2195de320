/**
 * The text of `xl tmem-list` as the hypervisor writes it, its faults included: S lines after the first repeat the
 * first one's head; lines that do not fit the caller's buffer are left out whole, and shorter ones still follow
 * (docs/domain.md 3.2).
 */
import { clientLong, clientShort, globalLong, globalShort, poolLong } from './stats.ts';
import type { Client, Pool, Tmem } from './tmem.ts';

/** What xl hands the hypervisor. */
const bufferSize = 32_768;

class Sheet {
  #text = '';
  readonly #size: number;
  constructor(size: number) {
    this.#size = size;
  }
  /** A line that is left out when it does not fit. */
  add(line: string): void {
    if (this.#text.length + line.length < this.#size) this.#text += line;
  }
  /** A line nobody measured. */
  force(line: string): void {
    this.#text += line;
  }
  get text(): string {
    return this.#text.slice(0, this.#size);
  }
}

/** @param domid undefined: the whole host @returns undefined when the domain is no client */
export function list(tmem: Tmem, domid: number | undefined, long: boolean, size = bufferSize): string | undefined {
  const sheet = new Sheet(size);
  if (domid !== undefined) {
    const client = tmem.clients.get(domid);
    if (client === undefined) return undefined;
    addClient(sheet, tmem, client, long);
    return sheet.text;
  }
  sheet.add(`G=${pairs(tmem.stats, long ? [...globalShort, ...globalLong] : globalShort)}\n`);
  addShared(sheet, tmem, long);
  for (const client of tmem.clients.values()) addClient(sheet, tmem, client, long);
  sheet.add('T\n');
  return sheet.text;
}

const pairs = (stats: Readonly<Record<string, number>>, keys: readonly string[]): string =>
  keys.map((key) => `${key}:${String(stats[key] ?? 0)}`).join(',');

function addShared(sheet: Sheet, tmem: Tmem, long: boolean): void {
  let head: string | undefined;
  for (const pool of tmem.shared) {
    if (pool === undefined) continue;
    // The head of every later line is copied from the first: SI, U0 and U1 are the first pool's.
    head ??= `S=SI:0,PT:${typeOf(pool)},${uuidOf(pool)}`;
    const sharers = pool.sharers.map(({ domain }) => `,SC:${String(domain.domid)}`).join('');
    sheet.add(`${head}${sharers}${long ? `,${pairs(pool.stats, poolLong)}` : ''}\n`);
  }
}

function addClient(sheet: Sheet, tmem: Tmem, client: Client, long: boolean): void {
  const domid = String(client.domain.domid);
  const short = tmem.traits.cap ? clientShort : clientShort.filter((key) => key !== 'ca');
  sheet.force(`C=CI:${domid},${pairs(client.stats, long ? [...short, ...clientLong] : short)}\n`);
  client.pools.forEach((pool, id) => {
    if (pool === undefined) return;
    const head = `P=CI:${domid},PI:${String(id)},PT:${typeOf(pool)},${uuidOf(pool)}`;
    sheet.add(`${head}${long ? `,${pairs(pool.stats, poolLong)}` : ''}\n`);
  });
}

const typeOf = (pool: Pool): string => `${pool.ephemeral ? 'E' : 'P'}${pool.uuid ? 'S' : 'P'}`;
const uuidOf = ({ uuid }: Pool): string => `U0:${uuid?.U0.toString(16) ?? '0'},U1:${uuid?.U1.toString(16) ?? '0'}`;
