import { mount } from '@vue/test-utils';
import { createMemoryHistory } from 'vue-router';
import { computed, defineComponent, h, shallowRef } from 'vue';
import { describe, expect, it } from 'vitest';
import { formatBytes } from '#shared/format/bytes.ts';
import ChartMarkers from '../../../renderer/parts/ChartMarkers.vue';
import MetricChart from '../../../renderer/parts/MetricChart.vue';
import {
  markerFlags,
  markersWithin,
  markerWords,
  provideMarkers,
  type ChartMarker,
} from '../../../renderer/parts/chart-markers.ts';
import { twinRows, withMarkers } from '../../../renderer/parts/chart-table.ts';
import { createConsoleRouter } from '../../../renderer/routes.ts';
import { GiB, noon } from '../../support/host-view.ts';

const marker = (letter: string, at: number, given: Partial<ChartMarker> = {}): ChartMarker => ({
  key: `${letter} ${at}`,
  at,
  letter,
  title: `Change ${letter}`,
  who: 'ann@desk',
  stateWords: 'Kept',
  ended: false,
  to: { name: 'plan', params: { plan: letter } },
  ...given,
});
const plugins = () => [createConsoleRouter(createMemoryHistory())];

describe('markers', () => {
  it('are those within the span', () => {
    const all = [marker('A', 1), marker('B', 5), marker('C', 9)];
    expect(markersWithin(all, 2, 9).map(({ letter }) => letter)).toEqual(['B', 'C']);
  });
  it('share a flag where their letters would cover each other', () => {
    const flags = markerFlags([marker('A', 100), marker('B', 110), marker('C', 121), marker('D', 122)], (at) => at);
    expect(flags.map(({ letters, px, markers }) => [letters, px, markers.length])).toEqual([
      ['A–C', 100, 3],
      ['D', 122, 1],
    ]);
  });
  it('are hollow where a change was taken back, unless another begins there', () => {
    const undone = marker('A', 100, { ended: true });
    expect(markerFlags([undone], (at) => at)[0]?.hollow).toBe(true);
    expect(markerFlags([undone, marker('B', 101)], (at) => at)[0]?.hollow).toBe(false);
    expect(markerWords(undone)).toBe('A: Change A, taken back here');
    expect(markerWords(marker('A', 1))).toBe('A: Change A, by ann@desk, kept');
  });
  it('are rows of the table twin, among the figures, newest first', () => {
    const line = { key: 'c', title: 'C', color: '--compressed', at: [0, 10, 20], values: [1, 2, 3], format: String };
    const rows = withMarkers(twinRows([line], 0, 20, 100), [marker('A', 15)]);
    expect(rows.map((row) => row.marker?.letter ?? row.cells[0])).toEqual(['3', 'A', '2', '1']);
  });
});

describe('flags over a chart', () => {
  const props = {
    markers: [marker('A', 500, { title: '<b>Compress</b>' }), marker('B', 5000)],
    span: { from: 0, to: 1000 },
    plot: { left: 50, right: 250, top: 6, bottom: 200 },
    pixelOf: (at: number) => 50 + at / 5,
  };
  it('stand at their moment, say what it was, and lead to it', () => {
    const flags = mount(ChartMarkers, { props, global: { plugins: plugins() } });
    expect(flags.findAll('.marker').length).toBe(1);
    const flag = flags.find('.flag');
    expect([flag.text(), flag.attributes('href')]).toEqual(['A', '/changes/A']);
    expect(flag.attributes('aria-label')).toBe('A: <b>Compress</b>, by ann@desk, kept');
    expect(flags.find('.marker').attributes('style')).toContain('translateX(150px)');
    expect(flags.find('.tip').text()).toContain('<b>Compress</b>');
    expect(flags.find('b').exists()).toBe(false);
  });
  it('wait until the chart has been laid out', () => {
    const plot = { left: 0, right: 0, top: 0, bottom: 0 };
    const flags = mount(ChartMarkers, { props: { ...props, plot }, global: { plugins: plugins() } });
    expect(flags.findAll('.marker').length).toBe(0);
  });
});

describe('a chart below a page that has markers', () => {
  it('lists them in its table twin, and follows them', async () => {
    const markers = shallowRef<readonly ChartMarker[]>([marker('A', noon + 2000)]);
    const at = [0, 1, 2].map((i) => noon + i * 5000);
    const lines = [
      { key: 'c', title: 'Compressed', color: '--compressed', at, values: [GiB, GiB, GiB], format: formatBytes },
    ];
    const panes = [{ id: 'saved', weight: 1, steps: 'binary' as const, format: formatBytes }];
    const Page = defineComponent({
      setup() {
        provideMarkers(computed(() => markers.value));
        return () => h(MetricChart, { title: 'Savings', lines, panes, from: noon, to: noon + 10_000 });
      },
    });
    const page = mount(Page, { attachTo: document.body, global: { plugins: plugins() } });
    await page.vm.$nextTick();
    const words = () => page.findAll('.change').map((cell) => cell.text());
    expect(words()).toEqual(['A: Change A, by ann@desk, kept']);
    markers.value = [...markers.value, marker('B', noon + 9000), marker('C', noon + 99_000)];
    await page.vm.$nextTick();
    expect(words()).toEqual(['B: Change B, by ann@desk, kept', 'A: Change A, by ann@desk, kept']);
    expect(page.find('.change a').attributes('href')).toBe('/changes/B');
    page.unmount();
  });
});
