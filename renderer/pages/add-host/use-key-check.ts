/**
 * Asks every machine on the way, and the host, for its key, from the console outwards: a key that is not known stops
 * until a person trusts it, a changed or revoked one stops for good.
 */
import { computed, onScopeDispose, shallowRef } from 'vue';
import type { KeyCheck } from '#shared/contract/hosts.ts';
import type { Hop } from '#shared/model/host.ts';
import type { Problem } from '#shared/problem.ts';
import { problemOf } from '#shared/problem.ts';
import { useConsole } from '../../console.ts';

export interface CheckedHop {
  readonly hop: Hop;
  readonly check?: KeyCheck;
  readonly problem?: Problem;
  /** Its key is only to be had after a login on the way: the test of the login asks for it. */
  readonly later?: boolean;
}

export function useKeyCheck() {
  const link = useConsole();
  const hops = shallowRef<readonly CheckedHop[]>([]);
  const busy = shallowRef(false);
  const problem = shallowRef<Problem>();
  let run = 0;
  onScopeDispose(() => (run += 1));

  const put = (index: number, hop: CheckedHop): void => {
    hops.value = hops.value.map((one, at) => (at === index ? hop : one));
  };

  async function from(start: number): Promise<void> {
    const mine = ++run;
    busy.value = true;
    problem.value = undefined;
    try {
      for (let index = start; index < hops.value.length; index += 1) {
        const hop = hops.value[index]?.hop;
        if (hop === undefined) break;
        const jumps = hops.value.slice(0, index).map((before) => before.hop);
        try {
          const check = await link.call('hosts.checkKey', { target: hop, jumps });
          if (mine !== run) return;
          put(index, { hop, check });
          if (check.verdict !== 'known') return;
        } catch (error) {
          const why = problemOf(error);
          if (why === undefined) throw error;
          if (mine !== run) return;
          const later = index > 0 && (why.code === 'secret-needed' || why.code === 'auth-refused');
          put(index, later ? { hop, later } : { hop, problem: why });
          if (!later) return;
        }
      }
    } finally {
      if (mine === run) busy.value = false;
    }
  }

  /** @param chain the machines on the way, outermost first, and the host itself last. */
  function check(chain: readonly Hop[]): void {
    hops.value = chain.map((hop) => ({ hop }));
    void from(0);
  }

  async function change(ask: () => Promise<unknown>, index: number): Promise<void> {
    busy.value = true;
    problem.value = undefined;
    try {
      await ask();
    } catch (error) {
      busy.value = false;
      problem.value = problemOf(error);
      if (problem.value === undefined) throw error;
      return;
    }
    await from(index);
  }

  const trust = (index: number): void => {
    const offer = hops.value[index]?.check?.offer;
    if (offer !== undefined)
      void change(() => link.call('hosts.trustKey', { host: offer.host, fingerprint: offer.fingerprint }), index);
  };
  const forget = (index: number): void => {
    const offer = hops.value[index]?.check?.offer;
    if (offer !== undefined) void change(() => link.call('hosts.forgetKey', { host: offer.host }), index);
  };

  /** Nothing stands in the way of trying to log in. */
  const settled = computed(
    () =>
      hops.value.length > 0 &&
      !busy.value &&
      hops.value.every(({ check, later }) => later === true || check?.verdict === 'known'),
  );

  return { hops, busy, problem, settled, check, again: from, trust, forget };
}
