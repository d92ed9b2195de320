import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultDataDir } from '#core/files/default-data-dir.ts';
import { shellArguments } from '#electron/shell/arguments.ts';

const at = { platform: 'linux', env: {}, home: '/home/ada', cwd: '/home/ada/work' } as const;

describe('the shell’s options', () => {
  it('default to the same data directory as the browser door', () => {
    expect(shellArguments([], at)).toEqual({ dataDir: defaultDataDir({}, 'linux', '/home/ada') });
  });

  it.each([[['--data-dir', 'd', '--host-file', 'h.json']], [['--host-file=h.json', '--data-dir=d']]])(
    'are paths from where the console was started: %j',
    (argv) => {
      expect(shellArguments(argv, at)).toEqual({ dataDir: join(at.cwd, 'd'), hostFile: join(at.cwd, 'h.json') });
    },
  );

  it.each([
    [['--lab'], ''],
    [['--lab', '--data-dir', '/d'], ''],
    [['--lab=steady'], 'steady'],
  ])('name the scenario of the lab, or leave it to the core: %j', (argv, lab) => {
    expect(shellArguments(argv, at)).toMatchObject({ lab });
  });

  it('leave alone what is Chromium’s', () => {
    const argv = [
      '--inspect=0',
      '/opt/console',
      '--ozone-platform=wayland',
      '--headless',
      '--port',
      '0',
      '--data-dir',
      '/d',
    ];
    expect(shellArguments(argv, at)).toEqual({ dataDir: '/d' });
  });

  it.each([
    [['--data-dir'], '--data-dir needs a folder'],
    [['--data-dir='], '--data-dir needs a folder'],
    [['--data-dir', '--host-file', 'x'], '--data-dir needs a folder'],
    [['--host-file'], '--host-file needs a file'],
  ])('say which path is missing: %j', (argv, sentence) => {
    expect(shellArguments(argv, at)).toEqual({ wrong: expect.stringContaining(sentence) as string });
  });
});
