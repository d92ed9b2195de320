/**
 * How often figures over a span are worth asking for anew: what is new must be as wide as a pixel to be seen. Used by
 * whatever keeps a chart current. Pure.
 */

/** About as many as a chart is wide. */
const pixels = 2000;
/** Up to here the core answers from memory, tick by tick; beyond it, points are means from the disk. */
const inMemorySeconds = 3600;

/** What one pixel of a chart stands for. */
export const pixelMs = (spanSeconds: number): number => (spanSeconds * 1000) / pixels;

/** For charts that are loaded whole each time. */
export const paceMs = (spanSeconds: number, intervalSeconds: number): number =>
  Math.max(intervalSeconds * 1000, Math.ceil(pixelMs(spanSeconds)));

/**
 * For charts that go on with ticks: once so much is new that means should take the place of readings. Infinity where
 * there are no means.
 */
export const reloadMs = (spanSeconds: number): number =>
  spanSeconds <= inMemorySeconds ? Infinity : Math.max(60_000, pixelMs(spanSeconds) * 10);
