/**
 * A stand-in for the core, for pages only: 10,000 synthetic guests on 50 synthetic hosts whose figures wander, sent
 * through the real contract and the real loopback door. Nothing it says comes from a host; figures on the host page
 * start from a recording, so that there are as many series as a real host has.
 */
import { randomBytes } from 'node:crypto';
import { observe } from '#core/collect/observe.ts';
import { catalogueOf } from '#core/collect/catalogue.ts';
import { GuestRows } from '#core/collect/guest-rows.ts';
import { Rates } from '#core/collect/rates.ts';
import { pages } from '#core/cli/program.ts';
import { parseDump } from '#core/platforms/kernel/dump.ts';
import { platforms } from '#core/platforms/index.ts';
import { openLoopbackDoor } from '#core/serve/loopback-door.ts';
import { serve } from '#shared/contract/serve.ts';
import { requests } from '#shared/contract/contract.ts';
import type { Emit, Handlers } from '#shared/contract/contract.ts';
import type { HostReading } from '#shared/model/reading.ts';
import type { Series, Tick } from '#shared/model/sample.ts';
import { defaultSettings } from '#shared/model/settings.ts';
import { fail } from '#shared/problem.ts';
import { epochMs } from '#shared/units.ts';
import { listRecordings, readRecording } from '../support/recordings.ts';
import { guestsOf, hostView } from './synthetic-hosts.ts';
import type { Tidy } from './tidy.ts';

export const hostCount = 50;
export const guestsPerHost = 200;
const keptTicks = 720;

const absent = (): never => fail('not-found', 'The benchmark has no such thing.');

export interface SyntheticCore {
  readonly url: string;
  /** The host whose page has charts. */
  readonly host: string;
}

/** @param intervalSeconds of the hosts; they answer spread over it, so that each second brings its share of rows */
export async function openSyntheticCore(intervalSeconds: number, tidy: Tidy): Promise<SyntheticCore> {
  const catalogue = catalogueOf(platforms);
  const recording = listRecordings().find(({ name }) => name === 'debian-6.12/under-pressure');
  if (recording === undefined) throw new Error('the recording is gone');
  const capture = parseDump(readRecording(recording));
  const seen = observe(
    { at: epochMs(Date.now()), bootId: 'bench', evidence: capture, uptimeAt: () => 0 },
    platforms,
    catalogue,
    new Rates(),
  );
  const drawn = [
    ...Object.entries(seen.signals).map(([signal, value]) => [`signal.${signal}`, '', value] as const),
    ...seen.points.map(([metric, instance, value]) => [metric, instance, value ?? 100] as const),
  ];
  const watched = 'synthetic-1';
  const wander = (value: number, tick: number): number => value * (1 + Math.sin(tick / 9) / 10 + Math.random() / 50);
  const tickAt = (at: number, tick: number): Tick => ({
    host: watched,
    at: epochMs(at),
    points: drawn.map(([metric, instance, value]) => [metric, instance, wander(value, tick)]),
  });

  const rows = new GuestRows();
  const replace = (index: number, tick: number): void =>
    rows.replace(
      { id: `synthetic-${index + 1}`, name: `synthetic-${index + 1}` },
      epochMs(Date.now()),
      guestsOf(index, guestsPerHost, tick).map((reading) => ({ reading, signals: {}, values: () => [] })),
    );
  for (let index = 0; index < hostCount; index++) replace(index, 0);

  const emits = new Set<Emit>();
  const views = (from = 0, step = 1) =>
    Array.from({ length: hostCount }, (_, index) => index)
      .filter((index) => index % step === from)
      .map((index) => hostView(index, guestsPerHost, seen.signals));
  const answers: Partial<Handlers> = {
    'console.info': () => ({
      version: 'synthetic',
      shell: 'browser',
      dataDir: '/nowhere',
      persistent: false,
      platform: process.platform,
      node: process.version,
    }),
    'console.notices': () => [],
    'lab.status': () => null,
    'lab.scenarios': () => [],
    'console.dismiss': () => null,
    'settings.get': () => ({ ...defaultSettings, intervalSeconds, theme: 'light' }),
    'settings.set': ({ settings }) => settings,
    'hosts.list': () => views(),
    'hosts.importable': () => [],
    'hosts.reading': ({ host }): HostReading => ({
      host,
      at: epochMs(Date.now()),
      values: seen.values(),
      pools: seen.pools,
      files: [],
      unread: [],
      troubles: [],
    }),
    'hosts.refresh': () => null,
    'guests.changes': ({ since, host }) => rows.changes(since, host),
    'samples.catalogue': () => catalogue.entries,
    'samples.series': ({ points }): Series[] => {
      const now = Date.now();
      const count = Math.min(points, keptTicks);
      const at = Array.from({ length: count }, (_, tick) => epochMs(now - (count - tick) * 1000));
      return drawn.map(([metric, instance, value]) => ({
        metric,
        instance,
        at,
        values: at.map((_, tick) => wander(value, tick)),
      }));
    },
    'samples.fleet': () => ({ at: [], signals: {} }),
    'samples.watch': () => null,
  };

  const refusals = Object.fromEntries(Object.keys(requests).map((name) => [name, absent]));
  const handlers = { ...(refusals as unknown as Handlers), ...answers };

  const door = await openLoopbackDoor({
    pages,
    port: 0,
    token: randomBytes(24).toString('base64url'),
    onChannel: (channel) => {
      const { emit } = serve(channel, handlers, (name, error) => console.error(name, error));
      emits.add(emit);
      channel.onClose(() => emits.delete(emit));
    },
  });
  let second = 0;
  const timer = setInterval(() => {
    second += 1;
    const turn = second % intervalSeconds;
    for (let index = turn; index < hostCount; index += intervalSeconds) replace(index, second);
    for (const emit of emits) {
      emit('hosts.changed', views(turn, intervalSeconds));
      emit('guests.moved', { revision: rows.revision });
      emit('samples.tick', tickAt(Date.now(), second));
    }
  }, 1000);
  tidy.add(async () => {
    clearInterval(timer);
    await door.close();
  });
  return { url: door.url, host: watched };
}
