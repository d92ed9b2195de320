/**
 * Which host keys are believed: those in the person's own known_hosts files, which are only read, and those confirmed
 * in the console, kept in a file of ours. An unknown key stops until a person has seen its fingerprint; a changed or
 * revoked one stops for good. Nothing here accepts a key by itself.
 */
import { readFile, stat } from 'node:fs/promises';
import type { KeyCheck } from '#shared/contract/hosts.ts';
import { fail } from '#shared/problem.ts';
import type { TextFile } from '#core/ports.ts';
import {
  checkKey,
  fingerprintOf,
  hostLabel,
  keyTypeOf,
  knownHostsLine,
  parseKnownHosts,
  withoutHost,
} from './known-hosts.ts';
import type { KnownHosts } from './known-hosts.ts';
import { KeyStop, changedProblem, revokedProblem } from './key-stop.ts';
import { narrowKnownHosts, noKey } from './narrow-known-hosts.ts';
import type { Place } from './narrow-known-hosts.ts';

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

/** @param onUnreadable is told of a file of the person's that is there and cannot be read */
export function createKeyPolicy(
  files: { readonly userFiles: readonly string[]; readonly own: TextFile },
  onUnreadable: (path: string, words: string) => void,
): KeyPolicy {
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
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') onUnreadable(path, String(error));
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
    for (const { path, known } of all) narrowed.push({ path, known: await narrowKnownHosts(known, places) });
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

function wordsOfEntry(known: KnownHosts | undefined, line: number | undefined): string {
  const entry = known?.entries.find((one) => one.line === line);
  return entry === undefined ? 'a key of another type' : `${entry.type} ${fingerprintOf(entry.key)}`;
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
        return { verdict, offer, problem: changedProblem(offer, where, wordsOfEntry(files[file ?? 0]?.known, line)) };
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
