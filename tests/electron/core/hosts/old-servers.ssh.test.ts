/** A server that knows only what sshd knew in 2012: refused by a sentence, reached when its owner allowed it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { algorithmsFor } from '#core/hosts/algorithms.ts';
import { draftOf, openRoom } from '../../../support/hosts-room.ts';
import type { Room } from '../../../support/hosts-room.ts';
import { keygen, sshdObstacle, startSshd } from '../../../support/sshd.ts';
import type { Sshd } from '../../../support/sshd.ts';

describe.skipIf(sshdObstacle !== undefined)(`an old server${sshdObstacle ?? ''}`, () => {
  let folder: string;
  let sshd: Sshd;
  let room: Room;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tmem-old-'));
    sshd = await startSshd({
      authorized: [keygen(join(folder, 'id'), '-t', 'ed25519', '-N', '')],
      hostKeyTypes: ['rsa'],
      config: [
        'KexAlgorithms diffie-hellman-group1-sha1',
        'Ciphers 3des-cbc',
        'MACs hmac-md5',
        'HostKeyAlgorithms ssh-rsa',
      ],
    });
    room = await openRoom({ known: [`[127.0.0.1]:${sshd.port} ${sshd.hostKeys['ssh-rsa'] ?? ''}`] });
  });
  afterAll(async () => {
    await room?.close();
    await sshd?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const draft = (oldAlgorithms: boolean) => ({
    ...draftOf({
      port: sshd.port,
      user: userInfo().username,
      login: { method: 'key', keyFile: join(folder, 'id') },
    }),
    oldAlgorithms,
  });

  it('is refused, with the way out in the sentence', async () => {
    const { problem } = await room.hosts.test({ draft: draft(false) });
    expect(problem?.code).toBe('handshake-failed');
    expect(problem?.sentence).toContain('allow old algorithms for this host');
  });

  it('is reached once that is allowed', async () => {
    const report = await room.hosts.test({ draft: draft(true) });
    expect(report.problem).toBeUndefined();
    expect(report.facts?.kernel).toBeTruthy();
  });
});

describe('the algorithms that are offered', () => {
  it('are ssh2’s own unless the owner allowed old ones', () => {
    expect(algorithmsFor({}, undefined)).toEqual({});
    expect(algorithmsFor({ oldAlgorithms: false }, ['ssh-ed25519'])).toEqual({ serverHostKey: ['ssh-ed25519'] });
  });

  it('keep known host keys first when old ones are allowed', () => {
    expect(algorithmsFor({ oldAlgorithms: true }, ['ssh-ed25519', 'ssh-rsa']).serverHostKey).toEqual([
      'ssh-ed25519',
      'ssh-rsa',
      'ssh-dss',
    ]);
  });
});
