import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csp, readStatic, resolveStatic, securityHeaders } from '#core/serve/static-files.ts';

const root = join(sep, 'opt', 'console', 'renderer');

describe('what an address means', () => {
  it.each([
    ['/', 'index.html', 'text/html; charset=utf-8'],
    ['/index.html', 'index.html', 'text/html; charset=utf-8'],
    ['/hosts/42/guests', 'index.html', 'text/html; charset=utf-8'],
    ['/hosts/', 'index.html', 'text/html; charset=utf-8'],
    ['/assets/index-B3x.js', 'assets/index-B3x.js', 'text/javascript; charset=utf-8'],
    ['/assets/page%20one.css', 'assets/page one.css', 'text/css; charset=utf-8'],
    ['/assets/inter.var.woff2', 'assets/inter.var.woff2', 'font/woff2'],
    ['/icon.svg', 'icon.svg', 'image/svg+xml'],
  ])('%s is %s', (path, file, contentType) => {
    expect(resolveStatic(root, path)).toEqual({ file: join(root, file), contentType });
  });

  it.each([
    '',
    'index.html',
    '/../main.js',
    '/assets/../../main.js',
    '/%2e%2e/main.js',
    '/%2E%2E%2fmain.js',
    '/..%5cmain.js',
    '/..\\main.js',
    '/assets//index.js',
    '//host/share/index.js',
    '/.git/config.json',
    '/assets/.hidden.js',
    '/c:/windows/win.js',
    '/index.html::$DATA.js',
    '/index.js%00.html',
    '/index.js%0a.html',
    '/index.html.',
    '/index.html%20',
    '/%ff.js',
    '/%',
    '/index.js.map',
    '/main.ts',
    '/page.vue',
    '/photo.constructor',
    `/${'a'.repeat(3000)}.js`,
  ])('%j is refused', (path) => {
    expect(resolveStatic(root, path)).toBeUndefined();
  });

  it('never leaves the root, whatever is asked', () => {
    const piece = fc.constantFrom(
      '..',
      '.',
      '/',
      '\\',
      '%2e',
      '%2F',
      '%5C',
      '%00',
      'a',
      'js',
      '.js',
      ':',
      ' ',
      '%',
      '~',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(piece).map((parts) => `/${parts.join('')}`),
          fc.string(),
        ),
        (path) => {
          const found = resolveStatic(root, path);
          if (found === undefined) return;
          expect(found.file.startsWith(root + sep)).toBe(true);
          expect(found.file.split(/[/\\]/)).not.toContain('..');
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('the headers', () => {
  it('let the page load its own files and nothing else', () => {
    expect(csp()).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(csp()).not.toContain('unsafe');
  });

  it('name the socket of the browser door, and only there', () => {
    expect(csp('ws://127.0.0.1:4711')).toContain("connect-src 'self' ws://127.0.0.1:4711;");
    expect(securityHeaders('ws://127.0.0.1:4711')['content-security-policy']).toBe(csp('ws://127.0.0.1:4711'));
  });
});

describe('reading', () => {
  let dir = '';
  beforeAll(async () => {
    dir = await realpath(await mkdtemp(join(tmpdir(), 'tmem-static-')));
    await mkdir(join(dir, 'page', 'assets'), { recursive: true });
    await writeFile(join(dir, 'page', 'index.html'), '<!doctype html>');
    await writeFile(join(dir, 'page', 'assets', 'a.js'), 'export {};');
    await writeFile(join(dir, 'secret.js'), 'secret');
    await symlink(join(dir, 'secret.js'), join(dir, 'page', 'out.js'));
    await mkdir(join(dir, 'page', 'folder.js'));
  });
  afterAll(() => rm(dir, { recursive: true }));

  it('answers a file with its type and the headers', async () => {
    const answer = await readStatic(join(dir, 'page'), '/assets/a.js');
    expect(answer.status).toBe(200);
    expect(new TextDecoder().decode(answer.body)).toBe('export {};');
    expect(answer.headers).toEqual({ ...securityHeaders(), 'content-type': 'text/javascript; charset=utf-8' });
  });

  it.each(['/out.js', '/missing.js', '/folder.js', '/../secret.js'])(
    'answers 404 to %s, headers included',
    async (path) => {
      const answer = await readStatic(join(dir, 'page'), path);
      expect(answer.status).toBe(404);
      expect(new TextDecoder().decode(answer.body)).not.toContain('secret');
      expect(answer.headers['content-security-policy']).toBe(csp());
    },
  );
});
