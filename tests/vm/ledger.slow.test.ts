/**
 * History, ledger and reports over a real kernel: what they say of a span is what the kernel's own counters, read
 * beside the console, moved by; across a reboot, across a change that the console made, and when the host is gone.
 * The tests build on each other, in order.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HistoryKey, HistorySeries } from '#shared/model/history.ts';
import type { HostId } from '#shared/model/host.ts';
import type { Ledger } from '#shared/model/ledger.ts';
import type { PlanView } from '#shared/model/plan.ts';
import type { ReportDocument } from '#shared/model/report.ts';
import {
  cellIn,
  chartsIn,
  entryIn,
  gapsIn,
  guestIn,
  harmIn,
  hostIn,
  jsonReport,
  squeezed,
  textOfPdf,
} from '../support/booked.ts';
import { runCommand } from '../support/console-process.ts';
import { until } from '../support/until.ts';
import { whatIsMissing } from '../support/vm/build-image.ts';
import type { Guest } from '../support/vm/guest.ts';
import { startGuest } from '../support/vm/guest.ts';
import { readCounters, readGroup, readSettled } from '../support/vm/kernel-counters.ts';
import type { KernelCounters } from '../support/vm/kernel-counters.ts';
import { counted, counters, savedByZswap, uptime } from '../support/vm/kernel-figures.ts';
import { fastest, movedIn, rangeOf, watchKernel } from '../support/vm/kernel-watch.ts';
import type { Bracket, KernelWatch, Moment } from '../support/vm/kernel-watch.ts';
import type { Machine } from '../support/vm/machine.ts';
import { bootMachine } from '../support/vm/machine.ts';
import { consoleHome, guestTargets, kept, liveHost, operatorDraft } from '../support/vm/plan-console.ts';
import type { ConsoleHome, PlanConsole } from '../support/vm/plan-console.ts';
import { workbook } from '../support/zip.ts';

const missing = whatIsMissing();
const why = missing.length === 0 ? '' : ` (not run: ${missing.join('; ')})`;
const page = 4096;
/**
 * A rate is over the time between two arrivals at the console, which is not quite that between two readings at the
 * host while it works at its limits, nor the same stretch that the tests looked at.
 */
const unsteady = 3;
/** A small pool, so that it refuses pages early. */
const poolPercent = 5;

