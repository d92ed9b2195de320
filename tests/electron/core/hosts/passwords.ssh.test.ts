/** Logins that a person answers: password, keyboard-interactive (PAM), ssh-agent. One attempt each. */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HostDraft } from '#shared/model/host.ts';
import { draftOf, knownLine, openRoom } from '../../../support/hosts-room.ts';
import type { Room, RoomOptions } from '../../../support/hosts-room.ts';
import { keygen, sshdObstacle, startSshd, until } from '../../../support/sshd.ts';
import type { Sshd } from '../../../support/sshd.ts';
import { makeUser, userObstacle } from '../../../support/sshd-user.ts';
import type { LocalUser } from '../../../support/sshd-user.ts';
import { TestClock } from '../../../support/test-clock.ts';

let room: Room;
afterEach(() => room.close());

const failures = (log: string) => (log.match(/Failed (password|keyboard-interactive)/g) ?? []).length;

async function add(sshd: Sshd, over: Pick<HostDraft, 'user' | 'login'>, answers?: string[], options: RoomOptions = {}) {
  room = await openRoom({ known: [knownLine(sshd.port, sshd.hostKeys['ssh-ed25519'])], ...options });
  const draft = draftOf({ port: sshd.port, ...over });
  return room.hosts.add({ draft, ...(answers === undefined ? {} : { answers }) });
}

const obstacle = sshdObstacle ?? userObstacle;

describe.skipIf(obstacle)(`password ${obstacle ?? ''}`, () => {
  let sshd: Sshd;
  let pam: Sshd;
  let user: LocalUser;
  beforeAll(async () => {
    user = makeUser();
    sshd = await startSshd({ config: ['PasswordAuthentication yes', 'UsePAM yes'] });
    pam = await startSshd({ config: ['KbdInteractiveAuthentication yes', 'UsePAM yes'] });
  });
  afterAll(async () => {
    await sshd.stop();
    await pam.stop();
    user.remove();
  });
  const login = { method: 'password' } as const;

  it('asks, logs in, and holds the answer for this run', async () => {
    const { id } = await add(sshd, { user: user.name, login });
    const { request } = await room.reaches(id, 'needs-secret');
    expect(request).toMatchObject({ kind: 'password', forWhom: `${user.name}@127.0.0.1:${sshd.port}` });
    expect(request.prompts).toEqual([{ text: expect.stringContaining('Password of') as string, echo: false }]);
    await room.hosts.answer({ host: id, request: request.id, answers: [user.password] });
    await room.reaches(id, 'live');
    expect(room.hosts.facts(id)).toMatchObject({ user: user.name, rights: 'user' });
    room.hosts.reportDead(id, new Error('test'));
    await room.reaches(id, 'live');
    expect(failures(sshd.log())).toBe(0);
  });

  it('a wrong one is tried exactly once, then the person decides', async () => {
    const before = sshd.log().length;
    const clock = new TestClock();
    const { id } = await add(sshd, { user: user.name, login }, ['wrong'], { clock });
    const { problem } = await room.reaches(id, 'refused');
    expect(problem.code).toBe('auth-refused');
    await clock.pass(3_600_000);
    expect(room.hosts.state(id).kind).toBe('refused');
    expect(failures(sshd.log().slice(before))).toBe(1);
    await room.hosts.connect({ host: id });
    const { request } = await room.reaches(id, 'needs-secret');
    await expect(room.hosts.answer({ host: id, request: 'old', answers: ['x'] })).rejects.toThrow('does not ask');
    await room.hosts.answer({ host: id, request: request.id, answers: [user.password] });
    await room.reaches(id, 'live');
  });

  it('goes through keyboard-interactive where the server takes passwords only that way', async () => {
    const { id } = await add(pam, { user: user.name, login }, [user.password]);
    await room.reaches(id, 'live');
    expect(pam.log()).toContain('Accepted keyboard-interactive/pam');
  });

  it('keyboard-interactive: shows the prompts of the server, waits, and is tried once', async () => {
    const before = pam.log().length;
    const { id } = await add(pam, { user: user.name, login: { method: 'keyboard-interactive' } });
    const first = await room.reaches(id, 'needs-secret');
    expect(first.request).toMatchObject({ kind: 'keyboard-interactive', prompts: [{ echo: false }] });
    expect(first.request.prompts[0]?.text).toMatch(/password/i);
    await room.hosts.answer({ host: id, request: first.request.id, answers: ['wrong'] });
    await room.reaches(id, 'refused');
    expect(failures(pam.log().slice(before))).toBe(1);
    await room.hosts.connect({ host: id });
    const second = await room.reaches(id, 'needs-secret');
    await room.hosts.answer({ host: id, request: second.request.id, answers: [user.password] });
    await room.reaches(id, 'live');
  });

  it('says what the server takes when it does not take the chosen login', async () => {
    const { id } = await add(pam, { user: user.name, login: { method: 'agent' } }, [], { agentSocket: '/nowhere' });
    const { problem } = await room.reaches(id, 'refused');
    expect(problem.code).toBe('auth-refused');
  });

  it('a test of the connection takes the answers in order and says what is missing', async () => {
    room = await openRoom();
    const draft = draftOf({ port: sshd.port, user: user.name, login });
    const unknown = await room.hosts.test({ draft });
    expect(unknown.needs).toMatchObject({ kind: 'key', check: { verdict: 'unknown' } });
    if (unknown.needs?.kind !== 'key') throw new Error('no key asked');
    const { host, fingerprint } = unknown.needs.check.offer;
    await room.hosts.trustKey({ host, fingerprint });
    const asked = await room.hosts.test({ draft });
    expect(asked.needs).toMatchObject({ kind: 'secret', request: { kind: 'password' } });
    const wrong = await room.hosts.test({ draft, answers: ['wrong'] });
    expect(wrong.problem?.code).toBe('auth-refused');
    expect(wrong.steps.map(({ outcome }) => outcome)).toEqual([
      'done',
      'done',
      'failed',
      'skipped',
      'skipped',
      'skipped',
    ]);
    const report = await room.hosts.test({ draft, answers: [user.password] });
    expect(report.problem).toBeUndefined();
    expect(report.steps.map(({ title }) => title.split(' ')[0])).toEqual([
      'Connection',
      'Host',
      'Login',
      'Agent',
      'Rights',
      'What',
    ]);
    expect(report.steps.every(({ outcome, millis }) => outcome === 'done' && millis !== undefined)).toBe(true);
    expect(report.facts?.user).toBe(user.name);
  });
});

