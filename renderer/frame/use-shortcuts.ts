/** The keys that work everywhere. Letters do nothing while somebody types or a dialog is open. */
import { onMounted, onUnmounted } from 'vue';

export interface ShortcutTargets {
  go(page: string): void;
  openPalette(): void;
  openList(): void;
}

export const goKeys: Readonly<Record<string, string>> = {
  f: 'fleet',
  g: 'guests',
  c: 'clusters',
  h: 'changes',
  t: 'history',
  v: 'savings',
  r: 'reports',
  s: 'settings',
};

/** `g` waits this long for its second letter. */
const chordMs = 1200;

export function useShortcuts(targets: ShortcutTargets): void {
  let chordAt = -Infinity;

  const onKey = (event: KeyboardEvent): void => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      targets.openPalette();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isBusy(event)) return;
    const inChord = event.timeStamp - chordAt < chordMs;
    chordAt = -Infinity;
    const page = inChord ? goKeys[event.key] : undefined;
    if (page !== undefined) {
      event.preventDefault();
      targets.go(page);
    } else if (event.key === 'g') {
      chordAt = event.timeStamp;
    } else if (event.key === '?') {
      targets.openList();
    } else if (event.key === '/') {
      const filter = document.querySelector<HTMLInputElement>('main [data-filter]');
      if (filter === null) return;
      event.preventDefault();
      filter.focus();
      filter.select();
    }
  };

  onMounted(() => window.addEventListener('keydown', onKey));
  onUnmounted(() => window.removeEventListener('keydown', onKey));
}

function isBusy(event: KeyboardEvent): boolean {
  const target = event.target;
  // A radio button or check box takes no letters.
  const typing = 'input:not([type="radio"], [type="checkbox"]), textarea, select, [contenteditable], [role="menu"]';
  if (target instanceof HTMLElement && target.closest(typing)) return true;
  return document.querySelector('[role="dialog"]') !== null;
}
