/** The sum of the topics: every request and event between a page and the core, each named once. */
import type { z } from 'zod';
import { clusterEvents, clusters } from './clusters.ts';
import { consoleEvents, consoleTopic } from './console.ts';
import { guestEvents, guests } from './guests.ts';
import { history, historyEvents } from './history.ts';
import { hostEvents, hosts } from './hosts.ts';
import { lab, labEvents } from './lab.ts';
import { ledger } from './ledger.ts';
import { planEvents, plans } from './plans.ts';
import { reportEvents, reports } from './reports.ts';
import { sampleEvents, samples } from './samples.ts';
import type { Event, Request } from './wire.ts';

export const requests = {
  ...consoleTopic,
  ...hosts,
  ...guests,
  ...samples,
  ...clusters,
  ...plans,
  ...history,
  ...ledger,
  ...reports,
  ...lab,
};
export const events = {
  ...consoleEvents,
  ...hostEvents,
  ...guestEvents,
  ...sampleEvents,
  ...clusterEvents,
  ...planEvents,
  ...historyEvents,
  ...reportEvents,
  ...labEvents,
};

export type Requests = typeof requests;
export type RequestName = keyof Requests;
export type ArgsOf<Name extends RequestName> =
  Requests[Name] extends Request<infer Args, unknown> ? z.infer<Args> : never;
export type AnswerOf<Name extends RequestName> =
  Requests[Name] extends Request<z.ZodType, infer Answer> ? Answer : never;

export type Events = typeof events;
export type EventName = keyof Events;
export type PayloadOf<Name extends EventName> = Events[Name] extends Event<infer Payload> ? Payload : never;

export type Handlers = {
  readonly [Name in RequestName]: (args: ArgsOf<Name>) => AnswerOf<Name> | Promise<AnswerOf<Name>>;
};
export type Emit = <Name extends EventName>(name: Name, payload: PayloadOf<Name>) => void;