describe.skipIf(sshdObstacle)(`ssh-agent ${sshdObstacle ?? ''}`, () => {
  const keys = mkdtempSync(join(tmpdir(), 'tmem-keys-'));
  const socket = join(keys, 'agent');
  let agent: ChildProcess;
  let sshd: Sshd;
  beforeAll(async () => {
    agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
    const authorized = ['ed25519', 'ecdsa', 'rsa'].map((type) => keygen(join(keys, type), '-t', type, '-N', ''));
    keygen(join(keys, 'other'), '-t', 'ed25519', '-N', '');
    await until('ssh-agent', () => spawnSync('ssh-add', ['-l'], { env: { SSH_AUTH_SOCK: socket } }).status === 1);
    sshd = await startSshd({ authorized });
  });
  afterAll(async () => {
    agent.kill();
    await sshd.stop();
    rmSync(keys, { recursive: true });
  });
  const login = { method: 'agent' } as const;
  const hold = (...names: string[]) => {
    const env = { ...process.env, SSH_AUTH_SOCK: socket };
    spawnSync('ssh-add', ['-q', '-D'], { env });
    for (const name of names) expect(spawnSync('ssh-add', ['-q', join(keys, name)], { env }).status).toBe(0);
  };

  it.each(['ed25519', 'ecdsa', 'rsa', 'other ed25519'])('holds %s', async (names) => {
    hold(...names.split(' '));
    const { id } = await add(sshd, { user: userInfo().username, login }, [], { agentSocket: socket });
    await room.reaches(id, 'live');
  });

  it('has no key the host knows', async () => {
    hold('other');
    const { id } = await add(sshd, { user: userInfo().username, login }, [], { agentSocket: socket });
    expect((await room.reaches(id, 'refused')).problem.sentence).toContain('no key in the ssh-agent');
  });

  it('is not there', async () => {
    const { id } = await add(sshd, { user: userInfo().username, login });
    expect((await room.reaches(id, 'refused')).problem.sentence).toContain('SSH_AUTH_SOCK');
  });
});
