/** zswap of one kernel: what was found, and what stands in the way. */
import type { Finding } from '#shared/model/wish.ts';
import { enabled, zpool } from '../knobs/zswap.ts';
import type { Look } from './look.ts';
import { withoutSwap } from './swap-found.ts';

export function zswapFindings(look: Look): readonly Finding[] {
  const { name } = look.site;
  if (!look.hasZswap) {
    return [
      look.finding(
        'missing',
        `The kernel of ${name} has no zswap.`,
        'Use a kernel with CONFIG_ZSWAP; Debian’s linux-image-cloud has none, linux-image does.',
      ),
    ];
  }
  const found: Finding[] = [
    look.finding('ok', look.on(enabled) === true ? `zswap is on at ${name}.` : `zswap is there on ${name}, and off.`),
    ...withoutSwap(look),
  ];
  const zrams = look.zrams.filter(({ swap }) => swap !== undefined);
  if (zrams.length > 0) {
    found.push(
      look.finding(
        'note',
        `${zrams.map(({ device }) => device).join(', ')} is swap on ${name}: with zswap in front of it pages are compressed twice.`,
        'Use one of the two: take the zram device away, or leave zswap off.',
      ),
    );
  }
  if (look.hardlyWritesBack && look.has(zpool)) {
    found.push(
      look.finding(
        'note',
        'On this kernel a full zswap hardly writes old pages back: new ones go to the swap device instead.',
      ),
    );
  }
  if (look.held === undefined) {
    found.push(look.finding('note', 'What zswap holds now could not be read: its counters are for root only.'));
  }
  return found;
}
