/** What can be set on a current Linux host, with ranges and traps; each is a wish of its own, too (plan/single.ts). */
import type { KnobDef } from '#shared/model/knob.ts';
import { balloonDefs } from './knobs/balloon.ts';
import { cgroupKnobs } from './knobs/cgroup.ts';
import { ksmSettings } from './knobs/ksm.ts';
import { moduleDef } from './knobs/module.ts';
import { swapDeviceDef } from './knobs/swap-device.ts';
import { vmSettings } from './knobs/vm.ts';
import { zramDef } from './knobs/zram.ts';
import { zswapSettings } from './knobs/zswap.ts';

export const settings = [...zswapSettings, ...ksmSettings, ...vmSettings];

export const knobs: readonly KnobDef[] = [
  ...settings.map(({ def }) => def),
  ...cgroupKnobs,
  zramDef,
  swapDeviceDef,
  ...balloonDefs,
  moduleDef,
];
