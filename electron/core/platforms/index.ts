/** Every platform, one line each. Nothing is discovered: what is not named here does not exist. */
import type { Platform } from './platform.ts';
import { mainline } from './mainline/index.ts';

export const platforms: readonly Platform[] = [mainline];
