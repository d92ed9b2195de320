/** How a current Linux host is changed: each wish is in plan/, the single settings in plan/single.ts. */
import type { Planner } from '../change.ts';
import { plannerOf } from '../planning/wish-kind.ts';
import { agentKnobs } from './agent-knobs.ts';
import { balloon } from './plan/balloon.ts';
import { cleancache } from './plan/cleancache.ts';
import { compress } from './plan/compress.ts';
import { guestShare } from './plan/guest-share.ts';
import { guestSwap } from './plan/guest-swap.ts';
import { inside } from './plan/inside.ts';
import { merge } from './plan/merge.ts';
import { singles } from './plan/single.ts';
import { stop } from './plan/stop.ts';
import { zram } from './plan/zram.ts';

export const planner: Planner = plannerOf(agentKnobs, [
  compress,
  zram,
  merge,
  stop,
  guestSwap,
  inside,
  cleancache,
  guestShare,
  balloon,
  ...singles,
]);
