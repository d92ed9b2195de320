/** The single settings of this platform that can be changed by themselves, where they are shown. */
import type { KnobDef } from '#shared/model/knob.ts';
import { knobWish } from '../../planning/knob-wish.ts';
import type { KnobPlace } from '../../planning/knob-wish.ts';
import type { Found } from '../../planning/targets.ts';
import type { WishKind } from '../../planning/wish-kind.ts';
import { agentKnobs } from '../agent-knobs.ts';
import { knobs } from '../knobs.ts';
import { isOn, viewOf } from './view.ts';

/** The directories and what cannot be taken back belong to wishes of their own. */
const ofWishes = /^ramster\.(?:boot\.|cluster$|node|manual_node_up$|remote_target_nodenum$)/;

export const knobWishes: readonly WishKind[] = knobs
  .filter(({ id }) => !ofWishes.test(id) && agentKnobs.some(({ name }) => name === id))
  .map((def) => knobWish(def, { place, stage: 0, refuses, riskWords: def.traps[0] ?? '' }));

function place(def: KnobDef, { site }: Found): KnobPlace | string {
  const knob = agentKnobs.find(({ name }) => name === def.id);
  const cluster = viewOf(site).cluster;
  if (knob?.kind !== 'file') return `${def.title} cannot be set from here.`;
  if (def.of === 'cluster' && cluster === undefined) return `${site.name} is in no cluster.`;
  const path = knob.path.replace('*', cluster?.name ?? '');
  if (!site.evidence.files.has(path)) return `${path} is not there on ${site.name}, or was not read.`;
  return { knob, instance: path, keepAs: def.id.startsWith('ramster.cluster.') ? path : false };
}

function refuses(def: KnobDef, { site }: Found, _: KnobPlace, to: string): string | undefined {
  const view = viewOf(site);
  const { cluster, sends } = view;
  if (/_remotify_enable$/.test(def.id)) {
    const other = def.id.includes('.pers_') ? sends.ephemeral : sends.persistent;
    if (to === '0' && !isOn(other) && view.away > 0)
      return `Up to ${String(view.away)} pages of ${view.name} are away and would be stranded. Use “Stop RAMster”, which brings them home first.`;
    if (to === '1' && view.target === undefined)
      return `${view.name} has no target. Use “Build a RAMster cluster”, which sets one.`;
    return undefined;
  }
  if (cluster === undefined || !/(?:idle_timeout|keepalive_delay)_ms$/.test(def.id)) return undefined;
  const linked = cluster.nodes.some(({ num, local }) => num !== undefined && !local && view.linked(num) === true);
  return linked ? `A peer is linked with ${view.name}: this cannot be changed until the link is gone.` : undefined;
}
