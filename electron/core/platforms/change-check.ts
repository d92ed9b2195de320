/**
 * What a value and an instance of a knob may look like. The core looks before it asks a host, and the agent looks
 * again; the sentences stand beside a field. None of this says whether the thing is there.
 */
import type { AgentKnob, InstanceShape, ValueShape } from './change.ts';

const digits = /^(?:0|[1-9][0-9]{0,15})$/;
const word = /^[A-Za-z0-9._][A-Za-z0-9._-]{0,63}$/;
const wordNotHidden = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/;
const uuid = /^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;
/** Text of other people, cut so that a sentence stays one. */
const shown = (text: string): string => (text.length > 60 ? `"${text.slice(0, 60)}…"` : `"${text}"`);
const isWithin = (text: string, min: number, max: number): boolean =>
  digits.test(text) && Number(text) >= min && Number(text) <= max;

/** Why the text is no value of this shape, as a sentence; undefined when it is one. */
export function valueProblem(shape: ValueShape, text: string): string | undefined {
  if (text === '') return 'There is no value. Give one.';
  switch (shape.kind) {
    case 'number':
      return isWithin(text, shape.min, Math.min(shape.max, Number.MAX_SAFE_INTEGER))
        ? undefined
        : `${shown(text)} is not a whole number from ${shape.min} to ${shape.max}. Write its digits and nothing else.`;
    case 'choice':
      return shape.choices.includes(text)
        ? undefined
        : `${shown(text)} is none of ${shape.choices.join(', ')}. Choose one of these.`;
    case 'limit':
      return text === 'max' || isWithin(text, 0, Number.MAX_SAFE_INTEGER)
        ? undefined
        : `${shown(text)} is no limit. Give a whole number of bytes, or "max" for none.`;
    case 'word':
      return word.test(text) ? undefined : notAWord(text);
    case 'parts': {
      if (shape.also.includes(text)) return undefined;
      const parts = text.split(':');
      if (parts.length !== shape.parts)
        return `${shown(text)} has ${parts.length} parts with ":" between them. It takes ${shape.parts}.`;
      const bad = parts.find((part) => !word.test(part));
      return bad === undefined ? undefined : notAWord(bad);
    }
  }
}

const notAWord = (text: string): string =>
  `${shown(text)} is no name that can be written. Use 1 to 64 letters, digits, ".", "_" and "-", and do not begin with "-".`;

/** Why the text names nothing that a command knob of this shape could belong to. */
export function instanceProblem(shape: InstanceShape, text: string): string | undefined {
  return fits(shape, text) ? undefined : `${shown(text)} is ${wanted[shape]}.`;
}

const wanted: Readonly<Record<InstanceShape, string>> = {
  none: 'too much: this setting is the whole host’s',
  word: 'no name of 1 to 64 letters, digits, ".", "_" and "-" that begins with a letter, a digit or "_"',
  pair: 'not two names with a "/" between them',
  device: 'not the path of a device below /dev',
  number: 'not a whole number',
  uuid: 'not a UUID',
};

function fits(shape: InstanceShape, text: string): boolean {
  switch (shape) {
    case 'none':
      return text === '';
    case 'word':
      return wordNotHidden.test(text);
    case 'pair':
      return text.split('/').length === 2 && text.split('/').every((part) => wordNotHidden.test(part));
    case 'device':
      return (
        text.startsWith('/dev/') &&
        text
          .slice('/dev/'.length)
          .split('/')
          .every((part) => wordNotHidden.test(part))
      );
    case 'number':
      return digits.test(text);
    case 'uuid':
      return uuid.test(text);
  }
}

/** As `instanceProblem`, for any knob: of a file it is the path, which has to be one that the knob's pattern means. */
export function knobInstanceProblem(knob: AgentKnob, text: string): string | undefined {
  if (knob.kind === 'command') return instanceProblem(knob.instance, text);
  return isPathOf(knob.path, text) ? undefined : `${shown(text)} is no file of ${knob.path}.`;
}

/** Where a value is written down: an instance in which one `*` may stand for a number that changes. */
export function keptAsProblem(knob: AgentKnob, text: string): string | undefined {
  if (text.split('*').length > 2) return `${shown(text)} has more than one "*", of which only one number can be.`;
  return knobInstanceProblem(knob, text.replace('*', '1'));
}

/** `*` stands for one whole directory name or a part of one: never for a `/`, never for `.` or `..`. */
export function isPathOf(pattern: string, path: string): boolean {
  // A line break or any other control character in a name could pass for protocol.
  if (/\p{Cc}/u.test(path)) return false;
  const names = path.split('/');
  const parts = pattern.split('/');
  return (
    names.length === parts.length &&
    parts.every((part, at) => part === names[at] || (part.includes('*') && isNameOf(part, names[at] ?? '')))
  );
}

function isNameOf(part: string, name: string): boolean {
  if (name === '' || name.startsWith('.')) return false;
  const pieces = part.split('*').map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${pieces.join('.*')}$`, 'su').test(name);
}
