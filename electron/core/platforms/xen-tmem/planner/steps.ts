/** Steps of this platform's knobs, in the words that all wishes share. */
import type { CommandKnob, FileKnob, PlannedStep, Site } from '../../change.ts';
import { commandStep, fileStep } from '../../planning/steps.ts';
import type { StepWords } from '../../planning/steps.ts';
import { agentKnobs } from '../agent-knobs.ts';
import { balloonDirectory } from '../catalogue/inside.ts';
import { clientNumber, knobNow } from './view.ts';
import type { GuestView } from './view.ts';

export function commandKnob(name: string): CommandKnob {
  const found = agentKnobs.find((knob) => knob.name === name);
  if (found?.kind !== 'command') throw new Error(`no command knob ${name}`);
  return found;
}
export function fileKnob(name: string): FileKnob {
  const found = agentKnobs.find((knob) => knob.name === name);
  if (found?.kind !== 'file') throw new Error(`no file knob ${name}`);
  return found;
}

/** Settings of the guest's tmem client, with the key of the C line that tells each. */
export const clientKeys = {
  'xen.tmem.weight': 'ww',
  'xen.tmem.cap': 'ca',
  'xen.tmem.compress': 'co',
  'xen.tmem.frozen': 'fr',
} as const;
export type ClientKnob = keyof typeof clientKeys;

export function clientStep(
  view: GuestView,
  knob: ClientKnob,
  to: string,
  words: Omit<StepWords, 'target' | 'survives'>,
): readonly PlannedStep[] {
  if (view.name === undefined || view.known.client === undefined) return [];
  const now = knobNow(clientNumber(view, clientKeys[knob]));
  const step = commandStep(commandKnob(knob), view.site, view.name, now, to, { ...words, target: view.found.at });
  return [
    knob === 'xen.tmem.frozen' ? { ...step, place: `xl tmem-${to === '1' ? 'freeze' : 'thaw'} ${view.name}` } : step,
  ];
}

/** Target and limit together, as `xl mem-set` moves both. */
export function memSetStep(
  view: GuestView,
  target: number,
  limit: number,
  words: Omit<StepWords, 'target' | 'survives'>,
): readonly PlannedStep[] {
  if (view.name === undefined) return [];
  const now =
    view.target === undefined || view.limit === undefined ? '' : `${String(view.target)}:${String(view.limit)}`;
  const to = `${String(target)}:${String(limit)}`;
  const place = `xl mem-set ${view.name} ${String(target)}m${limit === target ? '' : `; xl mem-max ${view.name} ${String(limit)}m`}`;
  return [
    {
      ...commandStep(commandKnob('xen.mem-set'), view.site, view.name, now, to, { ...words, target: view.found.at }),
      place,
    },
  ];
}

export function memMaxStep(
  view: GuestView,
  limit: number,
  words: Omit<StepWords, 'target' | 'survives'>,
): readonly PlannedStep[] {
  if (view.name === undefined) return [];
  return [
    commandStep(commandKnob('xen.mem-max'), view.site, view.name, knobNow(view.limit), String(limit), {
      ...words,
      target: view.found.at,
    }),
  ];
}

/** A file of `selfballoon/` inside the guest; nothing where the guest is not connected or its kernel has none. */
export function insideStep(
  view: GuestView,
  leaf: string,
  to: string,
  words: Omit<StepWords, 'target' | 'survives'>,
): readonly PlannedStep[] {
  const path = `${balloonDirectory}/selfballoon/${leaf}`;
  if (view.inside === undefined || !has(view.inside, path)) return [];
  return [fileStep(fileKnob(`xen.selfballoon.${leaf}`), view.inside, path, to, { ...words, target: view.found.at })];
}

export const has = (site: Site, path: string): boolean => site.evidence.files.has(path);
