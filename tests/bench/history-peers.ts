/** The peers in the history's benchmark: plain rows in SQLite, and DuckDB. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DatabaseSync } from 'node:sqlite';
import type { HistoryTick } from '#core/ports.ts';
import { hourMs, meanOf, sizeOf, watched } from './history-contest.ts';
import type { Contest } from './history-contest.ts';
import { columnCount, guestMetrics, guestsPerHost, hostCount, hostMetric } from './history-data.ts';

const watchedEntity = hostCount + watched.host * guestsPerHost + watched.guest;
const [saved, available, harm] = ['signal.saved.compressed', 'signal.memory.available', 'signal.harm.psi-some'].map(
  hostMetric,
);
const counter = guestMetrics.indexOf(watched.counter);

const columnNames = Array.from({ length: columnCount }, (_, column) => `c${column}`);
const tableSql = (real: string, end: string): string =>
  `create table sample (ts integer, id integer, ${columnNames.map((name) => `${name} ${real}`).join(', ')}, primary key (ts, id)) ${end}`;
const perStep = columnNames.map((name) => `avg(${name}), min(${name}), max(${name})`).join(', ');
const fleetSql = (division: string, from: number, to: number): string => `
  select hour, sum(s), sum(a), max(h) from (
    select ts ${division} ${hourMs} as hour, id, avg(c${saved}) s, avg(c${available}) a, avg(c${harm}) h
    from sample where id < ${hostCount} and ts >= ${from} and ts < ${to} group by 1, 2)
  group by hour order by hour`;

const figureOf = (value: number | undefined): number | null =>
  value === undefined || !Number.isFinite(value) ? null : value;

function* rowsIn(ticks: readonly HistoryTick[]): Generator<readonly [at: number, id: number, values: Float64Array]> {
  for (const { host, at, rows } of ticks) {
    const index = Number(host.slice(5)) - 1;
    let guest = hostCount + index * guestsPerHost;
    for (const row of rows) yield [at, row.guest === '' ? index : guest++, row.values];
  }
}

/** As somebody would write it who knows SQLite: one wide table, write-ahead log, prepared statements. */
export function sqliteContest(folder: string): Contest {
  const file = join(folder, 'rows.db');
  const db = new DatabaseSync(file);
  db.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma cache_size = -65536');
  db.exec(tableSql('real', 'without rowid'));
  const insert = db.prepare(`insert into sample values (?, ?${', ?'.repeat(columnCount)})`);
  // The moments are known, so each row is found by its whole key: a range of `ts` would read every guest.
  const guestSql = (from: number, to: number, step: number): string => `
    with recursive moment(ts) as (select ${from} union all select ts + 5000 from moment where ts + 5000 < ${to})
    select ts / ${step} as step, sum(c${counter}) as counted, ${perStep}
    from moment join sample using (ts) where id = ${watchedEntity} group by 1 order by 1`;
  const cells: (number | null)[] = new Array<number | null>(columnCount + 2).fill(null);
  return {
    commit: (ticks) => {
      db.exec('begin');
      for (const [at, id, values] of rowsIn(ticks)) {
        cells[0] = at;
        cells[1] = id;
        for (let column = 0; column < columnCount; column++) cells[column + 2] = figureOf(values[column]);
        insert.run(...cells);
      }
      db.exec('commit');
    },
    settle: () => 0,
    guestSpan: (from, to, steps) =>
      db
        .prepare(guestSql(from, to, Math.round((to - from) / steps)))
        .all()
        .reduce((sum, row) => sum + Number(row['counted']), 0),
    fleetSpan: (from, to) =>
      meanOf(
        db
          .prepare(fleetSql('/', from, to))
          .all()
          .map((row) => Number(row['sum(s)'])),
      ),
    bytes: () => sizeOf(file),
    close: () => db.close(),
  };
}

/** As much of `@duckdb/node-api` as is used here; it is no dependency of the product and has no types in it. */
interface DuckDb {
  readonly BIGINT: unknown;
  readonly INTEGER: unknown;
  readonly DOUBLE: unknown;
  readonly DuckDBInstance: {
    create(
      path: string,
      options: Record<string, string>,
    ): Promise<{ connect(): Promise<DuckConnection>; closeSync(): void }>;
  };
  readonly DuckDBDataChunk: { create(types: readonly unknown[], rows: number): DuckChunk };
}
interface DuckChunk {
  setColumnValues(column: number, values: readonly (number | bigint | null)[]): void;
}
interface DuckConnection {
  run(sql: string): Promise<unknown>;
  runAndReadAll(sql: string): Promise<{ getRows(): (number | bigint | null)[][] }>;
  createAppender(table: string): Promise<{ appendDataChunk(chunk: DuckChunk): void; flushSync(): void }>;
}

const mostInChunk = 2048;

export async function duckdbContest(folder: string, packages: string): Promise<Contest> {
  const entry = join(packages, 'node_modules', '@duckdb', 'node-api', 'lib', 'index.js');
  const loaded = (await import(pathToFileURL(entry).href)) as { readonly default: DuckDb };
  const duck = loaded.default;
  const file = join(folder, 'rows.duckdb');
  const instance = await duck.DuckDBInstance.create(file, {
    memory_limit: '512MB',
    threads: '2',
    autoinstall_known_extensions: 'false',
  });
  const connection = await instance.connect();
  await connection.run(tableSql('double', '').replace(', primary key (ts, id)', '').replace('ts integer', 'ts bigint'));
  const types = [duck.BIGINT, duck.INTEGER, ...columnNames.map(() => duck.DOUBLE)];
  const appender = await connection.createAppender('sample');
  const guestSql = (from: number, to: number, step: number): string => `
    select ts // ${step} as step, sum(c${counter}) as counted, ${perStep}
    from sample where id = ${watchedEntity} and ts >= ${from} and ts < ${to} group by 1 order by 1`;
  const ask = async (sql: string): Promise<(number | bigint | null)[][]> =>
    (await connection.runAndReadAll(sql)).getRows();
  return {
    commit: async (ticks) => {
      await connection.run('begin');
      const rows = [...rowsIn(ticks)];
      for (let from = 0; from < rows.length; from += mostInChunk) {
        const part = rows.slice(from, from + mostInChunk);
        const chunk = duck.DuckDBDataChunk.create(types, part.length);
        chunk.setColumnValues(
          0,
          part.map(([at]) => BigInt(at)),
        );
        chunk.setColumnValues(
          1,
          part.map(([, id]) => id),
        );
        for (let column = 0; column < columnCount; column++) {
          const told = part.map(([, , values]) => figureOf(values[column]));
          chunk.setColumnValues(column + 2, told);
        }
        appender.appendDataChunk(chunk);
      }
      appender.flushSync();
      await connection.run('commit');
    },
    settle: () => 0,
    guestSpan: async (from, to, steps) => {
      const rows = await ask(guestSql(from, to, Math.round((to - from) / steps)));
      return rows.reduce((sum, row) => sum + Number(row[1]), 0);
    },
    fleetSpan: async (from, to) => meanOf((await ask(fleetSql('//', from, to))).map((row) => Number(row[1]))),
    bytes: () => sizeOf(file),
    close: () => instance.closeSync(),
  };
}
