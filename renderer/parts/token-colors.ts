/** Design tokens as colours a canvas understands, read anew when the theme changes. */
import { onMounted, onUnmounted, shallowRef, type ShallowRef } from 'vue';

/** Resolves `--token`, or `--token/30` for 30 % of it on the panel's ground. */
export type TokenColors = (token: string) => string;

export function useTokenColors(): ShallowRef<TokenColors> {
  const colors = shallowRef<TokenColors>(() => '#888');
  let probe: HTMLElement | undefined;
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const themed = new MutationObserver(() => refresh());

  function refresh(): void {
    const known = new Map<string, string>();
    colors.value = (token) => {
      const had = known.get(token);
      if (had !== undefined) return had;
      const resolved = resolve(token);
      known.set(token, resolved);
      return resolved;
    };
  }

  function resolve(token: string): string {
    if (probe === undefined) return '#888';
    const [name, share] = token.split('/');
    probe.style.color =
      share === undefined ? `var(${name})` : `color-mix(in srgb, var(${name}) ${share}%, var(--panel))`;
    return getComputedStyle(probe).color;
  }

  onMounted(() => {
    probe = document.createElement('span');
    probe.hidden = true;
    document.body.append(probe);
    themed.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    dark.addEventListener('change', refresh);
    refresh();
  });
  onUnmounted(() => {
    themed.disconnect();
    dark.removeEventListener('change', refresh);
    probe?.remove();
  });
  return colors;
}
