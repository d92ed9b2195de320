/**
 * The desktop's door: one message port per load of the page, handed to the main frame of our own window and to nothing
 * else. A reload gets a new port and the old one is closed, so a page never hears what was meant for the one before.
 */
import { MessageChannelMain } from 'electron';
import type { WebContents } from 'electron';
import type { Channel } from '#shared/contract/wire.ts';
import { consoleOrigin, isConsole, portMessage } from './shell/address.ts';
import { portChannel } from './shell/port-channel.ts';

/** @param attach is the core's: it gets the core's end of every port. */
export function openPortDoor(contents: WebContents, attach: (channel: Channel) => void): void {
  let current: Channel | undefined;
  const shut = (): void => {
    current?.close();
    current = undefined;
  };

  contents.on('did-start-navigation', (details) => {
    if (details.isMainFrame && !details.isSameDocument) shut();
  });
  contents.on('render-process-gone', shut);
  contents.on('destroyed', shut);

  // The page's scripts have run by now, so it listens for its port.
  contents.on('did-finish-load', () => {
    shut();
    const frame = contents.mainFrame;
    if (frame.origin !== consoleOrigin || !isConsole(frame.url)) return;
    const { port1: ours, port2: theirs } = new MessageChannelMain();
    current = portChannel(ours);
    attach(current);
    frame.postMessage(portMessage, null, [theirs]);
  });
}
