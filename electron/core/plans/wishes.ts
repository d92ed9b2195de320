/** Finds the platform that fulfils a wish, and what a wizard has to offer for chosen targets. */
import type { Wish, WishDef, WishForm, WishOffer, WishTarget, WizardId } from '#shared/model/wish.ts';
import { fail } from '#shared/problem.ts';
import type { Planner, Sites } from '#core/platforms/change.ts';
import type { Platform } from '#core/platforms/platform.ts';

interface Known {
  readonly def: WishDef;
  readonly planner: Planner;
}

export class Wishes {
  readonly #known = new Map<string, Known>();

  constructor(platforms: readonly Platform[]) {
    for (const { planner } of platforms) {
      for (const def of planner?.wishes ?? [])
        if (planner !== undefined && !this.#known.has(def.id)) this.#known.set(def.id, { def, planner });
    }
  }

  /** Rejects: not-found. */
  get(wish: Wish['id']): Known {
    const known = this.#known.get(wish);
    return (
      known ??
      fail('not-found', `This version of the console knows no change "${wish.slice(0, 100)}". Choose one of its own.`)
    );
  }

  offers(wizard: WizardId, targets: readonly WishTarget[], sites: Sites): readonly WishOffer[] {
    const fits = [...this.#known.values()]
      .filter(({ def }) => def.wizard === wizard)
      .map(({ def, planner }) => ({ def, fit: planner.fits(def.id, targets, sites) }))
      .sort((a, b) => Number(b.fit.fits) - Number(a.fit.fits) || b.fit.rank - a.fit.rank);
    return fits.map(({ def, fit }, index) => ({
      wish: def,
      fits: fit.fits,
      because: fit.because,
      recommended: index === 0 && fit.fits,
    }));
  }

  form(wish: Wish['id'], targets: readonly WishTarget[], sites: Sites): WishForm {
    const { def, planner } = this.get(wish);
    return { wish: def, ...planner.form(wish, targets, sites) };
  }
}
