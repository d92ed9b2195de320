import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { draftsFor, readImportable } from '#core/hosts/ssh-config.ts';
import { hostDraft } from '#shared/contract/schemas.ts';
import { problemOf } from '#shared/problem.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'ssh-home-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function put(path: string, text: string): void {
  mkdirSync(dirname(join(home, path)), { recursive: true });
  writeFileSync(join(home, path), text);
}
const source = () => ({ file: join(home, '.ssh/config'), user: 'admin', home });

async function read(text: string, present: string[] = []) {
  put('.ssh/config', text);
  const hosts = await readImportable({ ...source(), present: new Set(present) });
  return new Map(hosts.map((host) => [host.alias, host]));
}
const obstacle = async (text: string, alias = 'a') => (await read(text)).get(alias)?.obstacle;

describe('what is offered', () => {
  it('is nothing when there is no file', async () => {
    expect(await readImportable({ ...source(), present: new Set() })).toEqual([]);
  });

  it('has defaults, and says what the console has already', async () => {
    expect([...(await read('Host a b\nHost a\n', ['b'])).values()]).toEqual([
      { alias: 'a', address: 'a', port: 22, user: 'admin', jumps: [], present: false },
      { alias: 'b', address: 'b', port: 22, user: 'admin', jumps: [], present: true },
    ]);
  });

  it('takes the first key that exists; a public key stands for the agent', async () => {
    put('keys/second', 'key');
    const hosts = await read(
      'Host a\n IdentityFile ~/keys/first\n IdentityFile ${HOME}/keys/second\nHost b\n IdentityFile ~/keys/b.pub\nHost c\n IdentityFile none\nHost d\n IdentityFile keys/d\n',
    );
    expect(hosts.get('a')?.keyFile).toBe(join(home, 'keys/second'));
    expect(hosts.get('b')).not.toHaveProperty('keyFile');
    expect(hosts.get('c')).not.toHaveProperty('keyFile');
    expect(hosts.get('d')?.keyFile).toBe(join(home, 'keys/d'));
  });

  it('looks for included files in ~/.ssh, and keeps a condition around them', async () => {
    put('.ssh/work/one', 'Host one\n Port 2201\n');
    put('.ssh/only-b', 'User bob\nHost a\n Port 1\n');
    const hosts = await read('Include work/* missing*\nHost b\n Include only-b\nHost a b\n Port 2222\n');
    expect(hosts.get('one')?.port).toBe(2201);
    expect(hosts.get('b')).toMatchObject({ user: 'bob', port: 2222 });
    expect(hosts.get('a')).toMatchObject({ user: 'admin', port: 2222 });
  });
});

describe('obstacles', () => {
  it('names a ProxyCommand, but not one that is off', async () => {
    expect(await obstacle('Host a\n ProxyCommand nc %h %p\n')).toMatch(/ProxyCommand/);
    expect(await obstacle('Host a\n ProxyCommand none\nHost *\n ProxyCommand nc %h %p\n')).toBeUndefined();
    expect(await obstacle('Host a\n ProxyJump b\n ProxyCommand nc %h %p\nHost b\n ProxyJump none\n')).toBeUndefined();
  });

  it('never runs Match exec, and speaks up only where its answer would matter', async () => {
    const flag = join(home, 'ran');
    const match = `Match exec "touch ${flag}"\n User other\n`;
    expect(await obstacle(`Host a\n User me\n${match}`)).toBeUndefined();
    expect(await obstacle(`${match}Host a\n User me\n`)).toMatch(
      /^~\/\.ssh\/config, line 2 counts only under "Match exec"/,
    );
    expect(await obstacle(`Match exec "touch ${flag}"\n ForwardAgent yes\nHost a\n`)).toBeUndefined();
    expect(await obstacle(`Match originalhost b exec "touch ${flag}"\n User other\nHost a\n`)).toBeUndefined();
    await expect(
      read('').then(() => readImportable({ file: flag, user: '', home, present: new Set() })),
    ).resolves.toEqual([]);
  });

  it('stops at a chain that leads back', async () => {
    expect(await obstacle('Host a\n ProxyJump b\nHost b\n ProxyJump a\n')).toMatch(/leads back to a/);
    expect(await obstacle('Host a b\nHost *\n ProxyJump b\n')).toMatch(/leads back to b/);
  });

  it('names bad lines where they count, and nowhere else', async () => {
    const hosts = await read('Host a\n User "open\nHost b\n Port 70000\nHost c\n User carl\nHost d\n HostName %q\n');
    expect(hosts.get('a')?.obstacle).toMatch(/^~\/\.ssh\/config, line 2 cannot be understood/);
    expect(hosts.get('b')?.obstacle).toMatch(/Port 70000/);
    expect(hosts.get('c')).toMatchObject({ user: 'carl' });
    expect(hosts.get('c')).not.toHaveProperty('obstacle');
    expect(hosts.get('d')?.obstacle).toMatch(/HostName %q/);
  });

  it('names an address that could be taken for an option', async () => {
    expect(await obstacle('Host a\n HostName -oProxyCommand=x\n')).toMatch(/^address: /);
  });

  it('ends with files that include each other', async () => {
    put('.ssh/loop', 'Include loop\nHost b\n');
    const hosts = await read('Include loop\nHost a\n');
    expect(hosts.get('a')?.obstacle).toMatch(/include each other/);
  });

  it('refuses a file that is no text file at all', async () => {
    mkdirSync(join(home, '.ssh/config'), { recursive: true });
    const error: unknown = await readImportable({ ...source(), present: new Set() }).catch((reason: unknown) => reason);
    expect(problemOf(error)?.code).toBe('file-unreadable');
  });
});

