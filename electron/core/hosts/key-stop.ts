/** Why a handshake was ended over the host's key, with the sentence a person reads. Thrown by key-policy.ts. */
import type { HostKeyOffer } from '#shared/model/host.ts';
import type { KeyCheck } from '#shared/contract/hosts.ts';
import { ProblemError, problem } from '#shared/problem.ts';

/** The handshake was ended because of the host's key. */
export class KeyStop extends ProblemError {
  readonly check: Exclude<KeyCheck, { verdict: 'known' }>;

  constructor(check: Exclude<KeyCheck, { verdict: 'known' }>) {
    super(check.verdict === 'unknown' ? unknownProblem(check.offer) : check.problem);
    this.name = 'KeyStop';
    this.check = check;
  }
}

const unknownProblem = (offer: HostKeyOffer) =>
  problem(
    'host-key-unknown',
    `${offer.host} shows a ${offer.keyType} key that is not known. Compare its fingerprint with the host's own (ssh-keygen -lf /etc/ssh/ssh_host_*_key.pub) and confirm it.`,
    offer.fingerprint,
  );

/** @param where file and line the other key is known from */
/** @param known the key that stands there, in words: type and fingerprint */
export const changedProblem = (offer: HostKeyOffer, where: string, known: string) =>
  problem(
    'host-key-changed',
    `${offer.host} shows another key than the one known from ${where}. Somebody may be in between, or the host was rebuilt: ask its administrator. Nothing was sent. If it was rebuilt, take the old key out and confirm the new one.`,
    `known before: ${known}\nshows now:    ${offer.keyType} ${offer.fingerprint}`,
  );

/** @param where file and line of the revocation */
export const revokedProblem = (offer: HostKeyOffer, where: string) =>
  problem(
    'host-key-revoked',
    `${offer.host} shows a key that is marked @revoked in ${where}: it must not be used any more. Give the host a new key.`,
    `${offer.keyType} ${offer.fingerprint}`,
  );
