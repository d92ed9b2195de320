/** What a person chose about the console, kept in settings.json. What is missing there has its default. */
import * as z from 'zod';
import { consoleTopic } from '#shared/contract/console.ts';
import { defaultSettings, type Settings } from '#shared/model/settings.ts';
import type { JsonFile } from '#core/ports.ts';
import type { JsonFormat } from './json-file.ts';

export interface SettingsFile {
  readonly settings: Settings;
}

export const settingsFormat: JsonFormat<SettingsFile> = {
  version: 1,
  schema: z.strictObject({
    settings: z.preprocess(withDefaults, consoleTopic['settings.set'].args.shape.settings),
  }),
};

/** Files of an earlier version lack what came later, also within a group. */
function withDefaults(stored: unknown): unknown {
  if (typeof stored !== 'object' || stored === null) return stored;
  const group = (name: 'history' | 'money'): unknown => {
    const told = (stored as Record<string, unknown>)[name];
    return told === undefined || (typeof told === 'object' && told !== null)
      ? { ...defaultSettings[name], ...told }
      : told;
  };
  return { ...defaultSettings, ...stored, history: group('history'), money: group('money') };
}

export interface SettingsKeeper {
  get(): Settings;
  /** Kept on the disk before it resolves; when that fails the old settings stay. Rejects: file-unwritable, disk-full. */
  set(settings: Settings): Promise<Settings>;
}

export async function openSettings(file: JsonFile<SettingsFile>): Promise<SettingsKeeper> {
  let current = (await file.load())?.settings ?? defaultSettings;
  return {
    get: () => current,
    set: async (settings) => {
      await file.save({ settings });
      current = settings;
      return current;
    },
  };
}
