import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { restoredWindow, smallestWindow } from '#electron/shell/window-bounds.ts';

const laptop = { x: 0, y: 25, width: 1920, height: 1055 };
const beside = { x: 1920, y: 0, width: 2560, height: 1440 };

describe('where the window opens', () => {
  it('is where it was', () => {
    const bounds = { x: 2000, y: 100, width: 1400, height: 900 };
    expect(restoredWindow({ bounds, maximized: true }, [laptop, beside])).toEqual({ bounds, maximized: true });
  });

  it('is where the system puts it when the screen is gone', () => {
    const saved = { bounds: { x: 2000, y: 100, width: 1400, height: 900 } };
    expect(restoredWindow(saved, [laptop])).toEqual({ bounds: { width: 1360, height: 880 }, maximized: false });
  });

  it('is not under a panel, and no larger than the screen', () => {
    const saved = { bounds: { x: 10, y: 5, width: 5000, height: 4000 } };
    expect(restoredWindow(saved, [laptop]).bounds).toEqual({ x: 10, y: 25, width: 1920, height: 1055 });
  });

  it.each([
    undefined,
    null,
    'window',
    [],
    {},
    { bounds: null },
    { bounds: { x: 0, y: 0, width: 1000 } },
    { bounds: { x: 0, y: 0, width: -1, height: 700 } },
    { bounds: { x: '0', y: 0, width: 1000, height: 700 } },
    { bounds: { x: 1e300, y: 0, width: 1000, height: 700 } },
    { bounds: { x: 0, y: null, width: 1000, height: 700 }, maximized: 'yes' },
  ])('is the default for a file that holds %j', (saved) => {
    expect(restoredWindow(saved, [laptop])).toEqual({ bounds: { width: 1360, height: 880 }, maximized: false });
  });

  it('fits a small screen at the first start', () => {
    expect(restoredWindow(undefined, [{ x: 0, y: 0, width: 1024, height: 700 }]).bounds).toEqual({
      width: 1024,
      height: 700,
    });
    expect(restoredWindow(undefined, []).bounds).toEqual({ width: 1360, height: 880 });
  });

  it('can always be seen and grabbed when it has a place', () => {
    const number = fc.integer({ min: -6000, max: 6000 });
    const saved = fc.record({ x: number, y: number, width: number, height: number });
    fc.assert(
      fc.property(saved, (bounds) => {
        const opened = restoredWindow({ bounds }, [laptop, beside]).bounds;
        expect(opened.width).toBeGreaterThanOrEqual(smallestWindow.width);
        expect(opened.height).toBeGreaterThanOrEqual(smallestWindow.height);
        const { x, y } = opened;
        if (x === undefined || y === undefined) return;
        const grabbed = [laptop, beside].some(
          (screen) =>
            y >= screen.y &&
            y < screen.y + screen.height &&
            Math.min(x + opened.width, screen.x + screen.width) - Math.max(x, screen.x) >= 160,
        );
        expect(grabbed).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
