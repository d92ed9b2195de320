/** The lab's scenarios, one line each, in the order in which they are offered. */
import type { Scenario } from '../scenario.ts';

export const scenarios: readonly Scenario[] = [];
