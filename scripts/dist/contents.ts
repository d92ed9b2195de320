/** What a package has to hold, and what has no business in it. Pure: names in, findings out; called by dist.ts. */
import { agentParts } from '#core/agent-body.ts';

const required = [
  'package.json',
  'LICENSE',
  'out/main.js',
  'out/preload.cjs',
  'out/key-worker.js',
  'out/history-worker.js',
  'out/report-worker.js',
  'out/renderer/index.html',
  ...agentParts.map((part) => `agent/${part}`),
  'build/icon.png',
];

const roomsThatShip = ['out', 'agent', 'build', 'node_modules'];

const unwanted: readonly (readonly [why: string, pattern: RegExp])[] = [
  ['source', /\.(?:[cm]?ts|tsx|vue)$/],
  ['source map', /\.map$/],
  ['tests', /(?:^|\/)(?:tests?|__tests__|fixtures|recordings|benchmarks?)\/|(?:^|[/.])(?:tests?|spec|bench)\.[cm]?js$/],
  ['documents', /(?:^|\/)docs\/|(?:^|\/)(?:readme|changelog|contributing|security)[^/]*$/i],
  ['compiled for another Node', /\.node$/],
  ['a program of the checkout', /^out\/(?:cli|serve)\.js$/],
  ['hidden', /(?:^|\/)\.[^/]+$/],
];

export interface Findings {
  readonly missing: readonly string[];
  /** `why: name`. */
  readonly unwanted: readonly string[];
}

/**
 * @param names of the files in the archive, from its root, with `/` between.
 * @param dependencies the names under `dependencies` in package.json; everything else was bundled or is a tool.
 * @param tools the names under `devDependencies`: none of them may be in the package.
 */
export function findingsIn(
  names: readonly string[],
  dependencies: readonly string[],
  tools: readonly string[],
): Findings {
  const there = new Set(names);
  const wanted = [...required, ...dependencies.map((name) => `node_modules/${name}/package.json`)];
  return {
    missing: wanted.filter((name) => !there.has(name)),
    unwanted: names.flatMap((name) => {
      const why = unwantedBecause(name, tools);
      return why === undefined ? [] : [`${why}: ${name}`];
    }),
  };
}

function unwantedBecause(name: string, tools: readonly string[]): string | undefined {
  const room = name.split('/')[0] ?? '';
  if (name.includes('/') ? !roomsThatShip.includes(room) : !required.includes(name)) return 'not of the program';
  if (tools.some((tool) => name.startsWith(`node_modules/${tool}/`))) return 'a tool';
  return unwanted.find(([, pattern]) => pattern.test(name))?.[0];
}

/** What a preload asks for besides Electron; a sandboxed one gets nothing else and would fail when it starts. */
export function foreignRequires(preload: string): readonly string[] {
  const asked = [...preload.matchAll(/\brequire\(\s*["']([^"']+)["']\s*\)/g)].map(([, name]) => name ?? '');
  const imported = /^\s*(?:import|export)\b/m.test(preload) ? ['an ES module'] : [];
  return [...asked.filter((name) => name !== 'electron'), ...imported];
}

/** One line per part of the archive: files and bytes, largest first. */
export function summaryOf(files: readonly { readonly name: string; readonly size: number }[]): readonly string[] {
  const parts = new Map<string, { count: number; size: number }>();
  for (const { name, size } of files) {
    const depth = name.startsWith('node_modules/@') ? 3 : name.startsWith('node_modules/') || name.startsWith('out/renderer/') ? 2 : 1;
    const folders = name.split('/').slice(0, -1);
    const part = folders.length === 0 ? '(root)' : `${folders.slice(0, depth).join('/')}/`;
    const sum = parts.get(part) ?? { count: 0, size: 0 };
    parts.set(part, { count: sum.count + 1, size: sum.size + size });
  }
  return [...parts]
    .sort(([, one], [, other]) => other.size - one.size)
    .map(([part, { count, size }]) => `${(size / 1024).toFixed(1).padStart(9)} KiB ${String(count).padStart(5)} files  ${part}`);
}
