/** What every metric means, as the platforms declare it. Fetched once per connection, and again with the lab. */
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { CatalogueEntry } from '#shared/contract/samples.ts';
import type { MetricId } from '#shared/model/metric.ts';
import { useConsole } from '../console.ts';

export const useCatalogue = defineStore('catalogue', () => {
  const link = useConsole();
  const entries = shallowRef<readonly CatalogueEntry[]>([]);
  const byId = shallowRef<ReadonlyMap<MetricId, CatalogueEntry>>(new Map());

  async function load(): Promise<void> {
    entries.value = await link.call('samples.catalogue', {});
    byId.value = new Map(entries.value.map((entry) => [entry.id, entry]));
  }
  // A failure here is the lost door, which the frame already tells.
  link.on('lab.switched', () => void load().catch(() => undefined));
  link.onOpen(() => void load().catch(() => undefined));

  return { entries, byId };
});
