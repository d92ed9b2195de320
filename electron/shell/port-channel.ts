/** A message port as the contract's Channel. The shell hands in Electron's port; nothing here knows Electron. */
import type { Channel, Frame } from '#shared/contract/wire.ts';

/** What is used of Electron's MessagePortMain. */
export interface Port {
  on(event: 'message', listen: (message: { readonly data: unknown }) => void): unknown;
  on(event: 'close', listen: () => void): unknown;
  postMessage(frame: Frame): void;
  start(): void;
  close(): void;
}

/** Frames that arrive before somebody listens wait in the port: it is started by the first `onFrame`. */
export function portChannel(port: Port): Channel {
  let open = true;
  const closeListeners: (() => void)[] = [];
  const ended = (): void => {
    if (!open) return;
    open = false;
    for (const listen of closeListeners) listen();
  };
  // The page went away: reloaded, crashed, or its window was closed.
  port.on('close', ended);

  return {
    send: (frame) => {
      if (open) port.postMessage(frame);
    },
    onFrame: (listen) => {
      port.on('message', (message) => {
        if (open) listen(message.data);
      });
      port.start();
    },
    onClose: (listen) => {
      if (open) closeListeners.push(listen);
      else listen();
    },
    close: () => {
      if (!open) return;
      port.close();
      ended();
    },
  };
}
