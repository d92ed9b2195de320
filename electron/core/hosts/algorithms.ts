/**
 * Which algorithms are offered to a server. Usually ssh2's own choice, all of them sound; for a host whose owner
 * allowed it also those that sshd of the days of tmem (OpenSSH 4.3 to 6) needs.
 */
import type { Algorithms, ServerHostKeyAlgorithm } from 'ssh2';
import type { Hop } from '#shared/model/host.ts';

const old = {
  kex: ['diffie-hellman-group-exchange-sha1', 'diffie-hellman-group14-sha1', 'diffie-hellman-group1-sha1'],
  cipher: ['aes256-cbc', 'aes192-cbc', 'aes128-cbc', '3des-cbc'],
  hmac: ['hmac-md5', 'hmac-sha1-96'],
  hostKey: 'ssh-dss',
} as const;

/** @param hostKeys in the order in which they are to be asked for; undefined for ssh2's own */
export function algorithmsFor(hop: Pick<Hop, 'oldAlgorithms'>, hostKeys: readonly string[] | undefined): Algorithms {
  const keys = hostKeys === undefined ? undefined : [...hostKeys];
  if (hop.oldAlgorithms !== true) return keys === undefined ? {} : { serverHostKey: asKnown(keys) };
  const added = <Name extends string>(names: readonly Name[]) => ({ append: [...names], prepend: [], remove: [] });
  return {
    kex: added(old.kex),
    cipher: added(old.cipher),
    hmac: added(old.hmac),
    serverHostKey:
      keys === undefined ? added([old.hostKey]) : asKnown(keys.includes(old.hostKey) ? keys : [...keys, old.hostKey]),
  };
}

// The types do not know that ssh2 takes any order of its own names.
const asKnown = (names: string[]): ServerHostKeyAlgorithm[] => names as ServerHostKeyAlgorithm[];
