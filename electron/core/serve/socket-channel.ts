/** A WebSocket as a Channel. Frames are JSON text; anything else is passed on as it is, for the other end to refuse. */
import type { WebSocket } from 'ws';
import type { Channel } from '#shared/contract/wire.ts';

/** A page that reads so slowly that this much waits for it is cut off; it comes back and asks anew. */
const mostWaiting = 64 * 1024 * 1024;
const heartbeat = 30_000;

export function socketChannel(socket: WebSocket): Channel {
  let heard = true;
  const beat = setInterval(() => {
    if (!heard) socket.terminate();
    heard = false;
    socket.ping();
  }, heartbeat);
  beat.unref();
  socket.on('pong', () => (heard = true));
  socket.on('close', () => clearInterval(beat));
  // A broken pipe also closes; `close` is where it is told.
  socket.on('error', () => socket.terminate());

  return {
    send: (frame) => {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > mostWaiting) socket.terminate();
      else socket.send(JSON.stringify(frame));
    },
    onFrame: (listen) =>
      socket.on('message', (data, isBinary) => {
        heard = true;
        listen(isBinary ? undefined : parsed(String(data)));
      }),
    onClose: (listen) => socket.on('close', listen),
    close: () => socket.close(),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
