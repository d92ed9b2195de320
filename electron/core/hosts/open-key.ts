/**
 * Text of a private key file to the key inside: OpenSSH, PEM (PKCS#1, SEC1) and PKCS#8, plain or encrypted. Slow for
 * encrypted OpenSSH files, so those are opened in key-worker.ts. Reads no file.
 */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import ssh2 from 'ssh2';
import type { ParsedKey } from 'ssh2';

export type OpenedKey =
  | { readonly outcome: 'open'; readonly privatePem: string; readonly publicSsh: Uint8Array }
  | { readonly outcome: 'encrypted' }
  | { readonly outcome: 'wrong-passphrase'; readonly words: string }
  | { readonly outcome: 'unreadable'; readonly words: string };

const pkcs8 = /^-----BEGIN (ENCRYPTED )?PRIVATE KEY-----/m;

/** Without a passphrase an encrypted key gives `encrypted`, at once. */
export function openKey(text: string, passphrase: string | undefined): OpenedKey {
  if (pkcs8.test(text)) return openPkcs8(text, passphrase);
  try {
    return openSsh(text, passphrase);
  } catch (error) {
    // ssh2 answers most broken files with an error value, and throws over a few.
    return { outcome: 'unreadable', words: error instanceof Error ? error.message : String(error) };
  }
}

function openSsh(text: string, passphrase: string | undefined): OpenedKey {
  // ssh2 declares a single key; it gives an array for OpenSSH files.
  const parsed = ssh2.utils.parseKey(text, passphrase) as unknown;
  const key: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
  if (key instanceof Error) return failure(key.message, passphrase);
  const opened = key as ParsedKey;
  if (!opened.isPrivateKey()) return { outcome: 'unreadable', words: 'the file holds a public key' };
  return { outcome: 'open', privatePem: opened.getPrivatePEM(), publicSsh: opened.getPublicSSH() };
}

function failure(words: string, passphrase: string | undefined): OpenedKey {
  if (/no passphrase given/i.test(words)) return { outcome: 'encrypted' };
  if (passphrase !== undefined && /integrity check failed|bad passphrase|bad decrypt|malformed/i.test(words))
    return { outcome: 'wrong-passphrase', words };
  return { outcome: 'unreadable', words };
}

/** ssh2 does not read PKCS#8; Node does. */
function openPkcs8(text: string, passphrase: string | undefined): OpenedKey {
  if (text.includes('ENCRYPTED') && passphrase === undefined) return { outcome: 'encrypted' };
  try {
    const key = createPrivateKey(passphrase === undefined ? text : { key: text, passphrase });
    const publicSsh = publicBlob(createPublicKey(key).export({ format: 'jwk' }));
    if (publicSsh === undefined) return { outcome: 'unreadable', words: `a ${String(key.asymmetricKeyType)} key` };
    return { outcome: 'open', privatePem: key.export({ type: 'pkcs8', format: 'pem' }).toString(), publicSsh };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return passphrase === undefined ? { outcome: 'unreadable', words } : { outcome: 'wrong-passphrase', words };
  }
}

type Jwk = ReturnType<ReturnType<typeof createPublicKey>['export']> & object;

/** The public key as it travels in SSH (RFC 4253 6.6, RFC 5656, RFC 8709). */
function publicBlob(jwk: Jwk & { kty?: string; crv?: string; n?: string; e?: string; x?: string; y?: string }) {
  const bytes = (base64: string | undefined) => Buffer.from(base64 ?? '', 'base64url');
  if (jwk.kty === 'RSA') return strings(Buffer.from('ssh-rsa'), positive(bytes(jwk.e)), positive(bytes(jwk.n)));
  if (jwk.kty === 'OKP' && jwk.crv === 'Ed25519') return strings(Buffer.from('ssh-ed25519'), bytes(jwk.x));
  const curve = /^P-(256|384|521)$/.exec(jwk.crv ?? '')?.[1];
  if (jwk.kty !== 'EC' || curve === undefined) return undefined;
  const point = Buffer.concat([Buffer.from([4]), bytes(jwk.x), bytes(jwk.y)]);
  return strings(Buffer.from(`ecdsa-sha2-nistp${curve}`), Buffer.from(`nistp${curve}`), point);
}

/** An mpint is signed: a leading one bit needs a zero byte before it. */
const positive = (number: Buffer): Buffer =>
  (number[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), number]) : number;

function strings(...parts: Buffer[]): Buffer {
  return Buffer.concat(
    parts.flatMap((part) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(part.length);
      return [length, part];
    }),
  );
}
