/** All plans of this console with their runs: in memory, and each in a file of its own. */
import type { PlanId, PlanView } from '#shared/model/plan.ts';
import { fail } from '#shared/problem.ts';
import type { JsonFolder } from '#core/ports.ts';
import type { PlanRecord } from './format.ts';

export const viewOf = ({ plan, run, impact }: PlanRecord): PlanView => ({
  plan,
  state: run?.state ?? 'draft',
  ...(run === undefined ? {} : { run }),
  ...(impact === undefined ? {} : { impact }),
});

export interface Store {
  all(): readonly PlanRecord[];
  /** Rejects: not-found. */
  get(plan: PlanId): PlanRecord;
  find(plan: PlanId): PlanRecord | undefined;
  /** In memory at once, on the disk when it resolves. Rejects: file-unwritable, disk-full; memory keeps it then too. */
  put(record: PlanRecord): Promise<void>;
  /** For what moves too often to be written each time: only in memory. */
  note(record: PlanRecord): void;
  remove(plan: PlanId): Promise<void>;
}

export async function openStore(folder: JsonFolder<PlanRecord>): Promise<Store> {
  const records = new Map([...(await folder.load()).values()].map((record) => [record.plan.id, record]));
  return {
    all: () => [...records.values()],
    find: (plan) => records.get(plan),
    get: (plan) => records.get(plan) ?? fail('not-found', 'That plan is not there any more. Draw it up again.'),
    put: (record) => {
      records.set(record.plan.id, record);
      return folder.save(record.plan.id, record);
    },
    note: (record) => {
      records.set(record.plan.id, record);
    },
    remove: async (plan) => {
      await folder.remove(plan);
      records.delete(plan);
    },
  };
}
