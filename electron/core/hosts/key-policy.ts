/**
 * Which host keys are believed: those in the person's own known_hosts files, which are only read, and those confirmed
 * in the console, kept in a file of ours. An unknown key stops until a person has seen its fingerprint; a changed or
 * revoked one stops for good. Nothing here accepts a key by itself.
 */
import { readFile, stat } from 'node:fs/promises';
import type { HostKeyOffer } from '#shared/model/host.ts';
import type { KeyCheck } from '#shared/contract/hosts.ts';
import { ProblemError, fail, problem } from '#shared/problem.ts';
import type { Log, TextFile } from '#core/ports.ts';
import { setImmediate as turn } from 'node:timers/promises';
import {
  checkKey,
  fingerprintOf,
  hostLabel,
  keyTypeOf,
  knownHostsLine,
  parseKnownHosts,
  withoutHost,
} from './known-hosts.ts';
import type { KnownHosts, KnownHostsEntry } from './known-hosts.ts';

/** What is known at one moment. */
export interface HostKeys {
  /** Host key algorithms to ask for, best known first; undefined when nothing is known of the host. */
  algorithms(address: string, port: number): readonly string[] | undefined;
  check(address: string, port: number, key: Buffer): KeyCheck;
  /** Says where the key is known from; throws KeyStop for every key that is not. */
  insist(address: string, port: number, key: Buffer): string;
}

export interface KeyPolicy {
  /** @param places the machines that will be asked about */
  load(places: readonly Place[]): Promise<HostKeys>;
  /** Rejects: not-found when that key was not offered, host-key-changed, host-key-revoked. */
  trust(host: string, fingerprint: string): Promise<void>;
  /** Rejects: not-found when the console itself holds no key of that host. */
  forget(host: string): Promise<void>;
}

/** The handshake was ended because of the host's key. */
export class KeyStop extends ProblemError {
  readonly check: Exclude<KeyCheck, { verdict: 'known' }>;

  constructor(check: Exclude<KeyCheck, { verdict: 'known' }>) {
    super(check.verdict === 'unknown' ? unknownProblem(check.offer) : check.problem);
    this.name = 'KeyStop';
    this.check = check;
  }
}

const unknownProblem = (offer: HostKeyOffer) =>
  problem(
    'host-key-unknown',
    `${offer.host} shows a ${offer.keyType} key that is not known. Compare its fingerprint with the host's own (ssh-keygen -lf /etc/ssh/ssh_host_*_key.pub) and confirm it.`,
    offer.fingerprint,
  );

interface Place {
  readonly address: string;
  readonly port: number;
}

interface KnownFile {
  readonly path: string;
  readonly known: KnownHosts;
}

interface Offered extends Place {
  readonly key: Buffer;
}

const mostOffered = 20_000;
/** ssh2's own order. */
const usualAlgorithms = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
  'ssh-rsa',
];
/** A key no host has: asks what types are known. */
const noKey = Buffer.from('\0\0\0\x04none\0\0\0\0', 'latin1');

export function createKeyPolicy(files: { userFiles: readonly string[]; own: TextFile }, log: Log): KeyPolicy {
  const offered = new Map<string, Offered>();
  const parsed = new Map<string, { readonly stamp: string; readonly file: KnownFile }>();
  let writing: Promise<unknown> = Promise.resolve();

  /** Read again only when the file changed; a file that cannot be read knows nothing, which is the safe side. */
  const loadUserFile = async (path: string): Promise<KnownFile | undefined> => {
    try {
      const { mtimeMs, size } = await stat(path);
      const stamp = `${mtimeMs} ${size}`;
      const before = parsed.get(path);
      if (before?.stamp === stamp) return before.file;
      const file = { path, known: parseKnownHosts(await readFile(path, 'utf8')) };
      parsed.set(path, { stamp, file });
      return file;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
        log.warn('known hosts file not readable', { path, words: String(error) });
      return undefined;
    }
  };

  let ownParsed: { readonly text: string; readonly known: KnownHosts } | undefined;
  const loadOwn = async (): Promise<KnownFile> => {
    const text = (await files.own.read()) ?? '';
    if (ownParsed?.text !== text) ownParsed = { text, known: parseKnownHosts(text) };
    return { path: files.own.path, known: ownParsed.known };
  };

  const load = async (places: readonly Place[]): Promise<HostKeys> => {
    const all = [await loadOwn(), ...(await Promise.all(files.userFiles.map(loadUserFile)))].filter(
      (file) => file !== undefined,
    );
    const narrowed: KnownFile[] = [];
    for (const { path, known } of all) narrowed.push({ path, known: await narrow(known, places) });
    return snapshot(narrowed, (host, offer) => {
      offered.delete(host);
      offered.set(host, offer);
      const [oldest] = offered.keys();
      if (offered.size > mostOffered && oldest !== undefined) offered.delete(oldest);
    });
  };

  /** One change of the file after the other, whatever came of the one before. */
  const change = (edit: (text: string) => string): Promise<void> => {
    const done = writing.then(async () => {
      const text = (await files.own.read()) ?? '';
      await files.own.write(edit(text));
    });
    writing = done.catch(() => undefined);
    return done;
  };

  return {
    load,
    trust: async (host, fingerprint) => {
      const offer = offered.get(host);
      if (offer === undefined || fingerprintOf(offer.key) !== fingerprint)
        return fail(
          'not-found',
          `${host} has not shown a key with the fingerprint ${fingerprint}. Ask it for its key again.`,
        );
      const check = (await load([offer])).check(offer.address, offer.port, offer.key);
      if (check.verdict === 'known') return;
      if (check.verdict !== 'unknown') throw new KeyStop(check);
      const line = knownHostsLine(offer.address, offer.port, offer.key).trimEnd();
      await change((text) => `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${line}\n`);
    },
    forget: async (host) => {
      const place = placeOfLabel(host);
      const text = (await files.own.read()) ?? '';
      if (withoutHost(text, place.address, place.port) === text)
        return fail(
          'not-found',
          `The console itself holds no key of ${host}. If your own known_hosts does, take it out there: ssh-keygen -R '${host}'.`,
        );
      await change((now) => withoutHost(now, place.address, place.port));
    },
  };
}

