/** The console itself: settings, notices, what it is. */
import * as z from 'zod';
import type { ConsoleInfo, Notice, Settings } from '#shared/model/settings.ts';
import { event, request } from './wire.ts';
import { id, nothing } from './schemas.ts';

const settings: z.ZodType<Settings> = z.strictObject({
  intervalSeconds: z.int().min(1).max(60),
  theme: z.enum(['system', 'light', 'dark']),
  density: z.enum(['comfortable', 'compact']),
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
