/** How this platform is changed. */
import type { Planner } from '../change.ts';
import { plannerOf } from '../planning/wish-kind.ts';
import { agentKnobs } from './agent-knobs.ts';
import { bootWishes } from './planner/boot-wish.ts';
import { clusterWish } from './planner/cluster-wish.ts';
import { knobWishes } from './planner/knob-wishes.ts';
import { retargetWish } from './planner/retarget-wish.ts';
import { stopWish } from './planner/stop-wish.ts';

export const planner: Planner = plannerOf(agentKnobs, [
  clusterWish,
  retargetWish,
  stopWish,
  ...bootWishes,
  ...knobWishes,
]);
