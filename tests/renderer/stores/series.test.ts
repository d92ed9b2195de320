import { flushPromises } from '@vue/test-utils';
import { describe, expect, it, vi } from 'vitest';
import { effectScope } from 'vue';
import type { CatalogueEntry } from '#shared/contract/samples.ts';
import type { Series, Tick } from '#shared/model/sample.ts';
import { defaultSettings } from '#shared/model/settings.ts';
import { epochMs } from '#shared/units.ts';
import { paceMs, reloadMs } from '../../../renderer/stores/series-pace.ts';
import { SeriesRings } from '../../../renderer/stores/series-rings.ts';
import { useSeries } from '../../../renderer/stores/series.ts';
import { useSettings } from '../../../renderer/stores/settings.ts';
import { fakeConsole, type Answers } from '../../support/fake-console.ts';
import { inApp } from '../../support/mount-page.ts';

const keep = { millis: 900_000, intervalMs: 5000, pixelMs: 450 };
const tick = (at: number, points: Tick['points']): Tick => ({ host: 'h', at: epochMs(at), points });
const series = (metric: string, at: number[], values: (number | null)[], instance = ''): Series => ({
  metric,
  instance,
  at: at.map(epochMs),
  values,
});
const all = () => true;

describe('rings', () => {
  it('go on where what was loaded ends', () => {
    const rings = new SeriesRings();
    rings.fill([series('m', [5000, 10_000], [1, 2])]);
    rings.push(tick(15_000, [['m', '', 3]]), keep, all);
    expect(rings.line('m', '')).toEqual({ at: [5000, 10_000, 15_000], values: [1, 2, 3] });
  });
  it('keep ticks that came before what was loaded arrived', () => {
    const rings = new SeriesRings();
    rings.push(tick(15_000, [['m', '', 3]]), keep, all);
    rings.fill([series('m', [5000, 10_000, 15_000], [1, 2, 3])]);
    rings.push(tick(20_000, [['m', '', 4]]), keep, all);
    rings.fill([series('m', [5000, 10_000, 15_000], [1, 2, 3])]);
    expect(rings.line('m', '').values).toEqual([1, 2, 3, 4]);
  });
  it('have a gap where a tick does not tell, where it tells null, and where nothing came for long', () => {
    const rings = new SeriesRings();
    rings.push(
      tick(0, [
        ['m', '', 1],
        ['n', '', 1],
      ]),
      keep,
      all,
    );
    rings.push(tick(5000, [['m', '', 2]]), keep, all);
    rings.push(
      tick(10_000, [
        ['m', '', null],
        ['n', '', 3],
      ]),
      keep,
      all,
    );
    rings.push(
      tick(60_000, [
        ['m', '', 5],
        ['n', '', 5],
      ]),
      keep,
      all,
    );
    expect(rings.line('n', '')).toEqual({ at: [0, 5000, 10_000, 15_000, 60_000], values: [1, null, 3, null, 5] });
    expect(rings.line('m', '').values).toEqual([1, 2, null, null, 5]);
  });
  it('never fold a line over itself when the clock was set back', () => {
    const rings = new SeriesRings();
    rings.push(tick(10_000, [['m', '', 1]]), keep, all);
    rings.push(tick(4000, [['m', '', 9]]), keep, all);
    expect(rings.line('m', '').values).toEqual([1]);
  });
  it('stay as long as the span, give or take a minute', () => {
    const rings = new SeriesRings();
    for (let at = 0; at < 3600_000; at += 5000) rings.push(tick(at, [['m', '', at]]), keep, all);
    const { at } = rings.line('m', '');
    expect(at.at(-1)).toBe(3_595_000);
    expect(at[0]).toBeGreaterThanOrEqual(3_595_000 - 900_000 - 65_000);
    expect(at.length).toBeLessThanOrEqual(194);
  });
  it('never grow finer than a pixel, and keep the peaks and gaps within it', () => {
    const rings = new SeriesRings();
    const wide = { millis: 365 * 86_400_000, intervalMs: 5000, pixelMs: 15_768_000 };
    const values = Array.from({ length: 3000 }, (_, i) => (i === 700 ? 99 : i === 900 ? -5 : i === 1200 ? null : 1));
    values.forEach((value, i) => rings.push(tick(i * 5000, [['m', '', value]]), wide, all));
    const { at, values: kept } = rings.line('m', '');
    expect(at.length).toBeLessThanOrEqual(4);
    expect(kept).toEqual([99, -5, null, 1]);
    expect(at.at(-1)).toBe(2999 * 5000);
  });
  it('carry the lowest and highest of means, and go on with readings as their own', () => {
    const rings = new SeriesRings();
    const wide = { millis: 86_400_000, intervalMs: 5000, pixelMs: 43_200 };
    rings.fill([{ ...series('m', [60_000, 120_000], [5, 6]), low: [1, 2], high: [9, 8] }]);
    rings.push(tick(200_000, [['m', '', 7]]), wide, all);
    expect(rings.line('m', '')).toEqual({
      at: [60_000, 120_000, 200_000],
      values: [5, 6, 7],
      low: [1, 2, 7],
      high: [9, 8, 7],
    });
    rings.fill([{ ...series('m', [60_000, 120_000], [5, 6]), low: [1, 2], high: [9, 8] }]);
    expect(rings.line('m', '').high).toEqual([9, 8, 7]);
  });
  it('have no gap between means and the readings that follow, however far the last mean began', () => {
    const rings = new SeriesRings();
    rings.fill([series('m', [0, 3_600_000], [5, 6])]);
    rings.push(tick(7_000_000, [['m', '', 7]]), { millis: 31_536_000_000, intervalMs: 5000, pixelMs: 15_768_000 }, all);
    expect(rings.line('m', '').values).toEqual([5, 6, 7]);
  });
  it('are made only for what is worth one', () => {
    const rings = new SeriesRings();
    rings.push(
      tick(0, [
        ['guest.m', 'g1', 1],
        ['m', 'zram0', 2],
      ]),
      keep,
      (metric) => metric === 'm',
    );
    expect(rings.line('guest.m', 'g1').at).toEqual([]);
    expect(rings.instances('m')).toEqual(['zram0']);
  });
});

