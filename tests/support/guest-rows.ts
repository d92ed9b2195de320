/** Guests and hosts as the core would tell of them, for tests of pages: few words, every figure with its source. */
import type { GuestRow } from '#shared/model/guest-row.ts';
import type { Said } from '#shared/model/guest.ts';
import type { HostView } from '#shared/model/host.ts';
import { bytes, epochMs } from '#shared/units.ts';

export const gibibytes = (count: number): number => count * 1024 ** 3;

export const said = (size: number, source = 'virsh domstats', at = Date.now()): Said => ({
  bytes: bytes(size),
  source,
  at: epochMs(at),
});

export function guestRow(more: Partial<GuestRow> & { readonly key: string }): GuestRow {
  return {
    host: 'h1',
    hostName: 'host-01',
    at: epochMs(Date.now()),
    name: more.key,
    kind: 'libvirt',
    promised: said(gibibytes(8)),
    allowed: said(gibibytes(8)),
    uses: said(gibibytes(3)),
    pays: { resident: said(gibibytes(4), '/proc/4711/smaps_rollup') },
    unknown: [],
    pressure: 0,
    swapIn: 0,
    ...more,
  };
}

export function hostView(
  id: string,
  more: Partial<Omit<HostView, 'config'>> & { readonly config?: Partial<HostView['config']> } = {},
): HostView {
  return {
    state: { kind: 'live', since: epochMs(Date.now()), missing: [] },
    platforms: [],
    summary: { at: epochMs(Date.now()), signals: {}, guests: 0, pressure: [] },
    ...more,
    config: {
      id,
      name: `host-${id}`,
      address: '10.0.0.7',
      port: 22,
      user: 'root',
      login: { method: 'agent' },
      group: '',
      tags: [],
      jumps: [],
      agent: 'pushed',
      sudo: 'when-allowed',
      guestGroups: [],
      connect: true,
      ...more.config,
    },
  };
}

/** The same without some of its properties: what nobody tells is left out, not undefined. */
export function without<From extends object, Key extends keyof From>(from: From, ...keys: Key[]): Omit<From, Key> {
  const dropped: readonly PropertyKey[] = keys;
  return Object.fromEntries(Object.entries(from).filter(([key]) => !dropped.includes(key))) as Omit<From, Key>;
}
