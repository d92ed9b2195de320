/**
 * Reports as PDF, laid out by Electron's own engine: a hidden page without scripts, without a way to the network and
 * without any of the console's rights. Handed to the core, which knows nothing of Electron.
 */
import { BrowserWindow, session } from 'electron';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CoreOptions } from '#core/core.ts';

/** Long enough for thousands of pages on a busy machine. */
const limitMs = 120_000;

const reasonOf = ({ reason }: AbortSignal): Error => (reason instanceof Error ? reason : new Error(String(reason)));

/** In memory only: it leaves nothing behind. */
const partition = 'print';

export const printPdf: NonNullable<CoreOptions['pdf']> = async (html, signal) => {
  const folder = await mkdtemp(join(tmpdir(), 'tmem-report-'));
  const file = join(folder, 'report.html');
  const address = pathToFileURL(file).href;
  // Other reports are printed one after the other, so the session speaks of one file at a time.
  session.fromPartition(partition).webRequest.onBeforeRequest(({ url }, answer) => {
    answer({ cancel: url !== address && !url.startsWith('data:') });
  });
  const window = new BrowserWindow({
    show: false,
    webPreferences: {
      partition,
      sandbox: true,
      javascript: false,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      devTools: false,
    },
  });
  // A page that is gone, or hangs, may never answer: whoever waits for it does not wait with it.
  const given = new AbortController();
  const stopped = AbortSignal.any([signal, given.signal]);
  const timer = setTimeout(() => given.abort(new Error(`it took longer than ${limitMs / 1000} s`)), limitMs);
  const ended = new Promise<never>((_, reject) => {
    stopped.addEventListener('abort', () => reject(reasonOf(stopped)), { once: true });
  });
  const print = async (): Promise<Uint8Array> => {
    await writeFile(file, html, { mode: 0o600 });
    stopped.throwIfAborted();
    await window.loadURL(address);
    return window.webContents.printToPDF({ printBackground: true, preferCSSPageSize: true });
  };
  try {
    signal.throwIfAborted();
    return await Promise.race([print(), ended]);
  } finally {
    clearTimeout(timer);
    if (!window.isDestroyed()) window.destroy();
    await rm(folder, { recursive: true, force: true });
  }
};
