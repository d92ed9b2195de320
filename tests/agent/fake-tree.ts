/** A small tree of files with every kind of trouble in it, the list that reads it, and what the agent must say of it. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agentBody } from '../support/agent-body.ts';
import { composeAgent } from '#core/hosts/agent-script.ts';
import type { FileSet, FixedCommand, GroupSet } from '#core/platforms/platform.ts';

export const longLine = 'x'.repeat(300_000);
export const guestNames: readonly string[] = ['machine-qemu\\x2d1\\x2ddb.scope', 'a b.scope', 'c:d.scope', 'e*f.scope'];

const script = (name: string, text: string): FixedCommand => ({
  name,
  every: 'minute',
  needs: 'echo',
  shown: `${name} --all`,
  script: text,
});

export const commands: readonly FixedCommand[] = [
  script('hello', `echo "it's"; echo two >&2; printf '=end 1 ok'`),
  script('failing', 'echo; echo x; exit 3'),
  script('silent', ':'),
  script('eater', 'cat'),
  script('endless', 'sleep 60'),
  { name: 'missing', every: 'minute', needs: 'no-such-program', shown: 'no-such-program', script: 'no-such-program' },
];

const keys = ['anon', 'zswapped'];

export function fakeSets(root: string): readonly (FileSet | GroupSet)[] {
  const groups = (name: string, dir: string): GroupSet => ({
    kind: 'groups',
    name,
    every: 'tick',
    dirs: [`${root}/${dir}/*.scope`],
    leaves: ['memory.current', 'memory.stat'],
    keys,
  });
  const files = ['one', 'unfinished', 'empty', 'crlf', 'binary', 'long', 'zram*/mm_stat', 'gone*/mm_stat'];
  const shut = ['shut', 'absent', 'directory'];
  return [
    { kind: 'files', name: 'plain', every: 'tick', files: [...files, ...shut].map((file) => `${root}/${file}`) },
    groups('guests', 'groups'),
    groups('none', 'nowhere'),
    groups('many', 'many'),
    groups('broken', 'broken'),
    { kind: 'files', name: 'real', every: 'tick', files: ['/proc/meminfo', '/proc/vmstat', '/proc/pressure/memory'] },
  ];
}

export interface FakeTree {
  readonly root: string;
  readonly script: string;
  remove(): void;
}

/** Readable by every user of the machine, but for `shut`. `many` groups under `many/`. */
export function fakeTree(many = 0): FakeTree {
  const root = mkdtempSync(join(tmpdir(), 'tmem-agent-'));
  chmodSync(root, 0o755);
  const put = (path: string, text: string | Uint8Array) => writeFileSync(join(root, path), text);
  put('one', '1\n');
  put('unfinished', 'first\nlast');
  put('empty', '');
  put('crlf', 'a\r\n=end 1 ok\r\n');
  put('binary', Uint8Array.from([0x41, 0x00, 0xff, 0x1b, 0x0a, 0x42, 0x0a]));
  put('long', longLine);
  put('shut', 'secret\n');
  chmodSync(join(root, 'shut'), 0);
  mkdirSync(join(root, 'directory'));
  put('zram-no-directory', '');
  for (const zram of ['zram0', 'zram1']) {
    mkdirSync(join(root, zram));
    put(`${zram}/mm_stat`, `${zram} 0 0\n`);
  }
  const group = (dir: string) => {
    mkdirSync(join(root, dir), { recursive: true });
    put(`${dir}/memory.current`, '4096\n');
    put(`${dir}/memory.stat`, 'anon 1\nanon_thp 2\nzswapped 3\nfile 4\n');
  };
  guestNames.forEach((name) => group(`groups/${name}`));
  for (let n = 0; n < many; n += 1) group(`many/g${String(n).padStart(5, '0')}.scope`);
  group('broken/x\n=end 1 ok\n.scope');
  return {
    root,
    script: composeAgent(agentBody.replace('limit=10', 'limit=1'), fakeSets(root), commands),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
