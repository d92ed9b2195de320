/** Without a swap device nothing is compressed: what is missing, and how to get it. */
import type { Finding } from '#shared/model/wish.ts';
import type { Look } from './look.ts';

export const swapFileLines = [
  'fallocate -l 4G /swapfile',
  'chmod 600 /swapfile',
  'mkswap /swapfile',
  'swapon /swapfile',
] as const;

export function withoutSwap(look: Look): readonly Finding[] {
  if (look.withoutSwap === false) return [];
  if (look.withoutSwap === undefined) {
    return [look.finding('note', `Whether ${look.site.name} has a swap device could not be read.`)];
  }
  return [
    look.finding(
      'missing',
      `${look.site.name} has no swap device: every page that is compressed needs a slot in one.`,
      `Make a swap file as root: ${swapFileLines.join(' && ')}. Or let pages go to compressed RAM alone, with a zram device.`,
    ),
  ];
}