function placeOfLabel(label: string): Place {
  const bracketed = /^\[(.+)\]:(\d{1,5})$/.exec(label);
  return bracketed?.[1] === undefined
    ? { address: label, port: 22 }
    : { address: bracketed[1], port: Number(bracketed[2]) };
}

/** So many hashed names are tried in about two milliseconds. */
const pieceOfWork = 500;

/**
 * The part of a large file that concerns these machines. Every hashed name must be hashed anew for every machine, so
 * this gives way to other work in between. Revocations are kept: they hold for keys, which are not known yet.
 */
async function narrow(known: KnownHosts, places: readonly Place[]): Promise<KnownHosts> {
  if (known.entries.length <= pieceOfWork) return known;
  const kept: KnownHostsEntry[] = [];
  for (let from = 0; from < known.entries.length; from += pieceOfWork) {
    const piece = { entries: known.entries.slice(from, from + pieceOfWork), bad: 0 };
    for (const { address, port } of places) {
      const concerns = [port, 22].some((at) => {
        const { types, note } = checkKey([piece], address, at, noKey);
        return types.length > 0 || note !== undefined;
      });
      if (concerns) {
        kept.push(...piece.entries);
        break;
      }
      await turn();
    }
    if (kept.at(-1) !== piece.entries.at(-1)) kept.push(...piece.entries.filter(({ marker }) => marker === 'revoked'));
  }
  return { entries: kept, bad: known.bad };
}

function snapshot(files: readonly KnownFile[], remember: (host: string, offer: Offered) => void): HostKeys {
  const known = files.map((file) => file.known);

  const check = (address: string, port: number, key: Buffer): KeyCheck => {
    const host = hostLabel(address, port);
    const offer = { host, keyType: keyTypeOf(key), fingerprint: fingerprintOf(key) };
    remember(host, { address, port, key: Buffer.from(key) });
    const { verdict, file, line } = checkKey(known, address, port, key);
    const path = files[file ?? 0]?.path ?? 'known_hosts';
    const where = line === undefined ? path : `${path}, line ${line}`;
    switch (verdict) {
      case 'known':
        return { verdict, offer, knownFrom: where };
      case 'unknown':
        return { verdict, offer };
      case 'changed':
        return { verdict, offer, problem: changedProblem(offer, where) };
      case 'revoked':
        return { verdict, offer, problem: revokedProblem(offer, where) };
    }
  };

  return {
    check,
    insist: (address, port, key) => {
      const checked = check(address, port, key);
      if (checked.verdict !== 'known') throw new KeyStop(checked);
      return `${checked.offer.keyType} ${checked.offer.fingerprint}, known from ${checked.knownFrom}`;
    },
    algorithms: (address, port) => {
      const types = checkKey(known, address, port, noKey).types;
      if (types.length === 0) return undefined;
      const isKnown = (algorithm: string) => types.includes(algorithm.startsWith('rsa-sha2') ? 'ssh-rsa' : algorithm);
      return [...usualAlgorithms.filter(isKnown), ...usualAlgorithms.filter((algorithm) => !isKnown(algorithm))];
    },
  };
}

const changedProblem = (offer: HostKeyOffer, where: string) =>
  problem(
    'host-key-changed',
    `${offer.host} shows another key than the one known from ${where}. Somebody may be in between, or the host was rebuilt: ask its administrator. Nothing was sent. If it was rebuilt, take the old key out and confirm the new one.`,
    `${offer.keyType} ${offer.fingerprint}`,
  );

const revokedProblem = (offer: HostKeyOffer, where: string) =>
  problem(
    'host-key-revoked',
    `${offer.host} shows a key that is marked @revoked in ${where}: it must not be used any more. Give the host a new key.`,
    `${offer.keyType} ${offer.fingerprint}`,
  );
