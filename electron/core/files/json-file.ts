/**
 * A value with a schema, kept as JSON in a text file. A file that is not what it should be is put aside under a name
 * that says so, and a file from a newer console is left alone: neither is ever written over.
 */
import { access, rename } from 'node:fs/promises';
import { basename } from 'node:path';
import * as z from 'zod';
import { problem, problemOf, ProblemError, type Problem } from '#shared/problem.ts';
import type { Notice } from '#shared/model/settings.ts';
import type { JsonFile, TextFile } from '#core/ports.ts';
import { writeProblem } from './file-problem.ts';

/** What a kind of file holds. The version stands in the file beside the value's own fields, as `version`. */
export interface JsonFormat<T extends object> {
  readonly version: number;
  readonly schema: z.ZodType<T>;
}

export interface JsonFileOptions {
  readonly notify: (notice: Notice) => void;
  /** False where nothing can be written: a broken file then stays where it is. */
  readonly persistent: boolean;
  readonly now: () => number;
}

type Content<T> = { readonly value: T } | { readonly newer: number } | { readonly wrong: string };

const stamped = z.looseObject({ version: z.int().min(1) });

/** `hosts.3.port: …`, the first of them. */
function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return error.message;
  return issue.path.length === 0 ? issue.message : `${issue.path.map(String).join('.')}: ${issue.message}`;
}

function contentOf<T extends object>(text: string, format: JsonFormat<T>): Content<T> {
  let raw: unknown;
  try {
    raw = JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
  } catch (error) {
    return { wrong: text.trim() === '' ? 'the file is empty' : error instanceof Error ? error.message : String(error) };
  }
  const outer = stamped.safeParse(raw);
  if (!outer.success) return { wrong: firstIssue(outer.error) };
  const { version, ...rest } = outer.data;
  if (version > format.version) return { newer: version };
  if (version < format.version) return { wrong: `version: ${version} is not known` };
  const parsed = format.schema.safeParse(rest);
  return parsed.success ? { value: parsed.data } : { wrong: firstIssue(parsed.error) };
}

/** `hosts.json.corrupt-2026-11-24T05-40-00`, with a number behind it when that is taken. */
async function freeName(path: string, at: number): Promise<string> {
  const stamp = new Date(at).toISOString().slice(0, 19).replaceAll(':', '-');
  for (let count = 1; ; count += 1) {
    const name = `${path}.corrupt-${stamp}${count === 1 ? '' : `-${count}`}`;
    try {
      await access(name);
    } catch {
      return name;
    }
  }
}

export function jsonFile<T extends object>(
  file: TextFile,
  format: JsonFormat<T>,
  options: JsonFileOptions,
): JsonFile<T> {
  const name = basename(file.path);
  /** Why the file on disk must not be written over. */
  let guarded: Problem | undefined;

  const tell = (id: string, sentence: string, words?: string): void =>
    options.notify({ id: `${id}:${name}`, level: 'warning', sentence, ...(words === undefined ? {} : { words }) });

  const guard = (id: string, why: Problem): undefined => {
    guarded = why;
    tell(id, why.sentence, why.words);
    return undefined;
  };

  const putAside = async (words: string): Promise<undefined> => {
    if (!options.persistent) {
      tell('file-corrupt', `${file.path} could not be understood and is ignored. Mend it or move it away.`, words);
      return undefined;
    }
    const aside = await freeName(file.path, options.now());
    try {
      await rename(file.path, aside);
    } catch (error) {
      const why = problemOf(writeProblem(file.path, error));
      if (why === undefined) throw error;
      const sentence = `${file.path} could not be understood, and could not be put aside either. Nothing is saved to it until it is mended or moved away and the console is started again.`;
      return guard('file-corrupt', problem('file-unwritable', sentence, `${words}; ${why.words ?? ''}`));
    }
    tell(
      'file-corrupt',
      `${name} could not be understood. It was kept as ${aside}, and the console starts without it. To use it again, mend it and give it back its name while the console is not running.`,
      words,
    );
    return undefined;
  };

  return {
    load: async () => {
      guarded = undefined;
      let text: string | undefined;
      try {
        text = await file.read();
      } catch (error) {
        const why = problemOf(error);
        if (why === undefined) throw error;
        const sentence = `${why.sentence} Until then nothing is saved to it.`;
        return guard('file-unreadable', problem('file-unwritable', sentence, why.words));
      }
      if (text === undefined) return undefined;
      const content = contentOf(text, format);
      if ('value' in content) return content.value;
      if ('wrong' in content) return putAside(content.wrong);
      const sentence = `${file.path} was written by a newer version of the console (format ${content.newer}; this one knows ${format.version}). It is left as it is and nothing is saved to it. Update the console, or start it with another --data-dir.`;
      return guard('file-newer', problem('file-unwritable', sentence));
    },
    save: async (value) => {
      if (guarded !== undefined) throw new ProblemError(guarded);
      // A value that its own schema refuses is a bug here, not a fault of the disk: better loud now than corrupt later.
      const checked = format.schema.parse(value);
      await file.write(`${JSON.stringify({ version: format.version, ...checked }, null, 1)}\n`);
    },
  };
}
