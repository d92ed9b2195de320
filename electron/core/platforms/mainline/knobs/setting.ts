/** A setting of the host that is one file: its declaration, and the knob of the agent that writes it. */
import type { KnobDef, KnobRange } from '#shared/model/knob.ts';
import type { FileKnob, ValueShape } from '../../change.ts';

export interface Setting {
  readonly def: KnobDef;
  readonly knob: FileKnob;
}

export interface SettingWords {
  readonly title: string;
  readonly range: KnobRange;
  readonly help: string;
  readonly traps?: readonly string[];
  readonly default?: string;
  /** What the file shows for a switch: `Y` and `N`, or `1` and `0`. */
  readonly flags?: 'YN' | '10';
  readonly shown?: FileKnob['shown'];
  /** What the agent may write, where that is more than the field offers: an old value has to come back. */
  readonly value?: ValueShape;
  readonly of?: KnobDef['of'];
  readonly survives?: KnobDef['survives'];
}

/** @param group of the id and of the metric that reads it back: `zswap`, `ksm` */
export function settingsOf(group: string, directory: string, doc: string) {
  return (name: string, words: SettingWords): Setting => {
    const { title, range, help, traps = [], flags = '10', shown = 'plain', of = 'host', survives = 'nothing' } = words;
    const id = `${group}.${name}`;
    const path = `${directory}/${name}`;
    return {
      def: {
        id,
        title,
        of,
        target: path,
        range,
        ...(words.default === undefined ? {} : { default: words.default }),
        survives,
        help,
        traps,
        doc,
        readBy: id,
      },
      knob: { kind: 'file', name: id, path, shown, check: 'exact', value: words.value ?? shapeOf(range, flags) },
    };
  };
}

function shapeOf(range: KnobRange, flags: 'YN' | '10'): ValueShape {
  switch (range.kind) {
    case 'number':
      return { kind: 'number', min: range.min, max: range.max };
    case 'choice':
      return { kind: 'choice', choices: range.choices };
    case 'switch':
      return { kind: 'choice', choices: [...flags] };
    case 'text':
      return { kind: 'limit' };
  }
}

export const number = (min: number, max: number, unit = ''): KnobRange => ({ kind: 'number', min, max, unit });
export const onOff: KnobRange = { kind: 'switch' };
export const choice = (...choices: readonly string[]): KnobRange => ({ kind: 'choice', choices });
