/**
 * With AES-GCM ssh2 makes a cipher for each packet and hands Node the raw key each time. Node then wraps it in a key
 * object anew, which costs several times what the encryption does. A ready key object in its place saves that.
 * Reaches into fields of ssh2's own (its version is pinned): where they are not as expected, nothing is changed and
 * the connection is only slower. After a change of keys the raw ones are back, and with them the usual speed.
 */
import { createSecretKey } from 'node:crypto';
import type { Client } from 'ssh2';

interface Inside {
  readonly _protocol?: {
    readonly _cipher?: { _encKey?: unknown };
    readonly _decipher?: { _decipherKey?: unknown };
  };
}

/** @returns whether both directions were changed */
export function useKeyObjects(client: Client): boolean {
  const { _cipher: cipher, _decipher: decipher } = (client as Inside)._protocol ?? {};
  if (!Buffer.isBuffer(cipher?._encKey) || !Buffer.isBuffer(decipher?._decipherKey)) return false;
  cipher._encKey = createSecretKey(cipher._encKey);
  decipher._decipherKey = createSecretKey(decipher._decipherKey);
  return true;
}
