/** What can be said about a field without asking anybody: the sentences that stand beside it while it is typed. Pure. */
import type { FieldProblem, WishField } from '#shared/model/wish.ts';
import type { KnobRange } from '#shared/model/knob.ts';
import { formatBytes } from '#shared/format/bytes.ts';

type NumberRange = Extract<KnobRange, { kind: 'number' }>;

/** Above it a bound is only what the machine can count to, and says nothing to a person. */
const huge = (unit: string): number => (unit === 'bytes' ? 2 ** 52 : 2 ** 30);

/** `1 to 100 percent`, `0 bytes or more`. */
export function rangeWords({ min, max, unit }: NumberRange): string {
  const tail = unit === '' ? '' : `\u00a0${unit}`;
  return max >= huge(unit) ? `${min}${tail} or more` : `${min} to ${max}${tail}`;
}

export function fieldProblem({ id, range }: WishField, text: string): FieldProblem | undefined {
  if (range.kind !== 'number') return undefined;
  const typed = text.trim();
  const says = (sentence: string): FieldProblem => ({ field: id, sentence });
  if (typed === '') return says(`A number is needed: ${rangeWords(range)}.`);
  if (!/^-?\d+(\.\d+)?$/.test(typed))
    return says(`“${typed.slice(0, 40)}” is not a plain number. Write digits only: ${rangeWords(range)}.`);
  const value = Number(typed);
  return value < range.min || value > range.max ? says(`${typed} is out of range: ${rangeWords(range)}.`) : undefined;
}

/** A size in bytes or mebibytes as people say it; undefined where the number says it by itself. */
export function sizeWords(range: KnobRange, text: string): string | undefined {
  if (range.kind !== 'number' || !/^\d+$/.test(text.trim())) return undefined;
  const per = { bytes: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 }[range.unit];
  if (per === undefined) return undefined;
  const words = formatBytes(Number(text) * per);
  return words === `${text.trim()}\u00a0${range.unit}` || words === '0' ? undefined : words;
}

const pairs = [
  ['off', 'on'],
  ['0', '1'],
  ['N', 'Y'],
  ['n', 'y'],
  ['no', 'yes'],
  ['false', 'true'],
] as const;

/** How off and on are spelled by the one who declared the switch. */
export function switchWords({ value, current }: WishField): { readonly off: string; readonly on: string } {
  const found = pairs.find((pair) => pair.some((word) => word === value || word === current));
  const [off, on] = found ?? pairs[0];
  return { off, on };
}

/** A value of a field as it is shown: switches say on and off, whatever their file says. */
export function valueWords(field: WishField, text: string): string {
  if (field.range.kind === 'switch') return text === switchWords(field).on ? 'on' : 'off';
  if (field.range.kind === 'number' && field.range.unit !== '') return `${text}\u00a0${field.range.unit}`;
  return text === '' ? 'empty' : text;
}
