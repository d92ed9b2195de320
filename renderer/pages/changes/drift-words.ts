/** What accepting drift comes to, before it is done. Pure. */
import type { DriftItem } from '#shared/model/drift.ts';

export function acceptConsequence(items: readonly DriftItem[]): string {
  const gone = items.filter(({ now }) => now === undefined).length;
  const changed = items.length - gone;
  const clauses = [
    ...(changed > 0
      ? [
          `${changed === 1 ? 'The value that is so now replaces the one' : `${changed} values that are so now replace those`} that is written down and ${changed === 1 ? 'comes' : 'come'} back after a reboot`,
        ]
      : []),
    ...(gone > 0
      ? [
          `${gone === 1 ? '1 line' : `${gone} lines`} for what is not there any more ${gone === 1 ? 'is' : 'are'} dropped`,
        ]
      : []),
  ];
  return `${clauses.join('; ')}. Nothing changes on the host itself.`;
}
