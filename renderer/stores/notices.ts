/** What the console has to say about itself. */
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { Notice } from '#shared/model/settings.ts';
import { useConsole } from '../console.ts';

export const useNotices = defineStore('notices', () => {
  const link = useConsole();
  const all = shallowRef<readonly Notice[]>([]);

  async function load(): Promise<void> {
    all.value = await link.call('console.notices', {});
  }
  async function dismiss(id: string): Promise<void> {
    all.value = all.value.filter((notice) => notice.id !== id);
    await link.call('console.dismiss', { notice: id });
  }
  link.on('console.noticed', (notices) => (all.value = notices));
  link.onOpen(() => void load().catch(() => undefined));

  return { all, dismiss };
});
