/** Which keys are believed, from which file, and what is asked of a server first. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createKeyPolicy } from '#core/hosts/key-policy.ts';
import { KeyStop } from '#core/hosts/key-stop.ts';
import { fingerprintOf } from '#core/hosts/known-hosts.ts';
import type { TextFile } from '#core/ports.ts';

const field = (text: string | Buffer) => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  return Buffer.concat([length, Buffer.from(text)]);
};
const keyOf = (type: string, seed: number) => Buffer.concat([field(type), field(Buffer.alloc(32, seed))]);
const line = (host: string, key: Buffer, type = 'ssh-ed25519') => `${host} ${type} ${key.toString('base64')}\n`;

const mine = keyOf('ssh-ed25519', 1);
const other = keyOf('ssh-ed25519', 2);
const rsa = keyOf('ssh-rsa', 3);

describe('key policy', () => {
  const dir = mkdtempSync(join(tmpdir(), 'tmem-policy-'));
  const userFile = join(dir, 'known_hosts');
  afterAll(() => rmSync(dir, { recursive: true }));
  let own: string | undefined;
  let warnings: string[] = [];
  const file: TextFile = {
    path: 'own',
    read: async () => own,
    write: async (text) => {
      await new Promise((resolve) => setImmediate(resolve));
      own = text;
    },
  };
  const policy = (userFiles: readonly string[] = [userFile]) =>
    createKeyPolicy({ userFiles, own: file }, (path) => warnings.push(path));
  const check = async (key: Buffer, of = policy()) => (await of.load([{ address: 'h', port: 22 }])).check('h', 22, key);

  beforeEach(() => {
    own = undefined;
    warnings = [];
    writeFileSync(userFile, '');
  });

  it('knows a key from either file and says which', async () => {
    writeFileSync(userFile, `# mine\n${line('h', mine)}`);
    expect(await check(mine)).toMatchObject({ verdict: 'known', knownFrom: `${userFile}, line 2` });
    own = line('h', other);
    expect(await check(other)).toMatchObject({ verdict: 'known', knownFrom: 'own, line 1' });
  });

  it('a revocation in the user’s file beats a key of ours', async () => {
    own = line('h', mine);
    writeFileSync(userFile, `@revoked ${line('*', mine)}`);
    expect(await check(mine)).toMatchObject({ verdict: 'revoked', problem: { code: 'host-key-revoked' } });
  });

  it('reads a file again when it changed, and does without one it cannot read', async () => {
    const one = policy([userFile, join(dir, 'absent'), dir]);
    expect((await check(mine, one)).verdict).toBe('unknown');
    writeFileSync(userFile, line('h', mine));
    expect((await check(mine, one)).verdict).toBe('known');
    expect(new Set(warnings)).toEqual(new Set([dir]));
  });

  it('asks for the algorithms of known keys first', async () => {
    const algorithms = async () => (await policy().load([{ address: 'h', port: 22 }])).algorithms('h', 22);
    expect(await algorithms()).toBeUndefined();
    writeFileSync(userFile, line('h', rsa, 'ssh-rsa'));
    expect(await algorithms()).toEqual([
      'rsa-sha2-512',
      'rsa-sha2-256',
      'ssh-rsa',
      'ssh-ed25519',
      'ecdsa-sha2-nistp256',
      'ecdsa-sha2-nistp384',
      'ecdsa-sha2-nistp521',
    ]);
  });

  it('confirms only what was shown, many at once without losing one', async () => {
    const one = policy();
    await expect(one.trust('h', fingerprintOf(mine))).rejects.toMatchObject({ problem: { code: 'not-found' } });
    const places = Array.from({ length: 20 }, (_, index) => ({ address: `h${index}`, port: 22 }));
    const keys = await one.load(places);
    for (const { address } of places) expect(() => keys.insist(address, 22, mine)).toThrow(KeyStop);
    await Promise.all(places.map(({ address }) => one.trust(address, fingerprintOf(mine))));
    expect(own?.trimEnd().split('\n')).toHaveLength(20);
    await one.trust('h3', fingerprintOf(mine));
    expect(own?.trimEnd().split('\n')).toHaveLength(20);
    await one.forget('h3');
    expect(own).not.toContain('h3 ');
    expect(own?.trimEnd().split('\n')).toHaveLength(19);
  });

  it('does not confirm over another known key', async () => {
    own = line('h', other);
    const one = policy();
    expect((await check(mine, one)).verdict).toBe('changed');
    await expect(one.trust('h', fingerprintOf(mine))).rejects.toMatchObject({ problem: { code: 'host-key-changed' } });
    expect(own).toBe(line('h', other));
  });

  it('finds the same in a file of thousands of names', async () => {
    const noise = Array.from({ length: 3000 }, (_, index) => line(`n${index}`, other)).join('');
    writeFileSync(userFile, `${noise}${line('h', mine)}${noise}@revoked ${line('*', keyOf('ssh-ed25519', 9))}`);
    expect(await check(mine)).toMatchObject({ verdict: 'known', knownFrom: `${userFile}, line 3001` });
    expect((await check(other)).verdict).toBe('changed');
    expect((await check(keyOf('ssh-ed25519', 9))).verdict).toBe('revoked');
  });
});
