/** The platform of current Linux hosts: zswap, zram, KSM, control groups, pressure; frontswap where it still is. */
import type { Platform } from '../platform.ts';
import { catalogue } from './catalogue.ts';
import { commands } from './commands.ts';
import { detect } from './detect.ts';
import { sets } from './files.ts';
import { knobs } from './knobs.ts';
import { ledger } from './ledger.ts';
import { planner } from './planner.ts';
import { read } from './read.ts';

export const mainline: Platform = {
  id: 'mainline',
  title: 'Linux',
  sets,
  commands,
  catalogue,
  knobs,
  planner,
  ledger,
  detect,
  read,
};
