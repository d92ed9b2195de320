import { describe, expect, it } from 'vitest';
import { findingsIn, foreignRequires, summaryOf } from '../../../scripts/dist/contents.ts';

const whole = [
  'package.json',
  'LICENSE',
  'out/main.js',
  'out/preload.cjs',
  'out/key-worker.js',
  'out/history-worker.js',
  'out/report-worker.js',
  'out/renderer/index.html',
  'out/renderer/assets/index-a1.js',
  ...['knobs', 'plans', 'settings', 'install', 'change', 'agent'].map((part) => `agent/${part}.sh`),
  'build/icon.png',
  'node_modules/ssh2/package.json',
  'node_modules/ssh2/lib/index.js',
  'node_modules/ssh2/LICENSE',
];

const findings = (names: readonly string[]) => findingsIn(names, ['ssh2'], ['vue', 'electron']);

describe('what is looked for in a package', () => {
  it('has nothing to say about a whole one', () => {
    expect(findings(whole)).toEqual({ missing: [], unwanted: [] });
  });

  it.each(['out/main.js', 'out/preload.cjs', 'out/renderer/index.html', 'agent/agent.sh', 'agent/knobs.sh', 'LICENSE', 'node_modules/ssh2/package.json'])(
    'misses %s',
    (name) => {
      expect(findings(whole.filter((other) => other !== name))).toEqual({ missing: [name], unwanted: [] });
    },
  );

  it.each([
    ['electron/main.ts', 'not of the program'],
    ['tests/layers.test.ts', 'not of the program'],
    ['docs/decisions/0001.md', 'not of the program'],
    ['vitest.config.ts', 'not of the program'],
    ['out/renderer/App.vue', 'source'],
    ['out/main.ts', 'source'],
    ['out/main.js.map', 'source map'],
    ['out/cli.js', 'a program of the checkout'],
    ['out/.node-built', 'hidden'],
    ['node_modules/ssh2/lib/index.d.ts', 'source'],
    ['node_modules/ssh2/test/test-client.js', 'tests'],
    ['node_modules/split2/test.js', 'tests'],
    ['node_modules/ssh2/README.md', 'documents'],
    ['node_modules/pino/docs/api.html', 'documents'],
    ['node_modules/ssh2/lib/protocol/crypto/build/Release/sshcrypto.node', 'compiled for another Node'],
    ['node_modules/vue/index.js', 'a tool'],
  ])('does not want %s: %s', (name, why) => {
    expect(findings([...whole, name])).toEqual({ missing: [], unwanted: [`${why}: ${name}`] });
  });
});

it('sums up by part, largest first', () => {
  const lines = summaryOf([
    { name: 'package.json', size: 512 },
    { name: 'out/main.js', size: 1024 },
    { name: 'node_modules/ssh2/lib/a.js', size: 4096 },
    { name: 'node_modules/ssh2/package.json', size: 1024 },
    { name: 'node_modules/@pinojs/redact/index.js', size: 2048 },
  ]);
  expect(lines.map((line) => line.trim().replaceAll(/\s+/g, ' '))).toEqual([
    '5.0 KiB 2 files node_modules/ssh2/',
    '2.0 KiB 1 files node_modules/@pinojs/redact/',
    '1.0 KiB 1 files out/',
    '0.5 KiB 1 files (root)',
  ]);
});

describe('a preload', () => {
  it('may ask for Electron', () => {
    expect(foreignRequires('var import_electron = require("electron");\nimport_electron.ipcRenderer.on("x");')).toEqual([]);
  });

  it('may not ask for anything else, and is no ES module', () => {
    expect(foreignRequires("const fs = require('node:fs'), e = require('electron');")).toEqual(['node:fs']);
    expect(foreignRequires('import { ipcRenderer } from "electron";')).toEqual(['an ES module']);
  });
});
