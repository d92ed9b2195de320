import { rmSync } from 'node:fs';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { guardPages, guardSession } from '#electron/guards.ts';
import * as double from './electron-double.ts';

vi.mock('electron', () => import('./electron-double.ts'));

const { app, shell, FakeContents } = double;
const session = double.session.defaultSession;

beforeEach(() => {
  rmSync(double.freshDouble(), { recursive: true });
});

describe('every page', () => {
  const guarded = () => {
    guardPages();
    const contents = new FakeContents();
    app.emit('web-contents-created', {}, contents);
    return contents;
  };

  it.each(['will-frame-navigate', 'will-redirect'])('is kept on the console’s pages (%s)', (event) => {
    const contents = guarded();
    const attempt = (url: string, isMainFrame: boolean) => {
      const details = { url, isMainFrame, preventDefault: vi.fn() };
      contents.emit(event, details);
      return details.preventDefault.mock.calls.length === 0;
    };
    expect(attempt('app://console/hosts/1', true)).toBe(true);
    expect(attempt('app://console/hosts/1', false)).toBe(false);
    expect(attempt('https://example.org/', true)).toBe(false);
  });

  it('embeds no other', () => {
    const event = { preventDefault: vi.fn() };
    guarded().emit('will-attach-webview', event);
    expect(event.preventDefault).toHaveBeenCalled();
  });

  it('opens no window; the kernel’s documents go to the person’s browser', () => {
    const decide = guarded().setWindowOpenHandler.mock.calls[0]?.[0];
    expect(decide?.({ url: 'https://example.org/' })).toEqual({ action: 'deny' });
    expect(shell.openExternal).not.toHaveBeenCalled();
    expect(decide?.({ url: 'https://docs.kernel.org/mm/ksm.html' })).toEqual({ action: 'deny' });
    expect(shell.openExternal.mock.calls).toEqual([['https://docs.kernel.org/mm/ksm.html']]);
  });
});

describe('the session', () => {
  beforeEach(() => {
    guardSession(session as unknown as Electron.Session);
  });

  it('gives no permission but copying text', () => {
    const request = session.setPermissionRequestHandler.mock.calls[0]?.[0];
    const check = session.setPermissionCheckHandler.mock.calls[0]?.[0];
    const asked = (permission: string, requestingUrl: string): boolean | undefined => {
      let answer: boolean | undefined;
      request?.({}, permission, (given) => (answer = given), { requestingUrl });
      expect(check?.({}, permission, requestingUrl)).toBe(answer);
      return answer;
    };
    expect(asked('clipboard-sanitized-write', 'app://console/')).toBe(true);
    expect(asked('clipboard-sanitized-write', 'https://example.org/')).toBe(false);
    expect(asked('media', 'app://console/')).toBe(false);
    expect(session.setDevicePermissionHandler.mock.calls[0]?.[0]()).toBe(false);
  });

  it('cancels what does not come from the console, and saves only what the page made', () => {
    const decide = session.webRequest.onBeforeRequest.mock.calls[0]?.[0];
    const cancelled = (url: string): boolean | undefined => {
      let cancel: boolean | undefined;
      decide?.({ url }, (answer) => (cancel = answer.cancel));
      return cancel;
    };
    expect(cancelled('app://console/assets/a.js')).toBe(false);
    expect(cancelled('https://example.org/a.js')).toBe(true);
    const saved = (url: string): boolean => {
      const event = { preventDefault: vi.fn() };
      session.emit('will-download', event, { getURL: () => url });
      return event.preventDefault.mock.calls.length === 0;
    };
    expect(saved('blob:app://console/0f1e')).toBe(true);
    expect(saved('blob:https://example.org/0f1e')).toBe(false);
    expect(saved('app://console/assets/a.js')).toBe(false);
  });

  it('checks no spelling: words would go to a dictionary server', () => {
    expect(session.setSpellCheckerEnabled).toHaveBeenCalledWith(false);
  });
});
