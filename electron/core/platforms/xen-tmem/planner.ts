/** How this platform is changed. */
import type { Planner } from '../change.ts';
import { plannerOf } from '../planning/wish-kind.ts';
import { agentKnobs } from './agent-knobs.ts';
import { balloonWish } from './planner/balloon-wish.ts';
import { cleancacheWish } from './planner/cleancache-wish.ts';
import { frontswapWish } from './planner/frontswap-wish.ts';
import { knobWishes } from './planner/knob-wishes.ts';
import { shareWish } from './planner/share-wish.ts';
import { sharedPoolWish } from './planner/shared-pool-wish.ts';

export const planner: Planner = plannerOf(agentKnobs, [
  frontswapWish,
  cleancacheWish,
  shareWish,
  sharedPoolWish,
  balloonWish,
  ...knobWishes,
]);
