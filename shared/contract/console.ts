/** The console itself: settings, notices, what it is. */
import * as z from 'zod';
import type { ConsoleInfo, Notice, Settings } from '#shared/model/settings.ts';
import { event, request } from './wire.ts';
import { id, nothing } from './schemas.ts';

const settings: z.ZodType<Settings> = z.strictObject({
  intervalSeconds: z.int().min(1).max(60),
  theme: z.enum(['system', 'light', 'dark']),
  density: z.enum(['comfortable', 'compact']),
  history: z.strictObject({
    rawDays: z.int().min(1).max(3650),
    minuteDays: z.int().min(1).max(3650),
    hourDays: z.int().min(1).max(36_500),
    diskMiB: z.int().min(16).max(10_000_000),
  }),
  money: z.strictObject({
    pricePerGiBMonth: z.number().min(0).max(1_000_000),
    currency: z.string().trim().min(1).max(8),
  }),
});

export const consoleTopic = {
  'console.info': request(nothing).answering<ConsoleInfo>(),
  'console.notices': request(nothing).answering<readonly Notice[]>(),
  'console.dismiss': request(z.strictObject({ notice: id })).answering<null>(),
  'settings.get': request(nothing).answering<Settings>(),
  'settings.set': request(z.strictObject({ settings })).answering<Settings>(),
};

export const consoleEvents = {
  'console.noticed': event<readonly Notice[]>(),
  'settings.changed': event<Settings>(),
};
