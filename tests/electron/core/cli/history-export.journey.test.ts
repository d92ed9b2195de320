/** `tmem-console history export`: every reading once, in files that other programs read. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import Papa from 'papaparse';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readWords } from '#core/cli/history.ts';
import { command, runCommand } from '../../../support/console-process.ts';
import { names, saved, writeHistory, writeInventory } from '../../../support/history-sample.ts';
import { until } from '../../../support/until.ts';

let dataDir: string;
let out: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'tmem-history-'));
  out = join(dataDir, 'out.csv');
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const exported = (...words: string[]) => runCommand(['history', 'export', '--data-dir', dataDir, ...words]);

interface Row {
  readonly [title: string]: unknown;
}
const csvRows = (path = out): Row[] =>
  Papa.parse<Row>(readFileSync(path, 'utf8').replace('\ufeff', ''), { header: true, skipEmptyLines: true }).data;
const parquetRows = async (path: string): Promise<Row[]> => {
  const bytes = readFileSync(path);
  return parquetReadObjects({ file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) });
};

describe('words', () => {
  it('say what is wrong', () => {
    const wrong: [string[], string][] = [
      [[], 'export'],
      [['import'], 'export'],
      [['export'], '--out'],
      [['export', '--out', 'x'], '--format'],
      [['export', '--out', 'x.csv', '--format', 'json'], '--format'],
      [['export', '--out', 'x.csv', '--tier', 'second'], '--tier'],
    ];
    for (const [words, said] of wrong) expect(() => readWords(words, 0)).toThrow(said);
    expect(readWords(['export', '--out', 'x.Parquet'], 0)).toMatchObject({ format: 'parquet', tier: 'minute' });
  });
});

describe('an export of the history', () => {
  it('as CSV has every reading of the raw tier once, to the last unit, safe to open', async () => {
    const readings = writeHistory(dataDir, Date.now());
    const { status, stdout, stderr } = await exported('--out', out, '--tier', 'raw');
    expect([status, stdout]).toEqual([0, `${out}\n`]);
    const rows = csvRows();
    expect(stderr).toBe(`${rows.length} rows\n`);
    const guest = rows.filter((row) => row['guest_id'] === 'g1');
    expect(guest.map((row) => Number(row['value']))).toEqual(
      Array.from({ length: readings }, (_, i) => (i + 1) * 1_000_003),
    );
    expect(guest[0]).toMatchObject({
      host: `'${names.host}`,
      guest: names.guest,
      metric: 'cgroup.memory.current',
      kind: 'level',
    });
    const times = guest.map((row) => Date.parse(String(row['time'])));
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
    const keys = rows.map((row) =>
      [row['time'], row['host_id'], row['guest_id'], row['metric'], row['instance']].join('|'),
    );
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('as Parquet holds the same rows as CSV', async () => {
    writeHistory(dataDir, Date.now());
    const parquet = join(dataDir, 'out.parquet');
    expect((await exported('--out', parquet)).status).toBe(0);
    expect((await exported('--out', out)).status).toBe(0);
    const number = (text: unknown): number | null => (text === '' ? null : Number(text));
    const rows = csvRows().map((row) => ({
      ...row,
      host: String(row['host']).replace(/^'/, ''),
      time: new Date(String(row['time'])),
      value: Number(row['value']),
      low: number(row['low']),
      high: number(row['high']),
    }));
    const told = await parquetRows(parquet);
    expect(told.length).toBeGreaterThan(1000);
    expect(told).toEqual(rows);
    const means = told.filter((row) => row['metric'] === 'signal.saved.compressed').map((row) => row['value']);
    expect(new Set(means)).toEqual(new Set([saved]));
  });

  it('is of the hosts and the span that are asked for', async () => {
    const end = new Date(2026, 4, 2, 15).getTime();
    writeHistory(dataDir, end, 180);
    writeInventory(dataDir);
    const words = [
      '--out',
      out,
      '--tier',
      'raw',
      '--from',
      '2026-05-02T13:30',
      '--to',
      '2026-05-02T13:40',
      '--host',
      names.host,
    ];
    expect((await exported(...words)).status).toBe(0);
    const rows = csvRows();
    expect(new Set(rows.map((row) => row['host_id']))).toEqual(new Set(['h1']));
    const guest = rows.filter((row) => row['guest_id'] === 'g1');
    expect(guest.map((row) => new Date(String(row['time'])).getMinutes())).toEqual([
      30, 31, 32, 33, 34, 35, 36, 37, 38, 39,
    ]);
  });

  it('says what there is when nothing is in the span, and leaves no file', async () => {
    writeHistory(dataDir, new Date(2026, 4, 2, 15).getTime(), 120);
    const { status, stderr } = await exported('--out', out, '--from', '2026-06-01');
    expect(status).toBe(1);
    expect(stderr).toContain('the tier minute reaches from 2026-05-02 13:00');
    // A host of the inventory that was never read.
    writeInventory(dataDir);
    const none = await exported('--out', out, '--host', 'host-three');
    expect(none.status).toBe(1);
    expect(none.stderr).toContain('There are no readings of the tier minute in that span of these hosts');
    expect(existsSync(out)).toBe(false);
  });

  it('never writes over a file', async () => {
    writeHistory(dataDir, Date.now());
    writeFileSync(out, 'mine');
    const { status, stderr } = await exported('--out', out);
    expect(status).toBe(1);
    expect(stderr).toContain('is there already');
    expect(readFileSync(out, 'utf8')).toBe('mine');
  });

  it.each(['csv', 'parquet'])('as %s that is interrupted leaves no file', async (format) => {
    writeHistory(dataDir, Date.now(), 60 * 24 * 4);
    const file = join(dataDir, `part.${format}`);
    const child = spawn(
      process.execPath,
      [command, 'history', 'export', '--data-dir', dataDir, '--out', file, '--tier', 'raw'],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += String(chunk)));
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    await until('it writes', () => existsSync(file) && (format === 'parquet' || statSync(file).size > 1000));
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(said).toContain('Cancelled');
    expect(existsSync(file)).toBe(false);
  });
});
