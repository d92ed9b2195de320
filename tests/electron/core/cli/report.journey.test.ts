/** `tmem-console report`: from a history on the disk to files in a folder, as a person or cron runs it. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReportDocument } from '#shared/model/report.ts';
import { readWords } from '#core/cli/report.ts';
import { lastSpan, moment } from '#core/cli/span-words.ts';
import { command, runCommand, startConsole } from '../../../support/console-process.ts';
import { names, saved, writeHistory } from '../../../support/history-sample.ts';
import { until } from '../../../support/until.ts';
import { workbook } from '../../../support/zip.ts';

let folder: string;
let dataDir: string;
let out: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tmem-report-'));
  [dataDir, out] = [join(folder, 'data'), join(folder, 'out')];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const report = (...words: string[]) => runCommand(['report', ...words, '--data-dir', dataDir, '--out', out]);
const document = (path: string): ReportDocument => JSON.parse(readFileSync(path, 'utf8')) as ReportDocument;

describe('words', () => {
  const now = new Date(2026, 2, 31, 12).getTime();
  const day = 86_400_000;

  it('of spans', () => {
    expect(lastSpan('30d', now)).toEqual({ from: now - 30 * day, to: now });
    expect(lastSpan('12h', now)).toEqual({ from: now - day / 2, to: now });
    expect(lastSpan('4w', now)).toEqual({ from: now - 28 * day, to: now });
    expect(new Date(lastSpan('1mo', now).from)).toEqual(new Date(2026, 1, 28, 12));
    expect(new Date(lastSpan('13mo', now).from)).toEqual(new Date(2025, 1, 28, 12));
    expect(new Date(lastSpan('1y', now).from)).toEqual(new Date(2025, 2, 31, 12));
    for (const words of ['', '0d', '30', 'd', '-1d', '1.5d', '30 d', '999999y'])
      expect(() => lastSpan(words, now)).toThrow('--last');
  });

  it('of moments: a day is its beginning by the local clock', () => {
    expect(moment('--from', '2026-11-24')).toBe(new Date(2026, 10, 24).getTime());
    expect(moment('--from', '2026-11-24T14:00')).toBe(new Date(2026, 10, 24, 14).getTime());
    expect(moment('--from', '2026-11-24T14:00Z')).toBe(Date.UTC(2026, 10, 24, 14));
    for (const words of ['2026-02-30', '24.11.2026', '2026', 'yesterday', '2026-11-24T25:00'])
      expect(() => moment('--from', words)).toThrow('--from takes');
  });

  it('of a request', () => {
    expect(readWords(['savings', '--format', 'PDF, xlsx,pdf', '--host', 'a', '--host', 'b'], now)).toMatchObject({
      kind: 'savings',
      formats: ['pdf', 'xlsx'],
      hosts: ['a', 'b'],
      span: { from: now - 30 * day, to: now },
    });
    const wrong: [string[], string][] = [
      [[], 'one kind'],
      [['nonsense'], 'one kind'],
      [['savings', 'guest'], 'one kind'],
      [['savings', '--format', 'docx'], 'docx'],
      [['savings', '--last', '3x'], '3x'],
      [['savings', '--last', '3d', '--from', '2026-01-01'], 'without --from'],
      [['savings', '--to', '2026-01-01'], 'goes with --from'],
      [['savings', '--from', '2026-01-02', '--to', '2026-01-01'], 'later than'],
      [['savings', '--frobnicate'], 'frobnicate'],
    ];
    for (const [words, said] of wrong) expect(() => readWords(words, now)).toThrow(said);
  });

  it('that make no sense end with status 2, help with 0', async () => {
    expect(await runCommand(['report'])).toMatchObject({ status: 2, stdout: '' });
    const { status, stdout } = await runCommand(['report', '--help']);
    expect(status).toBe(0);
    for (const option of ['--last', '--from', '--to', '--format', '--out', '--host', '--data-dir'])
      expect(stdout).toContain(option);
  });
});

describe('a report', () => {
  it('tells the history’s figures in every format, without a display, and prints where', async () => {
    writeHistory(dataDir, Date.now());
    const before = readdirSync(dataDir).sort();
    const { status, stdout, stderr } = await runCommand(
      ['report', 'savings', '--last', '2h', '--format', 'json,csv,xlsx,html', '--data-dir', dataDir, '--out', out],
      { env: { DISPLAY: '', WAYLAND_DISPLAY: '' } },
    );
    expect([status, stderr]).toEqual([0, '']);
    const paths = stdout.trim().split('\n');
    expect(paths.every((path) => path.startsWith(out) && existsSync(path))).toBe(true);
    expect(
      readdirSync(out)
        .map((name) => join(out, name))
        .sort(),
    ).toEqual([...paths].sort());
    const told = document(paths.find((path) => path.endsWith('.json')) ?? '');
    expect(told).toMatchObject({ kind: 'savings', lab: false });
    // Both hosts save three GiB each, all the time.
    const values = JSON.stringify(told.blocks);
    expect(values).toContain(`"value":${2 * saved}`);
    const book = workbook(readFileSync(paths.find((path) => path.endsWith('.xlsx')) ?? ''));
    expect([...book.values()].flat(2)).toContain(2 * saved);
    const csv = paths
      .filter((path) => path.endsWith('.csv'))
      .map((path) => readFileSync(path, 'utf8'))
      .join('\n');
    expect(csv).toContain(`,${2 * saved},bytes`);
    expect(csv).toContain(`'${names.host}`);
    // Nothing was written where it was read.
    expect(readdirSync(dataDir).sort()).toEqual(before);
  });

  it('never writes over a file: a number is added', async () => {
    writeHistory(dataDir, Date.now());
    const first = await report('inventory', '--last', '1h', '--format', 'json');
    const second = await report('inventory', '--last', '1h', '--format', 'json');
    const [one, two] = [first.stdout.trim(), second.stdout.trim()];
    expect(two).toBe(one.replace(/\.json$/, '-2.json'));
    expect(document(one).kind).toBe('inventory');
    expect(document(two).kind).toBe('inventory');
  });

  it('is about the hosts that are named, in any case', async () => {
    writeHistory(dataDir, Date.now());
    const { stdout } = await report('savings', '--last', '1h', '--format', 'json', '--host', 'HOST-TWO');
    const told = document(stdout.trim());
    expect(told.subject).toBe(names.other);
    expect(JSON.stringify(told)).not.toContain(names.host);
    const unknown = await report('savings', '--last', '1h', '--host', 'nobody');
    expect(unknown).toMatchObject({ status: 1, stdout: '' });
    expect(unknown.stderr).toContain('There is no host "nobody"');
    expect(unknown.stderr).toContain(names.other);
  });

  it('is made beside a console that runs on the directory', async () => {
    writeHistory(dataDir, Date.now());
    const running = await startConsole({ dataDir });
    try {
      const { status, stderr, stdout } = await report('savings', '--last', '1h', '--format', 'html');
      expect([status, stderr]).toEqual([0, '']);
      expect(readFileSync(stdout.trim(), 'utf8').startsWith('<!doctype html>')).toBe(true);
    } finally {
      await running.stop();
    }
  });

  it('as PDF says who laid it out', async () => {
    writeHistory(dataDir, Date.now());
    const { status, stdout, stderr } = await runCommand(
      ['report', 'savings', '--last', '1h', '--data-dir', dataDir, '--out', out],
      { env: { PATH: folder } },
    );
    expect(status).toBe(0);
    expect(stderr).toContain('laid out by');
    expect(readFileSync(stdout.trim()).subarray(0, 5).toString()).toBe('%PDF-');
  });
});

describe('what stands in the way is said', () => {
  it('no history', async () => {
    const { status, stdout, stderr } = await report('savings');
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain('There is no history yet');
    expect(existsSync(dataDir)).toBe(false);
  });

  it('a span without readings, and what span there is', async () => {
    writeHistory(dataDir, new Date(2026, 4, 2, 15).getTime(), 120);
    const { status, stderr } = await report(
      'savings',
      '--from',
      '2026-06-01',
      '--to',
      '2026-06-02',
      '--format',
      'json',
    );
    expect(status).toBe(1);
    expect(stderr).toContain('There are no readings from 2026-06-01 00:00 to 2026-06-02 00:00');
    expect(stderr).toContain('reaches from 2026-05-02 13:00 to 2026-05-02 14:59');
    expect(existsSync(out)).toBe(false);
  });

  it('a folder that is a file, or may not be written to', async () => {
    writeHistory(dataDir, Date.now());
    writeFileSync(out, 'mine');
    const blocked = await report('savings', '--last', '1h', '--format', 'json');
    expect(blocked.status).toBe(1);
    expect(blocked.stderr).toContain(out);
    expect(readFileSync(out, 'utf8')).toBe('mine');
    if (process.getuid?.() === 0) return;
    rmSync(out);
    mkdirSync(out);
    chmodSync(out, 0o500);
    expect((await report('savings', '--last', '1h', '--format', 'json')).stderr).toContain('may not write there');
  });

  it('an inventory that cannot be read: the history knows the hosts, and the file stays', async () => {
    writeHistory(dataDir, Date.now());
    writeFileSync(join(dataDir, 'hosts.json'), '{ broken');
    const { status, stdout, stderr } = await report('savings', '--last', '1h', '--format', 'json');
    expect(status).toBe(0);
    expect(stderr).toContain('hosts.json could not be understood');
    expect(readFileSync(stdout.trim(), 'utf8')).toContain(names.other);
    expect(readFileSync(join(dataDir, 'hosts.json'), 'utf8')).toBe('{ broken');
  });

  it('an interrupt leaves nothing', async () => {
    writeHistory(dataDir, Date.now());
    const browser = join(folder, 'chromium');
    // A browser that never ends holds the report at a known place.
    writeFileSync(browser, `#!/bin/sh\necho up > ${folder}/up\nexec sleep 600\n`, { mode: 0o755 });
    const words = ['report', 'savings', '--last', '1h', '--format', 'json,pdf', '--data-dir', dataDir, '--out', out];
    const child = spawn(process.execPath, [command, ...words], {
      env: { ...process.env, PATH: `${folder}:/usr/bin:/bin` },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += String(chunk)));
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    await until('the browser is up', () => existsSync(join(folder, 'up')));
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(said).toContain('ancelled');
    expect(readdirSync(out)).toEqual([]);
  });
});
