/** Logins by key against a real sshd: plain, encrypted, several formats, and the agent behind them. */
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { draftOf, knownLine, openRoom } from '../../../support/hosts-room.ts';
import type { Room } from '../../../support/hosts-room.ts';
import { keygen, sshdObstacle, startSshd } from '../../../support/sshd.ts';
import type { Sshd } from '../../../support/sshd.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';

const user = userInfo().username;

describe.skipIf(sshdObstacle)(`login by key ${sshdObstacle ?? ''}`, () => {
  const keys = mkdtempSync(join(tmpdir(), 'tmem-keys-'));
  let sshd: Sshd;
  let room: Room;
  const files: Record<string, string> = {};

  beforeAll(async () => {
    const make = (name: string, ...args: string[]) => {
      files[name] = join(keys, name);
      return keygen(join(keys, name), '-C', name, ...args);
    };
    const authorized = [
      make('ed25519', '-t', 'ed25519', '-N', ''),
      make('ecdsa', '-t', 'ecdsa', '-N', ''),
      make('rsa', '-t', 'rsa', '-b', '2048', '-N', ''),
      make('ed25519-locked', '-t', 'ed25519', '-N', 'open sesame'),
      make('rsa-pem-locked', '-t', 'rsa', '-b', '2048', '-m', 'PEM', '-N', 'open sesame'),
      make('ecdsa-pkcs8-locked', '-t', 'ecdsa', '-m', 'PKCS8', '-N', 'open sesame'),
      make('rsa-pkcs8', '-t', 'rsa', '-b', '2048', '-m', 'PKCS8', '-N', ''),
    ];
    make('stranger', '-t', 'ed25519', '-N', '');
    sshd = await startSshd({ authorized });
  });
  afterEach(() => room.close());
  afterAll(async () => {
    await sshd.stop();
    rmSync(keys, { recursive: true });
  });

  const add = async (name: string, answers?: string[]) => {
    room = await openRoom({ known: [knownLine(sshd.port, sshd.hostKeys['ssh-ed25519'])] });
    return room.hosts.add({
      draft: draftOf({ port: sshd.port, user, login: { method: 'key', keyFile: files[name] ?? '' } }),
      ...(answers === undefined ? {} : { answers }),
    });
  };

  it.each(['ed25519', 'ecdsa', 'rsa', 'rsa-pkcs8'])('%s, plain', async (name) => {
    const { id } = await add(name);
    await room.reaches(id, 'live');
    expect(room.hosts.facts(id)).toMatchObject({ user, uid: userInfo().uid, pageSize: 4096 });
    const answer = await room.link(id)?.ask({ verb: 'read', set: 'test.memory' });
    expect(answer?.text).toMatch(/^\/proc\/uptime:[\d.]+ [\d.]+\n\/proc\/meminfo:MemTotal: +\d+ kB\n/);
    expect(answer?.text).toContain('/proc/swaps:Filename');
  });

  it.each(['ed25519-locked', 'rsa-pem-locked', 'ecdsa-pkcs8-locked'])('%s: asks, then opens', async (name) => {
    const { id } = await add(name);
    const { request } = await room.reaches(id, 'needs-secret');
    expect(request).toMatchObject({ kind: 'passphrase', forWhom: files[name] });
    await room.hosts.answer({ host: id, request: request.id, answers: ['open sesame'] });
    await room.reaches(id, 'live');
    // Held for this run: a loss does not ask again.
    room.hosts.reportDead(id, new Error('test'));
    await room.reaches(id, 'stale');
    await room.reaches(id, 'live');
    expect(room.history(id).filter((state) => state === 'needs-secret')).toHaveLength(1);
    // Disconnecting forgets.
    await room.hosts.disconnect({ host: id });
    await room.hosts.connect({ host: id });
    await room.reaches(id, 'needs-secret');
  });

  it('opening a key, most of a second of work, does not hold up the console', async () => {
    const { id } = await add('ed25519-locked', ['open sesame']);
    let longest = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last - 5);
      last = performance.now();
    }, 5);
    await room.reaches(id, 'live');
    clearInterval(timer);
    expect(longest).toBeLessThan(60);
  });

  it('a wrong passphrase is said, and tried once', async () => {
    const { id } = await add('ed25519-locked', ['wrong']);
    const { problem } = await room.reaches(id, 'refused');
    expect(problem).toMatchObject({ code: 'key-unreadable' });
    expect(problem.sentence).toContain('passphrase does not open');
    expect(room.history(id)).toEqual(['connecting', 'refused']);
    await room.hosts.connect({ host: id });
    await room.reaches(id, 'needs-secret');
  });

  it('a key the host does not know is refused once', async () => {
    const before = sshd.log().length;
    const { id } = await add('stranger');
    const { problem } = await room.reaches(id, 'refused');
    expect(problem).toMatchObject({ code: 'auth-refused' });
    expect(
      sshd
        .log()
        .slice(before)
        .match(/Failed publickey/g) ?? [],
    ).toHaveLength(1);
  });

  it('a key file that is not there', async () => {
    files['nowhere'] = join(keys, 'nowhere');
    const { id } = await add('nowhere');
    const { problem } = await room.reaches(id, 'refused');
    expect(problem).toMatchObject({ code: 'key-unreadable' });
    expect(problem.words).toContain('ENOENT');
  });

  it('a public key is no key to log in with', async () => {
    files['public'] = join(keys, 'ed25519.pub');
    expect(readFileSync(files['public'], 'utf8')).toContain('ssh-ed25519');
    const { id } = await add('public');
    expect((await room.reaches(id, 'refused')).problem.code).toBe('key-unreadable');
  });
});
