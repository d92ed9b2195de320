/** Host keys of a real sshd: unknown, confirmed, changed, revoked, hashed names, several types. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { draftOf, knownLine, openRoom } from '../../../support/hosts-room.ts';
import type { Room } from '../../../support/hosts-room.ts';
import { keygen, sshdObstacle, startSshd } from '../../../support/sshd.ts';
import type { Sshd } from '../../../support/sshd.ts';

describe.skipIf(sshdObstacle)(`host keys ${sshdObstacle ?? ''}`, () => {
  const dir = mkdtempSync(join(tmpdir(), 'tmem-keys-'));
  const login = { method: 'key', keyFile: join(dir, 'id') } as const;
  let sshd: Sshd;
  let room: Room;
  let other: string;

  beforeAll(async () => {
    const authorized = [keygen(login.keyFile, '-t', 'ed25519', '-N', '')];
    other = keygen(join(dir, 'other'), '-t', 'ed25519', '-N', '');
    sshd = await startSshd({ authorized, hostKeyTypes: ['ed25519', 'ecdsa', 'rsa'] });
  });
  afterEach(() => room.close());
  afterAll(async () => {
    await sshd.stop();
    rmSync(dir, { recursive: true });
  });

  const draft = () => draftOf({ port: sshd.port, user: userInfo().username, login });
  const ed25519 = () => sshd.hostKeys['ssh-ed25519'] ?? '';
  const fingerprint = (type: string): string =>
    spawnSync('ssh-keygen', ['-lf', join(sshd.dir, `host-${type}.pub`)], { encoding: 'utf8' }).stdout.split(' ')[1] ??
    '';

  it('unknown, then confirmed, then known', async () => {
    room = await openRoom();
    const { id } = await room.hosts.add({ draft: draft() });
    const { offer } = await room.reaches(id, 'unknown-key');
    expect(offer).toEqual({
      host: `[127.0.0.1]:${sshd.port}`,
      keyType: 'ssh-ed25519',
      fingerprint: fingerprint('ed25519'),
    });
    await expect(room.hosts.trustKey({ host: offer.host, fingerprint: 'SHA256:other' })).rejects.toMatchObject({
      problem: { code: 'not-found' },
    });
    await room.hosts.trustKey({ host: offer.host, fingerprint: offer.fingerprint });
    await room.reaches(id, 'live');
    expect(await room.own.read()).toBe(`[127.0.0.1]:${sshd.port} ${ed25519().trim()}\n`);
    const check = await room.hosts.checkKey({ target: draft(), jumps: [] });
    expect(check).toMatchObject({ verdict: 'known', knownFrom: `${room.own.path}, line 1` });
    await room.hosts.forgetKey({ host: offer.host });
    expect(await room.own.read()).toBe('');
    await expect(room.hosts.forgetKey({ host: offer.host })).rejects.toMatchObject({ problem: { code: 'not-found' } });
  });

  it('asking for the key does not log in', async () => {
    room = await openRoom();
    const before = sshd.log().length;
    expect(await room.hosts.checkKey({ target: draft(), jumps: [] })).toMatchObject({ verdict: 'unknown' });
    expect(sshd.log().slice(before)).not.toMatch(/Accepted|Failed/);
  });

  it('a changed key is a hard stop that confirming does not lift', async () => {
    room = await openRoom({ known: [knownLine(sshd.port, other)] });
    const before = sshd.log().length;
    const { id } = await room.hosts.add({ draft: draft() });
    const { offer, problem } = await room.reaches(id, 'changed-key');
    expect(problem.code).toBe('host-key-changed');
    expect(problem.sentence).toContain('user_known_hosts, line 1');
    expect(problem.words).toMatch(/^known before: ssh-ed25519 SHA256:.*\nshows now: .*SHA256:/);
    await expect(room.hosts.trustKey({ host: offer.host, fingerprint: offer.fingerprint })).rejects.toMatchObject({
      problem: { code: 'host-key-changed' },
    });
    expect(await room.own.read()).toBeUndefined();
    expect((await room.hosts.test({ draft: draft() })).needs).toBeUndefined();
    expect(sshd.log().slice(before)).not.toMatch(/Accepted/);
    expect(room.history(id)).toEqual(['connecting', 'changed-key']);
  });

  it('a changed key that the console itself had stored can be forgotten and confirmed anew', async () => {
    room = await openRoom();
    await room.own.write(`${knownLine(sshd.port, other)}\n`);
    const { id } = await room.hosts.add({ draft: draft() });
    const { offer } = await room.reaches(id, 'changed-key');
    await room.hosts.forgetKey({ host: offer.host });
    await room.reaches(id, 'unknown-key');
    await room.hosts.trustKey({ host: offer.host, fingerprint: offer.fingerprint });
    await room.reaches(id, 'live');
  });

  it('a revoked key stops, also when it is known', async () => {
    room = await openRoom({ known: [knownLine(sshd.port, ed25519()), `@revoked * ${ed25519()}`] });
    const { id } = await room.hosts.add({ draft: draft() });
    expect((await room.reaches(id, 'changed-key')).problem.code).toBe('host-key-revoked');
  });

  it('hashed names, as ssh-keygen -H writes them', async () => {
    const file = join(dir, 'hashed');
    writeFileSync(file, `${knownLine(sshd.port, ed25519())}\n`);
    spawnSync('ssh-keygen', ['-q', '-H', '-f', file]);
    const line = readFileSync(file, 'utf8').trim();
    expect(line).toMatch(/^\|1\|/);
    room = await openRoom({ known: [line] });
    const { id } = await room.hosts.add({ draft: draft() });
    await room.reaches(id, 'live');
  });

  it('a large file of hashed names does not hold up the console', async () => {
    const noise = Array.from({ length: 5000 }, (_, index) => {
      const part = () => Buffer.from(`salt of twenty ${String(index).padStart(5, '0')}`).toString('base64');
      return `|1|${part()}|${part()} ${other.split(' ').slice(0, 2).join(' ')}`;
    });
    room = await openRoom({ known: [...noise, knownLine(sshd.port, ed25519()), `@revoked * ${other}`] });
    let longest = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last - 5);
      last = performance.now();
    }, 5);
    const { id } = await room.hosts.add({ draft: draft() });
    await room.reaches(id, 'live');
    expect((await room.hosts.checkKey({ target: draft(), jumps: [] })).verdict).toBe('known');
    clearInterval(timer);
    expect(longest).toBeLessThan(60);
  });

  it.each(['ecdsa-sha2-nistp256', 'ssh-rsa'])('a host known only by its %s key is asked for that one', async (type) => {
    room = await openRoom({ known: [knownLine(sshd.port, sshd.hostKeys[type])] });
    const { id } = await room.hosts.add({ draft: draft() });
    await room.reaches(id, 'live');
  });
});
