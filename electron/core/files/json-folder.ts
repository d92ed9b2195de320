/**
 * A folder of values, each a JSON file of its own: plans, of which one may be large and most never change again. A file
 * that cannot be used is put aside or left alone by the same rules as the console's other files, and the rest is loaded.
 */
import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonFile, JsonFolder } from '#core/ports.ts';
import { readProblem, systemCode, writeProblem } from './file-problem.ts';
import { jsonFile } from './json-file.ts';
import type { JsonFileOptions, JsonFormat } from './json-file.ts';
import { makeFolder } from './make-folder.ts';
import { openTextFile } from './text-file.ts';

/** Bytes. A plan of ten thousand steps is about twenty million. */
const largestValue = 128 * 1024 * 1024;
const ending = '.json';
const safeName = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;

export function openJsonFolder<T extends object>(
  folder: string,
  format: JsonFormat<T>,
  options: JsonFileOptions,
): JsonFolder<T> {
  const files = new Map<string, Promise<JsonFile<T>>>();
  const fileOf = (name: string): Promise<JsonFile<T>> => {
    if (!safeName.test(name)) throw new Error(`no name for a file: ${name}`);
    const known = files.get(name);
    if (known !== undefined) return known;
    const opened = openTextFile(join(folder, name + ending), largestValue).then((text) =>
      jsonFile(text, format, options),
    );
    files.set(name, opened);
    return opened;
  };

  const names = async (): Promise<string[]> => {
    try {
      const found = (await readdir(folder)).filter((name) => name.endsWith(ending));
      return found.map((name) => name.slice(0, -ending.length)).filter((name) => safeName.test(name));
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return [];
      throw readProblem(folder, error);
    }
  };

  return {
    load: async () => {
      const values = new Map<string, T>();
      for (const name of await names()) {
        const value = await (await fileOf(name)).load();
        if (value !== undefined) values.set(name, value);
      }
      return values;
    },
    save: async (name, value) => {
      try {
        await makeFolder(folder);
      } catch (error) {
        throw writeProblem(folder, error);
      }
      await (await fileOf(name)).save(value);
    },
    remove: async (name) => {
      files.delete(name);
      try {
        await unlink(join(folder, name + ending));
      } catch (error) {
        if (systemCode(error) !== 'ENOENT') throw writeProblem(folder, error);
      }
    },
  };
}

/** Forgets when the console ends. */
export function memoryJsonFolder<T>(): JsonFolder<T> {
  const kept = new Map<string, T>();
  return {
    load: async () => new Map(kept),
    save: async (name, value) => {
      kept.set(name, value);
    },
    remove: async (name) => {
      kept.delete(name);
    },
  };
}
