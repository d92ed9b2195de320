/**
 * The lines of an OpenSSH client configuration, with the files it includes in their places. Called by ssh-config.ts;
 * the syntax of a line is the ssh-config package's, fed one line at a time so that a bad one spoils only itself.
 * Nothing in it is ever run.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import SSHConfig from 'ssh-config';
import { fail } from '#shared/problem.ts';
import { matchesPattern } from './host-pattern.ts';

export interface ConfigLine {
  /** `~/.ssh/config, line 12`: for sentences. */
  readonly where: string;
  /** In lower case. */
  readonly keyword: string;
  readonly args: readonly string[];
  /** Why the line says nothing; args is then empty. */
  readonly broken?: string;
  /** Of an Include: the lines of each file, in the order of their names. */
  readonly included?: readonly (readonly ConfigLine[])[];
}

const largestFile = 1024 * 1024;
/** OpenSSH's own limit. */
const deepest = 16;
const mostFiles = 256;

interface Reading {
  readonly home: string;
  files: number;
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function parseLine(raw: string, where: string): ConfigLine | undefined {
  const text = raw.trim();
  if (text === '' || text.startsWith('#')) return undefined;
  const keyword = (/^[^\s=]+/.exec(text)?.[0] ?? '').toLowerCase();
  try {
    const line = SSHConfig.parse(text)[0];
    if (line === undefined || !('param' in line)) return undefined;
    const args = typeof line.value === 'string' ? [line.value] : line.value.map(({ val }) => val);
    if (args.join('') === '') return { where, keyword, args: [], broken: `${keyword} has no value` };
    return { where, keyword: line.param.toLowerCase(), args };
  } catch (error) {
    return { where, keyword, args: [], broken: wordsOf(error) };
  }
}

/** Paths that fit, sorted; `*` and `?` in any part, never a name that begins with a dot unless the pattern does. */
async function expand(pattern: string): Promise<string[]> {
  let found = ['/'];
  for (const part of pattern.split('/').filter((name) => name !== '')) {
    if (!/[*?]/.test(part)) {
      found = found.map((path) => join(path, part));
      continue;
    }
    const fits = (name: string): boolean =>
      (part.startsWith('.') || !name.startsWith('.')) && matchesPattern(part, name);
    const below = await Promise.all(
      found.map(async (path) => (await readdir(path).catch(() => [])).filter(fits).map((name) => join(path, name))),
    );
    found = below.flat().slice(0, mostFiles).sort();
  }
  return found;
}

/** Undefined when there is no such file. */
async function textOf(path: string): Promise<string | undefined> {
  try {
    const { size } = await stat(path);
    if (size > largestFile) throw new Error(`larger than ${largestFile} bytes`);
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw error;
  }
}

const pathOf = (arg: string, home: string): string => {
  if (arg === '~' || arg.startsWith('~/')) return join(home, arg.slice(1));
  return isAbsolute(arg) ? arg : join(home, '.ssh', arg);
};

async function include(line: ConfigLine, reading: Reading, depth: number): Promise<ConfigLine> {
  const broken = (why: string): ConfigLine => ({ where: line.where, keyword: line.keyword, args: [], broken: why });
  if (depth >= deepest) return broken(`files include each other more than ${deepest} deep`);
  const included: (readonly ConfigLine[])[] = [];
  for (const arg of line.args) {
    for (const path of await expand(pathOf(arg, reading.home))) {
      if (++reading.files > mostFiles) return broken(`more than ${mostFiles} files are included`);
      try {
        included.push((await linesOf(path, reading, depth + 1)) ?? []);
      } catch (error) {
        return broken(`${path}: ${wordsOf(error)}`);
      }
    }
  }
  return { ...line, included };
}

async function linesOf(path: string, reading: Reading, depth: number): Promise<ConfigLine[] | undefined> {
  const text = await textOf(path);
  if (text === undefined) return undefined;
  const shown = dirname(path) === join(reading.home, '.ssh') ? `~/.ssh${path.slice(dirname(path).length)}` : path;
  const lines: ConfigLine[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = parseLine(raw, `${shown}, line ${index + 1}`);
    if (line === undefined) continue;
    lines.push(line.keyword === 'include' && line.broken === undefined ? await include(line, reading, depth) : line);
  }
  return lines;
}

/** No lines when there is no such file. Rejects: file-unreadable. */
export async function readConfigLines(file: string, home: string): Promise<readonly ConfigLine[]> {
  try {
    return (await linesOf(file, { home, files: 0 }, 0)) ?? [];
  } catch (error) {
    return fail(
      'file-unreadable',
      `${file} could not be read, so no hosts can be imported from it. Correct its rights.`,
      wordsOf(error),
    );
  }
}
