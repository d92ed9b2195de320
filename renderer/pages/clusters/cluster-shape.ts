/**
 * Where everything of the cluster's drawing is, in pixels. Columns are RAM to one scale; what a host keeps elsewhere
 * stands on top of its column; each flow has a lane of its own above the columns. Pure; never NaN.
 */
import type { ClusterFlow, ClusterNode, ClusterView } from './cluster-view.ts';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type PartName = 'own' | 'kept' | 'free' | 'unknown';

export interface ColumnShape {
  readonly node: ClusterNode;
  /** The RAM; of nominal height where nobody says how much there is. */
  readonly ram: Box;
  readonly parts: readonly (Box & { readonly part: PartName })[];
  /** What it keeps elsewhere, on top. */
  readonly away?: Box;
}

export interface FlowShape {
  readonly flow: ClusterFlow;
  /** Of the arrow's line. */
  readonly width: number;
  readonly fromX: number;
  readonly fromY: number;
  readonly laneY: number;
  readonly toX: number;
  /** The arrow's tip. */
  readonly toY: number;
  readonly labelX: number;
}

export interface ClusterShape {
  readonly width: number;
  readonly height: number;
  /** Distance of the columns' middles. */
  readonly pitch: number;
  readonly baseline: number;
  readonly columns: readonly ColumnShape[];
  readonly flows: readonly FlowShape[];
}

const leastPitch = 104;
const columnsHeight = 190;
/** Of a host that does not say how much RAM it has. */
const nominalHeight = columnsHeight / 2;
const widestColumn = 96;
const widestArrow = 12;
const thinnestArrow = 1.5;
/** A lane has a line of text above it and one below. */
const labelRoom = 16;
/** From the lowest lane down to the tallest column: room for the arrow's head. */
const drop = 26;

/** Bytes or pixels; less than one of either is nothing. */
const size = (value: number | undefined): number =>
  value !== undefined && Number.isFinite(value) && value >= 1 ? value : 0;

interface Leg {
  readonly flow: ClusterFlow;
  readonly from: number;
  readonly to: number;
  readonly lane: number;
}

/** @param available width in pixels; more is taken where that is too little for the columns */
export function clusterShape(view: ClusterView, available: number): ClusterShape {
  const { nodes } = view;
  const width = Math.max(size(available), nodes.length * leastPitch, 2 * leastPitch);
  const pitch = width / Math.max(1, nodes.length);
  const columnWidth = Math.min(widestColumn, pitch * 0.6);
  const legs = layLanes(view);
  const lanes = legs.reduce((most, { lane }) => Math.max(most, lane + 1), 0);
  const laneHeight = widestArrow + 2 * labelRoom;
  const top = lanes === 0 ? 8 : lanes * laneHeight + drop;
  const baseline = top + columnsHeight;

  const awayOf = (node: ClusterNode): number => size(view.flows.find(({ from }) => from === node.id)?.bytes);
  const perByte = scaleOf(nodes, awayOf);
  const portsOf = nodes.map((_, index) => ports(legs, index));
  const most = Math.max(1, ...portsOf.map(({ length }) => length));
  const widest = Math.min(widestArrow, columnWidth / most - 2);
  const largest = Math.max(0, ...view.flows.map(({ bytes }) => size(bytes)));

  const columns = nodes.map((node, index): ColumnShape => {
    const x = pitch * (index + 0.5) - columnWidth / 2;
    const total = size(node.member?.memoryTotal);
    const height = total > 0 ? total * perByte : nominalHeight;
    const ram = { x, y: baseline - height, width: columnWidth, height };
    const away = awayOf(node) * perByte;
    const slots = portsOf[index] ?? [];
    const slot = columnWidth / Math.max(1, slots.length);
    const out = slots.findIndex((leg) => leg.from === index);
    return {
      node,
      ram,
      parts: partsOf(node, ram, perByte),
      // Beside the arrows that come in, so that neither covers the other.
      ...(away > 0 && out >= 0 ? { away: { x: x + out * slot, y: ram.y - away, width: slot, height: away } } : {}),
    };
  });

  const portX = (index: number, leg: Leg): number => {
    const slots = portsOf[index] ?? [];
    const x = columns[index]?.ram.x ?? 0;
    return x + ((slots.indexOf(leg) + 0.5) * columnWidth) / Math.max(1, slots.length);
  };
  const flows = legs.map((leg): FlowShape => {
    const fromX = portX(leg.from, leg);
    const toX = portX(leg.to, leg);
    const from = columns[leg.from];
    return {
      flow: leg.flow,
      width: largest > 0 ? Math.max(thinnestArrow, (size(leg.flow.bytes) / largest) * widest) : thinnestArrow,
      fromX,
      fromY: from?.away?.y ?? from?.ram.y ?? baseline,
      laneY: (lanes - 1 - leg.lane) * laneHeight + labelRoom + widestArrow / 2,
      toX,
      toY: columns[leg.to]?.ram.y ?? baseline,
      labelX: (fromX + toX) / 2,
    };
  });
  return { width, height: baseline + 6, pitch, baseline, columns, flows };
}