describe('what is stored', () => {
  it('resolves the whole way, each machine with its own login', async () => {
    put(
      '.ssh/config',
      [
        'Host db',
        ' HostName 10.0.0.7',
        ' ProxyJump root@inner:2022,last',
        'Host inner',
        ' HostName 10.0.0.2',
        ' User not-this',
        ' IdentityFile ~/keys/inner',
        ' ProxyJump outer',
        'Host last',
        // Not used: ssh reaches it through inner, whatever its own way is.
        ' ProxyJump elsewhere',
        'Host outer',
        ' Port 2201',
      ].join('\n'),
    );
    const [db] = await draftsFor(source(), ['db']);
    expect(db).toMatchObject({ name: 'db', address: '10.0.0.7', port: 22, user: 'admin', login: { method: 'agent' } });
    expect(db?.jumps).toEqual([
      { address: 'outer', port: 2201, user: 'admin', login: { method: 'agent' } },
      { address: '10.0.0.2', port: 2022, user: 'root', login: { method: 'key', keyFile: join(home, 'keys/inner') } },
      { address: 'last', port: 22, user: 'admin', login: { method: 'agent' } },
    ]);
    expect(hostDraft.safeParse(db).success).toBe(true);
  });

  it('is refused for what the file does not name and for what has an obstacle', async () => {
    put('.ssh/config', 'Host a\nHost b\n ProxyCommand nc\n');
    const codeOf = async (aliases: string[]) =>
      problemOf(await draftsFor(source(), aliases).catch((reason: unknown) => reason))?.code;
    expect(await codeOf(['a', 'gone'])).toBe('not-found');
    expect(await codeOf(['a', 'b'])).toBe('conflict');
    expect((await draftsFor(source(), ['a', 'a'])).map(({ name }) => name)).toEqual(['a']);
  });
});

it('survives whatever stands in the file, and offers only what can be stored', async () => {
  const word = fc.constantFrom(
    ...['Host', 'Match', 'exec', 'final', 'all', 'host', 'HostName', 'User', 'Port', 'ProxyJump', 'IdentityFile'],
    ...[
      'a',
      'b',
      '*',
      '!a',
      '%h',
      '%',
      '~',
      '"',
      "'",
      '\\',
      '=',
      ',',
      '\n',
      '\n',
      '\n',
      '\r\n',
      '\t',
      ' ',
      '#',
      '${X}',
    ],
  );
  const text = fc.array(fc.oneof(word, fc.string({ maxLength: 4 })), { maxLength: 40 }).map((all) => all.join(' '));
  await fc.assert(
    fc.asyncProperty(text, async (config) => {
      const good = [...(await read(config)).values()].filter(({ obstacle: why }) => why === undefined);
      for (const draft of await draftsFor(
        source(),
        good.map(({ alias }) => alias),
      ))
        expect(hostDraft.safeParse(draft).success).toBe(true);
    }),
    { numRuns: 200 },
  );
});
