/**
 * Who may import whom. The same table stands in docs/architecture.md; the compiler's project references hold the
 * rooms apart, this test holds packages and siblings apart too.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Room {
  readonly name: string;
  /** Files of the room: the first room whose prefix fits is the file's. `own` means only files directly in the folder. */
  readonly folder: string;
  readonly own?: boolean;
  /** Rooms (besides itself) it may import from, or single files. */
  readonly rooms: readonly string[];
  /** Packages it may import; `node:` stands for Node's own modules. */
  readonly packages: readonly string[];
}

const rooms: readonly Room[] = [
  // A contract has schemas: zod is the one package that may cross the wire's definition. The page imports types only.
  { name: 'contract', folder: 'shared/contract', rooms: ['shared'], packages: ['zod'] },
  { name: 'shared', folder: 'shared', rooms: [], packages: [] },
  { name: 'platforms', folder: 'electron/core/platforms', rooms: ['shared'], packages: [] },
  {
    name: 'hosts',
    folder: 'electron/core/hosts',
    rooms: ['shared', 'contract', 'platforms', 'electron/core/ports.ts'],
    packages: ['node:', 'ssh2', 'ssh-config', 'zod'],
  },
  {
    name: 'collect',
    folder: 'electron/core/collect',
    rooms: ['shared', 'contract', 'platforms', 'electron/core/ports.ts'],
    packages: ['node:'],
  },
  {
    name: 'lab',
    folder: 'electron/core/lab',
    rooms: ['shared', 'contract', 'platforms', 'electron/core/ports.ts'],
    packages: ['node:', 'ssh2'],
  },
  {
    name: 'files',
    folder: 'electron/core/files',
    rooms: ['shared', 'contract', 'electron/core/ports.ts'],
    packages: ['node:', 'zod', 'tar'],
  },
  {
    name: 'plans',
    folder: 'electron/core/plans',
    rooms: ['shared', 'contract', 'platforms', 'electron/core/ports.ts'],
    packages: ['node:', 'zod'],
  },
  {
    name: 'history',
    folder: 'electron/core/history',
    rooms: ['shared', 'contract', 'electron/core/ports.ts'],
    packages: ['node:'],
  },
  {
    name: 'ledger',
    folder: 'electron/core/ledger',
    rooms: ['shared', 'contract', 'platforms', 'electron/core/ports.ts'],
    packages: [],
  },
  {
    name: 'reports',
    folder: 'electron/core/reports',
    rooms: ['shared', 'contract', 'electron/core/ports.ts'],
    packages: ['node:', 'zod', 'write-excel-file', 'pdfmake', 'papaparse'],
  },
  { name: 'serve', folder: 'electron/core/serve', rooms: ['shared', 'contract'], packages: ['node:', 'ws'] },
  // The command line is where the whole is put together for a terminal, as core.ts does it for a page.
  {
    name: 'cli',
    folder: 'electron/core/cli',
    rooms: [
      'shared',
      'contract',
      'core',
      'platforms',
      'hosts',
      'files',
      'lab',
      'serve',
      'history',
      'ledger',
      'reports',
    ],
    packages: ['node:', 'zod', 'hyparquet-writer'],
  },
  {
    name: 'core',
    folder: 'electron/core',
    own: true,
    rooms: [
      'shared',
      'contract',
      'platforms',
      'hosts',
      'collect',
      'files',
      'plans',
      'lab',
      'history',
      'ledger',
      'reports',
    ],
    packages: ['node:', 'pino'],
  },
  // The shell's decisions, without Electron, so that they can be tested.
  {
    name: 'shell',
    folder: 'electron/shell',
    rooms: ['shared', 'contract', 'electron/core/serve/static-files.ts', 'electron/core/files/default-data-dir.ts'],
    packages: ['node:'],
  },
  {
    name: 'electron',
    folder: 'electron',
    own: true,
    rooms: [
      'shared',
      'contract',
      'shell',
      'electron/core/core.ts',
      'electron/core/agent-body.ts',
      'electron/core/serve/static-files.ts',
      'electron/core/files/default-data-dir.ts',
    ],
    packages: ['node:', 'electron'],
  },
  {
    name: 'parts',
    folder: 'renderer/parts',
    rooms: ['shared', 'format'],
    packages: ['vue', 'vue-router', 'chart.js', 'reka-ui', '@tanstack/vue-virtual', '@lucide/vue'],
  },
  { name: 'format', folder: 'renderer/format', rooms: ['shared'], packages: [] },
  {
    name: 'renderer',
    folder: 'renderer',
    rooms: ['shared', 'contract', 'parts', 'format'],
    packages: ['vue', 'vue-router', 'pinia', 'reka-ui', '@lucide/vue'],
  },
];

