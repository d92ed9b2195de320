/**
 * A private key file as something that can sign a login. Encrypted keys are opened in a worker thread; signing runs
 * in Node's thread pool. Called by login.ts. The passphrase and the opened key never leave memory.
 */
import { createPrivateKey, sign } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import ssh2 from 'ssh2';
import type { ParsedKey, SigningRequestOptions } from 'ssh2';
import { ProblemError, fail, problem } from '#shared/problem.ts';
import { openKey } from './open-key.ts';
import type { OpenedKey } from './open-key.ts';
import type { SecretSource } from './secrets.ts';

/** The largest real key file is a few kilobytes. */
const largestKeyFile = 64 * 1024;

/** Speaks as an ssh-agent that has one key. */
export class KeyFileAgent extends ssh2.BaseAgent<ParsedKey> {
  readonly #publicKey: ParsedKey;
  readonly #privateKey: ReturnType<typeof createPrivateKey>;

  constructor(opened: Extract<OpenedKey, { outcome: 'open' }>) {
    super();
    const publicKey = ssh2.utils.parseKey(Buffer.from(opened.publicSsh));
    if (publicKey instanceof Error) throw publicKey;
    this.#publicKey = publicKey;
    this.#privateKey = createPrivateKey(opened.privatePem);
  }

  override getIdentities(done: (error: Error | undefined, keys?: ParsedKey[]) => void): void {
    done(undefined, [this.#publicKey]);
  }

  override sign(
    _key: ParsedKey,
    data: Buffer,
    options: SigningRequestOptions | ((error?: Error | null, signature?: Buffer) => void),
    done?: (error?: Error | null, signature?: Buffer) => void,
  ): void {
    const answer = typeof options === 'function' ? options : done;
    const asked = typeof options === 'function' ? undefined : options.hash;
    sign(hashFor(this.#publicKey.type, asked), data, this.#privateKey, (error, signature) =>
      answer?.(error, error === null ? signature : undefined),
    );
  }
}

/** RFC 5656: ECDSA hashes by the size of its curve. RFC 8332: RSA as agreed with the server. Ed25519 does its own. */
function hashFor(type: string, agreed: string | undefined): string | null {
  if (type === 'ssh-rsa') return agreed ?? 'sha1';
  if (!type.startsWith('ecdsa')) return null;
  return type.endsWith('256') ? 'sha256' : type.endsWith('384') ? 'sha384' : 'sha512';
}

export interface KeyRing {
  /**
   * @param keyFile as the person wrote it; `~/` is the home directory
   * Throws SecretNeeded when the key is encrypted and no passphrase is held, key-unreadable for everything else.
   */
  load(keyFile: string, secrets: SecretSource): Promise<KeyFileAgent>;
  /** The passphrase is not held any more: the opened key goes too. */
  forget(keyFile: string): void;
}

interface Opening {
  readonly text: string;
  readonly passphrase: string;
  readonly opened: Promise<OpenedKey>;
}

/** Many hosts log in with the same key: an encrypted one is opened once, not once per host. */
export function createKeyRing(home: string): KeyRing {
  const ring = new Map<string, Opening>();

  const openOnce = (keyFile: string, text: string, passphrase: string): Promise<OpenedKey> => {
    const before = ring.get(keyFile);
    if (before?.text === text && before.passphrase === passphrase) return before.opened;
    const opening = { text, passphrase, opened: openInWorker(text, passphrase) };
    ring.set(keyFile, opening);
    return opening.opened;
  };

  return {
    load: async (keyFile, secrets) => {
      const text = await readKeyFile(keyFile.startsWith('~/') ? join(home, keyFile.slice(2)) : keyFile, keyFile);
      const plain = openKey(text, undefined);
      if (plain.outcome !== 'encrypted') return agentOf(keyFile, plain);
      const opened = await openOnce(keyFile, text, secrets.take('passphrase', keyFile));
      if (opened.outcome !== 'open') ring.delete(keyFile);
      if (opened.outcome === 'wrong-passphrase') secrets.refused('passphrase', keyFile);
      const agent = agentOf(keyFile, opened);
      secrets.proved('passphrase', keyFile);
      return agent;
    },
    forget: (keyFile) => ring.delete(keyFile),
  };
}

function agentOf(keyFile: string, opened: OpenedKey): KeyFileAgent {
  if (opened.outcome === 'wrong-passphrase')
    fail(
      'key-unreadable',
      `The passphrase does not open the key file ${keyFile}. Connect again and type it anew.`,
      opened.words,
    );
  if (opened.outcome !== 'open')
    fail(
      'key-unreadable',
      `The key file ${keyFile} cannot be used. It must be a private RSA, ECDSA or Ed25519 key in OpenSSH or PEM format.`,
      opened.outcome === 'unreadable' ? opened.words : undefined,
    );
  try {
    return new KeyFileAgent(opened);
  } catch (error) {
    return fail('key-unreadable', `The key in ${keyFile} is of a kind the console cannot sign with.`, wordsOf(error));
  }
}

async function readKeyFile(path: string, shown: string): Promise<string> {
  try {
    const file = await open(path, 'r');
    try {
      const buffer = Buffer.alloc(largestKeyFile + 1);
      const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
      if (bytesRead > largestKeyFile) fail('key-unreadable', `${shown} is too large to be a key file.`);
      return buffer.toString('latin1', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    return fail(
      'key-unreadable',
      `The key file ${shown} cannot be read. Check its path and that you may read it.`,
      wordsOf(error),
    );
  }
}

/** Beside this file, in the language this file is in: sources run as they are, a build has both as `.js`. */
const workerUrl = new URL(import.meta.url.endsWith('.ts') ? './key-worker.ts' : './key-worker.js', import.meta.url);

function openInWorker(text: string, passphrase: string): Promise<OpenedKey> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerUrl, { workerData: { text, passphrase } });
    worker.once('message', (opened: OpenedKey) => resolve(opened));
    worker.once('error', reject);
    worker.once('exit', () =>
      reject(
        new ProblemError(problem('key-unreadable', 'The key could not be opened: the reader of keys ended early.')),
      ),
    );
  });
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