describe('the pace of a chart', () => {
  it.each([
    [900, 5, 5000],
    [3600, 5, 5000],
    [86_400, 5, 43_200],
    [86_400, 60, 60_000],
    [365 * 86_400, 5, 15_768_000],
  ])('over %d s, asked every %d s, is %d ms', (span, interval, pace) => expect(paceMs(span, interval)).toBe(pace));
  it('has no means to wait for in what the core remembers itself', () => {
    expect(reloadMs(3600)).toBe(Infinity);
    expect(reloadMs(6 * 3600)).toBeGreaterThanOrEqual(60_000);
  });
});

describe('watching a host', () => {
  const entry = (id: string, instance: CatalogueEntry['instance']): CatalogueEntry => ({
    id,
    instance,
    title: id,
    unit: 'bytes',
    kind: 'level',
    help: '',
    charted: true,
    platform: 'p',
  });
  const answers: Answers = {
    'samples.catalogue': () => [entry('m', 'host'), entry('g', 'guest')],
    'samples.watch': () => null,
    'samples.series': ({ keys }) =>
      keys === undefined
        ? [series('m', [1000], [1]), series('signal.saved.merged', [1000], [7])]
        : keys.map(({ metric, instance }) => series(metric, [1000], [42], instance)),
    'settings.get': () => defaultSettings,
  };
  const asked = (fake: ReturnType<typeof fakeConsole>, name: string) =>
    fake.calls.filter((call) => call.name === name).map(({ args }) => args);

  it('loads what the core keeps, follows its ticks, and stops with its scope', async () => {
    const fake = fakeConsole({ ...answers });
    const store = inApp(fake, useSeries);
    await flushPromises();
    const scope = effectScope();
    const watched = scope.run(() => store.watchHost('h')) ?? expect.fail();
    await flushPromises();
    expect(asked(fake, 'samples.watch')).toEqual([{ hosts: ['h'] }]);
    expect(watched.line('m').values).toEqual([1]);
    const before = watched.moved.value;
    fake.emit(
      'samples.tick',
      tick(6000, [
        ['m', '', 2],
        ['signal.saved.merged', '', 8],
        ['g', 'x', 3],
      ]),
    );
    expect(watched.moved.value).toBeGreaterThan(before);
    expect(watched.line('signal.saved.merged').values).toEqual([7, 8]);
    expect(watched.line('g', 'x').values).toEqual([]);
    scope.stop();
    expect(asked(fake, 'samples.watch').at(-1)).toEqual({ hosts: [] });
  });
  it('is shared: the second use asks for nothing twice, the last one ends it', async () => {
    const fake = fakeConsole({ ...answers });
    const store = inApp(fake, useSeries);
    await flushPromises();
    const first = store.watchHost('h');
    const second = store.watchHost('h');
    await flushPromises();
    expect(asked(fake, 'samples.series').length).toBe(1);
    first.stop();
    expect(asked(fake, 'samples.watch').length).toBe(1);
    second.stop();
    expect(asked(fake, 'samples.watch').at(-1)).toEqual({ hosts: [] });
  });
  it('loads the series of guests that are asked for', async () => {
    const fake = fakeConsole({ ...answers });
    const store = inApp(fake, useSeries);
    const watched = store.watchHost('h', [{ metric: 'g', instance: 'x' }]);
    await flushPromises();
    expect(watched.line('g', 'x').values).toEqual([42]);
    fake.emit('samples.tick', tick(6000, [['g', 'x', 43]]));
    expect(watched.line('g', 'x').values).toEqual([42, 43]);
  });
  it('loads anew for another span and after a new connection', async () => {
    const fake = fakeConsole({ ...answers });
    const { store, settings } = inApp(fake, () => ({ store: useSeries(), settings: useSettings() }));
    store.watchHost('h');
    await flushPromises();
    settings.spanSeconds = 300;
    await flushPromises();
    expect(asked(fake, 'samples.series').at(-1)).toMatchObject({ spanSeconds: 300 });
    fake.lose();
    fake.reopen();
    await flushPromises();
    expect(asked(fake, 'samples.series').length).toBe(3);
    expect(asked(fake, 'samples.watch').length).toBe(2);
  });
  it('loads a long span anew once so much is new that it shows, not at every tick', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 0 });
    const fake = fakeConsole({ ...answers });
    const { store, settings } = inApp(fake, () => ({ store: useSeries(), settings: useSettings() }));
    settings.spanSeconds = 86_400;
    await flushPromises();
    store.watchHost('h');
    await flushPromises();
    const loads = () => asked(fake, 'samples.series').length;
    const tickAt = async (at: number) => {
      vi.setSystemTime(at);
      fake.emit('samples.tick', tick(at, [['m', '', 2]]));
      await flushPromises();
    };
    for (let at = 5000; at < reloadMs(86_400); at += 5000) await tickAt(at);
    expect(loads()).toBe(1);
    await tickAt(reloadMs(86_400));
    await tickAt(reloadMs(86_400) + 5000);
    expect(loads()).toBe(2);
    vi.useRealTimers();
  });
  it('keeps the problem when it cannot be loaded', async () => {
    const fake = fakeConsole({ 'samples.watch': () => null });
    const watched = inApp(fake, useSeries).watchHost('h');
    await flushPromises();
    expect(watched.problem.value?.code).toBe('unknown-request');
    expect(watched.loaded.value).toBe(false);
  });
});