function roomOf(path: string): Room | undefined {
  return rooms.find(({ folder, own }) => (own === true ? dirname(path) === folder : path.startsWith(`${folder}/`)));
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(ts|vue)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

interface Import {
  readonly target: string;
  readonly typeOnly: boolean;
}

function importsOf(text: string): Import[] {
  const found: Import[] = [];
  for (const [, type, target] of text.matchAll(
    /(?:^|\n)\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/g,
  )) {
    found.push({ target: target ?? '', typeOnly: type !== undefined });
  }
  for (const [, target] of text.matchAll(/\bimport\(\s*'([^']+)'/g))
    found.push({ target: target ?? '', typeOnly: false });
  return found;
}

/** A path below the project for our own files, or the package's name. */
function resolved(file: string, target: string): { path: string } | { package: string } {
  if (target.startsWith('#shared/')) return { path: target.replace('#shared/', 'shared/') };
  if (target.startsWith('#core/')) return { path: target.replace('#core/', 'electron/core/') };
  if (target.startsWith('#electron/')) return { path: target.replace('#electron/', 'electron/') };
  if (target.startsWith('.')) return { path: relative(root, resolve(root, dirname(file), target)) };
  if (target.startsWith('node:')) return { package: 'node:' };
  return {
    package: target
      .split('/')
      .slice(0, target.startsWith('@') ? 2 : 1)
      .join('/'),
  };
}

function offences(file: string): string[] {
  const room = roomOf(file);
  if (room === undefined) return [`${file}: belongs to no room`];
  return importsOf(readFileSync(join(root, file), 'utf8')).flatMap(({ target, typeOnly }) => {
    const to = resolved(file, target);
    if ('package' in to)
      return room.packages.includes(to.package) ? [] : [`${file} (${room.name}) imports the package ${target}`];
    const other = roomOf(to.path);
    if (
      other?.name === room.name ||
      (other !== undefined && room.rooms.includes(other.name)) ||
      room.rooms.includes(to.path)
    ) {
      // The page takes the contract's types and its client; schemas and what serves them stay with the core.
      const schema = other?.name === 'contract' && !typeOnly && to.path !== 'shared/contract/connect.ts';
      return room.folder.startsWith('renderer') && schema
        ? [`${file} (${room.name}) imports more than types from ${target}`]
        : [];
    }
    return [`${file} (${room.name}) imports ${target}`];
  });
}

describe('rooms', () => {
  const files = ['shared', 'electron', 'renderer'].flatMap(filesBelow);

  it('finds the files of every room', () => {
    const empty = rooms
      .filter((room) => !files.some((file) => roomOf(file)?.name === room.name))
      .map(({ name }) => name);
    expect(empty).toEqual([]);
  });

  it('import only what the table allows', () => {
    expect(files.flatMap(offences)).toEqual([]);
  });

  it('would notice a wrong import', () => {
    expect(importsOf("import type { A } from '#core/x.ts';\nimport b from 'ws';\nexport { c } from './c.ts';")).toEqual(
      [
        { target: '#core/x.ts', typeOnly: true },
        { target: 'ws', typeOnly: false },
        { target: './c.ts', typeOnly: false },
      ],
    );
    expect(resolved('renderer/parts/A.vue', '../stores/x.ts')).toEqual({ path: 'renderer/stores/x.ts' });
    expect(resolved('renderer/parts/A.vue', '@lucide/vue/x')).toEqual({ package: '@lucide/vue' });
  });
});

describe('file sizes', () => {
  it('stay below 400 lines', () => {
    const long = ['shared', 'electron', 'renderer', 'scripts', 'tests']
      .flatMap(filesBelow)
      .filter((file) => readFileSync(join(root, file), 'utf8').split('\n').length > 400);
    expect(long).toEqual([]);
  });
});
