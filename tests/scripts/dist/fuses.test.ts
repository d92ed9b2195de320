import { flipFuses, FuseV1Options, FuseVersion } from '@electron/fuses';
import { extractFile } from '@electron/asar';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { looseFuses } from '../../../scripts/dist/fuses.ts';
import { makeStubRuntime } from '../../../scripts/dist/stub-runtime.ts';

let folder = '';
let binary = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tmem-stub-test-'));
  binary = join(folder, 'electron');
  await makeStubRuntime(folder, '45.4.1');
});
afterAll(() => rm(folder, { recursive: true }));

it('the stub is a runtime to electron-builder, and says that it is none to who starts it', async () => {
  expect(await readFile(join(folder, 'version'), 'utf8')).toBe('45.4.1');
  expect(extractFile(join(folder, 'resources', 'default_app.asar'), 'main.js').toString()).toBe('');
  const started = spawnSync('sh', [binary], { encoding: 'utf8' });
  expect(started.status).toBe(1);
  expect(started.stderr).toContain('does not run');
});

it('finds every switch that stands as Electron ships it, and none once they are sealed', async () => {
  expect(await looseFuses(binary)).toEqual([
    'RunAsNode',
    'EnableCookieEncryption',
    'EnableNodeOptionsEnvironmentVariable',
    'EnableNodeCliInspectArguments',
    'EnableEmbeddedAsarIntegrityValidation',
    'OnlyLoadAppFromAsar',
    'GrantFileProtocolExtraPrivileges',
  ]);
  await flipFuses(binary, {
    version: FuseVersion.V1,
    [FuseV1Options.RunAsNode]: false,
    [FuseV1Options.EnableCookieEncryption]: true,
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: false,
    [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
    [FuseV1Options.OnlyLoadAppFromAsar]: true,
    [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
  });
  expect(await looseFuses(binary)).toEqual([]);
});
