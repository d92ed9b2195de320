import { describe, expect, it } from 'vitest';
import { drawing } from '../../../renderer/parts/chart-drawing.ts';
import { savingsLines, savingsPanes } from '../../../renderer/parts/savings-lines.ts';
import { GiB } from '../../support/host-view.ts';

const at = [0, 5000, 10_000];
const sheet = { from: 0, to: 10_000, width: 900, height: 220, pixelRatio: 1, colors: (token: string) => token };

describe('a drawing of savings over harm', () => {
  const { scales, datasets } = drawing(
    savingsLines({
      'saved.compressed': { at, values: [GiB, GiB, null] },
      'saved.merged': { at, values: [GiB, GiB, GiB] },
      'capacity.ephemeral': { at, values: [9 * GiB, 9 * GiB, 9 * GiB] },
      'harm.psi-some': { at, values: [0, 0.1, 0] },
      'harm.swap-in': { at, values: [0, 170, 0] },
    }),
    savingsPanes,
    sheet,
  );
  it('paints mere lines last, and a stack from its summit down', () => {
    expect(datasets.map(({ key }) => key)).toEqual([
      'capacity.ephemeral',
      'harm.swap-in',
      'saved.compressed',
      'saved.merged',
      'harm.psi-some',
    ]);
  });
  it('breaks a line where nobody tells', () => {
    const of = (key: string) => datasets.find((one) => one.key === key)?.data.map(({ y }) => y / GiB);
    expect(of('saved.compressed')).toEqual([1, 1, NaN]);
    expect(of('saved.merged')).toEqual([2, 2, 1]);
  });
  it('gives each pane a round scale of its own, and noise no more room than it deserves', () => {
    expect(scales.get('saved')).toMatchObject({ min: 0, max: 10 * GiB });
    expect(scales.get('stall')).toMatchObject({ min: 0, max: 5 });
    expect(scales.get('flow')).toMatchObject({ min: 0, max: 200 });
  });
  it('paints bands behind everything, each down to its own lower edge', () => {
    const means = { at, values: [2, 2, 2], low: [1, 1, 1], high: [3, 3, 3] };
    const banded = drawing(savingsLines({ 'harm.psi-some': means, 'harm.swap-in': means }), savingsPanes, sheet);
    expect(banded.datasets.map(({ key, fill }) => [key, fill])).toEqual([
      ['harm.swap-in', false],
      ['harm.psi-some', 'origin'],
      ['harm.psi-some high', '+1'],
      ['harm.psi-some low', false],
      ['harm.swap-in high', '+1'],
      ['harm.swap-in low', false],
    ]);
  });
  it('keeps capacity that may vanish out of the stack', () => {
    expect(datasets.find(({ key }) => key === 'capacity.ephemeral')).toMatchObject({ fill: false, borderDash: [5, 4] });
  });
});
