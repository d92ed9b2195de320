/** What is written where, as words: the file, or the command with its instance and value in place. */
import type { AgentKnob } from '#core/platforms/change.ts';

/** Undefined for a knob that no platform has any more. */
export function placeOf(knob: AgentKnob | undefined, instance: string, value: string): string | undefined {
  if (knob === undefined) return undefined;
  if (knob.kind === 'file') return instance;
  const words: Readonly<Record<string, string>> = { INSTANCE: instance, VALUE: value };
  return knob.shownAs.replace(/INSTANCE|VALUE/g, (word) => words[word] ?? word);
}
