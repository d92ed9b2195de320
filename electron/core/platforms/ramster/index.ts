/** The platform of the originals on Linux: zcache, RAMster, and the frontswap and cleancache they serve. */
import type { Platform } from '../platform.ts';
import { catalogue } from './catalogue.ts';
import { commands } from './commands.ts';
import { detect } from './detect.ts';
import { sets } from './files.ts';
import { knobs } from './knobs.ts';
import { ledger } from './ledger.ts';
import { planner } from './planner.ts';
import { read } from './read.ts';

export const ramster: Platform = {
  id: 'ramster',
  title: 'zcache and RAMster',
  sets,
  commands,
  catalogue,
  knobs,
  planner,
  ledger,
  detect,
  read,
};
