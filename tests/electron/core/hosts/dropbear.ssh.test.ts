/** The same against a real dropbear: key, password, jump, sudden death. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Hop } from '#shared/model/host.ts';
import { dropbearObstacle, startDropbear } from '../../../support/dropbear.ts';
import type { Dropbear } from '../../../support/dropbear.ts';
import { draftOf, knownLine, openRoom } from '../../../support/hosts-room.ts';
import type { Room } from '../../../support/hosts-room.ts';
import { keygen } from '../../../support/sshd.ts';
import { makeUser, userObstacle } from '../../../support/sshd-user.ts';
import type { LocalUser } from '../../../support/sshd-user.ts';

const obstacle = dropbearObstacle ?? userObstacle;

describe.skipIf(obstacle)(`dropbear ${obstacle ?? ''}`, () => {
  const dir = mkdtempSync(join(tmpdir(), 'tmem-keys-'));
  const login = { method: 'key', keyFile: join(dir, 'id') } as const;
  let open: Dropbear;
  let closed: Dropbear;
  let user: LocalUser;
  let room: Room;
  beforeAll(async () => {
    user = makeUser();
    user.authorize(keygen(login.keyFile, '-t', 'ed25519', '-N', ''));
    open = await startDropbear();
    closed = await startDropbear('-j');
  });
  afterEach(() => room.close());
  afterAll(async () => {
    await open.stop();
    await closed.stop();
    user.remove();
    rmSync(dir, { recursive: true });
  });
  const known = () => [open, closed].map(({ port, hostKey }) => knownLine(port, hostKey));
  const hop = ({ port }: Dropbear): Hop => ({ address: '127.0.0.1', port, user: user.name, login });

  it('by key, and back after its process was killed', async () => {
    room = await openRoom({ known: known() });
    const { id } = await room.hosts.add({ draft: draftOf({ ...hop(open) }) });
    await room.reaches(id, 'live');
    expect((await room.link(id)?.ask({ verb: 'read', set: 'test.memory' }))?.text).toContain('/proc/meminfo:MemTotal');
    for (const child of open.children()) process.kill(child, 'SIGKILL');
    expect((await room.reaches(id, 'stale')).problem.code).toBe('host-gone');
    await room.reaches(id, 'live');
  });

  it('a wrong password is tried once', async () => {
    room = await openRoom({ known: known() });
    const draft = draftOf({ ...hop(open), login: { method: 'password' } });
    const { id } = await room.hosts.add({ draft, answers: ['wrong'] });
    expect((await room.reaches(id, 'refused')).problem.code).toBe('auth-refused');
    expect(open.log().match(/Bad password attempt/g)).toHaveLength(1);
    await room.hosts.connect({ host: id });
    const { request } = await room.reaches(id, 'needs-secret');
    await room.hosts.answer({ host: id, request: request.id, answers: [user.password] });
    await room.reaches(id, 'live');
  });

  it('as a jump host, and as one that forbids it', async () => {
    room = await openRoom({ known: known() });
    const through = await room.hosts.add({ draft: draftOf({ ...hop(open), jumps: [hop(open)] }) });
    await room.reaches(through.id, 'live');
    const refused = await room.hosts.add({ draft: draftOf({ ...hop(open), jumps: [hop(closed)] }) });
    expect((await room.reaches(refused.id, 'refused')).problem.code).toBe('jump-refused');
  });
});
