/** What the hypervisor answers to an operation of a guest (docs/domain.md 1.3). Below 0 counts in `Te`. */
export const result = {
  done: 1,
  /** A get that missed, a pool that was not there. */
  nothing: 0,
  EPERM: -1,
  ENOENT: -2,
  ENOMEM: -12,
  /** A duplicate put that failed: the old page is gone as well. */
  ENOSPC: -28,
  EFROZEN: -1000,
  /** A get from a pool without a single page; it is in `Te` and not in `gt`. */
  EEMPTY: -1001,
} as const;
export type Result = number;
