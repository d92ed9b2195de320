/** Guests of all hosts, as rows, and one guest in full. */
import * as z from 'zod';
import type { GuestRow } from '#shared/model/guest-row.ts';
import type { HostId } from '#shared/model/host.ts';
import type { CurrentValue } from '#shared/model/reading.ts';
import { event, request } from './wire.ts';
import { id } from './schemas.ts';

export interface GuestChanges {
  /** Ask the next time with this number and get only what changed since. */
  readonly revision: number;
  readonly rows: readonly GuestRow[];
  readonly gone: readonly { readonly host: HostId; readonly key: string }[];
}

export interface GuestDetail {
  readonly row: GuestRow;
  readonly values: readonly CurrentValue[];
}

export const guests = {
  /** `since` 0 asks for all; `gone` is then empty. */
  'guests.changes': request(z.strictObject({ since: z.int().min(0), host: id.optional() })).answering<GuestChanges>(),
  'guests.get': request(z.strictObject({ host: id, key: z.string().min(1).max(1000) })).answering<GuestDetail | null>(),
};

export const guestEvents = {
  /** At most once a second, when there is something newer than what was last asked for. */
  'guests.moved': event<{ readonly revision: number }>(),
};
