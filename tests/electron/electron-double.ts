/**
 * What the shell uses of Electron, as plain objects that remember what was asked of them. For tests of the shell's
 * wiring where Electron's runtime is not; the real thing is driven by tests/desktop.
 */
import { EventEmitter } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';

export class FakePort extends EventEmitter {
  peer: FakePort | undefined;
  readonly start = vi.fn();
  readonly postMessage = vi.fn((data: unknown) => this.peer?.emit('message', { data }));
  readonly close = vi.fn(() => {
    this.peer?.emit('close');
    this.emit('close');
  });
}

export class MessageChannelMain {
  readonly port1 = new FakePort();
  readonly port2 = new FakePort();
  constructor() {
    this.port1.peer = this.port2;
    this.port2.peer = this.port1;
  }
}

export class FakeContents extends EventEmitter {
  readonly mainFrame = { origin: 'app://console', url: 'app://console/', postMessage: vi.fn() };
  readonly setWindowOpenHandler = vi.fn<(decide: (details: { url: string }) => { action: string }) => void>();
  readonly reload = vi.fn();
  readonly printToPDF = vi.fn<(options: unknown) => Promise<Uint8Array>>(() =>
    Promise.resolve(Buffer.from('%PDF-1.7')),
  );
}

export class BrowserWindow extends EventEmitter {
  static all: BrowserWindow[] = [];
  static getAllWindows = () => BrowserWindow.all;
  readonly webContents = new FakeContents();
  readonly options: Record<string, unknown>;
  readonly show = vi.fn();
  readonly hide = vi.fn();
  readonly focus = vi.fn();
  readonly restore = vi.fn();
  readonly maximize = vi.fn();
  readonly loadURL = vi.fn<(address: string) => Promise<void>>(() => Promise.resolve());
  destroyed = false;
  minimized = false;
  bounds = { x: 10, y: 30, width: 1000, height: 700 };

  constructor(options: Record<string, unknown>) {
    super();
    this.options = options;
    BrowserWindow.all.push(this);
    app.emit('web-contents-created', {}, this.webContents);
  }
  isMinimized = () => this.minimized;
  isMaximized = () => false;
  isDestroyed = () => this.destroyed;
  readonly destroy = vi.fn(() => {
    this.destroyed = true;
  });
  getNormalBounds = () => this.bounds;
}

export const app = Object.assign(new EventEmitter(), {
  isPackaged: false,
  name: 'Tmem Console',
  getVersion: () => '9.8.7',
  enableSandbox: vi.fn(),
  setPath: vi.fn(),
  requestSingleInstanceLock: vi.fn(() => true),
  whenReady: vi.fn(() => Promise.resolve()),
  setAboutPanelOptions: vi.fn(),
  exit: vi.fn(),
  /** As Electron does: asks first, and tells whether somebody said no. */
  quit: vi.fn(() => {
    const event = new Event('before-quit', { cancelable: true });
    app.emit('before-quit', event);
    return !event.defaultPrevented;
  }),
});

type Answer<Value> = (value: Value) => void;
const webRequest = () => ({
  onBeforeRequest: vi.fn<(decide: (details: { url: string }, answer: Answer<{ cancel: boolean }>) => void) => void>(),
});

export const session = {
  partitions: new Map<string, { webRequest: ReturnType<typeof webRequest> }>(),
  fromPartition: (name: string) => {
    const partition = session.partitions.get(name) ?? { webRequest: webRequest() };
    session.partitions.set(name, partition);
    return partition;
  },
  defaultSession: Object.assign(new EventEmitter(), {
    protocol: { handle: vi.fn<(scheme: string, answer: (request: Request) => Promise<Response>) => void>() },
    setPermissionRequestHandler:
      vi.fn<
        (decide: (contents: unknown, permission: string, answer: Answer<boolean>, details: unknown) => void) => void
      >(),
    setPermissionCheckHandler:
      vi.fn<(decide: (contents: unknown, permission: string, origin: string) => boolean) => void>(),
    setDevicePermissionHandler: vi.fn<(decide: () => boolean) => void>(),
    setSpellCheckerEnabled: vi.fn(),
    webRequest: webRequest(),
  }),
};

export const ipcRenderer = new EventEmitter();
export const protocol = { registerSchemesAsPrivileged: vi.fn() };
export const dialog = { showErrorBox: vi.fn(), showMessageBox: vi.fn(() => Promise.resolve({ response: 0 })) };
export const Menu = { buildFromTemplate: vi.fn((template: unknown) => template), setApplicationMenu: vi.fn() };
export const nativeTheme = { shouldUseDarkColors: true };
export const screen = { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1600, height: 1000 } }] };
export const shell = { openExternal: vi.fn(() => Promise.resolve()) };

/** As it was before anything ran; a data directory of its own for the next start. */
export function freshDouble(): string {
  vi.clearAllMocks();
  app.removeAllListeners();
  app.isPackaged = false;
  session.defaultSession.removeAllListeners();
  BrowserWindow.all = [];
  return mkdtempSync(join(tmpdir(), 'tmem-shell-'));
}
