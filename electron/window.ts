/** The one window: how it is sealed, where it opens, and what happens when its page dies. */
import { app, BrowserWindow, dialog, nativeTheme, screen } from 'electron';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { consolePage } from './shell/address.ts';
import { restoredWindow, smallestWindow } from './shell/window-bounds.ts';

export interface WindowFiles {
  /** The built preload. */
  readonly preload: string;
  readonly icon: string;
  /** Where the window's place is remembered. */
  readonly state: string;
}

/** The page is not loaded yet: `showConsole` does, once the guards and the door are in place. */
export function createWindow(files: WindowFiles): BrowserWindow {
  const { bounds, maximized } = restoredWindow(
    readState(files.state),
    screen.getAllDisplays().map((display) => display.workArea),
  );
  const window = new BrowserWindow({
    ...bounds,
    minWidth: smallestWindow.width,
    minHeight: smallestWindow.height,
    title: app.name,
    icon: files.icon,
    show: false,
    autoHideMenuBar: true,
    // What is seen before the page has painted: the page's ground (--page in renderer/styles/tokens.css), so that nothing flashes.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#141618' : '#f6f6f4',
    webPreferences: {
      preload: files.preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  });
  window.once('ready-to-show', () => {
    if (maximized) window.maximize();
    window.show();
  });
  rememberPlace(window, files.state);
  window.webContents.on('render-process-gone', (_event, details) => {
    if (details.reason !== 'clean-exit') void offerReload(window, details.reason);
  });
  return window;
}

export async function showConsole(window: BrowserWindow): Promise<void> {
  await window.loadURL(consolePage);
}

/** Brings the window to the front, from wherever it is. */
export function focusWindow(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

async function offerReload(window: BrowserWindow, reason: string): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    message: 'The page of the console stopped working.',
    detail: `Hosts are still being watched. Load the page again, or quit the console. (Reason: ${reason})`,
    buttons: ['Load the page again', 'Quit'],
    defaultId: 0,
    cancelId: 0,
  });
  if (response === 1) app.quit();
  else if (!window.isDestroyed()) window.webContents.reload();
}

function rememberPlace(window: BrowserWindow, file: string): void {
  let timer: NodeJS.Timeout | undefined;
  const save = (): void => {
    clearTimeout(timer);
    writeState(file, { bounds: window.getNormalBounds(), maximized: window.isMaximized() });
  };
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(save, 1000);
  };
  window.on('resize', soon);
  window.on('move', soon);
  window.on('close', save);
}

function readState(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // First start, or damaged: the window opens where the system puts it.
    return undefined;
  }
}

function writeState(file: string, state: unknown): void {
  try {
    writeFileSync(`${file}.new`, JSON.stringify(state));
    renameSync(`${file}.new`, file);
  } catch {
    // A full or read-only disk: the core says so where it matters, the window's place does not.
  }
}
