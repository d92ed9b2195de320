/** Fields of forms that stand for settings of the host: what is set now, what is recommended and why. */
import type { WishField } from '#shared/model/wish.ts';
import type { KnobRange } from '#shared/model/knob.ts';
import { agreed } from '../../planning/targets.ts';
import type { Setting } from '../knobs/setting.ts';
import type { Look } from './look.ts';

export interface FieldWords {
  readonly id: string;
  readonly value: string;
  readonly because: string;
  readonly range?: KnobRange;
  readonly advanced?: true;
}

/** A question about a setting of every host of the wish. */
export function settingField(looks: readonly Look[], setting: Setting, words: FieldWords): WishField {
  const { def } = setting;
  const now = agreed(looks.map((look) => shown(look, setting)));
  return {
    id: words.id,
    title: def.title,
    help: [def.help, ...def.traps].join(' '),
    range: words.range ?? def.range,
    value: words.value,
    because: words.because,
    ...(now === undefined ? {} : { current: now }),
    ...(words.advanced ? { advanced: true } : {}),
  };
}

/** As a field shows it: a switch is on or off. */
export function shown(look: Look, setting: Setting): string | undefined {
  if (setting.def.range.kind !== 'switch') return look.value(setting);
  const on = look.on(setting);
  return on === undefined ? undefined : on ? 'on' : 'off';
}

/** As the kernel's file shows it. */
export function inFile({ knob }: Setting, value: string): string {
  const yes = knob.value.kind === 'choice' && knob.value.choices.includes('Y') ? 'Y' : '1';
  const no = yes === 'Y' ? 'N' : '0';
  return value === 'on' ? yes : value === 'off' ? no : value;
}

/** A number that is set now, kept where it is sensible, or the usual one. */
export function sensible(looks: readonly Look[], setting: Setting, min: number, max: number, usual: number): string {
  const now = Number(agreed(looks.map((look) => look.value(setting))) ?? NaN);
  return String(now >= min && now <= max ? now : usual);
}
