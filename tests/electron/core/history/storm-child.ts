/**
 * For storm.slow.test.ts: records and does what is due, says each tick that is acknowledged, until somebody ends it.
 * Goes on where the file ends.
 */
import { writeSync } from 'node:fs';
import { HistoryStore } from '#core/history/store.ts';
import { momentOf, numberAt, settings, stormHosts, stormTick } from './storm-ticks.ts';

const store = new HistoryStore({ file: process.argv[2], settings, chunkTicks: 9 });
const next = new Map(stormHosts.map((host) => [host as string, 1]));
for (const { host, guest, lastAt } of store.entities()) if (guest === '') next.set(host, numberAt(lastAt) + 1);
for (;;) {
  // Sometimes one host alone, sometimes all of them together.
  const numbers = [...next].filter(([, number]) => number % 5 !== 0 || number === Math.min(...next.values()));
  store.record(numbers.map(([host, number]) => stormTick(host, number)));
  writeSync(1, numbers.map(([host, number]) => `${host} ${number}\n`).join(''));
  for (const [host, number] of numbers) next.set(host, number + 1);
  store.work(momentOf(Math.max(...next.values())));
}
