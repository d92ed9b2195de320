/** The room as a page asks it: import, test of a connection, what is not there. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { draftOf, openRoom } from '../../../support/hosts-room.ts';
import type { Room } from '../../../support/hosts-room.ts';
import { answerWith, hello, startSshdDouble } from '../../../support/sshd-double.ts';
import { freePort } from '../../../support/sshd.ts';

let room: Room;
afterEach(() => room.close());

const login = { method: 'password' } as const;

describe('hosts', () => {
  it('are taken over from the ssh configuration, and connected', async () => {
    room = await openRoom();
    const port = await freePort();
    writeFileSync(join(room.dir, 'ssh_config'), `Host alpha\n  HostName 127.0.0.1\n  Port ${port}\n  User admin\n`);
    expect(await room.hosts.importable({})).toMatchObject([{ alias: 'alpha', address: '127.0.0.1', present: false }]);
    const [config] = await room.hosts.import({ aliases: ['alpha'] });
    expect(config).toMatchObject({ name: 'alpha', port, user: 'admin' });
    await room.reaches(config?.id ?? '', 'waiting');
    expect(await room.hosts.importable({})).toMatchObject([{ alias: 'alpha', present: true }]);
    await expect(room.hosts.import({ aliases: ['beta'] })).rejects.toMatchObject({ problem: { code: 'not-found' } });
  });

  it('that are not there are said so', async () => {
    room = await openRoom();
    for (const call of [
      room.hosts.connect({ host: 'x' }),
      room.hosts.disconnect({ host: 'x' }),
      room.hosts.rights({ host: 'x' }),
      room.hosts.answer({ host: 'x', request: 'y', answers: [] }),
      room.hosts.edit({ host: 'x', draft: draftOf({ port: 1, user: 'a', login }) }),
    ])
      await expect(call).rejects.toMatchObject({ problem: { code: 'not-found' } });
    expect(room.hosts.state('x')).toEqual({ kind: 'off' });
    expect(room.hosts.facts('x')).toBeUndefined();
  });

  it('connect by themselves at the start only when they are to', async () => {
    room = await openRoom();
    const port = await freePort();
    const manual = await room.hosts.add({ draft: draftOf({ port, user: 'a', login, connect: false }) });
    const always = await room.hosts.add({ draft: draftOf({ port, user: 'a', login }) });
    for (const host of [manual.id, always.id]) await room.hosts.disconnect({ host });
    room.hosts.start();
    await room.reaches(always.id, 'waiting');
    expect(room.hosts.state(manual.id)).toEqual({ kind: 'off' });
  });
});

describe('test of a connection', () => {
  it('stops at the first step that fails, and says which', async () => {
    room = await openRoom();
    const report = await room.hosts.test({
      draft: draftOf({ port: await freePort(), user: 'a', login, address: 'localhost' }),
    });
    expect(report.problem?.code).toBe('host-unreachable');
    expect(report.steps.map(({ title, outcome }) => `${title.split(' ')[0]} ${outcome}`)).toEqual([
      'Address done',
      'Connection failed',
      'Agent skipped',
      'Rights skipped',
      'What skipped',
    ]);
    expect(room.hosts.configs()).toEqual([]);
  });

  it('a name that does not resolve', async () => {
    room = await openRoom();
    const report = await room.hosts.test({
      draft: draftOf({ port: 22, user: 'a', login, address: 'no-such-host.invalid' }),
    });
    expect(report.problem?.sentence).toContain('cannot be resolved');
    expect(report.steps[0]).toMatchObject({ title: 'Address of no-such-host.invalid', outcome: 'failed' });
  });

  it('leaves nothing open, and no secret behind', async () => {
    const double = await startSshdDouble({
      onExec: (channel, nonce) => {
        channel.write(hello(nonce));
        answerWith(channel, (id) => channel.write(`=begin ${id}\n=end ${id} ok\n`));
      },
    });
    room = await openRoom({ known: [double.known] });
    const draft = draftOf({ port: double.port, user: 'a', login });
    expect((await room.hosts.test({ draft, answers: ['x'] })).problem).toBeUndefined();
    await expect.poll(() => double.connections()).toBe(0);
    expect((await room.hosts.test({ draft })).needs).toMatchObject({ kind: 'secret' });
    const { id } = await room.hosts.add({ draft });
    await room.reaches(id, 'needs-secret');
    await double.close();
  });
});
