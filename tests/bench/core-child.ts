/**
 * The console's core in a process of its own, behind the real loopback door, started by core-process.ts with a channel
 * to its parent. Tells on request what it has cost since the last time. Ends when the parent goes.
 */
import { performance, monitorEventLoopDelay } from 'node:perf_hooks';
import { createCore } from '#core/core.ts';
import { openLoopbackDoor } from '#core/serve/loopback-door.ts';
import { agentBody, pages } from '#core/cli/program.ts';
import type { ChildOptions, ChildReport } from './core-process.ts';

const options = JSON.parse(process.argv[2] ?? '') as ChildOptions;
const startedAt = Date.now();
// Ctrl-C reaches the whole group; the parent decides when this ends.
process.on('SIGINT', () => undefined);

const core = await createCore({
  dataDir: options.dataDir,
  hostFile: options.hostFile,
  shell: 'browser',
  version: 'bench',
  agentBody: agentBody(),
  home: options.home,
  env: {},
});
const door = await openLoopbackDoor({ pages, port: 0, token: options.token, onChannel: (page) => core.attach(page) });

/** Milliseconds between two looks at the loop; what a look is late by is the lag. */
const look = 10;
const delay = monitorEventLoopDelay({ resolution: look });
delay.enable();
let since = { cpu: process.cpuUsage(), at: performance.now() };
let largest = 0;
setInterval(() => (largest = Math.max(largest, process.memoryUsage.rss())), 1000).unref();

const lag = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - look);

process.on('message', () => {
  const now = { cpu: process.cpuUsage(), at: performance.now() };
  const report: ChildReport = {
    cpuMs: (now.cpu.user - since.cpu.user + now.cpu.system - since.cpu.system) / 1000,
    wallMs: now.at - since.at,
    rss: Math.max(largest, process.memoryUsage.rss()),
    heapUsed: process.memoryUsage().heapUsed,
    arrayBuffers: process.memoryUsage().arrayBuffers,
    lag: { p50: lag(delay.percentile(50)), p99: lag(delay.percentile(99)), max: lag(delay.max) },
  };
  since = now;
  largest = 0;
  delay.reset();
  process.send?.(report);
});
process.on('disconnect', () => {
  void Promise.all([door.close(), core.close()]).finally(() => process.exit(0));
});
process.send?.({ url: door.url, startedAt });
