/**
 * What a Xen host and the files inside a Xen guest say, as typed values. Absent lines give absent values; a line that
 * cannot be understood gives a trouble and spoils only itself. Never throws, has no memory of its own.
 */
import type { Evidence, Reading } from '../platform.ts';
import { parseInteger } from '../kernel/integer.ts';
import { dom0Memory, infoSizes, infoWords } from './catalogue/host.ts';
import { globalKeys } from './catalogue/tmem.ts';
import { derive, toldFreeable } from './derive.ts';
import { knownGuests, readGuests } from './guests.ts';
import { readInside } from './inside.ts';
import { poolsOf, readPools } from './pools.ts';
import { truncation } from './truncation.ts';
import { Values } from './values.ts';
import { lookAt } from './look.ts';
import { numberOf } from './xl/record.ts';

const mib = 2 ** 20;
const afterInfo = (id: string): string => id.slice('xen.info.'.length);

export function read(evidence: Evidence): Reading {
  const out = new Values();
  const look = lookAt(evidence);
  const { info, list, domains, pageSize } = look;
  for (const { id } of infoSizes) {
    const cell = info.get(afterInfo(id));
    const amount = cell && parseInteger(cell.value);
    if (cell && amount !== undefined) out.put(id, amount * mib, cell.source, cell.line);
  }
  for (const { id } of infoWords) {
    const cell = info.get(afterInfo(id));
    if (cell && cell.value !== '') out.put(id, cell.value, cell.source, cell.line);
  }
  const own = domains?.domains.find(({ domid }) => domid === 0)?.mem;
  if (own) out.put(dom0Memory.id, own.bytes, own.source, own.line);
  if (list) {
    for (const [name] of globalKeys)
      out.put(`xen.tmem.G.${name}`, numberOf(list.global, name), list.source, list.global?.line);
    out.troubles.push(...list.troubles, ...truncation(list, poolsOf(list)).troubles);
  }
  const pools = list ? poolsOf(list) : [];
  const host = { list, domains, pools, pageSize };
  const known = knownGuests(host);
  const names = new Map(known.map((guest) => [guest.domid, guest]));
  const guestOf = (domid: number) =>
    names.get(domid) ?? { key: `xen:${String(domid)}`, name: domid === 0 ? 'Domain-0' : `domain ${String(domid)}` };
  const readings = list ? readPools(out, list, pools, pageSize, guestOf) : [];
  const guests = readGuests(host, known);
  derive(out, host, info, toldFreeable(evidence, look.version), guests);
  readInside(out, evidence);
  return { values: out.list, guests, pools: readings, troubles: out.troubles };
}
