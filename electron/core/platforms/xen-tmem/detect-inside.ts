/** A Xen guest that is connected as a host of its own: does its kernel speak to tmem, and does anybody answer? */
import type { Detection, Evidence } from '../platform.ts';
import { parseFlag, parseNumber } from '../kernel/single.ts';
import { balloonDirectory, parameterDirectory } from './catalogue/inside.ts';

export function isInside(evidence: Evidence): boolean {
  return [...evidence.files.keys()].some(
    (path) => path.startsWith(`${balloonDirectory}/`) || path.startsWith(`${parameterDirectory}/`),
  );
}

export function detectInside(evidence: Evidence): Detection {
  const flag = (path: string): boolean | undefined => {
    const file = evidence.files.get(path);
    const value = file && parseFlag(file, []);
    return value === undefined ? undefined : value === 1;
  };
  const driver = ['cleancache', 'frontswap'].map((name) => flag(`${parameterDirectory}/${name}`));
  const balloon = flag(`${balloonDirectory}/selfballoon/selfballooning`);
  if (driver.every((on) => on === undefined) && balloon === undefined)
    return {
      presence: 'partial',
      because: [
        'This is a Xen guest whose kernel has no tmem driver (it was removed in Linux 5.3): only its balloon is shown.',
      ],
    };
  const because = ['This is a Xen guest whose kernel can speak to tmem.'];
  for (const [i, name] of ['cleancache', 'frontswap'].entries())
    if (driver[i] === false) because.push(`${name} is off in the driver: boot with tmem.${name}=1 to have it.`);
  if (!driver.some((on) => on === true) && driver.some((on) => on !== undefined))
    because.push('Nothing is offered to the hypervisor: cleancache and frontswap are both off.');
  const silent = refusedAll(evidence);
  if (silent) because.push(silent);
  if (balloon !== undefined)
    because.push(
      balloon
        ? 'Self-ballooning is on: the guest gives memory away by itself, and the host’s target does not move with it.'
        : 'Self-ballooning is off.',
    );
  return { presence: 'full', because };
}

/** The driver says “enabled” even when the hypervisor has tmem off: only the counters tell. */
function refusedAll(evidence: Evidence): string | undefined {
  const counter = (path: string): number | undefined => {
    const file = evidence.files.get(`/sys/kernel/debug/${path}`);
    return file && parseNumber(file, []);
  };
  const failed = counter('frontswap/failed_stores');
  const stored = counter('frontswap/succ_stores');
  if (failed === undefined || stored !== 0 || failed < 1000) return undefined;
  return (
    `Every one of ${String(failed)} pages offered to the hypervisor was refused: tmem is off there, or the guest is ` +
    'at its limit. The kernel’s own “frontswap enabled” proves nothing; look at xl info and xl tmem-list on the host.'
  );
}
