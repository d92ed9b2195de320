import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClusterMember } from '#shared/model/cluster-member.ts';
import { clusterShape, type Box, type ClusterShape } from '../../../../renderer/pages/clusters/cluster-shape.ts';
import { clusterViews } from '../../../../renderer/pages/clusters/cluster-view.ts';
import { member } from './members.ts';

function shape(members: readonly ClusterMember[], width = 1000): ClusterShape {
  const [view] = clusterViews(members, () => true);
  if (view === undefined) throw new Error('no cluster');
  return clusterShape(view, width);
}
/** Seven that lend to the one in the middle. */
const eight = Array.from({ length: 8 }, (_, self) =>
  self === 4
    ? member('donor', { self, nodes: 8, foreign: 20, total: 64, available: 30 })
    : member(`app-${self}`, { self, nodes: 8, target: 4, away: 1 + self, total: 16, available: 4 }),
);
const apart = (a: Box, b: Box): boolean =>
  a.x + a.width <= b.x + 0.01 ||
  b.x + b.width <= a.x + 0.01 ||
  a.y + a.height <= b.y + 0.01 ||
  b.y + b.height <= a.y + 0.01;

describe('the drawing of a cluster', () => {
  it('is to scale: RAM, its parts, what is away, and the arrows', () => {
    const { columns, flows } = shape([
      member('big', { self: 0, target: 1, away: 16, total: 64, available: 16 }),
      member('small', { self: 1, target: 2, away: 4, total: 32, available: 8, foreign: 16 }),
      member('third', { self: 2, total: 32 }),
    ]);
    const [big, small, third] = columns;
    const perGiB = (big?.ram.height ?? 0) / 64;
    expect(perGiB).toBeGreaterThan(1);
    expect(small?.ram.height).toBeCloseTo(32 * perGiB);
    expect(big?.away?.height).toBeCloseTo(16 * perGiB);
    const heights = (column = small) =>
      Object.fromEntries(column?.parts.map(({ part, height }) => [part, height]) ?? []);
    expect(heights()['kept']).toBeCloseTo(16 * perGiB);
    expect(heights()['own']).toBeCloseTo(8 * perGiB);
    expect(heights()['free']).toBeCloseTo(8 * perGiB);
    expect(Object.keys(heights(third))).toEqual(['kept', 'unknown']);
    expect(
      (flows.find(({ flow }) => flow.from === 'node 0')?.width ?? 0) /
        (flows.find(({ flow }) => flow.from === 'node 1')?.width ?? 1),
    ).toBeCloseTo(4);
  });
  it('never draws more kept for others than is in use', () => {
    const [, donor] = shape([
      member('app', { self: 0, nodes: 2, target: 1, away: 60 }),
      member('donor', { self: 1, nodes: 2, foreign: 60, total: 32, available: 30 }),
    ]).columns;
    expect(donor?.parts.reduce((sum, { height }) => sum + height, 0)).toBeCloseTo(donor?.ram.height ?? 0);
    expect(donor?.parts.map(({ part }) => part)).toEqual(['kept', 'free']);
  });
  it('gives a node that nobody watches a column of its own', () => {
    const { columns } = shape([member('a', { self: 0 })]);
    expect(columns.map(({ parts }) => parts.map(({ part }) => part))).toEqual([['unknown'], ['unknown'], ['unknown']]);
    expect(columns[1]?.ram.height).toBeGreaterThan(10);
  });
  it('lets no two ways of nested flows touch, and no arrow end in what is drawn on top', () => {
    const { flows, columns } = shape(eight);
    expect(new Set(flows.map(({ laneY }) => laneY)).size).toBe(4);
    const legs = flows.flatMap((one) => {
      const half = one.width / 2;
      const left = Math.min(one.fromX, one.toX);
      const leg = (x: number, end: number): Box => ({
        x: x - half,
        y: one.laneY,
        width: one.width,
        height: end - one.laneY,
      });
      return [
        leg(one.fromX, one.fromY),
        leg(one.toX, one.toY),
        { x: left, y: one.laneY - half, width: Math.abs(one.toX - one.fromX), height: one.width },
      ].map((box) => ({ box, of: one.flow.id }));
    });
    for (const a of legs) for (const b of legs) if (a.of !== b.of) expect(apart(a.box, b.box)).toBe(true);
    const donor = columns[4];
    for (const { toX, toY } of flows) {
      expect(toY).toBe(donor?.ram.y);
      expect(toX).toBeGreaterThan(donor?.ram.x ?? Infinity);
      expect(toX).toBeLessThan((donor?.ram.x ?? 0) + (donor?.ram.width ?? 0));
    }
  });
  it('keeps what is away beside the arrows that come in', () => {
    const { columns, flows } = shape([
      member('a', { self: 0, nodes: 2, target: 1, away: 3, foreign: 2 }),
      member('b', { self: 1, nodes: 2, target: 0, away: 2, foreign: 3 }),
    ]);
    for (const flow of flows) {
      const into = columns.find(({ node }) => node.id === flow.flow.to)?.away;
      if (into === undefined) throw new Error('nothing is away');
      expect(flow.toX < into.x || flow.toX > into.x + into.width).toBe(true);
    }
    expect(flows[0]?.laneY).not.toBe(flows[1]?.laneY);
  });
  it('takes more room than there is rather than squeeze eight hosts', () => {
    expect(shape(eight, 300).width).toBeGreaterThan(800);
    expect(shape(eight, NaN).width).toBeGreaterThan(800);
  });
  it('has numbers only, inside the picture, whatever the hosts tell', () => {
    const amount = fc.option(
      fc.oneof(fc.double({ min: -10, max: 4096 }), fc.constantFrom(NaN, Infinity, -Infinity, 0)),
      { nil: undefined },
    );
    const drafts = fc.array(
      fc.record(
        {
          target: fc.integer({ min: 0, max: 9 }),
          away: amount,
          foreign: amount,
          total: amount,
          available: amount,
          linked: fc.boolean(),
        },
        { requiredKeys: [] },
      ),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(drafts, fc.double({ min: -5, max: 3000 }), (all, width) => {
        const drawn = shape(
          all.map((draft, self) => {
            const told = Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== undefined));
            return member(`m${self}`, { self, nodes: all.length, ...told });
          }),
          width,
        );
        const boxes = drawn.columns.flatMap(({ ram, parts, away }) => [ram, ...parts, ...(away ? [away] : [])]);
        for (const box of boxes) {
          for (const figure of [box.x, box.y, box.width, box.height]) expect(Number.isFinite(figure)).toBe(true);
          expect(box.x).toBeGreaterThanOrEqual(0);
          expect(box.y).toBeGreaterThanOrEqual(-0.01);
          expect(box.height).toBeGreaterThanOrEqual(0);
          expect(box.x + box.width).toBeLessThanOrEqual(drawn.width + 0.01);
          expect(box.y + box.height).toBeLessThanOrEqual(drawn.baseline + 0.01);
        }
        const rams = drawn.columns.map(({ ram }) => ram);
        rams.forEach((a, index) => rams.slice(index + 1).forEach((b) => expect(apart(a, b)).toBe(true)));
        for (const { width: line, fromX, fromY, laneY, toX, toY, labelX } of drawn.flows) {
          for (const figure of [line, fromX, fromY, laneY, toX, toY, labelX])
            expect(Number.isFinite(figure)).toBe(true);
          expect(line).toBeGreaterThan(0);
          expect(laneY).toBeGreaterThan(0);
          expect(Math.min(fromY, toY)).toBeGreaterThan(laneY);
        }
      }),
    );
  });
});
