/**
 * Problems: what goes wrong and is expected to. A problem is a value with a code that programs compare, a sentence
 * for the operator (what happened, where, what to do) and, where the other side said something, its own words.
 * A bug is not a problem: it throws, is logged where it happened, and reaches the page as `internal`.
 */
export const problemCodes = [
  // reaching a host
  'host-unreachable',
  'host-key-unknown',
  'host-key-changed',
  'host-key-revoked',
  'auth-refused',
  'secret-needed',
  'key-unreadable',
  'jump-refused',
  'channel-refused',
  'handshake-failed',
  'host-gone',
  'timed-out',
  // speaking to the agent
  'agent-silent',
  'agent-missing',
  'agent-refused',
  'agent-garbled',
  'agent-too-much',
  'sudo-refused',
  // changing a host
  'read-only',
  'plan-refused',
  'plan-busy',
  'knob-conflict',
  'knob-refused',
  'guard-tripped',
  // the console's own files
  'file-unreadable',
  'file-corrupt',
  'file-unwritable',
  'disk-full',
  'data-dir-in-use',
  // the wire between page and core
  'unknown-request',
  'malformed-request',
  'not-found',
  'conflict',
  'cancelled',
  'internal',
] as const;
export type ProblemCode = (typeof problemCodes)[number];

export interface Problem {
  readonly code: ProblemCode;
  /** What happened, where, and what to do. Written by us; may quote a name, never a secret. */
  readonly sentence: string;
  /** The other side's own words (ssh, sudo, the kernel), shown in monospace, copyable. At most 2 000 characters. */
  readonly words?: string;
}

const wordsLimit = 2000;

export function problem(code: ProblemCode, sentence: string, words?: string): Problem {
  return words === undefined || words === ''
    ? { code, sentence }
    : { code, sentence, words: words.slice(0, wordsLimit) };
}

/** Carries a problem through code that throws; doors turn it back into the value. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(what: Problem, options?: { cause?: unknown }) {
    super(what.sentence, options);
    this.name = 'ProblemError';
    this.problem = what;
  }
}

export function fail(code: ProblemCode, sentence: string, words?: string): never {
  throw new ProblemError(problem(code, sentence, words));
}

/** The problem inside an error, or undefined for a bug. */
export function problemOf(error: unknown): Problem | undefined {
  return error instanceof ProblemError ? error.problem : undefined;
}
