/** The last reading of a host in full, fetched again after each tick while a view of it is open. One question at a time. */
import { shallowRef, watch, type Ref } from 'vue';
import type { HostId } from '#shared/model/host.ts';
import type { HostReading } from '#shared/model/reading.ts';
import type { Problem } from '#shared/problem.ts';
import { problemOf } from '#shared/problem.ts';
import { useConsole } from '../../console.ts';

export function useHostReading(host: () => HostId, moved: Readonly<Ref<number>>) {
  const link = useConsole();
  const reading = shallowRef<HostReading>();
  const loaded = shallowRef(false);
  const problem = shallowRef<Problem>();
  let asking = false;
  let again = false;

  async function load(): Promise<void> {
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    try {
      do {
        again = false;
        const of = host();
        const answer = await link.call('hosts.reading', { host: of });
        if (of === host()) reading.value = answer ?? undefined;
        problem.value = undefined;
      } while (again);
    } catch (error) {
      problem.value = problemOf(error);
      if (problem.value === undefined) throw error;
    } finally {
      asking = false;
      loaded.value = true;
    }
  }

  link.onOpen(() => void load());
  watch([host, moved], () => void load());
  return { reading, loaded, problem };
}

export type UsedReading = ReturnType<typeof useHostReading>;
