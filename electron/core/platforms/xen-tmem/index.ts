/** The platform of Xen hosts with transcendent memory (4.0 to 4.12), and of the guests' side of it. */
import type { Platform } from '../platform.ts';
import { catalogue } from './catalogue.ts';
import { commands } from './commands.ts';
import { detect } from './detect.ts';
import { sets } from './files.ts';
import { knobs } from './knobs.ts';
import { ledger } from './ledger.ts';
import { planner } from './planner.ts';
import { read } from './read.ts';

export const xenTmem: Platform = {
  id: 'xen-tmem',
  title: 'Xen tmem',
  sets,
  commands,
  catalogue,
  knobs,
  planner,
  ledger,
  detect,
  read,
};
