/** The savings ledger of a span of time. */
import * as z from 'zod';
import type { Ledger } from '#shared/model/ledger.ts';
import { historySpan } from './history.ts';
import { id } from './schemas.ts';
import { request } from './wire.ts';

export const ledger = {
  /** All hosts when `hosts` is empty; guests only where they are asked for. */
  'ledger.get': request(
    z.strictObject({ hosts: z.array(id).max(1000), guests: z.boolean(), ...historySpan }),
  ).answering<Ledger>(),
};
