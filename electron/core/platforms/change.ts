/**
 * What a platform says about changing a host: the knobs that the agent may write, and the planner that turns a wish
 * into steps. Pure, like all of a platform. A planner never writes: it answers data that an operator reads first.
 */
import type { HostId } from '#shared/model/host.ts';
import type { ManualStep, Risk } from '#shared/model/plan.ts';
import type { FieldProblem, Finding, Wish, WishDef, WishField, WishTarget } from '#shared/model/wish.ts';
import type { Evidence } from './platform.ts';

/** What a value may look like. The agent checks it on the host as well; ASCII only, never beginning with `-`. */
export type ValueShape =
  /** Decimal digits only, min ≤ value ≤ max ≤ 2^53. */
  | { readonly kind: 'number'; readonly min: number; readonly max: number }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  /** Bytes, or `max`. */
  | { readonly kind: 'limit' }
  /** 1 to 64 of [A-Za-z0-9._-]: a module, an algorithm. */
  | { readonly kind: 'word' }
  /** Words with `:` between them, as many as there are parts; one of `also` in place of the whole. */
  | { readonly kind: 'parts'; readonly parts: number; readonly also: readonly string[] };

/** What an instance may look like, for knobs that are commands. */
export type InstanceShape =
  | 'none'
  /** 1 to 64 of [A-Za-z0-9._-], not beginning with `-` or `.`. */
  | 'word'
  /** Two words with a `/` between them. */
  | 'pair'
  /** A device below /dev: `/dev/` and words with `/` between them. */
  | 'device'
  | 'number'
  | 'uuid';

interface KnobBase {
  /** Dotted, unique over all platforms, the id of its KnobDef: [a-z][A-Za-z0-9._-]*, 63 characters at most. */
  readonly name: string;
  readonly value: ValueShape;
  /**
   * How a write is judged: `exact` reads back what was written; `settles` moves there by itself in the time that
   * follows (a balloon); `none` cannot be read back, and reads `unknown`.
   */
  readonly check: 'exact' | 'settles' | 'none';
  /** Also values that it may read as and that are never written: `partial`, `unset`. */
  readonly alsoReads?: readonly string[];
}

/** A file that may be written. Its instance is the whole path. */
export interface FileKnob extends KnobBase {
  readonly kind: 'file';
  /** `*` stands for one directory name, or a part of one; never for the file's own name. */
  readonly path: string;
  /** As the kernel shows it: the whole text without its line end, or the word in brackets of a list of choices. */
  readonly shown: 'plain' | 'bracketed';
  /** A line end has to be written too (a few configfs files want it). Most files take either; it is written unless false. */
  readonly lineEnd?: false;
}

/** A fixed command that sets, and one that tells. POSIX sh, written by us, `$1` the instance and `$2` the value. */
export interface CommandKnob extends KnobBase {
  readonly kind: 'command';
  readonly instance: InstanceShape;
  /** It is not there where this program is not on the PATH. */
  readonly needs: string;
  /** Prints the value on one line. Status 3: what it belongs to is not there. Gets `$1`. */
  readonly read: string;
  /** Sets it. Whatever it prints is shown to the operator when it fails; its status counts less than reading back. */
  readonly write: string;
  /** Words for the review, with INSTANCE and VALUE: `xl tmem-set -w VALUE INSTANCE`. */
  readonly shownAs: string;
  /** Seconds it may take; 10 without it. Draining swap takes minutes. */
  readonly seconds?: number;
}

export type AgentKnob = FileKnob | CommandKnob;

/** A host as a planner sees it. */
export interface Site {
  readonly host: HostId;
  readonly name: string;
  readonly evidence: Evidence;
  /** Guests of this host that are hosts of the console themselves (the same UUID): key of the guest → that host. */
  readonly inside: ReadonlyMap<string, HostId>;
}
export type Sites = ReadonlyMap<HostId, Site>;

/** A step as a planner draws it; the console fills in what the host says now, and its place in the plan. */
export interface PlannedStep {
  readonly host: HostId;
  /** Index of the wish's target it is for; left out for what all targets of the host need. */
  readonly target?: number;
  /** Order over all hosts; steps of one stage and host keep the order of the list. */
  readonly stage: number;
  readonly knob: string;
  readonly instance: string;
  readonly title: string;
  readonly place: string;
  /** As the evidence tells it, '' where it does not: the console asks the host in any case. */
  readonly from: string;
  readonly to: string;
  readonly because: string;
  readonly risk: Risk;
  readonly riskWords: string;
  readonly undo: 'old-value' | 'none';
  readonly undoWords: string;
  readonly survives: 'nothing' | 'guest-restart' | 'reboot';
  readonly keepAs?: string;
}

export interface Planned {
  readonly steps: readonly PlannedStep[];
  readonly manual: readonly ManualStep[];
  readonly will: readonly string[];
  /** Any of level `missing` stands in the way of the whole plan. */
  readonly findings: readonly Finding[];
  readonly fields: readonly FieldProblem[];
}

export interface Fit {
  readonly fits: boolean;
  readonly because: string;
  /** Higher wins when several fit: 0 to 100. */
  readonly rank: number;
}

/** The half of a platform that changes hosts. */
export interface Planner {
  readonly agentKnobs: readonly AgentKnob[];
  readonly wishes: readonly WishDef[];
  /** Whether this wish can be fulfilled for these targets. `wish` is one of `wishes`. */
  fits(wish: string, targets: readonly WishTarget[], sites: Sites): Fit;
  form(
    wish: string,
    targets: readonly WishTarget[],
    sites: Sites,
  ): {
    readonly fields: readonly WishField[];
    readonly findings: readonly Finding[];
  };
  /** Never throws for what a page may send: bad values are `fields`, missing things are `findings`. */
  plan(wish: Wish, sites: Sites): Planned;
}
