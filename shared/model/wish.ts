/**
 * Wishes: what an operator wants to be so, before it is planned. A platform declares the wishes it can fulfil; the
 * wizards draw any of them from its declaration, so no page names a platform.
 */
import type { HostId } from '#shared/model/host.ts';
import type { KnobRange } from '#shared/model/knob.ts';

/** The way in that lists a wish. `knob` is the change of a single setting, from where it is shown. */
export const wizards = ['frontswap', 'cleancache', 'compress', 'cluster', 'pool', 'balloon', 'knob'] as const;
export type WizardId = (typeof wizards)[number];

export interface WishDef {
  /** `<platform>.<word>`: `mainline.compress`, `ramster.cluster`. For a single knob `knob:<id of the knob>`. */
  readonly id: string;
  readonly wizard: WizardId;
  /** Verb and object: "Compress swapped pages with zswap". */
  readonly title: string;
  /** What it does and for whom it is, in two sentences. */
  readonly about: string;
  /** What one target is. `cluster`: all chosen hosts together are one change, and there are at least two. */
  readonly of: 'host' | 'guest' | 'cluster';
}

export interface WishTarget {
  readonly host: HostId;
  /** The guest's key, where targets are guests; the device or cluster, for a knob that has several. */
  readonly guest?: string | undefined;
}

export interface Wish {
  /** Id of its declaration. */
  readonly id: string;
  readonly targets: readonly WishTarget[];
  /** By field id, as text in the field's own unit; a field that is left out has its recommended value. */
  readonly values: { readonly [field: string]: string };
}

/** One question of the wizard's form. */
export interface WishField {
  readonly id: string;
  readonly title: string;
  readonly help: string;
  readonly range: KnobRange;
  /** What the form begins with: the recommended value. */
  readonly value: string;
  /** Why that is recommended, for these targets. */
  readonly because: string;
  /** As it is now, where all targets agree. */
  readonly current?: string;
  /** Hidden until asked for. */
  readonly advanced?: boolean;
}

/** What was found on a target: in order, worth knowing, or in the way. */
export interface Finding {
  readonly level: 'ok' | 'note' | 'missing';
  readonly host: HostId;
  readonly guest?: string | undefined;
  readonly sentence: string;
  /** How an operator gets what is missing, as a sentence or exact lines. */
  readonly fix?: string;
}

export interface WishForm {
  readonly wish: WishDef;
  readonly fields: readonly WishField[];
  readonly findings: readonly Finding[];
}

/** A wish that the chosen wizard offers for the chosen targets. */
export interface WishOffer {
  readonly wish: WishDef;
  /** False where it cannot be done for any of the targets. */
  readonly fits: boolean;
  /** Why it fits, or why not. */
  readonly because: string;
  /** The one that is picked when nothing else is said; at most one of an answer. */
  readonly recommended: boolean;
}

/** What is wrong with one value of the form, as a sentence to stand beside the field. */
export interface FieldProblem {
  readonly field: string;
  readonly sentence: string;
}
