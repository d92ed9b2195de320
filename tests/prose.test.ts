/** What the project says about itself stays true: citations lead somewhere, links too, and it speaks of the product. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const rooms = ['shared', 'electron', 'renderer', 'agent', 'scripts', 'tests', 'docs', 'bin'];

const files = [
  ...rooms.flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|vue|sh|md|mjs|css|html)$/.test(entry.name))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)))
      .filter((path) => !path.startsWith('tests/.work/')),
  ),
  'README.md',
  'CHANGELOG.md',
];
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

describe('docs/domain.md', () => {
  const doc = textOf('docs/domain.md');
  const sections = new Set([...doc.matchAll(/^#{2,3} (\d(?:\.\d+)?)/gm)].map(([, number]) => number));
  /** `**zram**` at the head of a point of 5.1 or 6. */
  const names = new Set([...doc.matchAll(/\*\*([a-z][a-z0-9-]+)\*\*/g)].map(([, name]) => name));

  it('has the sections and names that are cited', () => {
    expect(sections.size).toBeGreaterThan(20);
    const lost: string[] = [];
    for (const path of files.filter((file) => file !== 'docs/domain.md' && file !== 'tests/prose.test.ts')) {
      // A citation may be broken over two lines of a comment.
      const text = textOf(path).replace(/\n\s*(?:\*|#|\/\/)?\s*/g, ' ');
      for (const [whole, section, name] of text.matchAll(/docs\/domain\.md (\d(?:\.\d+)?)(?: ([a-z][a-z0-9-]+))?/g)) {
        if (!sections.has(section ?? '')) lost.push(`${path}: ${whole}`);
        const isName = section === '5.1' && name !== undefined && name !== 'and' && name !== 'rule' && name !== 'trap';
        if (isName && !names.has(name)) lost.push(`${path}: ${whole}`);
      }
    }
    expect(lost).toEqual([]);
  });
});

describe('links', () => {
  it('of documents lead to files that are there', () => {
    const broken = files
      .filter((path) => path.endsWith('.md'))
      .flatMap((path) =>
        [...textOf(path).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
          .map(([, target]) => target ?? '')
          .filter((target) => !/^[a-z]+:/.test(target))
          .filter((target) => !existsSync(resolve(root, dirname(path), target)))
          .map((target) => `${path}: ${target}`),
      );
    expect(broken).toEqual([]);
  });
});

describe('wording', () => {
  // Sentences for an operator: no pleading, no cheering.
  it('of sentences on screen is calm', () => {
    const loud = files
      .filter((path) => /^(renderer|electron|shared)\//.test(path) && !path.endsWith('.md'))
      .flatMap((path) =>
        [...textOf(path).matchAll(/['`>][^'`<>\n]*\b(?:[Pp]lease|[Ss]uccessfully|Oops)\b[^'`<>\n]*/g)].map(
          ([words]) => `${path}: ${words}`,
        ),
      );
    expect(loud).toEqual([]);
  });
});
