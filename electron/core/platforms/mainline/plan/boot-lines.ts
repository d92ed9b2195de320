/** Exact lines for zswap at boot: the kernel's command line, and what the initramfs has to hold. */
import { bootLines, isRedHat } from '../../planning/boot-lines.ts';
import type { BootLines } from '../../planning/boot-lines.ts';
import type { Values } from '../../planning/wish-kind.ts';
import { maxPool, shrinker, zpool } from '../knobs/zswap.ts';
import type { Look } from './look.ts';

export function bootArguments(look: Look, values: Values): readonly string[] {
  const given = [
    ['compressor', 'compressor', true],
    ['zpool', 'zpool', look.has(zpool)],
    ['max_pool_percent', 'max-pool', look.has(maxPool)],
    ['shrinker_enabled', 'shrinker', look.has(shrinker)],
  ] as const;
  const more = given.flatMap(([name, field, there]) => {
    const value = values(field);
    return there && value !== '' ? [`zswap.${name}=${value === 'on' ? '1' : value === 'off' ? '0' : value}`] : [];
  });
  return ['zswap.enabled=1', ...more];
}

/** The initramfs is made before the boot loader's own lines, which end in the reboot. */
export function zswapBootLines(look: Look, wanted: readonly string[], algorithm: string): BootLines {
  const { lines, undoLines } = bootLines(look.site.evidence, { add: wanted });
  const { told, loadable } = look.modules;
  // Where a compressor is a module it has to be in the initramfs: zswap is set up before the root file system is there.
  if (told && !loadable.has(algorithm) && !lateModules.includes(algorithm)) return { lines, undoLines };
  const image = initramfs(look, algorithm);
  return { lines: [...image.lines, ...lines], undoLines: [...image.undoLines, ...undoLines] };
}

/** Modules on most kernels, whether or not they are loaded now. */
const lateModules: readonly string[] = ['zstd', 'lz4', 'lz4hc', 'deflate', '842'];

function initramfs(look: Look, name: string): BootLines {
  if (isRedHat(look.site.evidence)) {
    const conf = '/etc/dracut.conf.d/zswap.conf';
    return {
      lines: [`echo 'add_drivers+=" ${name} "' > ${conf}`, 'dracut -f'],
      undoLines: [`rm ${conf}`, 'dracut -f'],
    };
  }
  const list = '/etc/initramfs-tools/modules';
  return {
    lines: [`echo ${name} >> ${list}`, 'update-initramfs -u'],
    undoLines: [`sed -i '/^${name}$/d' ${list}`, 'update-initramfs -u'],
  };
}
