/** What the agent may write for this platform. The list is closed: a file or a command that is not here is not written. */
import type { AgentKnob } from '../change.ts';
import { libvirtBalloonKnob, libvirtPeriodKnob, proxmoxBalloonKnob } from './knobs/balloon.ts';
import { cgroupFileKnobs } from './knobs/cgroup.ts';
import { moduleKnob } from './knobs/module.ts';
import { swapDeviceKnob } from './knobs/swap-device.ts';
import { zramKnob } from './knobs/zram.ts';
import { settings } from './knobs.ts';

export const agentKnobs: readonly AgentKnob[] = [
  ...settings.map(({ knob }) => knob),
  ...cgroupFileKnobs,
  moduleKnob,
  zramKnob,
  swapDeviceKnob,
  libvirtBalloonKnob,
  libvirtPeriodKnob,
  proxmoxBalloonKnob,
];
