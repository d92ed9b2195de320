/** The lab's scenarios, one line each, in the order in which they are offered; the first is what one click opens. */
import type { Scenario } from '../scenario.ts';
import { donorLost } from './donor-lost.ts';
import { greenfield } from './greenfield.ts';
import { misconfigured } from './misconfigured.ts';
import { monday } from './monday.ts';
import { noisyNeighbour } from './noisy-neighbour.ts';
import { rejectStorm } from './reject-storm.ts';
import { steady } from './steady.ts';
import { tour } from './tour.ts';

export const scenarios: readonly Scenario[] = [
  tour,
  steady,
  greenfield,
  monday,
  donorLost,
  rejectStorm,
  noisyNeighbour,
  misconfigured,
];
