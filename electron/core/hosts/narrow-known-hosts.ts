/** Known hosts cut down to what concerns a few machines, without holding up the console. Called by key-policy.ts. */
import { setImmediate as turn } from 'node:timers/promises';
import { checkKey } from './known-hosts.ts';
import type { KnownHosts, KnownHostsEntry } from './known-hosts.ts';

export interface Place {
  readonly address: string;
  readonly port: number;
}

/** A key no host has: asks what types are known. */
export const noKey = Buffer.from('\0\0\0\x04none\0\0\0\0', 'latin1');

/** So many hashed names are tried in about two milliseconds. */
const pieceOfWork = 500;

/**
 * The part of a large file that concerns these machines. Every hashed name must be hashed anew for every machine, so
 * this gives way to other work in between. Revocations are kept: they hold for keys, which are not known yet.
 */
export async function narrowKnownHosts(known: KnownHosts, places: readonly Place[]): Promise<KnownHosts> {
  if (known.entries.length <= pieceOfWork) return known;
  const kept: KnownHostsEntry[] = [];
  for (let from = 0; from < known.entries.length; from += pieceOfWork) {
    const piece = { entries: known.entries.slice(from, from + pieceOfWork), bad: 0 };
    for (const { address, port } of places) {
      const concerns = [port, 22].some((at) => {
        const { types, note } = checkKey([piece], address, at, noKey);
        return types.length > 0 || note !== undefined;
      });
      if (concerns) {
        kept.push(...piece.entries);
        break;
      }
      await turn();
    }
    if (kept.at(-1) !== piece.entries.at(-1)) kept.push(...piece.entries.filter(({ marker }) => marker === 'revoked'));
  }
  return { entries: kept, bad: known.bad };
}
