/** Jump hosts, and the limits of real servers on sessions and parallel logins. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Hop } from '#shared/model/host.ts';
import { draftOf, knownLine, openRoom } from '../../../support/hosts-room.ts';
import type { Room } from '../../../support/hosts-room.ts';
import { freePort, keygen, sshdObstacle, startSshd } from '../../../support/sshd.ts';
import type { Sshd } from '../../../support/sshd.ts';

const user = userInfo().username;

describe.skipIf(sshdObstacle)(`jump hosts ${sshdObstacle ?? ''}`, () => {
  const dir = mkdtempSync(join(tmpdir(), 'tmem-keys-'));
  const login = { method: 'key', keyFile: join(dir, 'id') } as const;
  const all: Sshd[] = [];
  let room: Room;
  let target: Sshd;
  let outer: Sshd;
  let inner: Sshd;
  let closed: Sshd;
  let narrow: Sshd;

  beforeAll(async () => {
    const authorized = [keygen(login.keyFile, '-t', 'ed25519', '-N', '')];
    const start = async (config: string[] = []) => {
      const sshd = await startSshd({ authorized, config });
      all.push(sshd);
      return sshd;
    };
    target = await start();
    outer = await start();
    inner = await start();
    closed = await start(['AllowTcpForwarding no']);
    narrow = await start(['MaxStartups 1']);
  });
  afterEach(() => room.close());
  afterAll(async () => {
    for (const sshd of all) await sshd.stop();
    rmSync(dir, { recursive: true });
  });

  const hop = (sshd: Sshd): Hop => ({ address: '127.0.0.1', port: sshd.port, user, login });
  const draft = (sshd: Sshd, ...jumps: Sshd[]) => draftOf({ port: sshd.port, user, login, jumps: jumps.map(hop) });
  const known = (...sshds: Sshd[]) => sshds.map((sshd) => knownLine(sshd.port, sshd.hostKeys['ssh-ed25519']));

  it('through one, and through two', async () => {
    room = await openRoom({ known: known(target, outer, inner) });
    for (const jumps of [[outer], [outer, inner]]) {
      const { id } = await room.hosts.add({ draft: draft(target, ...jumps) });
      await room.reaches(id, 'live');
      const answer = await room.link(id)?.ask({ verb: 'read', set: 'test.memory' });
      expect(answer?.text).toContain('/proc/meminfo:MemTotal');
    }
  });

  it('every machine on the way shows its own key', async () => {
    room = await openRoom({ known: known(target) });
    const { id } = await room.hosts.add({ draft: draft(target, outer, inner) });
    for (const sshd of [outer, inner]) {
      const { offer } = await room.reaches(id, 'unknown-key');
      expect(offer.host).toBe(`[127.0.0.1]:${sshd.port}`);
      expect(await room.hosts.checkKey({ target: hop(target), jumps: [hop(outer), hop(inner)] })).toMatchObject({
        verdict: 'unknown',
        offer,
      });
      await room.hosts.trustKey({ host: offer.host, fingerprint: offer.fingerprint });
    }
    await room.reaches(id, 'live');
    const check = await room.hosts.checkKey({ target: hop(target), jumps: [hop(outer), hop(inner)] });
    expect(check.verdict).toBe('known');
  });

  it('forwarding forbidden: says which machine and what to set', async () => {
    room = await openRoom({ known: known(target, outer, closed) });
    const { id } = await room.hosts.add({ draft: draft(target, outer, closed) });
    const { problem } = await room.reaches(id, 'refused');
    expect(problem.code).toBe('jump-refused');
    expect(problem.sentence).toContain(`127.0.0.1:${closed.port} does not carry connections on`);
    expect(problem.sentence).toContain('AllowTcpForwarding');
  });

  it('a target that is down behind a jump host is tried again later', async () => {
    room = await openRoom({ known: known(outer) });
    const { id } = await room.hosts.add({
      draft: draftOf({ port: await freePort(), user, login, jumps: [hop(outer)] }),
    });
    const { problem, attempt } = await room.reaches(id, 'waiting');
    expect(problem.code).toBe('host-unreachable');
    expect(problem.sentence).toContain('cannot reach');
    expect(attempt).toBe(1);
  });

  it('MaxStartups 1: eight hosts through one machine all come up', async () => {
    room = await openRoom({ known: known(target, narrow) });
    const ids = await Promise.all(
      Array.from({ length: 8 }, async () => (await room.hosts.add({ draft: draft(target, narrow) })).id),
    );
    for (const id of ids) await room.reaches(id, 'live', 40_000);
    expect(narrow.log()).toContain('past MaxStartups');
    expect(narrow.log().match(/Accepted publickey/g)).toHaveLength(8);
  });

  it('a jump host that dies takes its host to stale, and it comes back', async () => {
    room = await openRoom({ known: known(target, outer) });
    const { id } = await room.hosts.add({ draft: draft(target, outer) });
    await room.reaches(id, 'live');
    const [connection] = outer.children();
    process.kill(connection ?? 0, 'SIGKILL');
    const { problem } = await room.reaches(id, 'stale');
    expect(problem.code).toBe('host-gone');
    expect(room.link(id)).toBeUndefined();
    await room.reaches(id, 'live');
    expect(room.history(id)).toEqual(['connecting', 'live', 'stale', 'live']);
  });
});
