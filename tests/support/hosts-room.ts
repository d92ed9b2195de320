/** The hosts room with real files in a temporary folder, the real agent, and a short list of what it may read. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConnectionState, HostDraft, HostId } from '#shared/model/host.ts';
import type { AgentKnob } from '#core/platforms/change.ts';
import type { FileSet, FixedCommand, GroupSet } from '#core/platforms/platform.ts';
import type { AgentLink, Clock, Log, TextFile } from '#core/ports.ts';
import type { Limits } from '#core/hosts/connect.ts';
import { createHosts } from '#core/hosts/hosts.ts';
import type { Hosts } from '#core/hosts/hosts.ts';
import { openInventory } from '#core/hosts/inventory.ts';
import type { InventoryFile } from '#core/hosts/inventory.ts';
import { systemClock } from '#core/system-clock.ts';
import { agentBody } from './agent-body.ts';
import { until } from './sshd.ts';

export interface Room {
  readonly hosts: Hosts;
  readonly dir: string;
  readonly own: TextFile;
  readonly bugs: unknown[];
  link(host: HostId): AgentLink | undefined;
  /** Every state the host went through, by name. */
  history(host: HostId): readonly string[];
  reaches<Kind extends ConnectionState['kind']>(
    host: HostId,
    kind: Kind,
    ms?: number,
  ): Promise<Extract<ConnectionState, { kind: Kind }>>;
  close(): Promise<void>;
}

export interface RoomOptions {
  /** Lines of the person's own known_hosts. */
  readonly known?: readonly string[];
  readonly limits?: Partial<Limits>;
  readonly agentSocket?: string;
  readonly clock?: Clock;
  readonly sets?: readonly (FileSet | GroupSet)[];
  /** With these, plans are kept in the room's own folder. */
  readonly knobs?: readonly AgentKnob[];
}

export const roomSets: readonly (FileSet | GroupSet)[] = [
  { kind: 'files', name: 'test.memory', every: 'tick', files: ['/proc/meminfo', '/proc/swaps'] },
];
export const roomCommands: readonly FixedCommand[] = [
  { name: 'test-slow', every: 'tick', needs: 'sleep', shown: 'test-slow', script: 'echo one; sleep 3; echo two' },
];

export async function openRoom(options: RoomOptions = {}): Promise<Room> {
  const dir = mkdtempSync(join(tmpdir(), 'tmem-room-'));
  const userFile = join(dir, 'user_known_hosts');
  writeFileSync(userFile, (options.known ?? []).map((line) => `${line}\n`).join(''));
  const bugs: unknown[] = [];
  const log: Log = { info: () => undefined, warn: () => undefined, bug: (_words, error) => bugs.push(error) };
  let ownText: string | undefined;
  const own: TextFile = {
    path: join(dir, 'known_hosts'),
    read: async () => ownText,
    write: async (text) => {
      ownText = text;
    },
  };
  let saved: InventoryFile | undefined;
  const inventory = await openInventory({
    load: async () => saved,
    save: async (value) => {
      saved = value;
    },
  });
  const hosts = createHosts({
    clock: options.clock ?? systemClock,
    log,
    inventory,
    knownHosts: { userFiles: [userFile], own },
    sshConfigFile: join(dir, 'ssh_config'),
    agentBody: options.knobs === undefined ? agentBody : agentBody.replace("'/run /var/run'", `'${dir}'`),
    sets: options.sets ?? roomSets,
    commands: roomCommands,
    knobs: options.knobs ?? [],
    home: dir,
    env: { SSH_AUTH_SOCK: options.agentSocket },
    limits: { tcpMs: 3000, handshakeMs: 10_000, helloMs: 8000, requestMs: 5000, ...options.limits },
    random: () => 0.5,
    newId: randomUUID,
    survey: async (link) => {
      await link.ask({ verb: 'read', set: 'test.memory' });
      return { platforms: [], missing: [], guests: 0 };
    },
    notify: () => undefined,
  });
  const links = new Map<HostId, AgentLink>();
  const histories = new Map<HostId, string[]>();
  hosts.onLink((host, link) => {
    if (link === undefined) links.delete(host);
    else links.set(host, link);
  });
  hosts.onChange((host) => {
    const seen = histories.get(host) ?? [];
    histories.set(host, seen);
    const { kind } = hosts.state(host);
    if (seen.at(-1) !== kind) seen.push(kind);
  });
  return {
    hosts,
    dir,
    own,
    bugs,
    link: (host) => links.get(host),
    history: (host) => histories.get(host) ?? [],
    reaches: async (host, kind, ms = 15_000) => {
      await until(
        `state ${kind}, went through ${JSON.stringify(histories.get(host))}`,
        () => hosts.state(host).kind === kind,
        ms,
      ).catch((error: unknown) => {
        throw new Error(
          `${String(error)}; it is ${JSON.stringify(hosts.state(host))}, bugs: ${bugs.map(String).join()}`,
        );
      });
      return hosts.state(host) as Extract<ConnectionState, { kind: typeof kind }>;
    },
    close: async () => {
      await hosts.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

export function draftOf(over: Partial<HostDraft> & Pick<HostDraft, 'port' | 'user' | 'login'>): HostDraft {
  return {
    name: `host-${over.port}-${Math.random().toString(36).slice(2)}`,
    address: '127.0.0.1',
    group: '',
    tags: [],
    jumps: [],
    agent: 'pushed',
    sudo: 'never',
    guestGroups: [],
    connect: true,
    ...over,
  };
}

/** A known_hosts line for a server on loopback. */
export const knownLine = (port: number, key: string | undefined): string => `[127.0.0.1]:${port} ${key ?? ''}`;
