/** What was found, put together: the same about thirty guests is said once. Pure. */
import type { Finding, WishTarget } from '#shared/model/wish.ts';
import { targetId } from './change-route.ts';

export interface FindingNames {
  /** The name a sentence may hold. */
  readonly own: string;
  /** With its host. */
  readonly full: string;
}

export interface FindingGroup {
  readonly level: Finding['level'];
  readonly sentence: string;
  readonly fix?: string | undefined;
  /** Whom it is about, the one the sentence was said of first. */
  readonly names: readonly string[];
  /** The sentence names whom it is about by itself. */
  readonly named: boolean;
}

const rank = { missing: 0, note: 1, ok: 2 } as const;

/** Sentences that differ only in the name of whom they are about are the same. */
export function groupFindings(
  findings: readonly Finding[],
  namesOf: (target: WishTarget) => FindingNames,
): readonly FindingGroup[] {
  const groups = new Map<string, { finding: Finding; named: boolean; names: Set<string> }>();
  for (const finding of findings) {
    const { own, full } = namesOf(finding);
    const nameless = (text: string | undefined): string | undefined => text?.replaceAll(own, '\n');
    const sentence = nameless(finding.sentence);
    const key = JSON.stringify([finding.level, sentence, nameless(finding.fix)]);
    const group = groups.get(key) ?? { finding, named: sentence !== finding.sentence, names: new Set() };
    groups.set(key, group);
    group.names.add(full);
  }
  return [...groups.values()]
    .map(({ finding: { level, sentence, fix }, named, names }) => ({ level, sentence, fix, named, names: [...names] }))
    .sort((a, b) => rank[a.level] - rank[b.level]);
}

/** Targets that lack something, themselves or their host. Empty when they are all of them. */
export function lackingTargets(findings: readonly Finding[], targets: readonly WishTarget[]): ReadonlySet<string> {
  const missing = findings.filter(({ level }) => level === 'missing');
  const lacking = targets.filter((target) =>
    missing.some(({ host, guest }) => host === target.host && (guest === undefined || guest === target.guest)),
  );
  return new Set(lacking.length < targets.length ? lacking.map(targetId) : []);
}

/** Lines to be typed, or a sentence: only lines are set in the fixed font. */
export const isSentence = (fix: string): boolean => /^\p{Lu}/u.test(fix) && /[.:]$/.test(fix) && !fix.includes('\n');
