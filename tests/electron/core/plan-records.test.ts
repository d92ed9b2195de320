/** Plans and journal in a data directory: there after the console was started again, and refused where they cannot be. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDataDir } from '#core/files/data-dir.ts';
import { labRecords, ownRecords } from '#core/plan-records.ts';
import type { Plan } from '#shared/model/plan.ts';
import { usualWaves } from '#shared/model/plan.ts';
import { problemOf } from '#shared/problem.ts';
import { epochMs } from '#shared/units.ts';
import { silentLog } from '../../support/scripted-link.ts';
import { TestClock } from '../../support/test-clock.ts';
import { mountSmall, whyNoMount } from './files/mount.ts';

const common = { clock: new TestClock(), log: silentLog, notify: () => undefined };
const plan: Plan = {
  id: 'p1',
  title: 'Set it',
  letter: 'A',
  createdAt: epochMs(1),
  createdBy: 'ann@desk',
  wish: { id: 'test.set', targets: [{ host: 'h' }], values: {} },
  hosts: [{ host: 'h', name: 'host-07' }],
  steps: [],
  manual: [],
  will: [],
  persistence: 'until-reboot',
  waves: usualWaves,
};

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'records-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('records', () => {
  it('are there when the console is started again', async () => {
    const first = await openDataDir(folder, common);
    const { store, journal, who } = await ownRecords(first, common);
    expect(who).toMatch(/^.+@.+$/);
    await store.put({ plan });
    await journal.add({ plan: 'p1', title: 'Set it', what: 'created' });
    await journal.close();
    await first.close();
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(['journal.jsonl', 'journal.last', 'plans']));
    const next = await openDataDir(folder, common);
    const records = await ownRecords(next, common);
    expect(records.store.all()).toEqual([{ plan }]);
    expect(await records.journal.page({ limit: 5 })).toMatchObject({ total: 1, entries: [{ n: 1, who }] });
    await next.close();
  });

  it.skipIf(whyNoMount !== undefined)('refuse to grow where the console may not write', async () => {
    const disk = mountSmall(64);
    try {
      disk.readOnly();
      const dir = await openDataDir(disk.path, common);
      const { journal } = await ownRecords(dir, common);
      const why = await journal.add({ plan: 'p1', title: 'Set it', what: 'applying' }).catch(problemOf);
      expect(why).toMatchObject({ code: 'file-unwritable' });
      await dir.close();
    } finally {
      disk.remove();
    }
  });

  it('of the lab are forgotten', async () => {
    const { store, journal } = await labRecords(common);
    await store.put({ plan });
    await journal.add({ plan: 'p1', title: 'Set it', what: 'created' });
    expect((await journal.page({ limit: 5 })).total).toBe(1);
    const again = await labRecords(common);
    expect([again.store.all(), (await again.journal.page({ limit: 5 })).total]).toEqual([[], 0]);
  });
});
