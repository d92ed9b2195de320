/** A small platform and hosts in memory, for tests of the watching room. */
import type { Platform, Reading } from '#core/platforms/platform.ts';
import type { AgentLink, HostsPort } from '#core/ports.ts';
import type { HostConfig } from '#shared/model/host.ts';
import { bytes, epochMs } from '#shared/units.ts';

/** Reads one number per file: small enough to see through, shaped like the real ones. */
export const platform: Platform = {
  id: 'small',
  title: 'Small',
  sets: [
    { kind: 'files', name: 'small.fast', every: 'tick', files: ['/proc/count', '/proc/level'] },
    { kind: 'files', name: 'small.slow', every: 'minute', files: ['/proc/slow'] },
    { kind: 'files', name: 'small.once', every: 'connect', files: ['/proc/version'] },
  ],
  commands: [{ name: 'guests', every: '10s', needs: 'virsh', shown: 'virsh list', script: 'virsh list' }],
  catalogue: [
    {
      id: 'count',
      title: 'Swap-ins',
      unit: 'count',
      kind: 'counter',
      instance: 'host',
      help: '',
      charted: true,
      signal: 'harm.swap-in',
    },
    {
      id: 'level',
      title: 'Saved',
      unit: 'bytes',
      kind: 'level',
      instance: 'host',
      help: '',
      charted: true,
      signal: 'saved.compressed',
    },
    ...['asked', 'asked-sum'].map((id) => ({
      id,
      title: 'Asked',
      unit: 'count' as const,
      kind: 'counter' as const,
      instance: 'host' as const,
      help: '',
      charted: true,
    })),
    { id: 'slow', title: 'Slow', unit: 'count', kind: 'level', instance: 'host', help: '', charted: false },
  ],
  detect: ({ files }) => ({ presence: files.has('/proc/level') ? 'full' : 'none', because: [] }),
  read: ({ files, commands }): Reading => {
    const value = (metric: string, path: string) => {
      const text = files.get(path)?.text;
      return text === undefined ? [] : [{ metric, instance: '', value: Number(text), source: path, line: 1 }];
    };
    const lines = commands.get('virsh list')?.text.split('\n') ?? [];
    const names = lines.filter((name) => name !== '' && !name.startsWith('total '));
    const totals = lines.filter((name) => name.startsWith('total ')).map((line) => Number(line.slice(6)));
    return {
      values: [
        ...value('count', '/proc/count'),
        ...value('level', '/proc/level'),
        ...value('slow', '/proc/slow'),
        ...totals.flatMap((total) => [
          { metric: 'asked', instance: '', value: total, source: 'virsh list', line: 3 },
          { metric: 'asked-sum', instance: '', value: total, source: 'Σ of all (virsh list)' },
        ]),
      ],
      guests: names.map((name) => ({
        key: name,
        name,
        kind: 'libvirt' as const,
        pays: { resident: { bytes: bytes(name.length), source: 'virsh', at: epochMs(0) } },
        unknown: [],
        values: [],
      })),
      troubles: [],
    };
  },
};

const config = (id: string): HostConfig => ({
  id,
  name: `name of ${id}`,
  address: '127.0.0.1',
  port: 22,
  user: 'root',
  login: { method: 'agent' },
  group: '',
  tags: [],
  jumps: [],
  agent: 'pushed',
  sudo: 'never',
  guestGroups: [],
  connect: true,
});

export class Hosts implements HostsPort {
  readonly all = new Map<string, HostConfig>([
    ['a', config('a')],
    ['b', config('b')],
  ]);
  readonly dead: string[] = [];
  readonly missing = new Map<string, unknown>();
  link: (host: string, link: AgentLink | undefined) => void = () => undefined;
  change: (host: string) => void = () => undefined;
  configs = () => [...this.all.values()];
  config = (host: string) => this.all.get(host);
  state = () => ({ kind: 'live', since: epochMs(0), missing: [] }) as const;
  facts = () => undefined;
  onLink = (listen: Hosts['link']) => void (this.link = listen);
  onChange = (listen: Hosts['change']) => void (this.change = listen);
  setMissing = (host: string, missing: unknown) => void this.missing.set(host, missing);
  reportDead = (host: string) => void this.dead.push(host);
}

/** What a host says whose counter stands there. */
export function answers(count: number, uptime: number): Record<string, string> {
  return {
    'small.fast': `/proc/uptime:${uptime} 1\n/proc/count:${count}\n/proc/level:4096`,
    'small.slow': `/proc/uptime:${uptime} 1\n/proc/slow:7`,
    'small.once': `/proc/uptime:${uptime} 1\n/proc/version:Linux`,
    guests: '$ virsh list\n> one\n> three\n$? 0',
  };
}
