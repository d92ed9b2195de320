/**
 * Pointer and keys on a chart: moves the crosshair that all charts of the page share, marks a span to zoom to,
 * goes back on a double click. Knows moments and pixels, not Chart.js.
 */
import { ref, type Ref } from 'vue';
import { lowerBound } from './chart-data.ts';
import type { TimeSpan, TimeView } from './time-view.ts';

export interface Plot {
  /** The plotting area within the chart's box, in pixels. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface PointerInput {
  readonly view: TimeView;
  plot(): Plot;
  span(): TimeSpan;
  /** Moments that have points, ascending. */
  moments(): readonly number[];
  toggleTable(): void;
}

/** A shorter drag is a click that slipped. */
const leastDragPx = 6;

export function useChartPointer(input: PointerInput) {
  const { view } = input;
  /** The span being marked, in pixels of the box. */
  const marked: Ref<{ from: number; to: number } | undefined> = ref();
  let frame = 0;

  const momentAt = (px: number): number => {
    const { left, right } = input.plot();
    const { from, to } = input.span();
    const share = Math.min(1, Math.max(0, (px - left) / Math.max(1, right - left)));
    return from + share * (to - from);
  };
  const pixelOf = (at: number): number => {
    const { left, right } = input.plot();
    const { from, to } = input.span();
    return left + ((at - from) / Math.max(1, to - from)) * (right - left);
  };
  const xIn = (event: PointerEvent): number => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return event.clientX - box.left;
  };

  function onMove(event: PointerEvent): void {
    const px = xIn(event);
    if (marked.value !== undefined) marked.value = { ...marked.value, to: px };
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      const { left, right } = input.plot();
      view.crosshair.value = px < left || px > right ? undefined : momentAt(px);
    });
  }
  function onLeave(): void {
    cancelAnimationFrame(frame);
    view.crosshair.value = undefined;
  }
  function onDown(event: PointerEvent): void {
    if (event.button !== 0) return;
    const px = xIn(event);
    marked.value = { from: px, to: px };
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
  }
  function onUp(): void {
    const drag = marked.value;
    marked.value = undefined;
    if (drag === undefined || Math.abs(drag.to - drag.from) < leastDragPx) return;
    const from = momentAt(Math.min(drag.from, drag.to));
    const to = momentAt(Math.max(drag.from, drag.to));
    if (to - from >= 1000) view.zoom.value = { from, to };
  }
  const reset = (): void => {
    view.zoom.value = undefined;
  };

  function step(by: number): void {
    const moments = input.moments();
    const last = moments.length - 1;
    if (last < 0) return;
    const at = view.crosshair.value;
    const here = at === undefined ? last + (by < 0 ? 1 : 0) : lowerBound(moments, at);
    view.crosshair.value = moments[Math.min(last, Math.max(0, here + by))];
  }

  function onKey(event: KeyboardEvent): void {
    const handled = keys(event);
    if (handled) event.preventDefault();
  }
  function keys(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    switch (event.key) {
      case 'ArrowLeft':
        step(event.shiftKey ? -10 : -1);
        return true;
      case 'ArrowRight':
        step(event.shiftKey ? 10 : 1);
        return true;
      case 'Home':
        view.crosshair.value = input.moments()[0];
        return true;
      case 'End':
        view.crosshair.value = input.moments().at(-1);
        return true;
      case 't':
        input.toggleTable();
        return true;
      case '0':
        reset();
        return true;
      case 'Escape':
        if (view.crosshair.value === undefined && view.zoom.value === undefined) return false;
        if (view.crosshair.value !== undefined) view.crosshair.value = undefined;
        else reset();
        return true;
      default:
        return false;
    }
  }

  return { marked, pixelOf, onMove, onLeave, onDown, onUp, onKey, reset };
}
