/** What the wizards for guests offer for one guest; asked again when its host can be reached anew. */
import { onScopeDispose, shallowRef, watch } from 'vue';
import type { WishOffer, WishTarget, WizardId } from '#shared/model/wish.ts';
import type { Problem } from '#shared/problem.ts';
import { problemOf } from '#shared/problem.ts';
import { useConsole } from '../../console.ts';
import { guestWizards } from '../change/wizard-list.ts';

export interface GuestOffer {
  readonly wizard: WizardId;
  readonly offer: WishOffer;
}

export function useGuestOffers(target: () => { readonly host: string; readonly guest: string }, live: () => boolean) {
  const link = useConsole();
  const offers = shallowRef<readonly GuestOffer[]>([]);
  const problem = shallowRef<Problem>();
  const loaded = shallowRef(false);
  let asking = 0;

  const ofWizard = async (wizard: WizardId, one: WishTarget): Promise<readonly GuestOffer[]> =>
    (await link.call('plans.offers', { wizard, targets: [one] }))
      // What a wizard does to whole hosts is no help for one guest.
      .filter(({ wish }) => wish.of === 'guest')
      .map((offer) => ({ wizard, offer }));

  async function load(): Promise<void> {
    const mine = ++asking;
    try {
      const found = await Promise.all(guestWizards.map(({ id }) => ofWizard(id, target())));
      if (mine !== asking) return;
      offers.value = found.flat();
      problem.value = undefined;
      loaded.value = true;
    } catch (error) {
      if (mine !== asking) return;
      problem.value = problemOf(error);
      if (problem.value === undefined) throw error;
    }
  }

  watch(
    () => `${target().host}\n${target().guest}`,
    () => {
      offers.value = [];
      loaded.value = false;
    },
  );
  watch([() => target().host, () => target().guest, live], () => void load(), { immediate: true });
  onScopeDispose(() => (asking += 1));
  return { offers, problem, loaded };
}
