/**
 * What the lab costs the console: 40 hosts of 50 guests each at sixty times the speed of life, stepped as the world
 * does it and read as the agent double does it once a second, without SSH. Half of them KVM, half Xen.
 */
import { createAgentDouble } from '#core/lab/agent-double.ts';
import { HostChanges } from '#core/lab/agent/host-changes.ts';
import type { LabMachine } from '#core/lab/machine.ts';
import { dice } from '#core/lab/random.ts';
import { guestsOf, kvm, xen } from '#core/lab/scenarios/hosts.ts';
import { systemClock } from '#core/system-clock.ts';
import { commands, knobs, sets } from '#core/watch.ts';
import { seconds } from '#shared/units.ts';
import type { Row } from './figures.ts';
import type { Measurement } from './measurement.ts';

const hosts = 40;
const guests = 50;
const speed = 60;

function machines(): LabMachine[] {
  const roll = dice(1);
  return Array.from({ length: hosts }, (_, index) => {
    const name = `host-${String(index).padStart(2, '0')}`;
    if (index % 2 === 0) return kvm(name, roll, 8, { memoryMiB: 65_536, guests: guestsOf(name, guests, 2048) });
    const guest = (at: number) => ({
      name: `g${at}`,
      workload: at % 2 === 0 ? ('web' as const) : ('database' as const),
      memoryMiB: 512,
      maxMemMiB: 1024,
      frontswap: true,
      cleancache: true,
      selfballooning: true,
    });
    return xen(name, roll, 8, { memoryMiB: 49_152, guests: Array.from({ length: guests }, (_, at) => guest(at)) });
  });
}

export const lab: Measurement = {
  name: 'lab',
  title: `the lab, ${hosts} hosts × ${guests} guests at ×${speed}`,
  run: async ({ quick, say }) => {
    const all = machines();
    const list = { sets, commands, knobs };
    const agents = all.map((machine) =>
      createAgentDouble({ machine, list, changes: new HostChanges(machine, knobs, systemClock), grade: 'viewer' }),
    );
    const tick = sets.filter(({ every, name }) => every === 'tick' && name.startsWith('mainline.'));
    const rounds = quick ? 10 : 60;
    for (let second = 0; second < speed * 2; second++) for (const machine of all) machine.step(seconds(1));
    const before = process.cpuUsage();
    let stepping = 0;
    for (let round = 0; round < rounds; round++) {
      const begun = process.cpuUsage();
      for (let second = 0; second < speed; second++) for (const machine of all) machine.step(seconds(1));
      stepping += cpuMs(begun);
      for (const agent of agents) for (const { name } of tick) agent.answer(`1 read ${name}`);
    }
    const total = cpuMs(before) / rounds;
    say(`${rounds} seconds of life, ${(rounds * speed) / 60} minutes of the lab`);
    const row: Row = {
      what: `lab: ${hosts} hosts × ${guests} guests at ×${speed}, CPU of one core`,
      figure: total / 10,
      unit: '%',
      budget: { below: 15 },
      also: `of it stepping ${(stepping / rounds / 10).toFixed(1)} %, the rest is answering one reading of every host a second`,
    };
    return [row];
  },
};

function cpuMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}
