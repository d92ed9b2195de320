/**
 * QEMU's machine protocol over its unix socket: one JSON object a line, one answer to each command, in order.
 * Used by machine.ts. Events between the answers are passed over.
 */
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { once } from 'node:events';

export interface Qmp {
  /** @throws with QEMU's own words when the command is refused, or when the machine is gone */
  ask(execute: string, args?: Readonly<Record<string, unknown>>): Promise<unknown>;
  close(): void;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: Error) => void;
}

export async function connectQmp(socketPath: string): Promise<Qmp> {
  const socket = connect(socketPath);
  const waiting: Waiting[] = [];
  let gone: Error | undefined;
  await once(socket, 'connect');
  const giveUp = (): void => {
    gone ??= new Error('the machine has ended and answers no QMP command');
    for (const { reject } of waiting.splice(0)) reject(gone);
  };
  socket.on('error', giveUp).on('close', giveUp);
  createInterface({ input: socket }).on('line', (line) => {
    const answer = JSON.parse(line) as { return?: unknown; error?: { desc?: string } };
    if (answer.error !== undefined) waiting.shift()?.reject(new Error(`QMP: ${answer.error.desc ?? 'refused'}`));
    else if ('return' in answer) waiting.shift()?.resolve(answer.return);
  });
  const ask: Qmp['ask'] = (execute, args) =>
    new Promise((resolve, reject) => {
      if (gone !== undefined) return reject(gone);
      waiting.push({ resolve, reject });
      socket.write(`${JSON.stringify({ execute, ...(args === undefined ? {} : { arguments: args }) })}\n`);
    });
  await ask('qmp_capabilities');
  return { ask, close: () => socket.destroy() };
}
