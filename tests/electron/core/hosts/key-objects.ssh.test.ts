/** The fields of ssh2 that key-objects.ts reaches into are there, and a connection whose keys were replaced still works. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useKeyObjects } from '#core/hosts/key-objects.ts';
import { keygen, sshdObstacle, startSshd } from '../../../support/sshd.ts';
import type { Sshd } from '../../../support/sshd.ts';

describe.skipIf(sshdObstacle !== undefined)(`key objects ${sshdObstacle ?? ''}`, () => {
  let folder: string;
  let sshd: Sshd;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tmem-key-objects-'));
    // So small a limit that the keys change several times within one answer.
    sshd = await startSshd({
      authorized: [keygen(join(folder, 'id'), '-t', 'ed25519', '-N', '')],
      config: ['RekeyLimit 64K'],
    });
  });
  afterAll(async () => {
    await sshd?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function connect(cipher: 'aes128-gcm@openssh.com' | 'aes128-ctr'): Promise<ssh2.Client> {
    const client = new ssh2.Client();
    return new Promise((resolve, reject) => {
      client.once('ready', () => resolve(client));
      client.once('error', reject);
      client.connect({
        host: '127.0.0.1',
        port: sshd.port,
        username: userInfo().username,
        privateKey: readFileSync(join(folder, 'id')),
        algorithms: { cipher: [cipher] },
      });
    });
  }

  function output(client: ssh2.Client, command: string): Promise<number> {
    return new Promise((resolve, reject) => {
      client.exec(command, (error, channel) => {
        if (error) return reject(error);
        let length = 0;
        channel.on('data', (chunk: Buffer) => (length += chunk.length));
        channel.on('close', () => resolve(length));
      });
    });
  }

  it('are put in with AES-GCM, and what comes through is whole, across changes of keys', async () => {
    const client = await connect('aes128-gcm@openssh.com');
    expect(useKeyObjects(client)).toBe(true);
    expect(useKeyObjects(client)).toBe(false);
    expect(await output(client, 'head -c 1000000 /dev/zero')).toBe(1_000_000);
    // The server has changed the keys meanwhile: ssh2 has raw ones again.
    expect(useKeyObjects(client)).toBe(true);
    expect(await output(client, 'head -c 1000 /dev/zero')).toBe(1000);
    client.end();
  });

  it('are left out with other ciphers', async () => {
    const client = await connect('aes128-ctr');
    expect(useKeyObjects(client)).toBe(false);
    expect(await output(client, 'head -c 1000 /dev/zero')).toBe(1000);
    client.end();
  });
});
