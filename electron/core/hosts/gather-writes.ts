/**
 * ssh2 hands each packet to its socket in three or four pieces (length, body, tag). Without Nagle's algorithm each
 * would be a system call and a segment of its own; gathered, what is written in one turn is one of either.
 */
import type { Socket } from 'node:net';

export function gatherWrites(socket: Socket): void {
  const write = socket.write.bind(socket) as (...words: unknown[]) => boolean;
  let corked = false;
  socket.write = (...words: unknown[]): boolean => {
    if (!corked) {
      corked = true;
      socket.cork();
      process.nextTick(() => {
        corked = false;
        socket.uncork();
      });
    }
    return write(...words);
  };
}
