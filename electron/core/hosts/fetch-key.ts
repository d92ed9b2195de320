/**
 * Asks a machine for its host key without logging in to it. The machines before it are logged in to as usual, with
 * what is held already. Called by hosts.ts for the page that shows a fingerprint.
 */
import type { KeyCheck } from '#shared/contract/hosts.ts';
import type { Hop } from '#shared/model/host.ts';
import type { ConnectContext } from './connect.ts';
import { openRoute } from './jump.ts';
import { KeyStop } from './key-stop.ts';
import type { Means } from './reach.ts';

/** Ends the handshake once the key is seen. */
class KeySeen extends Error {
  readonly check: KeyCheck;

  constructor(check: KeyCheck) {
    super('the key was seen');
    this.check = check;
  }
}

/**
 * @param hops from the console outwards, the machine that is asked last
 * @returns what is known of its key, or of the first key on the way that stops us
 */
export async function fetchKey(
  hops: readonly Hop[],
  means: Pick<Means, 'policy' | 'gate'>,
  context: Omit<ConnectContext, 'keys'>,
): Promise<KeyCheck> {
  const keys = await means.policy.load(hops);
  let left = hops.length;
  const watching = {
    ...keys,
    insist: (address: string, port: number, key: Buffer): string => {
      if (--left === 0) throw new KeySeen(keys.check(address, port, key));
      return keys.insist(address, port, key);
    },
  };
  try {
    (await openRoute(hops, { ...context, keys: watching }, means.gate)).close();
  } catch (error) {
    if (error instanceof KeySeen || error instanceof KeyStop) return error.check;
    throw error;
  }
  throw new Error('a handshake ended without showing a key');
}
