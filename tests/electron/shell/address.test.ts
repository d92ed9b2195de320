import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { consolePage, externalDocument, isConsole, mayNavigate, mayRequest, mayUse } from '#electron/shell/address.ts';

const foreign = [
  'https://example.org/',
  'http://127.0.0.1:4711/',
  'file:///etc/passwd',
  'app://console@evil/',
  'app://user:word@console/',
  'app://console.evil/',
  'app://evil/console',
  'app://console:8080/',
  'app:console',
  'data:text/html,<script>1</script>',
  'blob:app://console/0c9f',
  'about:blank',
  'javascript:alert(1)',
  'view-source:app://console/',
  'not an address',
  '',
];

describe('the console’s own addresses', () => {
  it.each([consolePage, 'app://console', 'app://console/hosts/7?tab=knobs#raw', 'APP://console/'])(
    '%s is one',
    (address) => {
      expect(isConsole(address)).toBe(true);
    },
  );

  it.each(foreign)('%j is not', (address) => {
    expect(isConsole(address)).toBe(false);
  });

  it('nothing but the scheme and host of the console is ever one', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.webUrl(),
          fc.string(),
          fc.string().map((rest) => `app://${rest}`),
        ),
        (address) => {
          if (isConsole(address)) expect(address).toMatch(/^\s*app:\/\/console(?![^/?#\s])/i);
        },
      ),
    );
  });
});

describe('navigation', () => {
  it.each([consolePage, 'app://console/index.html', 'app://console/hosts/7'])(
    '%s is allowed to the window',
    (address) => {
      expect(mayNavigate(address, true)).toBe(true);
      expect(mayNavigate(address, false)).toBe(false);
    },
  );

  it.each([...foreign, 'app://console/assets/index.js', 'app://console/icon.svg'])('%j is refused', (address) => {
    expect(mayNavigate(address, true)).toBe(false);
  });
});

describe('requests', () => {
  it('reach the page’s files and its own pictures only', () => {
    expect(mayRequest('app://console/assets/index.js', true)).toBe(true);
    expect(mayRequest('data:image/png;base64,AAAA', true)).toBe(true);
    for (const address of ['https://example.org/', 'ws://127.0.0.1:1/', 'file:///etc/passwd', 'app://evil/']) {
      expect(mayRequest(address, true)).toBe(false);
      expect(mayRequest(address, false)).toBe(false);
    }
  });

  it('reach the developer tools in a checkout, not in a packaged console', () => {
    expect(mayRequest('devtools://devtools/bundled/inspector.html', false)).toBe(true);
    expect(mayRequest('devtools://devtools/bundled/inspector.html', true)).toBe(false);
  });
});

describe('documents for the person’s browser', () => {
  it('are the kernel’s', () => {
    const address = 'https://docs.kernel.org/admin-guide/mm/zswap.html#overview';
    expect(externalDocument(address)).toBe(address);
  });

  it.each([
    'http://docs.kernel.org/',
    'https://docs.kernel.org.evil.example/',
    'https://docs.kernel.org@evil.example/',
    'https://user@docs.kernel.org/',
    'https://docs.kernel.org:8443/',
    'https://example.org/?docs.kernel.org',
    'file:///usr/bin/xcalc',
    'ssh://docs.kernel.org/',
    '',
  ])('%j is not opened', (address) => {
    expect(externalDocument(address)).toBeUndefined();
  });
});

describe('permissions', () => {
  it.each([
    'media',
    'geolocation',
    'notifications',
    'clipboard-read',
    'fileSystem',
    'usb',
    'hid',
    'serial',
    'openExternal',
    'unknown',
  ])('%s is denied, to the console too', (permission) => {
    expect(mayUse(permission, consolePage)).toBe(false);
  });

  it('copying text is given to the console’s page only', () => {
    expect(mayUse('clipboard-sanitized-write', consolePage)).toBe(true);
    expect(mayUse('clipboard-sanitized-write', 'https://example.org/')).toBe(false);
    expect(mayUse('clipboard-sanitized-write', '')).toBe(false);
  });
});
