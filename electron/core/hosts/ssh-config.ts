/**
 * Hosts to take over from ~/.ssh/config. Called by the hosts room when a person opens the import, and again when they
 * choose. It reads the files and reports; it never connects, and never runs what the files would have ssh run.
 */
import { access } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { fail } from '#shared/problem.ts';
import { hostDraft } from '#shared/contract/schemas.ts';
import type { HostDraft, Hop } from '#shared/model/host.ts';
import type { ImportableHost } from '#shared/contract/hosts.ts';
import { readConfigLines, type ConfigLine } from './ssh-config-lines.ts';
import { configFor, hostNameOf, type AliasConfig, type Preset } from './ssh-config-match.ts';

export interface SshConfigSource {
  readonly file: string;
  /** The account at this machine: who ssh would log in as when the file does not say. */
  readonly user: string;
  readonly home: string;
}

export interface ImportOptions extends SshConfigSource {
  /** Names of the hosts the console has already. */
  readonly present: ReadonlySet<string>;
}

/** A host with the way to it, all aliases resolved. */
interface Resolved extends Hop {
  readonly jumps: readonly Hop[];
  readonly keyFile?: string;
  readonly obstacle?: string;
}

interface Target extends Preset {
  readonly host: string;
}

const mostJumps = 8;

/** `[user@]host[:port]` or the same as `ssh://…`; undefined for anything else. */
function parseJump(text: string): Target | undefined {
  const bare = text
    .trim()
    .replace(/^ssh:\/\//i, '')
    .replace(/\/$/, '');
  const at = bare.lastIndexOf('@');
  const rest = /^(?:\[([^\]]+)\]|([^:[\]]+)|([^[\]]*:[^[\]]*:[^[\]]*))(?::(\d+))?$/.exec(bare.slice(at + 1));
  const host = rest?.[1] ?? rest?.[2] ?? rest?.[3];
  if (host === undefined || host.startsWith('-')) return undefined;
  const port = rest?.[4];
  return { host, ...(at > 0 ? { user: bare.slice(0, at) } : {}), ...(port === undefined ? {} : { port }) };
}

const jumpList = ({ proxyJump }: AliasConfig): string[] =>
  proxyJump === undefined || proxyJump.toLowerCase() === 'none' ? [] : proxyJump.split(',').map((jump) => jump.trim());

class Resolver {
  readonly #lines: readonly ConfigLine[];
  readonly #source: SshConfigSource;

  constructor(lines: readonly ConfigLine[], source: SshConfigSource) {
    this.#lines = lines;
    this.#source = source;
  }

  config(target: Target): AliasConfig {
    const { host, ...preset } = target;
    return configFor(this.#lines, host, this.#source.user, preset);
  }

  /** `~`, `${HOME}` and ssh's tokens; undefined when there is something in it that is not known here. */
  #expand(path: string, alias: string, config: AliasConfig): string | undefined {
    const { home, user } = this.#source;
    const tokens: Record<string, string> = {
      '%': '%',
      d: home,
      h: hostNameOf(config, alias),
      n: alias,
      p: config.port ?? '22',
      r: config.user ?? user,
      u: user,
    };
    let known = true;
    const expanded = path
      .replace(/^~(?=\/|$)/, () => home)
      .replace(/\$\{([^}]*)\}|%(.?)/g, (_, variable: string | undefined, token: string | undefined) => {
        const value = variable === undefined ? tokens[token ?? ''] : variable === 'HOME' ? home : undefined;
        known &&= value !== undefined;
        return value ?? '';
      });
    if (!known || expanded.startsWith('~')) return undefined;
    return isAbsolute(expanded) ? expanded : join(home, expanded);
  }

  /** The first key that is there, else the first named. A public key stands for one the agent holds. */
  async #keyFile(alias: string, config: AliasConfig): Promise<{ keyFile?: string; obstacle?: string }> {
    const named = config.identityFiles.filter((file) => file.toLowerCase() !== 'none' && !file.endsWith('.pub'));
    const paths = named.map((file) => this.#expand(file, alias, config));
    for (const path of paths) {
      if (path === undefined) continue;
      if (
        await access(path).then(
          () => true,
          () => false,
        )
      )
        return { keyFile: path };
    }
    const first = paths.find((path) => path !== undefined);
    if (first !== undefined) return { keyFile: first };
    const odd = named[0];
    return odd === undefined
      ? {}
      : { obstacle: `IdentityFile ${odd} holds a token the console does not know. Add this host by hand.` };
  }

  /** The way to one machine by its own ProxyJump, without the machine itself. */
  async #jumps(config: AliasConfig, seen: readonly string[]): Promise<{ jumps: Hop[]; obstacle?: string }> {
    const jumps: Hop[] = [];
    for (const [index, text] of jumpList(config).entries()) {
      const target = parseJump(text);
      if (target === undefined)
        return { jumps, obstacle: `ProxyJump ${text} cannot be understood. Add this host by hand.` };
      if (seen.includes(target.host))
        return { jumps, obstacle: `ProxyJump leads back to ${target.host}. Mend the chain in the file first.` };
      // Only the first of a list is reached by its own ProxyJump; the others are reached through those before them.
      const hop = await this.resolve(target, [...seen, target.host], index === 0);
      jumps.push(...hop.jumps, { address: hop.address, port: hop.port, user: hop.user, login: hop.login });
      if (hop.obstacle !== undefined) return { jumps, obstacle: `${target.host} on the way: ${hop.obstacle}` };
      if (jumps.length > mostJumps) return { jumps, obstacle: `There are more than ${mostJumps} machines on the way.` };
    }
    return { jumps };
  }

  async resolve(target: Target, seen: readonly string[], ownJumps: boolean): Promise<Resolved> {
    const config = this.config(target);
    const port = Number(config.port ?? 22);
    const portFits = /^\d{1,5}$/.test(config.port ?? '22') && port >= 1 && port <= 65535;
    const { keyFile, obstacle: keyObstacle } = await this.#keyFile(target.host, config);
    const way = ownJumps ? await this.#jumps(config, seen) : { jumps: [] };
    const command = ownJumps && config.proxyCommand?.toLowerCase() !== 'none' ? config.proxyCommand : undefined;
    const oddName = /%(?![%h])/.test((config.hostName ?? '').replaceAll('%%', ''));
    const obstacle =
      config.obstacle ??
      (command === undefined
        ? undefined
        : `It is reached through a ProxyCommand, which the console does not run. Add it by hand, with jump hosts.`) ??
      (oddName
        ? `HostName ${config.hostName ?? ''} holds a token ssh does not know. Add this host by hand.`
        : undefined) ??
      (portFits ? undefined : `Port ${config.port ?? ''} is not a number from 1 to 65535. Mend that line first.`) ??
      keyObstacle ??
      way.obstacle;
    return {
      address: hostNameOf(config, target.host),
      port: portFits ? port : 22,
      user: config.user ?? this.#source.user,
      login: keyFile === undefined ? { method: 'agent' } : { method: 'key', keyFile },
      jumps: way.jumps,
      ...(keyFile === undefined ? {} : { keyFile }),
      ...(obstacle === undefined ? {} : { obstacle }),
    };
  }
}

