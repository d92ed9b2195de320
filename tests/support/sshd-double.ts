/**
 * An SSH server inside the test, on loopback, that does on an exec what the test says: for other ends that no real
 * sshd would be. Real TCP and real SSH; only the commands are made up.
 */
import type { AddressInfo, Socket } from 'node:net';
import ssh2 from 'ssh2';
import type { AuthContext, ServerChannel } from 'ssh2';

export interface SshdDouble {
  readonly port: number;
  /** A known_hosts line. */
  readonly known: string;
  /** Logins that were tried, without "none". */
  readonly tried: string[];
  readonly commands: string[];
  /** Connections that are open. */
  connections(): number;
  close(): Promise<void>;
}

export interface SshdDoubleOptions {
  /** Any free one when left out. */
  readonly port?: number;
  /** What the commands do; the nonce is the last word of the command. */
  onExec?(channel: ServerChannel, nonce: string, command: string): void;
  onAuth?(context: AuthContext): void;
}

const anyPassword = (context: AuthContext): void => {
  if (context.method === 'password') context.accept();
  else context.reject(['password']);
};

type KeyOptions = Parameters<typeof ssh2.utils.generateKeyPairSync>[1];

/** ssh2 writes one key in a few hundred so that it cannot read it again itself. */
export function ed25519Key(options?: KeyOptions): ReturnType<typeof ssh2.utils.generateKeyPairSync> {
  for (;;) {
    const key = ssh2.utils.generateKeyPairSync('ed25519', options);
    const passphrase = (options as { passphrase?: string } | undefined)?.passphrase;
    if (!(ssh2.utils.parseKey(key.private, passphrase) instanceof Error)) return key;
  }
}

export async function startSshdDouble(options: SshdDoubleOptions): Promise<SshdDouble> {
  const key = ed25519Key();
  const tried: string[] = [];
  const commands: string[] = [];
  const sockets = new Set<Socket>();
  const server = new ssh2.Server({ hostKeys: [key.private] }, (client) => {
    client.on('error', () => undefined);
    client.on('authentication', (context) => {
      if (context.method !== 'none') tried.push(context.method);
      (options.onAuth ?? anyPassword)(context);
    });
    client.on('session', (accept) => {
      accept().on('exec', (acceptExec, _reject, { command }) => {
        commands.push(command);
        const channel = acceptExec();
        channel.on('error', () => undefined);
        options.onExec?.(channel, command.split(' ').at(-1) ?? '', command);
      });
    });
  });
  (server as unknown as { _srv: { on(name: 'connection', run: (socket: Socket) => void): void } })._srv.on(
    'connection',
    (socket) => {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.once('close', () => sockets.delete(socket));
    },
  );
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    known: `[127.0.0.1]:${port} ${key.public}`,
    tried,
    commands,
    connections: () => sockets.size,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** The agent's greeting. */
export const hello = (nonce: string, more = ''): string =>
  [
    `=hello 1 ${nonce}`,
    '=fact kernel 6.1.0',
    '=fact hostname double',
    '=fact os Debian',
    '=fact pagesize 4096',
    '=fact bootid 1',
    '=fact uid 1000',
    '=fact user admin',
    '=fact sets test.memory',
    '=fact commands test-slow',
    `${more}=ready ${nonce}`,
    '',
  ].join('\n');

/** Reads requests, after whatever script was sent, and answers each with what the test says. */
export function answerWith(channel: ServerChannel, answer: (id: string, request: string) => void): void {
  let text = '';
  channel.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) {
      const request = /^(\d{1,9}) ((?:read|probe|run) [\w.-]+|ping)$/.exec(line);
      if (request?.[1] !== undefined && request[2] !== undefined) answer(request[1], request[2]);
    }
  });
}
