import { describe, expect, it } from 'vitest';
import { savingsLines, savingsPanes } from '../../../renderer/parts/savings-lines.ts';

const line = { at: [1], values: [2] };

describe('savings over harm', () => {
  it('stacks what is saved, and keeps cache that may vanish out of the stack', () => {
    const lines = savingsLines({ 'saved.compressed': line, 'capacity.ephemeral': line });
    expect(lines.map(({ key, stacked, dashed }) => [key, stacked, dashed])).toEqual([
      ['saved.compressed', true, undefined],
      ['capacity.ephemeral', undefined, true],
    ]);
  });
  it('has no line for a signal nobody tells', () => {
    expect(savingsLines({}).length).toBe(0);
    expect(savingsLines({ 'harm.psi-some': line }).map(({ key }) => key)).toEqual(['harm.psi-some']);
  });
  it('mirrors harm below the zero line, on scales of its own', () => {
    const pane = (id: string | undefined) => savingsPanes.find((one) => one.id === id);
    for (const { key, pane: id } of savingsLines({ 'harm.psi-full': line, 'harm.swap-in': line, 'harm.rejects': line }))
      expect([key, pane(id)?.mirrored]).toEqual([key, true]);
    expect(pane('stall')?.steps).toBe('percent');
    expect(pane('flow')?.side).toBe('right');
  });
  it('gives every mechanism a colour and a pattern of its own', () => {
    const saved = savingsLines({
      'saved.compressed': line,
      'saved.merged': line,
      'saved.remote': line,
      'saved.ballooned': line,
    });
    expect(new Set(saved.map(({ color }) => color)).size).toBe(4);
    expect(new Set(saved.map(({ pattern }) => pattern)).size).toBe(4);
  });
});
