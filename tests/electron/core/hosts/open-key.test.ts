/** Key files as text: nothing makes the reader throw, and what it opens can sign. */
import { generateKeyPairSync, verify, createPublicKey } from 'node:crypto';
import fc from 'fast-check';
import ssh2 from 'ssh2';
import { describe, expect, it } from 'vitest';
import { KeyFileAgent } from '#core/hosts/key-file.ts';
import { openKey } from '#core/hosts/open-key.ts';
import { ed25519Key } from '../../../support/sshd-double.ts';

const pem = { type: 'pkcs8', format: 'pem' } as const;
const samples = [
  ed25519Key().private,
  generateKeyPairSync('ed25519').privateKey.export(pem).toString(),
  generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
  generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey.export(pem).toString(),
];

describe('open key', () => {
  it.each(samples)('opens what it can sign with', async (text) => {
    const opened = openKey(text, undefined);
    if (opened.outcome !== 'open') throw new Error(opened.outcome);
    const data = Buffer.from('what is signed');
    const agent = new KeyFileAgent(opened);
    const signature = await new Promise<Buffer>((resolve, reject) =>
      agent.sign(undefined as never, data, { hash: 'sha512' }, (error, signed) =>
        signed === undefined ? reject(error as Error) : resolve(signed),
      ),
    );
    const publicKey = createPublicKey(opened.privatePem);
    expect(verify(publicKey.asymmetricKeyType === 'ed25519' ? null : 'sha512', data, publicKey, signature)).toBe(true);
    // The public half is the one that belongs to it, in the form SSH wants.
    const parsed = ssh2.utils.parseKey(Buffer.from(opened.publicSsh));
    if (parsed instanceof Error) throw parsed;
    const ofPrivate = publicKey.export({ type: 'spki', format: 'der' });
    expect(createPublicKey(parsed.getPublicPEM()).export({ type: 'spki', format: 'der' })).toEqual(ofPrivate);
  });

  it('tells encrypted from broken', () => {
    const locked = ed25519Key({
      passphrase: 'x',
      cipher: 'aes256-ctr',
      rounds: 1,
    }).private;
    expect(openKey(locked, undefined)).toEqual({ outcome: 'encrypted' });
    expect(openKey(locked, 'y').outcome).toBe('wrong-passphrase');
    expect(openKey(locked, 'x').outcome).toBe('open');
    expect(openKey('', undefined).outcome).toBe('unreadable');
  });

  it('never throws, whatever is cut out or put in', () => {
    fc.assert(
      fc.property(fc.constantFrom(...samples), fc.nat(), fc.nat({ max: 60 }), fc.string(), (text, at, length, put) => {
        const from = at % text.length;
        const { outcome } = openKey(text.slice(0, from) + put + text.slice(from + length), undefined);
        expect(['open', 'encrypted', 'unreadable']).toContain(outcome);
      }),
    );
  });
});
