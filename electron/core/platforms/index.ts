/**
 * Every platform, one line each. Nothing is discovered: what is not named here does not exist. Of a signal that does
 * not add up the first platform counts: on a Xen host the hypervisor's memory, not that of Domain-0.
 */
import { mainline } from './mainline/index.ts';
import type { Platform } from './platform.ts';
import { ramster } from './ramster/index.ts';
import { xenTmem } from './xen-tmem/index.ts';

export const platforms: readonly Platform[] = [xenTmem, mainline, ramster];
