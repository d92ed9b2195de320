/** What a person chose about the console; the theme and the density are put on the document here. */
import { defineStore } from 'pinia';
import { ref, shallowRef, watchEffect } from 'vue';
import { defaultSettings, type Settings } from '#shared/model/settings.ts';
import { useConsole } from '../console.ts';

const hour = 3600;
const day = 24 * hour;
export const spans = [
  { seconds: 300, label: '5 min' },
  { seconds: 900, label: '15 min' },
  { seconds: hour, label: '1 h' },
  { seconds: 6 * hour, label: '6 h' },
  { seconds: day, label: '24 h' },
  { seconds: 7 * day, label: '7 d' },
  { seconds: 30 * day, label: '30 d' },
  { seconds: 365 * day, label: '1 y' },
] as const;

export const intervals = [1, 2, 5, 10, 30, 60] as const;

export const useSettings = defineStore('settings', () => {
  const link = useConsole();
  const current = shallowRef<Settings>(defaultSettings);
  /** How far back charts look. Of this page only: a colleague's page keeps its own. */
  const spanSeconds = ref<number>(900);

  async function load(): Promise<void> {
    current.value = await link.call('settings.get', {});
  }
  /** Shown at once; taken back when the core refuses. */
  async function change(part: Partial<Settings>): Promise<void> {
    const before = current.value;
    current.value = { ...before, ...part };
    try {
      current.value = await link.call('settings.set', { settings: current.value });
    } catch (error) {
      current.value = before;
      throw error;
    }
  }

  link.on('settings.changed', (settings) => (current.value = settings));
  link.onOpen(() => void load().catch(() => undefined));

  watchEffect(() => {
    const root = document.documentElement;
    if (current.value.theme === 'system') delete root.dataset['theme'];
    else root.dataset['theme'] = current.value.theme;
    root.dataset['density'] = current.value.density;
  });

  return { current, spanSeconds, change };
});