/** Pixels per byte, so that the tallest column with what stands on it just fits; 0 when nobody tells an amount. */
function scaleOf(nodes: readonly ClusterNode[], awayOf: (node: ClusterNode) => number): number {
  const scales = nodes.flatMap((node) => {
    const total = size(node.member?.memoryTotal);
    const away = awayOf(node);
    if (total + away === 0) return [];
    return [total > 0 ? columnsHeight / (total + away) : (columnsHeight - nominalHeight) / away];
  });
  return scales.length === 0 ? 0 : Math.min(...scales);
}

/** From the bottom: what others keep here, what the host uses itself, what is free. */
function partsOf(node: ClusterNode, ram: Box, perByte: number): ColumnShape['parts'] {
  const total = size(node.member?.memoryTotal);
  const available = node.member?.memoryAvailable;
  if (total === 0) return [{ ...ram, part: 'unknown' }];
  const used = available === undefined ? undefined : total - Math.min(total, size(available));
  // Their owners count whole pages; kept compressed they take less, and never more than is in use.
  const kept = Math.min(size(node.member?.reading.foreign?.bytes ?? node.keeps), used ?? total);
  const sizes: readonly (readonly [PartName, number])[] =
    used === undefined
      ? [
          ['kept', kept],
          ['unknown', total - kept],
        ]
      : [
          ['kept', kept],
          ['own', used - kept],
          ['free', total - used],
        ];
  let bottom = ram.y + ram.height;
  return sizes
    .filter(([, bytes]) => bytes > 0)
    .map(([part, bytes]) => {
      const height = bytes * perByte;
      bottom -= height;
      return { part, x: ram.x, y: bottom, width: ram.width, height };
    });
}

/** Short ways lie low, longer ones over them; ways that do not touch share a lane. */
function layLanes({ nodes, flows }: ClusterView): readonly Leg[] {
  const at = new Map(nodes.map(({ id }, index) => [id, index]));
  const ends = flows
    .flatMap((flow) => {
      const from = at.get(flow.from);
      const to = at.get(flow.to);
      return from === undefined || to === undefined || from === to ? [] : [{ flow, from, to }];
    })
    .sort((a, b) => Math.abs(a.to - a.from) - Math.abs(b.to - b.from) || a.from - b.from || a.to - b.to);
  const laid: Leg[] = [];
  for (const end of ends) {
    const under = laid.filter((other) => overlap(other, end)).map(({ lane }) => lane + 1);
    laid.push({ ...end, lane: Math.max(0, ...under) });
  }
  return laid;
}

const overlap = (a: Pick<Leg, 'from' | 'to'>, b: Pick<Leg, 'from' | 'to'>): boolean =>
  Math.min(a.from, a.to) < Math.max(b.from, b.to) && Math.min(b.from, b.to) < Math.max(a.from, a.to);

/** The legs that end on a column, left to right, so that those of nested ways never cross. */
function ports(legs: readonly Leg[], index: number): readonly Leg[] {
  const here = legs.filter(({ from, to }) => from === index || to === index);
  const other = ({ from, to }: Leg): number => (from === index ? to : from);
  const left = here.filter((leg) => other(leg) < index).sort((a, b) => a.lane - b.lane);
  const right = here.filter((leg) => other(leg) > index).sort((a, b) => b.lane - a.lane);
  return [...left, ...right];
}
