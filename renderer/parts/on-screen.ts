/** Whether an element is on screen, or near it: what nobody sees need not be drawn. True where that cannot be told. */
import { onMounted, onUnmounted, readonly, ref, type Ref } from 'vue';

export function useOnScreen(element: Readonly<Ref<Element | null>>): Readonly<Ref<boolean>> {
  const onScreen = ref(true);
  let observer: IntersectionObserver | undefined;
  onMounted(() => {
    if (element.value === null || typeof IntersectionObserver === 'undefined') return;
    observer = new IntersectionObserver((entries) => (onScreen.value = entries.at(-1)?.isIntersecting ?? true), {
      rootMargin: '200px',
    });
    observer.observe(element.value);
  });
  onUnmounted(() => observer?.disconnect());
  return readonly(onScreen);
}
