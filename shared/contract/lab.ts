/** The lab: opening, steering and leaving it. While it is open, all other requests speak of the lab's hosts. */
import * as z from 'zod';
import type { LabScenario, LabStatus } from '#shared/model/lab.ts';
import { event, request } from './wire.ts';
import { id, nothing } from './schemas.ts';

const speed = z.union([z.literal(1), z.literal(10), z.literal(60)]);

export const lab = {
  'lab.scenarios': request(nothing).answering<readonly LabScenario[]>(),
  /** Null when no lab is open. */
  'lab.status': request(nothing).answering<LabStatus | null>(),
  'lab.open': request(
    z.strictObject({
      scenario: id,
      seed: z
        .int()
        .min(0)
        .max(2 ** 31)
        .optional(),
    }),
  ).answering<LabStatus>(),
  'lab.steer': request(z.strictObject({ speed, paused: z.boolean() })).answering<LabStatus>(),
  'lab.leave': request(nothing).answering<null>(),
};

export const labEvents = {
  /** Opened, steered, left (null), or something happened in it; also once a second while time passes. */
  'lab.changed': event<LabStatus | null>(),
  /** The hosts are other ones now: everything shown is to be asked for anew. */
  'lab.switched': event<null>(),
};
