/** The browser's door: frames as JSON text over a WebSocket to the console that served the page. */
import type { Channel } from '#shared/contract/wire.ts';

/** Rejects when the console does not answer or does not accept the token; a browser does not tell which. */
export function openSocket(url: string): Promise<Channel> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    socket.addEventListener('open', () => resolve(socketChannel(socket)), { once: true });
    socket.addEventListener('close', () => reject(new Error('the console did not open its door')), { once: true });
  });
}

export function socketChannel(socket: WebSocket): Channel {
  return {
    send: (frame) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
    },
    onFrame: (listen) =>
      socket.addEventListener('message', (event: MessageEvent<unknown>) => {
        if (typeof event.data === 'string') listen(JSON.parse(event.data));
      }),
    onClose: (listen) => socket.addEventListener('close', () => listen()),
    close: () => socket.close(),
  };
}

const tokenKey = 'tmem-token';

/**
 * The door's address. The token comes with the page's own address the first time; it is then taken out of the
 * address bar and kept for this tab only.
 */
export function socketUrl(window: Window): string {
  const here = new URL(window.location.href);
  const given = here.searchParams.get('token');
  if (given !== null) {
    window.sessionStorage.setItem(tokenKey, given);
    here.searchParams.delete('token');
    window.history.replaceState(window.history.state, '', here);
  }
  const door = new URL('/door', here);
  door.protocol = here.protocol === 'https:' ? 'wss:' : 'ws:';
  door.hash = '';
  door.searchParams.set('token', window.sessionStorage.getItem(tokenKey) ?? '');
  return door.href;
}
