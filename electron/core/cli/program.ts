/** Where the program lies, and what it is: the same for a checkout and for the packed application. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { agentBody as readBody } from '../agent-body.ts';

/** The folder with package.json: sources lie three folders below it, the built program one. */
export const root = ((): string => {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
})();

const manifest = z.object({ version: z.string() });

export const version = manifest.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))).version;

/** Text of the agent, sent to hosts. */
export const agentBody = (): string => readBody(root);

/** Folder of the built page. */
export const pages = join(root, 'out', 'renderer');
