/**
 * OpenSSH's known_hosts: reading it, and judging a key a host has shown. Pure text in, verdict out; whoever connects
 * reads the files and keeps ours. It follows ssh(1), also where that is strict: a host known by keys of other types
 * only, showing a new type, counts as changed. Connections must therefore ask for the known types first (`types`).
 */
import { createHash, createHmac, hash, randomBytes } from 'node:crypto';
import { matchesList } from './host-pattern.ts';

/**
 * A name known only by its HMAC-SHA1. The salt is kept as the two blocks that HMAC begins its hashes with: a file may
 * have thousands of such lines, all to be tried for each host, and two plain hashes cost a quarter of an HMAC object.
 */
interface HashedName {
  readonly inner: Buffer;
  readonly outer: Buffer;
  readonly hashed: Buffer;
}

export interface KnownHostsEntry {
  /** Counted from 1. */
  readonly line: number;
  readonly marker: 'none' | 'revoked' | 'authority';
  readonly names: readonly string[] | HashedName;
  readonly type: string;
  readonly key: Buffer;
}

export interface KnownHosts {
  readonly entries: readonly KnownHostsEntry[];
  /** Lines that are neither comments nor entries. They are left where they are. */
  readonly bad: number;
}

export interface KeyVerdict {
  readonly verdict: 'known' | 'unknown' | 'changed' | 'revoked';
  /** Which of the files, and the line in it, that decided: the same key, the last other key, the revocation. */
  readonly file?: number;
  readonly line?: number;
  /** Key types known for the host, in the order of the files. */
  readonly types: string[];
  /** What a person should know beside the verdict. */
  readonly note?: string;
}

const hashMark = '|1|';
const saltLength = 20;
const base64 = /^[A-Za-z0-9+/]+={0,2}$/;
const typeName = /^[A-Za-z0-9@._+-]{1,64}$/;

/** `ssh-ed25519` and so on, as the key itself says; `unknown` for bytes that are no key. */
export function keyTypeOf(key: Buffer): string {
  if (key.length < 4) return 'unknown';
  const name = key.toString('latin1', 4, 4 + Math.min(key.readUInt32BE(0), 65));
  return typeName.test(name) && key.readUInt32BE(0) === name.length ? name : 'unknown';
}

/** `SHA256:…`, as ssh-keygen prints it. */
export const fingerprintOf = (key: Buffer): string =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;

/** As it stands in known_hosts: the bare name for port 22, `[name]:port` for others, in lower case. */
export const hostLabel = (host: string, port: number): string =>
  port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;

const sha1Block = 64;
const padded = (salt: Buffer, pad: number): Buffer =>
  Buffer.alloc(sha1Block).map((_, at) => (salt[at] ?? 0) ^ pad) as Buffer;

const hashesTo = ({ inner, outer, hashed }: HashedName, label: Buffer): boolean =>
  hash('sha1', Buffer.concat([outer, hash('sha1', Buffer.concat([inner, label]), 'buffer')]), 'buffer').equals(hashed);

/**
 * A line for known_hosts, with its line end. A name that could be read as more than one name (a pattern, a list, a
 * marker) is written hashed: hashed names stand for exactly themselves.
 */
