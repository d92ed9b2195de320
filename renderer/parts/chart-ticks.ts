/**
 * Small marks at the foot of charts: what befell a host by itself, such as a reboot. Whoever owns the page's subject
 * provides them, every chart below takes them. Pure but for provide and inject.
 */
import { computed, inject, provide, type InjectionKey, type Ref } from 'vue';

export interface ChartTick {
  readonly key: string;
  readonly at: number;
  /** One sentence. */
  readonly words: string;
}

type Ticks = Readonly<Ref<readonly ChartTick[]>>;
const key: InjectionKey<Ticks> = Symbol('chart ticks');
const none: Ticks = computed(() => []);

export const provideTicks = (ticks: Ticks): void => provide(key, ticks);
export const useTicks = (): Ticks => inject(key, none);

/** Nearer than this they would lie on top of each other. */
const leastPx = 9;
/** More are counted, not listed. */
const mostWords = 8;

export interface TickGroup {
  readonly key: string;
  readonly px: number;
  readonly words: string;
}

/** @param ticks ascending in time. @param clock how a moment is said. */
export function tickGroups(
  ticks: readonly ChartTick[],
  pixelOf: (at: number) => number,
  clock: (at: number) => string,
): readonly TickGroup[] {
  const groups: { px: number; ticks: ChartTick[] }[] = [];
  for (const tick of ticks) {
    const px = pixelOf(tick.at);
    const last = groups.at(-1);
    if (last !== undefined && px - last.px < leastPx) last.ticks.push(tick);
    else groups.push({ px, ticks: [tick] });
  }
  return groups.map(({ px, ticks: those }) => {
    const lines = those.slice(0, mostWords).map(({ at, words }) => `${clock(at)}: ${words}`);
    const more = those.length - lines.length;
    return {
      key: those[0]?.key ?? '',
      px,
      words: [...lines, ...(more > 0 ? [`and ${more} more`] : [])].join('\n'),
    };
  });
}
