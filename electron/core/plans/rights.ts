/** Whether a host may be changed by this console, and how that right is got. The host itself decides in the end. */
import type { HostFacts } from '#shared/model/host.ts';

export const mayChange = (facts: HostFacts | undefined): boolean => facts?.grade === 'operator' && facts.uid === 0;

export const readOnlySentence = (name: string): string =>
  `${name} is only watched: the console may read it and not change it.`;
export const readOnlyFix =
  'Give the host the role operator, and allow it there with the sudoers lines that the host’s rights show.';
