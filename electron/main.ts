/**
 * The life of the desktop app: one instance, the core up, its window, the core down. Everything the console does is in
 * core/; everything decided here that could be wrong is a pure function in shell/. No IPC handler exists: the page
 * speaks to the core through its port only.
 */
import { app, BrowserWindow, dialog, session } from 'electron';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { agentBody } from '#core/agent-body.ts';
import { createCore } from '#core/core.ts';
import type { Core } from '#core/core.ts';
import { problemOf } from '#shared/problem.ts';
import { guardPages, guardSession } from './guards.ts';
import { setMenu } from './menu.ts';
import { openPortDoor } from './port-door.ts';
import { printPdf } from './print-pdf.ts';
import { declareScheme, serveScheme } from './protocol.ts';
import { shellArguments } from './shell/arguments.ts';
import type { ShellArguments } from './shell/arguments.ts';
import { within } from './shell/deadline.ts';
import { refusalSentence, refusedSwitches } from './shell/switches.ts';
import { createWindow, focusWindow, showConsole } from './window.ts';

/** The app's own folder: this file is built into out/. */
const root = dirname(import.meta.dirname);
/** How long hosts get to say goodbye when the console quits. */
const closeWithinMs = 3000;

// All of this has to be said before Electron is ready, so nothing above waits for anything.
declareScheme();
app.enableSandbox();
guardPages();
process.on('uncaughtException', (error) => void giveUp(error));
start().catch(giveUp);

async function start(): Promise<void> {
  const argv = process.argv.slice(1);
  const refused = app.isPackaged ? refusedSwitches(argv, process.platform) : [];
  if (refused.length > 0) {
    await giveUp(refusalSentence(refused, process.env['APPIMAGE'] !== undefined));
    return;
  }
  const { platform, env } = process;
  const options = shellArguments(argv, { platform, env, home: homedir(), cwd: process.cwd() });
  if ('wrong' in options) {
    await giveUp(options.wrong);
    return;
  }
  // Chromium's own files, and with them the lock that keeps a second instance out, belong to the data directory.
  const profile = profileIn(options.dataDir);
  app.setPath('userData', profile);
  if (!app.requestSingleInstanceLock()) {
    process.stderr.write(`The console is already open on ${options.dataDir}; its window was brought to the front.\n`);
    app.exit(1);
    return;
  }
  await app.whenReady();
  await run(options, profile);
}

async function run(options: ShellArguments, profile: string): Promise<void> {
  const core = await createCore({
    dataDir: options.dataDir,
    ...(options.hostFile === undefined ? {} : { hostFile: options.hostFile }),
    ...(options.lab === undefined ? {} : { lab: options.lab }),
    shell: 'desktop',
    version: app.getVersion(),
    agentBody: agentBody(root),
    pdf: printPdf,
  });
  closeOnQuit(core);
  guardSession(session.defaultSession);
  serveScheme(session.defaultSession, join(root, 'out', 'renderer'));
  setMenu();
  const window = createWindow({
    preload: join(root, 'out', 'preload.cjs'),
    icon: join(root, 'build', 'icon.png'),
    state: join(profile, 'window.json'),
  });
  openPortDoor(window.webContents, core.attach);
  app.on('second-instance', () => {
    // While the core lets go of its hosts the window is gone or going, and so is this instance.
    if (!window.isDestroyed()) focusWindow(window);
  });
  app.on('window-all-closed', () => {
    app.quit();
  });
  await showConsole(window);
}

/** Where the data directory cannot be written to the core says so and goes on; Chromium gets a folder for this run. */
function profileIn(dataDir: string): string {
  try {
    const profile = join(dataDir, 'desktop');
    mkdirSync(profile, { recursive: true, mode: 0o700 });
    return profile;
  } catch {
    return mkdtempSync(join(tmpdir(), 'tmem-console-'));
  }
}

/** Quitting waits for the core to let go of its hosts and files, but not longer than the deadline. */
function closeOnQuit(core: Core): void {
  let state: 'up' | 'closing' | 'down' = 'up';
  app.on('before-quit', (event) => {
    if (state === 'down') return;
    event.preventDefault();
    if (state === 'closing') return;
    state = 'closing';
    for (const window of BrowserWindow.getAllWindows()) window.hide();
    within(closeWithinMs, core.close())
      .catch((error: unknown) => process.stderr.write(`While closing: ${String(error)}\n`))
      .finally(() => {
        state = 'down';
        app.quit();
      });
  });
}

/** Says why there is no console, on screen and on stderr, and ends. A problem has its sentence; a bug has its stack. */
async function giveUp(why: unknown): Promise<void> {
  const sentence = typeof why === 'string' ? why : sentenceOf(why);
  process.stderr.write(`${sentence}\n`);
  // Before that, some systems cannot show a dialog.
  await app.whenReady();
  dialog.showErrorBox('Tmem Console cannot go on', sentence);
  app.exit(1);
}

function sentenceOf(error: unknown): string {
  const known = problemOf(error);
  if (known !== undefined) return known.words === undefined ? known.sentence : `${known.sentence}\n\n${known.words}`;
  const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `The console made a mistake and has to stop. Hosts are as they were.\n\n${words}`;
}
