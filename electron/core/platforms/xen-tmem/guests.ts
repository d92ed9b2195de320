/**
 * The guests of a Xen host with the three truths of each. The host pays what `xl list` calls Mem: it holds the
 * persistent tmem pages already, compressed or not, so nothing is added to it (docs/domain.md 5.2 trap 2). Ephemeral
 * pages are in no guest: they are capacity. What a guest uses inside only the guest itself can tell.
 */
import { bytes, minus, pages, pagesToBytes } from '#shared/units.ts';
import type { GuestReading, Said } from '#shared/model/guest.ts';
import { showableName } from '../kernel/cgroup-name.ts';
import { clientKeys } from './catalogue/tmem.ts';
import type { Pool } from './pools.ts';
import { Values } from './values.ts';
import { numberOf } from './xl/record.ts';
import type { TmemRecord } from './xl/record.ts';
import type { Domain, DomainList, Figure } from './xl/domains.ts';
import type { TmemList } from './xl/tmem-list.ts';

export interface XenHost {
  readonly list: TmemList | undefined;
  readonly domains: DomainList | undefined;
  readonly pools: readonly Pool[];
  readonly pageSize: number;
}

export interface Known {
  readonly domid: number;
  readonly key: string;
  readonly name: string;
  readonly domain?: Domain;
  readonly client?: TmemRecord;
}

const noInside =
  'What this guest uses inside is not known from here: Xen does not look into it. Connect the guest itself as a host to see it.';
const noRow = 'What the host pays for this guest is not known: xl list does not name it.';
const noMax = 'What this guest was promised is not known: xl list -l was not read, or does not name it.';
const noTarget = 'What this guest is allowed now is not known: neither its target nor its limit was read.';

/** Domain 0 is the host's own and no guest. */
export function knownGuests({ list, domains }: XenHost): readonly Known[] {
  const clients = new Map((list?.clients ?? []).map((record) => [numberOf(record, 'CI') ?? 0, record]));
  const listed = (domains?.domains ?? []).filter(({ domid }) => domid !== 0);
  const there = new Set(listed.map(({ domid }) => domid));
  // A client the list of domains does not have: just started or just gone, by which of the two is newer.
  const unlisted = domains && list && domains.at > list.at ? [] : [...clients.keys()];
  const seen = new Map<string, number>();
  const known = (domid: number, domain?: Domain): Known => {
    const wanted = `xen:${domain?.uuid ?? String(domid)}`;
    const times = (seen.get(wanted) ?? 0) + 1;
    seen.set(wanted, times);
    const client = clients.get(domid);
    return {
      domid,
      key: times === 1 ? wanted : `${wanted}#${String(domid)}`,
      name: (domain && showableName(domain.name)) || `domain ${String(domid)}`,
      ...(domain ? { domain } : {}),
      ...(client ? { client } : {}),
    };
  };
  return [
    ...listed.map((domain) => known(domain.domid, domain)),
    ...unlisted.filter((domid) => domid !== 0 && !there.has(domid)).map((domid) => known(domid)),
  ];
}

export function readGuests(host: XenHost, guests: readonly Known[]): readonly GuestReading[] {
  return guests.map((guest) => readGuest(host, guest));
}

function readGuest(host: XenHost, { domid, key, name, domain, client }: Known): GuestReading {
  const own = new Values();
  const resident = domain && said(domain.mem, 'Mem');
  const promised = domain?.config?.max && said(domain.config.max, 'maxmem');
  const allowed = domain && allowedOf(domain);
  if (domain) putDomain(own, domain, key);
  if (client && host.list) putClient(own, client, host, domid, key);
  const put = (id: string, truth: Said | undefined): void =>
    own.put(`xen-tmem.guest.${id}`, truth?.bytes, truth?.source ?? '', undefined, key);
  put('resident', resident);
  put('promised', promised);
  put('allowed', allowed);
  if (promised && allowed) {
    // docs/domain.md 5.1 ballooned
    const away = minus(promised.bytes, allowed.bytes);
    own.put('xen-tmem.guest.saved.ballooned', away, 'promised − allowed', undefined, key);
    const beyond = resident && beyondOf(promised.bytes, allowed.bytes, resident.bytes);
    own.put('xen-tmem.guest.beyond', beyond, 'Mem − allowed, of what was ballooned away', undefined, key);
  }
  return {
    key,
    name,
    kind: 'xen',
    ...(domain?.uuid === undefined ? {} : { uuid: domain.uuid }),
    ...(promised ? { promised } : {}),
    ...(allowed ? { allowed } : {}),
    pays: resident ? { resident } : {},
    unknown: [...(resident ? [] : [noRow]), ...(promised ? [] : [noMax]), ...(allowed ? [] : [noTarget]), noInside],
    values: own.list,
  };
}

const said = ({ bytes: amount, source, at }: Figure, what: string): Said => ({
  bytes: bytes(amount),
  source: `${what} (${source})`,
  at,
});

