/**
 * What a person typed into a field, held against the field's range: a sentence to stand beside it, or nothing. Values
 * of a switch are `on` and `off`; a limit is a whole number of its unit, or `max` for none.
 */
import type { KnobRange } from '#shared/model/knob.ts';

/** How a field with the shape of a limit says so: `{ kind: 'text', shape: limitShape('MiB') }`. */
export const limitShape = (unit: string): string => `${unit}, or max for none`;

const longest = 4096;
const wholeNumber = /^(?:0|[1-9][0-9]*)$/;
const withUnit = /^[0-9]+(?:[.,][0-9]+)?\s*(?:%|[A-Za-z]+)$/;

/** Why the text cannot be the value of this field, as a sentence; undefined when it can. */
export function checkValue(range: KnobRange, text: string, title: string): string | undefined {
  if (text.trim() === '') return `${title} is empty. ${wanted(range)}`;
  if (text.length > longest || /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text)) {
    return `${title} holds a line break, a control character or too much text. ${wanted(range)}`;
  }
  switch (range.kind) {
    case 'number':
      return checkNumber(range, text, title);
    case 'choice':
      return range.choices.includes(text) ? undefined : `${title} cannot be ${cited(text)}. ${wanted(range)}`;
    case 'switch':
      return text === 'on' || text === 'off' ? undefined : `${title} cannot be ${cited(text)}. ${wanted(range)}`;
    case 'text': {
      const unit = limitUnit(range.shape);
      if (unit === undefined || text === 'max') return undefined;
      return checkNumber({ kind: 'number', min: 0, max: Number.MAX_SAFE_INTEGER, unit }, text, title, range);
    }
  }
}

type NumberRange = Extract<KnobRange, { kind: 'number' }>;

function checkNumber(range: NumberRange, text: string, title: string, told: KnobRange = range): string | undefined {
  const bare = text.trim();
  if (/^[-−]/.test(bare)) return `${title} cannot be negative. ${wanted(told)}`;
  if (withUnit.test(bare)) {
    const unit = range.unit === '' ? 'It has no unit' : `It is counted in ${range.unit}`;
    return `${title} cannot be ${cited(text)}. ${unit}: write digits only.`;
  }
  if (!wholeNumber.test(text)) return `${title} cannot be ${cited(text)}. ${wanted(told)}`;
  const number = Number(text);
  if (number < range.min) return `${title} cannot be below ${spaced(range.min, range.unit)}. ${wanted(told)}`;
  if (number > range.max) return `${title} cannot be above ${spaced(range.max, range.unit)}. ${wanted(told)}`;
  return undefined;
}

function wanted(range: KnobRange): string {
  switch (range.kind) {
    case 'number':
      return `Give a whole number from ${String(range.min)} to ${spaced(range.max, range.unit)}, digits only.`;
    case 'choice':
      return `Choose one of ${range.choices.join(', ')}.`;
    case 'switch':
      return 'Choose on or off.';
    case 'text': {
      const unit = limitUnit(range.shape);
      return unit === undefined ? `Give ${range.shape}.` : `Give a whole number of ${unit}, or “max” for none.`;
    }
  }
}

function limitUnit(shape: string): string | undefined {
  const end = limitShape('');
  return shape.endsWith(end) && shape !== end ? shape.slice(0, -end.length) : undefined;
}

const spaced = (value: number, unit: string): string => (unit === '' ? String(value) : `${String(value)} ${unit}`);

/** Somebody's text inside a sentence of ours: short, and without what would turn the sentence round. */
function cited(text: string): string {
  const shown = text.replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '\uFFFD');
  const characters = [...shown];
  return `“${characters.length > 40 ? `${characters.slice(0, 40).join('')}…` : shown}”`;
}
