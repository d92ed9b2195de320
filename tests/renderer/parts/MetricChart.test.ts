/** The chart as somebody meets it who does not see the canvas: its name, its summary, its table twin, its keys. */
import { mount } from '@vue/test-utils';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { formatBytes } from '#shared/format/bytes.ts';
import type { ChartLine } from '../../../renderer/parts/chart-lines.ts';
import { twinRows } from '../../../renderer/parts/chart-table.ts';
import MetricChart from '../../../renderer/parts/MetricChart.vue';
import { GiB, noon } from '../../support/host-view.ts';

const at = [0, 1, 2, 3].map((i) => noon + i * 5000);
const lines: ChartLine[] = [
  {
    key: 'c',
    title: 'Compressed',
    color: '--compressed',
    at,
    values: [GiB, 2 * GiB, null, 4 * GiB],
    format: formatBytes,
    source: '/proc/meminfo',
  },
  { key: 'm', title: 'Merged', color: '--merged', at, values: [0, 0, 0, -GiB], format: formatBytes },
];
const panes = [{ id: 'saved', weight: 1, steps: 'binary' as const, format: formatBytes }];
const props = { title: 'Savings', lines, panes, from: noon, to: noon + 15_000 };
const plain = (text: string | undefined): string => (text ?? '').replace(/\u00a0/g, ' ');

afterEach(() => vi.restoreAllMocks());

describe('the table twin', () => {
  it('says the same figures, newest first, gaps as absent', () => {
    expect(twinRows(lines, noon, noon + 15_000, 100).map(({ cells }) => cells.map(plain))).toEqual([
      ['4.00 GiB', '−1.00 GiB'],
      ['—', '0'],
      ['2.00 GiB', '0'],
      ['1.00 GiB', '0'],
    ]);
  });
  it('takes every n-th moment where there are too many, with the newest', () => {
    const rows = twinRows(lines, noon, noon + 15_000, 2);
    expect(rows.map((row) => row.at)).toEqual([noon + 15_000, noon + 5000]);
  });
  it('is the chart where there is no canvas to draw on', async () => {
    const chart = mount(MetricChart, { props, attachTo: document.body });
    await chart.vm.$nextTick();
    const table = chart.find('table');
    expect(table.findAll('thead th').map((cell) => cell.text())).toEqual(['Time', 'Compressed', 'Merged']);
    expect(plain(table.find('tbody tr').text())).toContain('4.00 GiB');
    expect(table.find('thead th:nth-child(2)').attributes('title')).toBe('/proc/meminfo');
    chart.unmount();
  });
});

describe('a chart', () => {
  it('has a name, and a summary of its newest figures', () => {
    const chart = mount(MetricChart, { props, attachTo: document.body });
    const box = chart.find('[role="group"]');
    const named = document.getElementById(box.attributes('aria-labelledby') ?? '');
    const summary = document.getElementById(box.attributes('aria-describedby') ?? '');
    expect(named?.textContent).toBe('Savings');
    expect(plain(summary?.textContent ?? '')).toBe('Newest: Compressed 4.00 GiB, Merged −1.00 GiB.');
    chart.unmount();
  });
  it('moves the crosshair with the arrow keys, and the legend follows', async () => {
    const chart = mount(MetricChart, { props, attachTo: document.body });
    const legend = () => plain(chart.find('.legend').text());
    expect(legend()).toContain('Compressed4.00 GiB');
    const box = chart.find('[role="group"]');
    await box.trigger('keydown', { key: 'Home' });
    expect(legend()).toContain('Compressed1.00 GiB');
    await box.trigger('keydown', { key: 'ArrowRight' });
    expect(legend()).toContain('Compressed2.00 GiB');
    await box.trigger('keydown', { key: 'Escape' });
    expect(legend()).toContain('Compressed4.00 GiB');
    chart.unmount();
  });
  it('tells where there is nothing to draw', () => {
    const chart = mount(MetricChart, { props: { ...props, lines: [], nothing: 'Wait for the first figures.' } });
    expect(chart.text()).toContain('Wait for the first figures.');
    expect(chart.text()).toContain('No figures yet.');
  });
  it('says beside its name what its points are, where they are not readings', () => {
    const means = lines.map((line) => ({ ...line, low: line.values, high: line.values }));
    const words = (given: Record<string, unknown>) =>
      plain(
        mount(MetricChart, { props: { ...props, ...given } })
          .get('figcaption')
          .text(),
      );
    expect(words({})).not.toContain('means');
    expect(words({ lines: means })).toContain('means of 5 s');
    expect(words({ resolution: 'a reading every 5 s' })).toContain('a reading every 5 s');
  });
  it('says in the legend where a figure comes from', () => {
    const chart = mount(MetricChart, { props });
    expect(chart.find('.legend li').attributes('title')).toBe('From /proc/meminfo');
  });
});