/** Persistent tmem pages are in Mem: they take back room that the balloon gave (docs/domain.md 5.2 trap 2). */
export const beyondOf = (promised: number, allowed: number, mem: number): number =>
  Math.min(Math.max(0, mem - allowed), Math.max(0, promised - allowed));

/** The target is what the toolstack told the balloon; the limit is what the hypervisor enforces. */
function allowedOf({ config, limit }: Domain): Said | undefined {
  if (config?.target) return said(config.target, 'target');
  return limit && said(limit, 'MAXMEM');
}

function putDomain(own: Values, domain: Domain, key: string): void {
  const { mem, claimed, limit } = domain;
  own.put('xen.list.Mem', mem.bytes, mem.source, mem.line, key);
  own.put('xen.list.VCPUs', domain.vcpus, mem.source, mem.line, key);
  own.put('xen.list.State', domain.state, mem.source, mem.line, key);
  own.put('xen.list.Time', domain.seconds, mem.source, mem.line, key);
  if (claimed) own.put('xen.claims.Claimed', claimed.bytes, claimed.source, claimed.line, key);
  if (limit) own.put('xen.xentop.MAXMEM', limit.bytes, limit.source, limit.line, key);
}

/** Of one client: docs/domain.md 5.1 xen-capacity, xen-compressed, xen-persistent, xen-refused. */
function putClient(own: Values, client: TmemRecord, { list, pools, pageSize }: XenHost, domid: number, key: string) {
  const source = list?.source ?? '';
  for (const [name] of clientKeys) own.put(`xen.tmem.C.${name}`, numberOf(client, name), source, client.line, key);
  const size = (count: number) => pagesToBytes(pages(count), pageSize);
  const ephemeral = numberOf(client, 'Ec');
  if (ephemeral !== undefined) {
    const formula = `Ec · page size (${source})`;
    own.put('xen-tmem.guest.capacity.ephemeral', size(ephemeral), formula, client.line, key);
  }
  const [cp, cb] = [numberOf(client, 'cp'), numberOf(client, 'cb')];
  if (cp !== undefined && cb !== undefined) {
    const formula = `cp · page size − cb (${source})`;
    own.put('xen-tmem.guest.saved.compressed', minus(size(cp), bytes(cb)), formula, client.line, key);
  }
  const kept = compressedPersistent(client);
  if (kept) {
    const id = 'xen-tmem.guest.compressed.persistent';
    own.put(id, kept.pages, `max(cp − Ec, 0) (${source})`, client.line, key);
    own.put(`${id}.bytes`, kept.bytes, `cb · max(cp − Ec, 0) / cp (${source})`, client.line, key);
    const formula = `max(cp − Ec, 0) · (page size − cb / cp) (${source})`;
    const saved = minus(size(kept.pages), bytes(kept.bytes));
    own.put('xen-tmem.guest.saved.persistent', saved, formula, client.line, key);
  }
  const mine = pools.filter(({ owners, shared }) => !shared && owners.includes(domid));
  const persistent = mine.filter(({ type }) => type === 'PP').flatMap(({ record }) => numberOf(record, 'Pc') ?? []);
  if (persistent.length > 0) {
    const formula = `Σ Pc of its PP pools · page size (${source})`;
    own.put('xen-tmem.guest.persistent', size(sum(persistent)), formula, client.line, key);
  }
  const caches = mine.filter(({ type }) => type === 'EP');
  const inPools = (name: string): number | undefined => {
    const found = caches.flatMap(({ record }) => numberOf(record, name) ?? []);
    return found.length === 0 ? undefined : sum(found);
  };
  const place = `of its EP pools (${source})`;
  own.put('xen-tmem.guest.ephemeral.pages', inPools('Pc'), `Σ Pc ${place}`, client.line, key);
  own.put('xen-tmem.guest.ephemeral.hits', inPools('gs'), `Σ gs ${place}`, client.line, key);
  const refused = mine.flatMap(({ record }) => numberOf(record, 'px') ?? []);
  if (refused.length > 0)
    own.put('xen-tmem.guest.refused', sum(refused), `Σ px of its private pools (${source})`, client.line, key);
}

/**
 * Which of a client's compressed pages are ephemeral is not told: as many as can be are taken to be, so that cache is
 * not counted as memory saved (docs/domain.md 5.2 trap 4).
 */
export function compressedPersistent(
  client: TmemRecord,
): { readonly pages: number; readonly bytes: number } | undefined {
  const [kept, cp, cb] = [numberOf(client, 'Ec'), numberOf(client, 'cp'), numberOf(client, 'cb')];
  if (kept === undefined || cp === undefined || cb === undefined) return undefined;
  const persistent = Math.max(0, cp - kept);
  return { pages: persistent, bytes: persistent === 0 ? 0 : Math.round((cb * persistent) / cp) };
}

const sum = (parts: readonly number[]): number => parts.reduce((so, part) => so + part, 0);
