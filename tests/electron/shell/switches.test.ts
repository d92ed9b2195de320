import { describe, expect, it } from 'vitest';
import { refusalSentence, refusedSwitches } from '#electron/shell/switches.ts';

describe('switches a packaged console does not start with', () => {
  it.each([
    '--remote-debugging-port=9222',
    '-remote-debugging-port=9222',
    '--Remote-Debugging-Port=9222',
    '--remote-debugging-pipe',
    '--remote-debugging-address=0.0.0.0',
    '--remote-allow-origins=*',
    '--inspect',
    '--inspect=0.0.0.0:9229',
    '--inspect-brk=0',
    '--inspect_brk',
    '--inspect-publish-uid=http',
    '--debug-port=1',
    '--no-sandbox',
    '--disable-gpu-sandbox',
    '--disable-setuid-sandbox',
    '--single-process',
    '--disable-site-isolation-trials',
    '--allow-file-access-from-files',
    '--unsafely-treat-insecure-origin-as-secure=http://x',
    '--gpu-launcher=x',
    '--js-flags=--allow-natives-syntax',
    '--disable-web-security',
    '--load-extension=/tmp/x',
    '--renderer-cmd-prefix=gdb',
    '--browser-subprocess-path=/tmp/x',
    '--require=/tmp/x.js',
    '-r',
    '-r=/tmp/x.js',
  ])('%s', (word) => {
    expect(refusedSwitches(['--data-dir', 'x', word], 'linux')).toEqual([word]);
  });

  it('are also seen behind a bare --', () => {
    expect(refusedSwitches(['--', '--no-sandbox'], 'linux')).toEqual(['--no-sandbox']);
  });

  it('may begin with a slash on Windows, where elsewhere that is a path', () => {
    expect(refusedSwitches(['/no-sandbox', '/INSPECT=1'], 'win32')).toEqual(['/no-sandbox', '/INSPECT=1']);
    expect(refusedSwitches(['/inspect/me'], 'linux')).toEqual([]);
  });

  it('do not include the console’s own options and harmless ones', () => {
    const words = [
      '--data-dir',
      '/srv/no-sandbox',
      '--host-file=inspect.json',
      '--ozone-platform=wayland',
      '--disable-gpu',
      '.',
    ];
    expect(refusedSwitches(words, 'linux')).toEqual([]);
  });
});

describe('what the refusal says', () => {
  it('names the switches and what they would do', () => {
    const sentence = refusalSentence(['--inspect', '--js-flags=x'], false);
    expect(sentence).toContain('--inspect, --js-flags=x');
    expect(sentence).toContain('Start it without.');
  });

  it('knows that an AppImage adds --no-sandbox by itself, and what to do then', () => {
    expect(refusalSentence(['--no-sandbox'], true)).toContain('.deb');
    expect(refusalSentence(['--no-sandbox', '--inspect'], true)).toContain('Start it without.');
  });
});
