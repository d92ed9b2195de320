/** The width of an element in pixels, as it changes. Starts with a guess, so that the first paint has a drawing. */
import { onMounted, onUnmounted, readonly, ref, type Ref } from 'vue';

export function useWidth(element: Readonly<Ref<HTMLElement | null>>, guess: number): Readonly<Ref<number>> {
  const width = ref(guess);
  let observer: ResizeObserver | undefined;
  onMounted(() => {
    if (element.value === null || typeof ResizeObserver === 'undefined') return;
    if (element.value.clientWidth > 0) width.value = element.value.clientWidth;
    observer = new ResizeObserver((entries) => (width.value = entries.at(-1)?.contentRect.width ?? width.value));
    observer.observe(element.value);
  });
  onUnmounted(() => observer?.disconnect());
  return readonly(width);
}
