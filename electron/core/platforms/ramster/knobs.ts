/** Everything that can be set, in the order in which it has to be. The topics are in knobs/. */
import type { KnobDef } from '#shared/model/knob.ts';
import { bootKnobs } from './knobs/boot.ts';
import { clusterKnobs } from './knobs/cluster.ts';
import { ramsterKnobs } from './knobs/ramster.ts';
import { zcacheV1Knobs } from './knobs/zcache-v1.ts';

export const knobs: readonly KnobDef[] = [...bootKnobs, ...clusterKnobs, ...ramsterKnobs, ...zcacheV1Knobs];
