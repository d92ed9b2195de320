/**
 * Writes the agent's list of knobs as shell: what each is, for agent/knobs.sh, and where the files of one are. Called by
 * agent-script.ts. A knob that is not safe is our own bug, so it throws.
 */
import type { AgentKnob, CommandKnob, FileKnob, ValueShape } from '#core/platforms/change.ts';
import { checkName, checkPath, checkProgram, checkReading, choice, insist, quote, word } from './agent-words.ts';

const safeName = /^[a-z][A-Za-z0-9._-]{0,62}$/;
const safeValue = /^[A-Za-z0-9._][A-Za-z0-9._-]{0,63}$/;
const longestWrite = 900;

const isWhole = (number: number): boolean => Number.isSafeInteger(number) && number >= 0;

function valueWords(shape: ValueShape): string {
  switch (shape.kind) {
    case 'number':
      insist(isWhole(shape.min) && isWhole(shape.max) && shape.min <= shape.max, 'a range', JSON.stringify(shape));
      return `${shape.min} ${shape.max}`;
    case 'choice':
      insist(shape.choices.length > 0, 'a choice without choices', '');
      return safeValues(shape.choices);
    case 'parts':
      insist(isWhole(shape.parts) && shape.parts > 0, 'a number of parts', String(shape.parts));
      return `${shape.parts} ${safeValues(shape.also)}`;
    case 'limit':
    case 'word':
      return '';
  }
}

function safeValues(values: readonly string[]): string {
  values.forEach((value) => insist(safeValue.test(value), 'a value', value));
  return values.join(' ');
}

function whatItIs(knob: AgentKnob): string[] {
  const also = safeValues(knob.alsoReads ?? []);
  return [
    `knob_kind=${knob.kind} knob_check=${knob.check}`,
    `knob_value=${knob.value.kind} knob_range=${quote(valueWords(knob.value))} knob_also=${quote(also)}`,
    ...(knob.kind === 'file' ? whatFile(knob) : whatCommand(knob)),
  ];
}

function whatFile({ path, shown, lineEnd }: FileKnob): string[] {
  checkPath(path);
  const format = lineEnd === false ? '%s' : String.raw`%s\n`;
  return [`knob_shown=${shown} knob_format=${quote(format)} knob_depth=${path.split('/').length}`];
}

function whatCommand({ instance, needs, read, write, seconds }: CommandKnob): string[] {
  checkProgram(needs);
  checkReading(read);
  insist(!write.includes('\0'), 'a script', write);
  if (seconds !== undefined) insist(isWhole(seconds) && seconds > 0 && seconds <= longestWrite, 'a time', `${seconds}`);
  return [
    `knob_needs=${quote(needs)} knob_instance=${instance}${seconds === undefined ? '' : ` knob_seconds=${seconds}`}`,
    `knob_read=${quote(read)}`,
    `knob_write=${quote(write)}`,
  ];
}

/** 4 for what is no path of the knob, before anything is looked for. */
const whereItIs = ({ path }: FileKnob): string[] => [
  `case $instance in ${word(path)}) ;; *) return 4 ;; esac`,
  'places "$instance"',
];

export function knobList(knobs: readonly AgentKnob[]): string[] {
  const names = new Set<string>();
  knobs.forEach((knob) => checkName('knob', knob.name, names, safeName));
  const files = knobs.filter((knob) => knob.kind === 'file');
  return [
    `list_knobs=${quote([...names].join(' '))}`,
    ...choice('list_knob', new Map(knobs.map((knob) => [knob.name, whatItIs(knob)]))),
    ...choice('list_places', new Map(files.map((knob) => [knob.name, whereItIs(knob)]))),
  ];
}
