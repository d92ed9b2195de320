import { describe, expect, it } from 'vitest';
import type { GuestRow } from '#shared/model/guest-row.ts';
import { findEntries } from '../../../renderer/frame/palette-entries.ts';
import { hostView, states } from '../../support/host-view.ts';
import { scenarios } from '../lab-status.ts';

const hosts = [
  hostView('db-1'),
  hostView('web-1', { config: { address: '10.0.0.7' } }),
  hostView('old', { state: states.off }),
];
const guests = [
  { host: 'id-db-1', hostName: 'db-1', key: 'k1', name: 'oradb-prod' },
  { host: 'id-web-1', hostName: 'web-1', key: 'k2', name: '<img src=x>' },
] as unknown as GuestRow[];
const words = (search: string) => findEntries(search, hosts, guests).map((entry) => entry.words);

describe('the palette', () => {
  it('offers pages, hosts and general actions before anything is typed', () => {
    expect(words('').slice(0, 10)).toEqual([
      'Fleet',
      'Guests',
      'Cluster',
      'Changes',
      'History',
      'Savings',
      'Reports',
      'Settings',
      'db-1',
      'web-1',
    ]);
    expect(words('')).toContain('Add a host');
  });
  it('finds a host before what can be done with it, by name or address', () => {
    expect(words('db-1')[0]).toBe('db-1');
    expect(words('10.0.0.7')[0]).toBe('web-1');
    expect(words('db-1')).toContain('Disconnect db-1');
  });
  it('offers to connect what is not connected', () => {
    expect(words('old')).toContain('Connect old');
    expect(words('old')).not.toContain('Disconnect old');
  });
  it('finds guests by name and by the name of their host, whatever they are called', () => {
    expect(words('oradb')).toEqual(['oradb-prod']);
    expect(words('<img')).toEqual(['<img src=x>']);
    expect(words('prod db-1')).toEqual(['oradb-prod']);
  });
  it('begins every wizard by its name', () => {
    expect(findEntries('ramster', hosts, guests)[0]).toMatchObject({
      words: 'Build a RAMster cluster',
      action: { kind: 'go', to: { name: 'change', params: { wizard: 'cluster' } } },
    });
    for (const search of ['frontswap', 'cleancache', 'compress', 'cluster', 'pool', 'balloon', 'setting'])
      expect(words(search).some((entry) => entry.toLowerCase().includes(search))).toBe(true);
  });
  it('wants every word', () => expect(words('theme dark')).toEqual(['Theme dark']));
  it('finds nothing for nonsense', () => expect(words('qqqq')).toEqual([]));
  it('stops at the limit with ten thousand guests', () => {
    const many = Array.from({ length: 10_000 }, (_, i) => ({
      host: 'h',
      hostName: 'h',
      key: `${i}`,
      name: `vm-${i}`,
    })) as unknown as GuestRow[];
    expect(findEntries('vm', [], many).length).toBe(40);
  });
  it('opens the lab by any scenario, and leaves it only when it is open', () => {
    const inLab = (search: string, open?: string) =>
      findEntries(search, hosts, guests, { scenarios, open }).map((entry) => entry.words);
    expect(inLab('open lab')).toEqual([
      'Open the lab: Donor lost',
      'Open the lab: Monday morning',
      'Open the lab: First five minutes',
    ]);
    expect(inLab('leave')).toEqual([]);
    expect(inLab('leave', 'tour')).toEqual(['Leave the lab']);
    expect(inLab('', 'tour')).toContain('Leave the lab');
    expect(inLab('')).toContain('Open the lab: First five minutes');
  });
});
