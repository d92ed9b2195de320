/** The desktop door: waits for the MessagePort that the preload hands over, once, and speaks frames over it. */
import type { Channel } from '#shared/contract/wire.ts';

/** Resolves when the port arrives. Only a message from this very window, of exactly that type, is taken. */
export function openPort(window: Window): Promise<Channel> {
  return new Promise((resolve) => {
    const take = (event: MessageEvent<unknown>): void => {
      const port = event.ports[0];
      if (event.source !== window || port === undefined || !isHandOver(event.data)) return;
      window.removeEventListener('message', take);
      resolve(portChannel(port));
    };
    window.addEventListener('message', take);
  });
}

const isHandOver = (data: unknown): boolean =>
  typeof data === 'object' && data !== null && 'type' in data && data.type === 'tmem-port';

export function portChannel(port: MessagePort): Channel {
  return {
    send: (frame) => port.postMessage(frame),
    onFrame: (listen) => {
      port.addEventListener('message', (event) => listen(event.data));
      port.start();
    },
    onClose: (listen) => port.addEventListener('close', () => listen()),
    close: () => port.close(),
  };
}
