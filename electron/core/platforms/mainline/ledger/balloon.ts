/** Memory promised to guests and taken back by their balloons. */
import type { SavingRule } from '../../ledger.ts';
import { mean } from '../../ledger.ts';

/** docs/domain.md 5.1 ballooned */
export const balloon: readonly SavingRule[] = [
  {
    id: 'balloon',
    mechanism: 'balloon',
    part: 'saved',
    level: 'host',
    title: 'Taken back by balloons',
    gross: {
      unit: 'bytes',
      formula: 'promised − allowed',
      terms: {
        promised: mean('mainline.balloon.promised', 'Σ maximum memory of the guests whose balloon is known'),
        allowed: mean('mainline.balloon.allowed', 'Σ what the balloon allows the same guests'),
      },
    },
    notes: ['Of guests where both are known. What a guest would have used of it nobody tells.'],
  },
  {
    id: 'balloon-guest',
    mechanism: 'balloon',
    part: 'saved',
    level: 'guest',
    title: 'Taken back by its balloon',
    gross: {
      unit: 'bytes',
      formula: 'promised − allowed',
      terms: {
        promised: mean('guest.promised', 'maximum memory: libvirt, Proxmox or QEMU'),
        allowed: mean('guest.allowed', 'libvirt, balloon.current'),
      },
    },
    notes: ['Part of what the host saves.'],
  },
];
