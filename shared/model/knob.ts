/** Knobs: what can be set on a host, declared by the platform that knows it. Applying one is the business of plans. */

export type KnobRange =
  | { readonly kind: 'number'; readonly min: number; readonly max: number; readonly unit: string }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'switch' }
  /** Free text of the shape that is described: an address, a name. */
  | { readonly kind: 'text'; readonly shape: string };

export interface KnobDef {
  /** Dotted, in the kernel's or the tool's spelling: `ramster.remote_target_nodenum`, `xen.tmem.weight`. */
  readonly id: string;
  readonly title: string;
  /** What one setting of it belongs to. */
  readonly of: 'host' | 'guest' | 'pool' | 'device' | 'cluster';
  /** The file that is written, or the words of the command, with `*` or NAME for the instance. */
  readonly target: string;
  readonly range: KnobRange;
  /** As the system starts out; undefined when it differs. */
  readonly default?: string;
  readonly survives: 'nothing' | 'guest-restart' | 'reboot';
  readonly help: string;
  /** What it does not do, and how it bites: shown before anything is set. */
  readonly traps: readonly string[];
  readonly doc?: string;
  /** The metric that reads it back, where there is one. */
  readonly readBy?: string;
}