export function knownHostsLine(host: string, port: number, key: Buffer): string {
  const label = hostLabel(host, port);
  let name = label;
  if (!/^[A-Za-z0-9[][A-Za-z0-9._:%[\]-]*$/.test(label)) {
    const salt = randomBytes(saltLength);
    name = `${hashMark}${salt.toString('base64')}|${createHmac('sha1', salt).update(label).digest('base64')}`;
  }
  return `${name} ${keyTypeOf(key)} ${key.toString('base64')}\n`;
}

/** Every key is a row of length-prefixed fields that fills it exactly; certificates are not looked into. */
function isWhole(key: Buffer): boolean {
  let at = 0;
  while (at + 4 <= key.length) at += 4 + key.readUInt32BE(at);
  return at === key.length;
}

function parseNames(field: string): readonly string[] | HashedName | undefined {
  if (!field.startsWith('|')) return field.toLowerCase().split(',');
  const [empty, version, salt64 = '', hash64 = '', ...more] = field.split('|');
  if (empty !== '' || version !== '1' || more.length > 0) return undefined;
  if (!base64.test(salt64) || !base64.test(hash64)) return undefined;
  const [salt, hashed] = [Buffer.from(salt64, 'base64'), Buffer.from(hash64, 'base64')];
  if (salt.length !== saltLength || hashed.length !== saltLength) return undefined;
  return { inner: padded(salt, 0x36), outer: padded(salt, 0x5c), hashed };
}

const markers: Readonly<Record<string, KnownHostsEntry['marker']>> = {
  '@revoked': 'revoked',
  '@cert-authority': 'authority',
};

/** Undefined for a line that is no entry. */
function parseLine(text: string, line: number): KnownHostsEntry | undefined {
  const fields = text.split(/[ \t]+/);
  const marked = fields[0]?.startsWith('@') === true;
  const marker = marked ? markers[fields[0] ?? ''] : 'none';
  const [field, type, key64] = marked ? fields.slice(1) : fields;
  if (marker === undefined || field === undefined || type === undefined || key64 === undefined) return undefined;
  const names = parseNames(field);
  if (names === undefined || !base64.test(key64)) return undefined;
  const key = Buffer.from(key64, 'base64');
  if (keyTypeOf(key) !== type || type === 'unknown') return undefined;
  if (!type.includes('-cert-') && !isWhole(key)) return undefined;
  return { line, marker, names, type, key };
}

const isEntry = (trimmed: string): boolean => trimmed !== '' && !trimmed.startsWith('#');
const trimmedLine = (raw: string): string => raw.replace(/^[ \t]+|[ \t\r]+$/g, '');

export function parseKnownHosts(text: string): KnownHosts {
  const entries: KnownHostsEntry[] = [];
  let bad = 0;
  text.split('\n').forEach((raw, index) => {
    const trimmed = trimmedLine(raw);
    if (!isEntry(trimmed)) return;
    const entry = parseLine(trimmed, index + 1);
    if (entry === undefined) bad += 1;
    else entries.push(entry);
  });
  return { entries, bad };
}

/** Asks of a line whether it is for that host. */
function linesFor(label: string): (entry: KnownHostsEntry) => boolean {
  const bytes = Buffer.from(label);
  return ({ names }) => ('hashed' in names ? hashesTo(names, bytes) : matchesList(names, label));
}

interface Found extends KnownHostsEntry {
  readonly file: number;
}

/** What a file said of a host the last time: one connection asks several times, hundreds of hosts connect at once. */
const answered = new WeakMap<KnownHosts, Map<string, readonly KnownHostsEntry[]>>();
const mostAnswers = 4096;

function entriesFor(known: KnownHosts, label: string): readonly KnownHostsEntry[] {
  const answers = answered.get(known) ?? new Map<string, readonly KnownHostsEntry[]>();
  answered.set(known, answers);
  const before = answers.get(label);
  if (before !== undefined) return before;
  const entries = known.entries.filter(linesFor(label));
  if (answers.size >= mostAnswers) answers.clear();
  answers.set(label, entries);
  return entries;
}

const found = (known: readonly KnownHosts[], label: string): Found[] =>
  known.flatMap((one, file) => entriesFor(one, label).map((entry) => ({ ...entry, file })));

const authorityNote = (line: number): string =>
  `Line ${line} of known_hosts names a certificate authority for this host. The console does not check host certificates, so the host's own key is shown here instead.`;

function judge(entries: readonly Found[], key: Buffer): KeyVerdict {
  const plain = entries.filter(({ marker }) => marker === 'none');
  const types = [...new Set(plain.map(({ type }) => type))];
  const at = (entry: Found) => ({ file: entry.file, line: entry.line, types });
  const revoked = entries.find((entry) => entry.marker === 'revoked' && entry.key.equals(key));
  if (revoked !== undefined) return { verdict: 'revoked', ...at(revoked) };
  const same = plain.find((entry) => entry.key.equals(key));
  if (same !== undefined) return { verdict: 'known', ...at(same) };
  const other = plain.at(-1);
  if (other !== undefined) return { verdict: 'changed', ...at(other) };
  const authority = entries.find(({ marker }) => marker === 'authority');
  return { verdict: 'unknown', types, ...(authority === undefined ? {} : { note: authorityNote(authority.line) }) };
}

/**
 * What the files say about `key` for that host. A revocation beats everything, then the same key, then any other key.
 * A host on a port of its own that is not listed as such may still be known by its bare name and that very key.
 */
export function checkKey(known: readonly KnownHosts[], host: string, port: number, key: Buffer): KeyVerdict {
  const verdict = judge(found(known, hostLabel(host, port)), key);
  if (verdict.verdict !== 'unknown' || port === 22) return verdict;
  const bare = judge(found(known, hostLabel(host, 22)), key);
  return bare.verdict === 'known' || bare.verdict === 'revoked' ? bare : verdict;
}

/** The text without the host's lines, as `ssh-keygen -R` leaves it: markers, comments and bad lines stay. */
export function withoutHost(text: string, host: string, port: number): string {
  const isForHost = linesFor(hostLabel(host, port));
  const stays = (raw: string, index: number): boolean => {
    const trimmed = trimmedLine(raw);
    const entry = isEntry(trimmed) ? parseLine(trimmed, index + 1) : undefined;
    return entry === undefined || entry.marker !== 'none' || !isForHost(entry);
  };
  return text.split('\n').filter(stays).join('\n');
}
