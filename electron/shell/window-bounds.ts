/**
 * Where the window opens. What was saved is a file that may be old, damaged or from a desk with other screens: only a
 * window that can be seen and grabbed on a screen of today is restored.
 */
export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface WindowState {
  /** Without a position the system places the window. */
  readonly bounds: { readonly width: number; readonly height: number; readonly x?: number; readonly y?: number };
  readonly maximized: boolean;
}

export const smallestWindow = { width: 900, height: 600 };
const firstWindow = { width: 1360, height: 880 };
/** So much of the title bar has to be on a screen, in pixels, that a pointer can take it. */
const grip = { width: 160, height: 24 };

/**
 * @param saved the parsed file, whatever it holds.
 * @param screens the work areas of the screens there are now.
 */
export function restoredWindow(saved: unknown, screens: readonly Bounds[]): WindowState {
  const state = record(saved);
  const bounds = boundsOf(state?.['bounds']);
  const maximized = state?.['maximized'] === true;
  const screen = bounds === undefined ? undefined : screens.find((area) => gripIsOn(bounds, area));
  if (bounds === undefined || screen === undefined) return { bounds: sizeOn(firstWindow, screens[0]), maximized };
  const size = sizeOn(bounds, screen);
  return {
    bounds: {
      ...size,
      x: clamp(bounds.x, screen.x - size.width + grip.width, screen.x + screen.width - grip.width),
      // Never above the work area: the title bar would be under a panel or off the screen.
      y: clamp(bounds.y, screen.y, screen.y + screen.height - grip.height),
    },
    maximized,
  };
}

function sizeOn(size: { readonly width: number; readonly height: number }, screen: Bounds | undefined) {
  return {
    width: Math.max(smallestWindow.width, Math.min(size.width, screen?.width ?? size.width)),
    height: Math.max(smallestWindow.height, Math.min(size.height, screen?.height ?? size.height)),
  };
}

function gripIsOn(bounds: Bounds, area: Bounds): boolean {
  const across = Math.min(bounds.x + bounds.width, area.x + area.width) - Math.max(bounds.x, area.x);
  const down = Math.min(bounds.y + grip.height, area.y + area.height) - Math.max(bounds.y, area.y);
  return across >= grip.width && down > 0;
}

function boundsOf(value: unknown): Bounds | undefined {
  const parts = record(value);
  const numbers = ['x', 'y', 'width', 'height'].map((name) => parts?.[name]);
  const [x, y, width, height] = numbers.map((part) =>
    typeof part === 'number' && Number.isFinite(part) && Math.abs(part) < 100_000 ? Math.round(part) : undefined,
  );
  if (x === undefined || y === undefined || width === undefined || height === undefined) return undefined;
  return width > 0 && height > 0 ? { x, y, width, height } : undefined;
}

function record(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
}

const clamp = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), most);
