/**
 * A Xen host as a machine of the lab: Domain-0 with its files and commands, stepped by the world. Scenarios make it
 * and change it by what an administrator could do (`run`), by its guests' workloads, and by the network.
 */
import type { LabMachine } from '../machine.ts';
import type { WorkloadKind } from '../workload.ts';
import { dom0Files } from './dom0-files.ts';
import { fileTree } from './file-tree.ts';
import { guestFiles, guestKernel } from './guest-files.ts';
import { HostModel } from './host-model.ts';
import { knobsOf } from './knobs.ts';
import type { XenGuestOptions, XenHostOptions } from './options.ts';
import { run } from './shell.ts';
import { kernelOf } from './userland.ts';

export interface XenHost extends LabMachine {
  /** Cuts the network to it, or mends it. */
  connect(reachable: boolean): void;
  /** What a guest does from now on. Throws when there is no such guest. */
  setWorkload(guest: string, workload: WorkloadKind): void;
  /** Starts another guest. Throws when the host has no memory for it. */
  create(guest: XenGuestOptions): void;
  /** A guest as a host of its own: reachable, with its own files. It is stepped with its host, not by itself. */
  guestMachine(guest: string): LabMachine;
  /** For tests: the model behind the texts. */
  readonly model: HostModel;
}

const pageSize = 4096;

export function createXenHost(options: XenHostOptions): XenHost {
  const model = new HostModel(options);
  const kernel = kernelOf(options.version);
  const found = (name: string) => {
    const guest = model.find(name);
    if (guest === undefined) throw new Error(`Xen host ${options.name} has no guest ${name}.`);
    return guest;
  };
  let reachable = true;
  return {
    name: options.name,
    kernel: kernel.release,
    os: kernel.os,
    pageSize,
    bootId: model.bootId,
    files: fileTree(dom0Files(model)),
    knobs: knobsOf(model),
    get reachable() {
      return reachable;
    },
    uptime: () => model.uptime(),
    run: (words) => run(model, words),
    step: (span) => model.step(span / 1000),
    connect: (value) => {
      reachable = value;
    },
    setWorkload: (name, workload) => {
      found(name).workload = workload;
    },
    create: (guest) => void model.create(guest),
    guestMachine: (name) => {
      const guest = found(name);
      return {
        name,
        kernel: guestKernel,
        os: 'Oracle Linux Server release 6.5',
        pageSize,
        bootId: guest.uuid,
        files: fileTree(guestFiles(model, guest)),
        get reachable() {
          return reachable && model.guests.includes(guest);
        },
        uptime: () => model.uptime(),
        run: ([program = '']) => ({ text: `sh: ${program}: not found\n`, status: 127 }),
        step: () => undefined,
      };
    },
    model,
  };
}
