import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { printPdf } from '#electron/print-pdf.ts';
import * as double from './electron-double.ts';

vi.mock('electron', () => import('./electron-double.ts'));

const { app, BrowserWindow, session } = double;
const goesOn = new AbortController().signal;

beforeEach(() => {
  rmSync(double.freshDouble(), { recursive: true });
});

/** Runs as soon as a window is there, before it goes anywhere. */
const onWindow = (run: (window: double.BrowserWindow) => void) =>
  app.once('web-contents-created', () => {
    const window = BrowserWindow.all.at(-1);
    if (window !== undefined) run(window);
  });
const address = (): string => BrowserWindow.all.at(-1)?.loadURL.mock.calls[0]?.[0] ?? '';

describe('a report as PDF', () => {
  it('is laid out in a hidden page without scripts and rights, which leaves nothing behind', async () => {
    expect(Buffer.from(await printPdf('<h1>Savings</h1>', goesOn)).toString()).toBe('%PDF-1.7');
    const [window] = BrowserWindow.all;
    expect(window?.options).toMatchObject({
      show: false,
      webPreferences: { javascript: false, sandbox: true, partition: 'print' },
    });
    expect(window?.destroyed).toBe(true);
    expect(existsSync(dirname(fileURLToPath(address())))).toBe(false);
  });

  it('is read from the file that was written, and from nowhere else', async () => {
    let text = '';
    onWindow(({ loadURL }) =>
      loadURL.mockImplementation(async (file) => {
        text = readFileSync(fileURLToPath(file), 'utf8');
      }),
    );
    await printPdf('<h1>Savings</h1>', goesOn);
    expect(text).toBe('<h1>Savings</h1>');
    const decide = session.fromPartition('print').webRequest.onBeforeRequest.mock.calls.at(-1)?.[0];
    const cancelled = (url: string): boolean | undefined => {
      let cancel: boolean | undefined;
      decide?.({ url }, (answer) => (cancel = answer.cancel));
      return cancel;
    };
    expect(cancelled(address())).toBe(false);
    expect(cancelled('data:image/png;base64,AA')).toBe(false);
    expect(cancelled('https://example.org/a.css')).toBe(true);
    expect(cancelled('file:///etc/passwd')).toBe(true);
  });

  it('ends when it is cancelled, and is gone', async () => {
    const cancel = new AbortController();
    onWindow(({ webContents }) =>
      webContents.printToPDF.mockImplementation(() => {
        cancel.abort();
        return Promise.reject(new Error('the page is gone'));
      }),
    );
    await expect(printPdf('<h1>Savings</h1>', cancel.signal)).rejects.toThrow('abort');
    expect(BrowserWindow.all.at(-1)?.destroyed).toBe(true);
  });

  it.each(['cancelled', 'too slow'])('that never answers is given up when it is %s', async (how) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const cancel = new AbortController();
      onWindow(({ webContents }) =>
        webContents.printToPDF.mockImplementation(() => {
          if (how === 'cancelled') cancel.abort();
          else vi.advanceTimersByTime(120_001);
          return new Promise(() => undefined);
        }),
      );
      const printed = printPdf('<h1>Savings</h1>', cancel.signal);
      await expect(printed).rejects.toThrow(how === 'cancelled' ? 'abort' : 'longer than 120 s');
      expect(BrowserWindow.all.at(-1)?.destroyed).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });
});
