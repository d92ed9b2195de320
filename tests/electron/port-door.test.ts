import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Channel } from '#shared/contract/wire.ts';
import { openPortDoor } from '#electron/port-door.ts';
import { FakeContents } from './electron-double.ts';
import type { FakePort } from './electron-double.ts';

vi.mock('electron', () => import('./electron-double.ts'));

let contents: FakeContents;
let attached: Channel[];

beforeEach(() => {
  contents = new FakeContents();
  attached = [];
  openPortDoor(contents as unknown as Electron.WebContents, (channel) => attached.push(channel));
});

const portsGiven = (): FakePort[] =>
  contents.mainFrame.postMessage.mock.calls.map(([, , ports]) => (ports as FakePort[])[0] as FakePort);

describe('the desktop’s door', () => {
  it('hands one end of a port to the page and the other to the core', () => {
    contents.emit('did-finish-load');
    const [page] = portsGiven();
    expect(contents.mainFrame.postMessage).toHaveBeenCalledWith('tmem-port', null, [page]);
    const heard: unknown[] = [];
    attached[0]?.onFrame((frame) => heard.push(frame));
    page?.postMessage({ id: 1, ask: 'hosts.list', args: {} });
    expect(heard).toEqual([{ id: 1, ask: 'hosts.list', args: {} }]);
    const told: unknown[] = [];
    page?.on('message', ({ data }: { data: unknown }) => told.push(data));
    attached[0]?.send({ id: 1, ok: [] });
    expect(told).toEqual([{ id: 1, ok: [] }]);
  });

  it('is shut when the page is left, and opened anew for the next one', () => {
    contents.emit('did-finish-load');
    const closed = vi.fn();
    attached[0]?.onClose(closed);
    contents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: true });
    contents.emit('did-start-navigation', { isMainFrame: false, isSameDocument: false });
    expect(closed).not.toHaveBeenCalled();
    contents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false });
    expect(closed).toHaveBeenCalledTimes(1);
    contents.emit('did-finish-load');
    expect(attached).toHaveLength(2);
    expect(portsGiven()[0]).not.toBe(portsGiven()[1]);
  });

  it.each(['render-process-gone', 'destroyed'])('is shut on %s', (event) => {
    contents.emit('did-finish-load');
    const closed = vi.fn();
    attached[0]?.onClose(closed);
    contents.emit(event);
    expect(closed).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['null', 'app://console/'],
    ['app://console', 'data:text/html,x'],
    ['https://example.org', 'https://example.org/'],
    ['app://evil', 'app://evil/'],
  ])('stays shut for a page of origin %s at %s', (origin, url) => {
    Object.assign(contents.mainFrame, { origin, url });
    contents.emit('did-finish-load');
    expect(contents.mainFrame.postMessage).not.toHaveBeenCalled();
    expect(attached).toEqual([]);
  });
});
