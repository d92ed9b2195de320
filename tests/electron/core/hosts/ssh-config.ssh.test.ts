/** What we read from a configuration, beside what ssh itself makes of it (`ssh -G`). */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readImportable } from '#core/hosts/ssh-config.ts';
import type { ImportableHost } from '#shared/contract/hosts.ts';

let folder = '';
let file = '';
let ours: ReadonlyMap<string, ImportableHost> = new Map();

const tricky = (at: string): string => `
# first value wins, and what stands before any Host counts for all
Host=plain
  HostName = 10.0.0.1
  Port=2201
  User "alice"

Host web-*  !web-9 db
  User webby
  HostName %h.example.org

host web-1 web-9 db
  hostname second-value-loses
  port 2202
  identityfile ~/keys/web
  IdentityFile %d/keys/%r-at-%h-%p
  ProxyJump bastion

Match all
  Include ${at}/conf.d/*.conf

Match originalhost quoted
  HostName "10.0.0.9"
  IdentityFile "~/my keys/id"
Host quoted
  User quentin

Match host 10.0.0.9 user quentin
  Port 2209

Match originalhost quoted,other !user quentin
  Port 1

Host Upper
  User up
Host chain
  ProxyJump carl@outer:2022,bastion,[2001:db8::7]:2022
Host direct
  ProxyJump none
  HostName percent%%name
Match originalhost finally final
  HostName settled-by-then.example.org
  IdentityFile ~/keys/final
Host finally
  Port 2210

Host *
  User fallback
  ProxyJump outer
  IdentityFile ~/.ssh/id_everyone
  ServerAliveInterval 30
Host plain
  Port 1
`;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ssh-config-'));
  file = join(folder, 'config');
  mkdirSync(join(folder, 'conf.d'));
  writeFileSync(join(folder, 'conf.d', '10-bastion.conf'), 'Host bastion\n  HostName 192.0.2.1\n  ProxyJump none\n');
  writeFileSync(
    join(folder, 'conf.d', '20-more.conf'),
    'Host included\r\n  HostName inc.example.org\r\n  Port 2203\r\nHost outer\r\n  ProxyJump none\r\n',
  );
  writeFileSync(join(folder, 'conf.d', '.hidden.conf'), 'Host hidden\n');
  writeFileSync(file, tricky(folder));
  const found = await readImportable({ file, user: userInfo().username, home: homedir(), present: new Set(['db']) });
  ours = new Map(found.map((host) => [host.alias, host]));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function askSsh(alias: string): Map<string, string[]> {
  const said = new Map<string, string[]>();
  for (const line of execFileSync('ssh', ['-T', '-F', file, '-G', alias], { encoding: 'utf8' }).split('\n')) {
    const space = line.indexOf(' ');
    const keyword = line.slice(0, space);
    said.set(keyword, [...(said.get(keyword) ?? []), line.slice(space + 1)]);
  }
  return said;
}

const aliases = [
  'plain',
  'db',
  'web-1',
  'web-9',
  'bastion',
  'included',
  'outer',
  'quoted',
  'Upper',
  'chain',
  'direct',
  'finally',
];

it('lists every alias once, in the order of the files, and no pattern', () => {
  expect([...ours.keys()].sort()).toEqual([...aliases].sort());
});

it.each(aliases)('reads the same as ssh: %s', (alias) => {
  const said = askSsh(alias);
  const host = ours.get(alias);
  expect(host?.obstacle).toBeUndefined();
  expect({
    hostname: host?.address,
    user: host?.user,
    port: host?.port,
    proxyjump: host?.jumps.join(',') ?? '',
  }).toEqual({
    hostname: said.get('hostname')?.[0],
    user: said.get('user')?.[0],
    port: Number(said.get('port')?.[0]),
    proxyjump: said.get('proxyjump')?.[0] ?? '',
  });
  const tilde = (path: string): string => path.replace(/^~/, homedir());
  const tokens = (path: string): string =>
    path
      .replaceAll('%d', homedir())
      .replaceAll('%h', host?.address ?? '')
      .replaceAll('%p', String(host?.port))
      .replaceAll('%r', host?.user ?? '');
  expect(said.get('identityfile')?.map(tilde).map(tokens)).toContain(host?.keyFile);
});