/** Names in Host lines that stand for one machine, in the order of the files. */
function aliasesIn(lines: readonly ConfigLine[]): string[] {
  const names = lines.flatMap((line): string[] => {
    if (line.included !== undefined) return line.included.flatMap(aliasesIn);
    return line.keyword === 'host' ? line.args.filter((name) => !/[*?!]/.test(name)) : [];
  });
  return [...new Set(names)];
}

function draftOf(alias: string, { address, port, user, login, jumps }: Resolved): HostDraft {
  return {
    name: alias,
    address,
    port,
    user,
    login,
    group: '',
    tags: [],
    jumps,
    agent: 'pushed',
    sudo: 'when-allowed',
    guestGroups: [],
    connect: true,
  };
}

interface Candidate {
  readonly importable: ImportableHost;
  readonly draft: HostDraft;
}

async function candidate(resolver: Resolver, alias: string, present: ReadonlySet<string>): Promise<Candidate> {
  const resolved = await resolver.resolve({ host: alias }, [alias], true);
  const draft = draftOf(alias, resolved);
  const fault = hostDraft.safeParse(draft).error?.issues[0];
  const obstacle =
    resolved.obstacle ??
    (fault === undefined ? undefined : `${fault.path.map(String).join('.')}: ${fault.message}. Add this host by hand.`);
  const importable: ImportableHost = {
    alias,
    address: resolved.address,
    port: resolved.port,
    user: resolved.user,
    ...(resolved.keyFile === undefined ? {} : { keyFile: resolved.keyFile }),
    jumps: jumpList(resolver.config({ host: alias })),
    ...(obstacle === undefined ? {} : { obstacle }),
    present: present.has(alias),
  };
  return { importable, draft };
}

/** Gives way to other work between hosts: a file may name thousands. */
async function candidates(source: SshConfigSource, wanted: (alias: string) => boolean, present: ReadonlySet<string>) {
  const lines = await readConfigLines(source.file, source.home);
  const resolver = new Resolver(lines, source);
  const found: Candidate[] = [];
  for (const alias of aliasesIn(lines).filter(wanted)) {
    found.push(await candidate(resolver, alias, present));
    await turn();
  }
  return found;
}

/** Every alias of the file, also those that cannot be taken over, with the reason. Rejects: file-unreadable. */
export async function readImportable({ present, ...source }: ImportOptions): Promise<ImportableHost[]> {
  return (await candidates(source, () => true, present)).map(({ importable }) => importable);
}

/**
 * What the console stores for those aliases, in that order, by what the file says now.
 * Rejects: not-found for an alias the file does not name, conflict for one with an obstacle, file-unreadable.
 */
export async function draftsFor(source: SshConfigSource, aliases: readonly string[]): Promise<HostDraft[]> {
  const wanted = new Set(aliases);
  const found = await candidates(source, (alias) => wanted.has(alias), new Set());
  const byAlias = new Map(found.map((one) => [one.importable.alias, one]));
  return [...wanted].map((alias) => {
    const one = byAlias.get(alias);
    if (one === undefined) return fail('not-found', `${source.file} names no host ${alias} any more. Read it again.`);
    const { obstacle } = one.importable;
    return obstacle === undefined ? one.draft : fail('conflict', `${alias} cannot be imported. ${obstacle}`);
  });
}
