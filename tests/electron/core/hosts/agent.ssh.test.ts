/** The agent over a real sshd and accounts of every kind: shells, start-up files, sudo, one session, sudden deaths. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HostDraft } from '#shared/model/host.ts';
import type { AgentKnob } from '#core/platforms/change.ts';
import { composeAgent, installedAgent, sudoersLines } from '#core/hosts/agent-script.ts';
import { agentBody } from '../../../support/agent-body.ts';
import { draftOf, knownLine, openRoom, roomCommands, roomSets } from '../../../support/hosts-room.ts';
import type { Room, RoomOptions } from '../../../support/hosts-room.ts';
import { childrenOf, keygen, sshdObstacle, startSshd } from '../../../support/sshd.ts';
import type { Sshd } from '../../../support/sshd.ts';
import { makeUser, userObstacle } from '../../../support/sshd-user.ts';
import type { LocalUser } from '../../../support/sshd-user.ts';

const obstacle = sshdObstacle ?? userObstacle;
const sudoersFile = `/etc/sudoers.d/tmem-test-${process.pid}`;

describe.skipIf(obstacle)(`agent ${obstacle ?? ''}`, () => {
  const dir = mkdtempSync(join(tmpdir(), 'tmem-keys-'));
  const login = { method: 'key', keyFile: join(dir, 'id') } as const;
  let sshd: Sshd;
  let single: Sshd;
  let forced: Sshd;
  let user: LocalUser;
  let room: Room;

  beforeAll(async () => {
    const authorized = [keygen(login.keyFile, '-t', 'ed25519', '-N', '')];
    user = makeUser('/bin/bash');
    sshd = await startSshd({ authorized });
    single = await startSshd({ authorized, config: ['MaxSessions 1'] });
    forced = await startSshd({ authorized, config: ['ForceCommand internal-sftp'] });
  });
  afterEach(async () => {
    await room.close();
    rmSync(sudoersFile, { force: true });
    user.write('.bashrc', '');
    user.setShell('/bin/bash');
  });
  afterAll(async () => {
    for (const one of [sshd, single, forced]) await one.stop();
    user.remove();
    rmSync(dir, { recursive: true });
  });

  const add = async (over: Partial<HostDraft> = {}, on = sshd, options: RoomOptions = {}) => {
    room = await openRoom({ known: [knownLine(on.port, on.hostKeys['ssh-ed25519'])], ...options });
    return room.hosts.add({ draft: draftOf({ port: on.port, user: user.name, login, ...over }) });
  };

  it.each(
    ['/bin/dash', '/bin/bash', '/bin/csh', '/usr/bin/fish', '/bin/zsh', '/bin/mksh'].filter((shell) =>
      existsSync(shell),
    ),
  )('login shell %s', async (shell) => {
    user.setShell(shell);
    const { id } = await add();
    await room.reaches(id, 'live');
    const answer = await room.link(id)?.ask({ verb: 'read', set: 'test.memory' });
    expect(answer?.text).toContain('/proc/meminfo:MemTotal');
  });

  it('requests overlap and are answered in order', async () => {
    const { id } = await add();
    await room.reaches(id, 'live');
    const link = room.link(id);
    const texts = await Promise.all([
      link?.ask({ verb: 'probe', set: 'test.memory' }),
      link?.ask({ verb: 'ping' }),
      link?.ask({ verb: 'read', set: 'test.memory' }),
    ]);
    expect(texts[0]?.text).toContain('/proc/meminfo:MemTotal');
    expect(texts[1]?.text).toBe('');
    expect(texts[2]?.text).toContain('/proc/swaps:Filename');
    await expect(link?.ask({ verb: 'read', set: 'no.such' })).rejects.toMatchObject({
      problem: { code: 'agent-refused' },
    });
    expect(link?.offers).toEqual(new Set(['test.memory', 'test-slow']));
  });

  it('.bashrc that prints, also without a last line end', async () => {
    user.write('.bashrc', 'echo welcome; printf "\\033[31mred\\n=hello 2 0\\nmore"\n');
    const { id } = await add();
    await room.reaches(id, 'live');
    await expect(room.link(id)?.ask({ verb: 'ping' })).resolves.toMatchObject({ text: '' });
  });

  it('.bashrc that prints without end', async () => {
    user.write('.bashrc', 'yes noise\n');
    const { id } = await add();
    const { problem } = await room.reaches(id, 'waiting');
    expect(problem).toMatchObject({ code: 'agent-silent', words: expect.stringContaining('noise') as string });
    expect(problem.sentence).toContain('64 KiB');
  });

  it.each(['sleep 30', 'read line; read line; sleep 30'])('.bashrc that waits: %s', async (text) => {
    user.write('.bashrc', `${text}\n`);
    const { id } = await add({}, sshd, { limits: { helloMs: 1500 } });
    const { problem } = await room.reaches(id, 'waiting');
    expect(problem.code).toBe('agent-silent');
    expect(problem.sentence).toContain('.bashrc');
  });

  it.each(['/bin/false', '/usr/sbin/nologin'])('no shell: %s', async (shell) => {
    user.setShell(shell);
    const { id } = await add();
    const { problem } = await room.reaches(id, 'waiting');
    expect(problem.code).toBe('agent-silent');
    expect(problem.sentence).toContain('/bin/false or nologin');
  });

  it('another command is forced', async () => {
    const { id } = await add({}, forced, { limits: { helloMs: 1500 } });
    expect((await room.reaches(id, 'waiting')).problem.code).toBe('agent-silent');
  });

  it('the installed agent is missing', async () => {
    const { id } = await add({ agent: 'installed', sudo: 'when-allowed' }, single);
    const { problem } = await room.reaches(id, 'refused');
    expect(problem.code).toBe('agent-missing');
    expect(problem.sentence).toContain('/usr/local/sbin/tmem-agent');
  });

  it('sudo asks for a password: reads as the user, on the one session there is, and says why', async () => {
    const { id } = await add({ sudo: 'when-allowed' }, single);
    await room.reaches(id, 'live');
    expect(room.hosts.facts(id)).toMatchObject({ rights: 'user', user: user.name });
    const advice = await room.hosts.rights({ host: id });
    expect(advice.sudoers).toEqual(sudoersLines({ user: user.name, way: 'push', grade: 'viewer' }));
    // The agent has the only session, so the checks say that they could not be made.
    expect(advice.checked.map(({ ok }) => ok)).toEqual([false, false]);
    expect(advice.checked[0]?.detail).toContain('MaxSessions');
  });

  it('sudo allows: reads as root, and the check agrees', async () => {
    writeFileSync(sudoersFile, `${sudoersLines({ user: user.name, way: 'push', grade: 'viewer' }).join('\n')}\n`, {
      mode: 0o440,
    });
    const { id } = await add({ sudo: 'when-allowed' });
    await room.reaches(id, 'live');
    expect(room.hosts.facts(id)).toMatchObject({ rights: 'sudo', uid: 0 });
    const { checked } = await room.hosts.rights({ host: id });
    expect(checked.map(({ title, ok }) => [title, ok])).toEqual([
      ['Root through sudo', true],
      ['Installed agent', false],
    ]);
    const report = await room.hosts.test({
      draft: draftOf({ port: sshd.port, user: user.name, login, sudo: 'when-allowed' }),
    });
    expect(report.steps.find(({ title }) => title === 'Rights')?.detail).toContain('root, by sudo');
  });

  it.skipIf(existsSync(installedAgent))(
    'the installed agent, as the user and as root; the checks know it',
    async () => {
      writeFileSync(installedAgent, composeAgent(agentBody, roomSets, roomCommands), { mode: 0o755 });
      try {
        const { id } = await add({ agent: 'installed', sudo: 'when-allowed' });
        await room.reaches(id, 'live');
        expect(room.hosts.facts(id)).toMatchObject({ rights: 'user', user: user.name });
        const lines = sudoersLines({ user: user.name, way: 'installed', grade: 'viewer' });
        writeFileSync(sudoersFile, `${lines.join('\n')}\n`, { mode: 0o440 });
        await room.hosts.disconnect({ host: id });
        await room.hosts.connect({ host: id });
        await room.reaches(id, 'live');
        expect(room.hosts.facts(id)).toMatchObject({ rights: 'sudo', uid: 0 });
        const advice = await room.hosts.rights({ host: id });
        expect(advice.sudoers).toEqual(lines);
        expect(advice.checked.map(({ ok }) => ok)).toEqual([true, true]);
        writeFileSync(installedAgent, composeAgent(agentBody, roomSets, []));
        const older = await room.hosts.rights({ host: id });
        expect(older.checked[1]).toMatchObject({
          ok: false,
          detail: expect.stringContaining('not the copy') as string,
        });
      } finally {
        rmSync(installedAgent);
      }
    },
  );

  const sudoers = (...lines: readonly string[]) => writeFileSync(sudoersFile, `${lines.join('\n')}\n`, { mode: 0o440 });
  const operatorLines = () => sudoersLines({ user: user.name, way: 'push', grade: 'operator' });

  it('an operator: the grade, a change, and a watcher that does not keep the channel', async () => {
    sudoers(...operatorLines());
    const setting = join(dir, 'setting');
    writeFileSync(setting, '60\n');
    const knobs: readonly AgentKnob[] = [
      {
        kind: 'file',
        name: 'test.setting',
        path: setting,
        value: { kind: 'number', min: 0, max: 100 },
        check: 'exact',
        shown: 'plain',
      },
    ];
    const { id } = await add({ sudo: 'when-allowed', role: 'operator' }, single, { knobs });
    await room.reaches(id, 'live');
    expect(room.hosts.facts(id)).toMatchObject({ rights: 'sudo', uid: 0, grade: 'operator' });
    const link = room.link(id);
    expect(link?.offers.has('test.setting')).toBe(true);
    const plan = `ssh-${process.pid}`;
    const change = { knob: 'test.setting', instance: setting, from: '60', to: '61' } as const;
    await link?.ask({ verb: 'begin', plan });
    await expect(link?.ask({ verb: 'begin', plan: 'other' })).rejects.toMatchObject({
      problem: { code: 'plan-busy', words: plan },
    });
    await link?.ask({ verb: 'step', plan, ...change, keep: { kind: 'no' } });
    await link?.ask({ verb: 'arm', plan, seconds: 60 });
    expect((await link?.ask({ verb: 'write', plan, step: 1 }))?.text).toBe('> 61');
    // One session at a time: it comes back only when nobody holds the channel of the first any more.
    await room.hosts.disconnect({ host: id });
    await expect.poll(() => single.children(), { timeout: 5000 }).toEqual([]);
    await room.hosts.connect({ host: id });
    await room.reaches(id, 'live');
    expect((await room.link(id)?.ask({ verb: 'status', plan }))?.text).toMatch(/^> state armed\n/);
    expect((await room.link(id)?.ask({ verb: 'undo', plan }))?.text).toContain('> step 1 restored');
    await room.link(id)?.ask({ verb: 'forget', plan });
    await expect(room.link(id)?.ask({ verb: 'status', plan })).rejects.toMatchObject({
      problem: { code: 'not-found' },
    });
    expect(readFileSync(setting, 'utf8')).toBe('60\n');
    const { checked } = await room.hosts.rights({ host: id });
    expect(checked.map(({ title }) => title)).toEqual(['Root through sudo', 'Changes through sudo', 'Installed agent']);
  });

  it('an operator whom sudo lets only read: reads as root, says why, and is told so when it changes', async () => {
    sudoers(...sudoersLines({ user: user.name, way: 'push', grade: 'viewer' }));
    const over = { sudo: 'when-allowed', role: 'operator' } as const;
    const { id } = await add(over);
    await room.reaches(id, 'live');
    expect(room.hosts.facts(id)).toMatchObject({ rights: 'sudo', uid: 0, grade: 'viewer' });
    await expect(room.link(id)?.ask({ verb: 'begin', plan: 'p' })).rejects.toMatchObject({
      problem: { code: 'read-only' },
    });
    const advice = await room.hosts.rights({ host: id });
    expect(advice.sudoers).toEqual(operatorLines());
    expect(advice.checked.map(({ title, ok }) => [title, ok]).slice(0, 2)).toEqual([
      ['Root through sudo', true],
      ['Changes through sudo', false],
    ]);
    const report = await room.hosts.test({ draft: draftOf({ port: sshd.port, user: user.name, login, ...over }) });
    expect(report.steps.find(({ title }) => title === 'Rights')?.detail).toMatch(
      /^root, by sudo from \S+\. .*nothing can be changed on this host\.$/,
    );
  });

  it('an operator whom sudo lets do nothing reads as the login; a change of the role connects anew', async () => {
    const { id } = await add({ sudo: 'when-allowed', role: 'operator' }, single);
    await room.reaches(id, 'live');
    expect(room.hosts.facts(id)).toMatchObject({ rights: 'user', grade: 'viewer', user: user.name });
    sudoers(...operatorLines());
    const draft = draftOf({ port: single.port, user: user.name, login, sudo: 'when-allowed' });
    await room.hosts.edit({ host: id, draft: { ...draft, role: 'viewer' } });
    await expect.poll(() => room.hosts.facts(id)?.rights, { timeout: 10_000 }).toBe('sudo');
    expect(room.hosts.facts(id)?.grade).toBe('viewer');
    await room.hosts.edit({ host: id, draft: { ...draft, role: 'operator' } });
    await expect.poll(() => room.hosts.facts(id)?.grade, { timeout: 10_000 }).toBe('operator');
  });

  it('a test of the connection says why sudo is not used', async () => {
    room = await openRoom({ known: [knownLine(sshd.port, sshd.hostKeys['ssh-ed25519'])] });
    const report = await room.hosts.test({
      draft: draftOf({ port: sshd.port, user: user.name, login, sudo: 'when-allowed' }),
    });
    expect(report.problem).toBeUndefined();
    expect(report.steps.find(({ title }) => title === 'Rights')?.detail).toContain('sudo asks for a password');
  });

  it('the connection dies in the middle of an answer: nothing of it is kept, and the host comes back', async () => {
    const { id } = await add();
    await room.reaches(id, 'live');
    const asked = room.link(id)?.ask({ verb: 'run', command: 'test-slow' });
    const [monitor] = sshd.children();
    const [connection] = childrenOf(monitor ?? 0);
    setTimeout(() => process.kill(connection ?? monitor ?? 0, 'SIGKILL'), 300);
    await expect(asked).rejects.toMatchObject({ problem: { code: 'host-gone' } });
    expect(room.link(id)).toBeUndefined();
    await room.reaches(id, 'live');
    expect(room.history(id)).toEqual(['connecting', 'live', 'stale', 'live']);
  });

  it('an answer that takes too long ends the connection', async () => {
    const { id } = await add({}, sshd, { limits: { requestMs: 500 } });
    await room.reaches(id, 'live');
    await expect(room.link(id)?.ask({ verb: 'run', command: 'test-slow' })).rejects.toMatchObject({
      problem: { code: 'timed-out' },
    });
    expect((await room.reaches(id, 'stale')).problem.code).toBe('timed-out');
  });

  it('leaves no process behind', async () => {
    const { id } = await add();
    await room.reaches(id, 'live');
    expect(sshd.children().length).toBeGreaterThan(0);
    await room.hosts.remove({ hosts: [id] });
    await expect.poll(() => sshd.children(), { timeout: 5000 }).toEqual([]);
    expect(room.hosts.state(id)).toEqual({ kind: 'off' });
  });
});