describe.skipIf(missing.length > 0)(`history, ledger and reports over a real kernel${why}`, () => {
  let machine: Machine;
  let home: ConsoleHome;
  let ui: PlanConsole;
  let host: HostId;
  let watch: KernelWatch | undefined;
  const moments: Moment[] = [];
  let database: Guest;
  let change: PlanView;
  let first: Bracket;
  let second: Bracket;
  let series: readonly HistorySeries[];
  let ofFirst: Ledger;
  let ofBoth: Ledger;

  type Span = Pick<Bracket, 'from' | 'to'>;
  const both = (): Span => ({ from: first.from, to: second.to });
  const ledgerOf = ({ from, to }: Span): Promise<Ledger> =>
    ui.page.call('ledger.get', { hosts: [host], guests: true, from, to });
  const seriesOf = async ({ from, to }: Span): Promise<readonly HistorySeries[]> => {
    const metrics = [...Object.keys(counters), 'signal.saved.compressed'];
    const keys = metrics.map((metric): HistoryKey => ({ host, guest: '', metric, instance: '' }));
    return (await ui.page.call('history.series', { keys, from, to, points: 4000 })).series;
  };
  const seenAt = async (): Promise<number> =>
    (await ui.page.call('hosts.list', {})).find(({ config }) => config.id === host)?.summary?.at ?? 0;
  /** Waits for two readings of the console: the second was begun after this was called. */
  const readAnew = async (): Promise<void> => {
    for (const which of ['a', 'another']) {
      const last = await seenAt();
      await until(`${which} reading of the console`, async () => (await seenAt()) > last, 60_000);
    }
  };

  /** Puts what happens meanwhile into a span that begins and ends with nothing being swapped. */
  const during = async (happens: () => Promise<void>): Promise<Bracket> => {
    const before = await readSettled(machine);
    await readAnew();
    const from = Date.now();
    const within = await readCounters(machine);
    await happens();
    const last = await readSettled(machine);
    await readAnew();
    const to = Date.now();
    const after = await readCounters(machine);
    // What was being read when the span ended belongs to it, and is told only now.
    await readAnew();
    return { from, to, outer: [before, after], inner: [within, last] };
  };
  /** Below what it holds, step by step: the kernel has somewhere to put the pages, and need not kill. */
  const press = async ({ group }: Guest, steps: readonly number[]): Promise<void> => {
    for (const mib of steps) await machine.run(`echo ${mib}M >'/sys/fs/cgroup/${group}/memory.max'`);
  };
  const watchNoMore = async (): Promise<void> => {
    await watch?.stop();
    moments.push(...(watch?.moments ?? []));
    watch = undefined;
  };

  beforeAll(async () => {
    machine = await bootMachine({ name: 'booked', memoryMiB: 320, swapDiskMiB: 1024 });
    await machine.run('modprobe -a zsmalloc zstd lz4');
    home = consoleHome([machine]);
    ui = await home.start();
    host = await liveHost(ui.page, operatorDraft(machine));
  });
  afterAll(async () => {
    await watch?.stop().catch(() => undefined);
    await home?.remove();
    await machine?.close();
  });

  describe('a change, and pressure after it', () => {
    test('the change is an event of the moment when it began', async () => {
      database = await startGuest(machine, { name: 'db', id: 1, mib: 100, compressiblePercent: 70 });
      await guestTargets(ui.page, host, ['db']);
      const asked = Date.now();
      const values = { 'max-pool': String(poolPercent) };
      change = await kept(ui.page, { id: 'mainline.compress', targets: [{ host }], values });
      const events = await ui.page.call('history.events', { hosts: [host], from: asked, to: Date.now() });
      const { plan, run } = change;
      const expected = { kind: 'change', at: run?.startedAt, plan: plan.id, letter: plan.letter, hosts: [host] };
      expect(events).toEqual([expect.objectContaining(expected)]);
    });

    test('zswap keeps, refuses and gives back', async () => {
      watch = await watchKernel(machine);
      first = await during(async () => {
        await press(database, [80, 60, 40]);
        expect(await database.verify()).toMatchObject({ intact: true });
      });
      ofFirst = await ledgerOf(first);
      for (const what of ['vmstat.zswpout', 'vmstat.zswpin', 'vmstat.pswpin', 'frontswap.failed_stores'])
        expect(movedIn(first, counters[what] ?? uptime).least, what).toBeGreaterThan(1000);
    });

    test('what was saved lies between the least and the most that the kernel had', () => {
      // A reading that counts for the span may be a little older than its beginning.
      const span = { from: first.from - 2000, to: first.to };
      const { low, high } = rangeOf(watch?.moments ?? [], span, savedByZswap);
      const { net, gross, overhead } = entryIn(hostIn(ofFirst), 'zswap', 'saved');
      expect(net.value).toBeGreaterThan(Math.max(low, 0));
      expect(net.value).toBeLessThan(high);
      expect(net.value).toBe(gross.value - (overhead?.value ?? NaN));
    });

    test.each(counted)('$what is counted as the kernel counts it', ({ of, kernel }) => {
      const { least, most } = movedIn(first, kernel);
      const value = of(hostIn(ofFirst));
      expect(value).toBeGreaterThanOrEqual(least);
      expect(value).toBeLessThanOrEqual(most);
    });

    test.each(['some', 'full'] as const)('PSI %s is the share of the host’s own time', (kind) => {
      const stalled = movedIn(first, ({ pressureUs }) => pressureUs[kind]);
      const passed = movedIn(first, uptime);
      const { value, unit } = harmIn(hostIn(ofFirst), `psi-${kind}`).figure;
      expect(unit).toBe('percent');
      expect(value).toBeGreaterThanOrEqual((100 * stalled.least) / (passed.most * 1e6));
      expect(value).toBeLessThanOrEqual((100 * stalled.most) / (passed.least * 1e6));
      expect(value).toBeGreaterThan(0);
    });

    test('where nothing moves it is the kernel’s figure to the byte, of the host and of the guest', async () => {
      const kernel = await readSettled(machine);
      await readAnew();
      const from = Date.now();
      await readAnew();
      await readAnew();
      const to = Date.now();
      const group = await readGroup(machine, database);
      expect(savedByZswap(await readSettled(machine)), 'nothing has moved').toBe(savedByZswap(kernel));

      const whole = hostIn(await ledgerOf({ from, to }));
      const ofHost = entryIn(whole, 'zswap', 'saved');
      const ofGuest = entryIn(guestIn(whole, 'db'), 'zswap', 'saved');
      expect(ofHost.net.value).toBe(savedByZswap(kernel));
      expect(ofGuest.gross.value).toBe(group.zswapped);
      expect(ofGuest.net.value).toBe(group.zswapped - group.zswapCurrent);
      // The pool takes more than the sizes that the kernel charges to the group: no order of the net figures.
      expect(ofGuest.gross.value).toBeLessThanOrEqual(ofHost.gross.value);
      expect(ofGuest.overhead?.value).toBeLessThanOrEqual(ofHost.overhead?.value ?? NaN);
      for (const part of ['reads-avoided', 'writes-avoided'] as const)
        expect(entryIn(guestIn(whole, 'db'), 'zswap', part).net.value).toBe(0);
    });

    test('a guest’s pages are those of its control group, and no more than the host’s', async () => {
      const whole = hostIn(await ledgerOf({ from: first.from, to: Date.now() }));
      const guest = guestIn(whole, 'db');
      const files = ['memory.stat', 'memory.pressure'].map((name) => `'/sys/fs/cgroup/${database.group}/${name}'`);
      const group = await machine.run(`cat ${files.join(' ')}`);
      const row = (pattern: RegExp): number => Number(pattern.exec(group)?.[1]);
      expect(entryIn(guest, 'zswap', 'writes-avoided').net.value).toBe(row(/^zswpout (\d+)$/m));
      expect(entryIn(guest, 'zswap', 'reads-avoided').net.value).toBe(row(/^zswpin (\d+)$/m));
      for (const part of ['reads-avoided', 'writes-avoided'] as const)
        expect(entryIn(guest, 'zswap', part).gross.value).toBeLessThanOrEqual(
          entryIn(whole, 'zswap', part).gross.value,
        );
      for (const harm of ['refaults', 'oom-kills'] as const)
        expect(harmIn(guest, harm).figure.value, harm).toBeLessThanOrEqual(harmIn(whole, harm).figure.value);
      // The kernel adds waiting up for each group by itself: a group may come out a little above its host.
      const waited = harmIn(guest, 'psi-some').figure.terms.find(({ name }) => name === 'some_total')?.value;
      expect(waited).toBeGreaterThan(0);
      expect(waited).toBeLessThanOrEqual(row(/^some .*total=(\d+)$/m));
    });

    test('the report of the change says what was so before and after it, and marks it', async () => {
      const { plan, run } = change;
      const span = { from: (run?.startedAt ?? NaN) - 60_000, to: Date.now() };
      const document = await jsonReport(ui.page, { kind: 'change-impact', span, plans: [plan.id] });
      const saved = (column: string) => cellIn(document, 'effect-1', 'Saved by compressing', column).value;
      const since = await ledgerOf({ from: run?.endedAt ?? NaN, to: document.madeAt });
      const { value } = entryIn(hostIn(since), 'zswap', 'saved').net;
      expect(saved('Before')).toBe(0);
      // Its last second had not been told yet when the report was made.
      expect(Math.abs((saved('After') ?? NaN) - value)).toBeLessThan(value / 20);
      // Minutes are too few to judge a change by, and it says so.
      expect(document.answers[1]?.sentences.join(' ')).toContain('Not enough data');
      for (const { markers } of chartsIn(document))
        expect(markers).toEqual([expect.objectContaining({ at: run?.startedAt, letter: plan.letter })]);
      expect(chartsIn(document)).not.toEqual([]);
    });
  });

  describe('a reboot, and pressure after it', () => {
    let off: KernelCounters;
    let offAt: number;

    test('comes back', async () => {
      await watchNoMore();
      off = await readSettled(machine);
      await readAnew();
      offAt = Date.now();
      await machine.reboot();
      await machine.run(
        `modprobe zsmalloc && cd /sys/module/zswap/parameters && echo zsmalloc >zpool && echo ${poolPercent} >max_pool_percent && echo Y >enabled`,
      );
      const upAt = Date.now();
      await until('the host to be read again', async () => (await seenAt()) > upAt, 90_000);
      database = await startGuest(machine, { name: 'db', id: 2, mib: 80, compressiblePercent: 70 });
      await guestTargets(ui.page, host, ['db']);
      watch = await watchKernel(machine);
      second = await during(async () => {
        await press(database, [60, 40]);
        expect(await database.verify()).toMatchObject({ intact: true });
      });
      await watchNoMore();
      [series, ofBoth] = [await seriesOf(both()), await ledgerOf(both())];
    });

    test('is one event, and a gap that is told as long as it was', () => {
      const gaps = gapsIn(series.find(({ metric }) => metric === 'signal.saved.compressed'));
      const ours = gaps.find(({ from, to }) => from <= offAt && to > offAt);
      const reboot = { kind: 'reboot', host, at: ours?.to };
      expect(ofBoth.events).toEqual([expect.objectContaining(reboot)]);
      // A host at its limits may be silent for a while as well.
      const longestGapMs = Math.max(...gaps.map(({ from, to }) => to - from));
      const { quality } = ofBoth;
      expect(quality).toMatchObject({ reboots: 1, resets: 0, gaps: gaps.length, longestGapMs, missing: [] });
      const span = second.to - first.from;
      const known = span - gaps.reduce((sum, { from, to }) => sum + to - from - 1000, 0);
      expect(Math.abs(quality.covered * span - known)).toBeLessThan(2500);
    });

    test.each(Object.entries(counters))('%s has no rate that the kernel did not have', (metric, counter) => {
      const { at = [], values = [] } = series.find((one) => one.metric === metric) ?? {};
      const known = values.filter((value) => value !== null);
      expect(known.length).toBeGreaterThan(10);
      expect(Math.min(...known)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...known)).toBeLessThanOrEqual(fastest(moments, counter) * unsteady);
      // The first reading of the new boot has nothing to be held against.
      const begun = ofBoth.events.find(({ kind }) => kind === 'reboot')?.at ?? NaN;
      const across = at.flatMap((moment, index) => (moment > offAt && moment <= begun ? [values[index]] : []));
      expect(across.filter((value) => value !== null)).toEqual([]);
    });

    test.each(counted)('$what adds up over both boots', async ({ of, kernel }) => {
      const halves = [await ledgerOf({ from: first.from, to: offAt }), await ledgerOf({ from: offAt, to: second.to })];
      const value = of(hostIn(ofBoth));
      expect(value).toBe(halves.reduce((sum, half) => sum + (of(hostIn(half)) ?? NaN), 0));
      expect(value).toBeGreaterThanOrEqual(movedIn(first, kernel).least + movedIn(second, kernel).least);
      expect(value).toBeLessThanOrEqual(kernel(off) - kernel(first.outer[0]) + kernel(second.outer[1]));
    });

    test('equal pages that KSM merged are booked as the kernel tells them', async () => {
      const ksm = '/sys/kernel/mm/ksm';
      await machine.run(`cd ${ksm} && echo 20000 >pages_to_scan && echo 10 >sleep_millisecs && echo 1 >run`);
      const twin = { name: 'twin', id: 3, mib: 20, compressiblePercent: 50, duplicatePercent: 60 };
      const { pages } = await startGuest(machine, twin);
      const merging = async () => (await readCounters(machine)).ksm.pages_sharing > 0.5 * pages;
      await until('equal pages to be merged', merging, 60_000);
      // What is merged stays so, and nothing moves any more.
      await machine.run(`echo 0 >${ksm}/run`);
      const files = ['sharing', 'shared', 'unshared', 'volatile'].map((name) => `pages_${name}`).join(' ');
      const numbers = (await machine.run(`cd ${ksm} && cat ${files}`)).trim().split('\n').map(Number);
      const [sharing = NaN] = numbers;
      await readAnew();
      const from = Date.now();
      await readAnew();
      const merged = entryIn(hostIn(await ledgerOf({ from, to: Date.now() })), 'ksm', 'saved');
      expect(merged.gross.value).toBe(sharing * page);
      expect(merged.net.value).toBe(sharing * page - numbers.reduce((sum, one) => sum + one, 0) * 64);
    });
  });

  describe('a host that is gone', () => {
    test('is known as before, also to a console that starts anew', async () => {
      await machine.close();
      for (const again of [false, true]) {
        if (again) {
          await ui.stop();
          ui = await home.start();
        }
        expect(await ledgerOf(first)).toEqual(ofFirst);
        expect(await ledgerOf(both())).toEqual(ofBoth);
        expect(await seriesOf(both())).toEqual(series);
      }
    });

    test('is reported from the shell, with the same figures in every format', async () => {
      const out = mkdtempSync(join(tmpdir(), 'tmem-out-'));
      try {
        const words = ['--last', '1h', '--format', 'json,xlsx,pdf', '--out', out, '--data-dir', home.dataDir];
        const { status, stdout, stderr } = await runCommand(['report', 'savings', ...words]);
        expect(status, stderr).toBe(0);
        const paths = stdout.trim().split('\n');
        const fileOf = (format: string) => paths.find((path) => path.endsWith(`.${format}`)) ?? format;
        expect(readdirSync(out).toSorted()).toEqual(paths.map((path) => basename(path)).toSorted());

        const document = JSON.parse(readFileSync(fileOf('json'), 'utf8')) as ReportDocument;
        const ledger = await ledgerOf(document);
        const cell = (column: string) => cellIn(document, 'hosts', machine.name, column);
        const saved = cell('Net saved');
        expect(saved.value).toBe(ledger.sums.saved);
        expect(saved.value).toBeGreaterThan(0);
        expect(cell('Swap-ins').value).toBe(harmIn(ledger, 'swap-ins').figure.value);
        expect(cell('Waited').value).toBe(harmIn(ledger, 'psi-some').figure.value);
        expect(cell('Rejects').value).toBe(harmIn(ledger, 'rejects').figure.value);
        const writes = cellIn(document, 'mechanisms', 'zswap', 'Writes avoided');
        expect(writes.value).toBe(ledger.sums.writesAvoided);
        const letters = chartsIn(document).map(({ markers }) => markers.map(({ letter }) => letter));
        expect(letters).toContainEqual(expect.arrayContaining([change.plan.letter]));

        const sheet = workbook(readFileSync(fileOf('xlsx'))).get('Hosts');
        expect(sheet?.find(([name]) => name === machine.name)).toContain(saved.value);
        const text = textOfPdf(fileOf('pdf'));
        if (text === undefined) return;
        for (const { text: said } of [saved, cell('Swap-ins'), writes]) expect(text).toContain(squeezed(said));
      } finally {
        rmSync(out, { recursive: true, force: true });
      }
    });
  });
});
