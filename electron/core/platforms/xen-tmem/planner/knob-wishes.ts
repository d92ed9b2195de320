/** The single settings of this platform that can be changed by themselves, where they are shown. */
import type { KnobDef } from '#shared/model/knob.ts';
import type { Sites } from '../../change.ts';
import { knobWish } from '../../planning/knob-wish.ts';
import type { KnobPlace } from '../../planning/knob-wish.ts';
import type { Found } from '../../planning/targets.ts';
import type { WishKind } from '../../planning/wish-kind.ts';
import { agentKnobs } from '../agent-knobs.ts';
import { knobs } from '../knobs.ts';
import { clientKeys } from './steps.ts';
import type { ClientKnob } from './steps.ts';
import { clientFindings, clientNumber, guestsOf, knobNow, nameFindings, tmemFindings } from './view.ts';

/** A target drags the limit along, and a shared pool has two names: wishes of their own. */
const ofWishes = /^xen\.(?:boot\.|mem-set$|tmem\.shared-auth$)/;
const nobody: Sites = new Map();

export const knobWishes: readonly WishKind[] = knobs
  .filter(({ id }) => !ofWishes.test(id) && agentKnobs.some(({ name }) => name === id))
  .map((def) => knobWish(def, { place, stage: 0, refuses }));

function place(def: KnobDef, found: Found): KnobPlace | string {
  const knob = agentKnobs.find(({ name }) => name === def.id);
  if (knob === undefined) return `${def.title} cannot be set from here.`;
  if (knob.kind === 'file') {
    return found.site.evidence.files.has(knob.path)
      ? { knob, instance: knob.path }
      : `${knob.path} is not there on ${found.site.name}, or was not read.`;
  }
  const { guests, findings } = guestsOf([found], nobody);
  const [view] = guests;
  if (view === undefined) return findings[0]?.sentence ?? 'This guest is not there.';
  const client = Object.hasOwn(clientKeys, def.id);
  const [wrong] = [...nameFindings(view), ...(client ? [...tmemFindings(view), ...clientFindings(view)] : [])];
  if (wrong !== undefined || view.name === undefined) return wrong?.sentence ?? 'This guest cannot be named.';
  const now = client ? clientNumber(view, clientKeys[def.id as ClientKnob]) : view.limit;
  if (def.id === 'xen.tmem.cap' && now === undefined) return `The Xen of ${found.site.name} has no cap.`;
  return { knob, instance: view.name, now: knobNow(now), of: view.known.name };
}

function refuses(def: KnobDef, found: Found, _: KnobPlace, to: string): string | undefined {
  if (def.id !== 'xen.mem-max') return undefined;
  const [view] = guestsOf([found], nobody).guests;
  return view?.target !== undefined && Number(to) < view.target
    ? `The target of ${view.known.name} is ${String(view.target)} MiB: xl refuses a limit below it.`
    : undefined;
}
