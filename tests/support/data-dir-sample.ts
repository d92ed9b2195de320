/** A data directory with everything in it that is to be exported, and everything that is not. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { list } from 'tar';
import { problemOf } from '#shared/problem.ts';

export const put = (dir: string, files: { readonly [path: string]: string }): void => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
};

export const own = {
  'hosts.json': '{"version":1,"hosts":[]}\n',
  known_hosts: 'host ssh-ed25519 AAAA\n',
  'settings.json': '{"version":1}\n',
  'schedules.json': '{"version":1}\n',
  'journal.jsonl': '{"n":1}\n{"n":2}\n',
  'journal.last': '2 abc\n',
  'plans/p1.json': '{"version":1}\n',
  'reports/r1/report.json': '{}\n',
  'reports/r1/savings-2026-11-24.pdf': '%PDF-',
};

export const foreign = {
  'console.log': 'log\n',
  'lock/7': '{"pid":1,"host":"x"}',
  'desktop/Cookies': 'secret',
  id_ed25519: 'PRIVATE KEY',
  'hosts.json.corrupt-2026-11-24T05-40-00': 'x',
  'plans/p2.json.corrupt-2026-11-24T05-40-00': 'x',
  'plans/.p3.json.abc.tmp': 'x',
  'reports/.r2.new/report.json': 'x',
  'replaced-2026-11-24T05-40-00/hosts.json': 'x',
};

export function fill(from: string): void {
  put(from, { ...own, ...foreign });
  const database = new DatabaseSync(join(from, 'history.sqlite'));
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (a); INSERT INTO t VALUES (1), (2), (3)');
  database.close();
}

export function contents(dir: string): { readonly [path: string]: string } {
  const all: [string, string][] = readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [path.slice(dir.length + 1), readFileSync(path, 'utf8')]);
  return Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Without what is of this run: the lock, and history's own files, which are compared as a database. */
export const told = (dir: string): { readonly [path: string]: string } =>
  Object.fromEntries(
    Object.entries(contents(dir)).filter(([path]) => !path.startsWith('lock/') && !path.startsWith('history.sqlite')),
  );

export const namesIn = (archive: string): string[] => {
  const names: string[] = [];
  list({ file: archive, sync: true, onReadEntry: ({ path }) => names.push(path) });
  return names;
};

export const codeOf = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'done',
    (error: unknown) => {
      const known = problemOf(error);
      if (known === undefined) throw error;
      return `${known.code}: ${known.words ?? known.sentence}`;
    },
  );
