/**
 * One machine of the lab on the network: a real SSH server on loopback with a host key of its own. It lets root in
 * with the lab's key, runs the installed agent, and nothing else.
 */
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import ssh2 from 'ssh2';
import type { AuthContext, Connection, ServerChannel } from 'ssh2';
import type { Clock } from '#core/ports.ts';
import { createAgentDouble } from './agent-double.ts';
import type { AgentDouble, AgentList } from './agent-double.ts';
import { HostChanges } from './agent/host-changes.ts';
import type { LabMachine } from './machine.ts';

export interface LabServer {
  readonly machine: LabMachine;
  readonly port: number;
  /** Public host key, as known_hosts has it: `ssh-ed25519 AAAA…`. */
  readonly hostKey: string;
  /**
   * Ends connections when the machine is no longer reachable, and lets the machine look after its plans. Called by the
   * world after each step.
   */
  follow(): void;
  close(): Promise<void>;
}

export interface KeyPair {
  readonly private: string;
  readonly public: string;
}

const agentPath = /^exec \/usr\/local\/sbin\/tmem-agent (--operator )?([0-9a-f]{16})$/;
/** A request is at most 2000 characters, a line of an agent's text more; one that never ends is nobody of ours. */
const longestLine = 65_536;

/** One key in a few hundred comes out of ssh2 such that it cannot read it again itself. */
export function newKey(): KeyPair {
  for (;;) {
    const key = ssh2.utils.generateKeyPairSync('ed25519');
    if (!(ssh2.utils.parseKey(key.private) instanceof Error)) return key;
  }
}

export interface LabServerOptions {
  readonly machine: LabMachine;
  readonly list: AgentList;
  readonly login: KeyPair;
  readonly clock: Clock;
}

export async function startLabServer({ machine, list, login, clock }: LabServerOptions): Promise<LabServer> {
  const hostKey = newKey();
  const changes = new HostChanges(machine, list.knobs, clock);
  const agentFor = (command: string): { agent: AgentDouble; nonce: string } | undefined => {
    const [, operator, nonce] = agentPath.exec(command) ?? [];
    if (nonce === undefined) return undefined;
    const grade = operator === undefined ? 'viewer' : 'operator';
    return { agent: createAgentDouble({ machine, list, changes, grade }), nonce };
  };
  const open = new Set<Connection>();
  /** Those too that never say a word: `open` has only who spoke SSH. */
  const sockets = new Set<Socket>();
  const ssh = new ssh2.Server({ hostKeys: [hostKey.private] }, (client) => {
    open.add(client);
    client.on('close', () => open.delete(client));
    client.on('error', () => undefined);
    client.on('authentication', (context) => {
      if (context.username === 'root' && isOurKey(context, login)) context.accept();
      else context.reject(['publickey']);
    });
    client.on('session', (accept) => {
      accept().on('exec', (acceptExec, _reject, { command }) => runAgent(acceptExec(), agentFor(command)));
    });
  });
  const listener = createServer((socket: Socket) => {
    if (!machine.reachable) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.setNoDelay(true);
    ssh.injectSocket(socket);
  });
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(0, '127.0.0.1', resolve);
  });
  return {
    machine,
    port: (listener.address() as AddressInfo).port,
    hostKey: hostKey.public.split(' ').slice(0, 2).join(' '),
    follow: () => {
      changes.follow();
      if (!machine.reachable) for (const client of open) client.end();
    },
    close: async () => {
      changes.close();
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      for (const client of open) client.end();
      for (const socket of sockets) socket.destroySoon();
      await closed;
    },
  };
}

function isOurKey(context: AuthContext, login: KeyPair): boolean {
  if (context.method !== 'publickey') return false;
  const key = ssh2.utils.parseKey(login.public);
  if (key instanceof Error || Array.isArray(key)) return false;
  if (!key.getPublicSSH().equals(context.key.data)) return false;
  // Without a signature the client only asks whether the key would do.
  return (
    context.signature === undefined || key.verify(context.blob as Buffer, context.signature, context.hashAlgo) === true
  );
}

function runAgent(channel: ServerChannel, start: { agent: AgentDouble; nonce: string } | undefined): void {
  channel.on('error', () => undefined);
  if (start === undefined) {
    channel.stderr.write('sh: the lab runs the installed agent only\n');
    channel.exit(127);
    channel.end();
    return;
  }
  const { agent, nonce } = start;
  channel.write(agent.greeting(nonce));
  let pending = '';
  channel.on('data', (chunk: Buffer) => {
    pending += chunk.toString('latin1');
    const lines = pending.split('\n');
    pending = lines.pop() ?? '';
    for (const line of lines) {
      const answer = agent.answer(line);
      if (answer !== undefined) channel.write(answer);
    }
    if (agent.ended || pending.length > longestLine) {
      channel.exit(0);
      channel.end();
    }
  });
  channel.on('end', () => channel.end());
  channel.on('close', () => agent.hangUp());
}
