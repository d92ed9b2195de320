/**
 * The lab: which one is open, which there are, and the ways in and out. While one is open the core speaks of its hosts
 * only; the other stores forget what they had when it says `lab.switched`.
 */
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { LabScenario, LabStatus } from '#shared/model/lab.ts';
import { useConsole } from '../console.ts';

export const useLab = defineStore('lab', () => {
  const link = useConsole();
  /** Null while no lab is open. */
  const status = shallowRef<LabStatus | null>(null);
  const scenarios = shallowRef<readonly LabScenario[]>([]);
  /** The scenario that is being opened: its machines start one after another. */
  const opening = ref<string>();

  async function load(): Promise<void> {
    const [now, all] = await Promise.all([link.call('lab.status', {}), link.call('lab.scenarios', {})]);
    status.value = now;
    scenarios.value = all;
  }

  /** Leaves the lab that is open, if one is. Rejects with a ProblemError. */
  async function open(scenario: string): Promise<void> {
    if (opening.value !== undefined) return;
    opening.value = scenario;
    try {
      status.value = await link.call('lab.open', { scenario });
    } finally {
      opening.value = undefined;
    }
  }

  /** Shown at once; taken back when the core refuses. */
  async function steer(part: Partial<Pick<LabStatus, 'speed' | 'paused'>>): Promise<void> {
    const before = status.value;
    if (before === null) return;
    const wanted = { ...before, ...part };
    status.value = wanted;
    try {
      status.value = await link.call('lab.steer', { speed: wanted.speed, paused: wanted.paused });
    } catch (error) {
      status.value = before;
      throw error;
    }
  }

  async function leave(): Promise<void> {
    await link.call('lab.leave', {});
  }

  link.on('lab.changed', (now) => (status.value = now));
  // A failure here is the lost door, which the frame already tells.
  link.onOpen(() => void load().catch(() => undefined));

  return { status, scenarios, opening, open, steer, leave };
});
