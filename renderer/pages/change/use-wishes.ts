/** What can be done to the chosen targets: the wishes on offer, the one that is picked, and its form. Late answers are dropped. */
import { computed, onScopeDispose, shallowRef } from 'vue';
import type { WishForm, WishOffer, WishTarget, WizardId } from '#shared/model/wish.ts';
import type { Problem } from '#shared/problem.ts';
import { problemOf } from '#shared/problem.ts';
import { useConsole } from '../../console.ts';

/** @param wanted the wish that the way in asked for */
export function useWishes(wizard: WizardId, wanted: string | undefined) {
  const link = useConsole();
  const offers = shallowRef<readonly WishOffer[]>();
  const picked = shallowRef<string>();
  const form = shallowRef<WishForm>();
  const problem = shallowRef<Problem>();
  const busy = shallowRef(false);
  let targets: readonly WishTarget[] = [];
  let asking = 0;
  onScopeDispose(() => (asking += 1));

  async function ask(run: (isLate: () => boolean) => Promise<void>): Promise<void> {
    const mine = ++asking;
    const isLate = (): boolean => mine !== asking;
    busy.value = true;
    problem.value = undefined;
    try {
      await run(isLate);
    } catch (error) {
      if (isLate()) return;
      problem.value = problemOf(error);
      if (problem.value === undefined) throw error;
    } finally {
      if (!isLate()) busy.value = false;
    }
  }

  async function loadForm(wish: string, isLate: () => boolean): Promise<void> {
    const answer = await link.call('plans.form', { wish, targets: [...targets] });
    if (!isLate()) form.value = answer;
  }

  /** Asks anew for these targets; a pick that still fits stays. */
  const look = (at: readonly WishTarget[]): Promise<void> =>
    ask(async (isLate) => {
      targets = at;
      offers.value = undefined;
      form.value = undefined;
      const answer = (await link.call('plans.offers', { wizard, targets: [...at] })).map((offer) =>
        wizard === 'knob' ? offer : forThese(offer, at),
      );
      if (isLate()) return;
      const fitting = answer.filter(({ fits }) => fits);
      const pick =
        fitting.find(({ wish }) => wish.id === picked.value) ??
        fitting.find(({ wish }) => wish.id === wanted) ??
        fitting.find(({ recommended }) => recommended) ??
        fitting[0];
      offers.value = shownOffers(answer, wizard, wanted);
      picked.value = pick?.wish.id;
      if (pick !== undefined) await loadForm(pick.wish.id, isLate);
    });

  const pick = (wish: string): Promise<void> =>
    ask(async (isLate) => {
      picked.value = wish;
      form.value = undefined;
      await loadForm(wish, isLate);
    });

  const wish = computed(() => offers.value?.find((offer) => offer.wish.id === picked.value)?.wish);
  return { offers, picked, wish, form, problem, busy, look, pick };
}

/** A wish for hosts is none for guests, whatever their hosts could do. Settings may belong to a device of a host. */
function forThese(offer: WishOffer, targets: readonly WishTarget[]): WishOffer {
  const guests = targets.some(({ guest }) => guest !== undefined);
  if ((offer.wish.of === 'guest') === guests || !offer.fits) return offer;
  const because = guests
    ? 'It is for whole hosts, and guests were chosen.'
    : 'It is for guests, and hosts were chosen.';
  return { ...offer, fits: false, recommended: false, because };
}

/** A single setting that was asked for is no choice among all settings. */
function shownOffers(offers: readonly WishOffer[], wizard: WizardId, wanted: string | undefined): readonly WishOffer[] {
  const asked = offers.filter(({ wish }) => wish.id === wanted);
  return wizard === 'knob' && asked.length > 0 ? asked : offers;
}
