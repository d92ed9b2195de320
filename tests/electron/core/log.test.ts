/** The log on a real disk: what is in it, how large it gets, and that it never takes the console down. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileLog } from '#core/log.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tmem-log-'));
  file = join(folder, 'console.log');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const linesOf = (path: string): { msg: string }[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { msg: string });

describe('the log', () => {
  it('is JSON lines that only its owner reads, and goes on where it was', () => {
    for (const words of ['first', 'second']) {
      const log = fileLog(file);
      log.info(words, { host: 'host-07' });
      log.bug('a mistake', new TypeError('no unit'));
      log.close();
    }
    expect(linesOf(file)).toMatchObject([
      { msg: 'first', host: 'host-07' },
      { msg: 'a mistake', err: { type: 'TypeError', message: 'no unit' } },
      { msg: 'second' },
      { msg: 'a mistake' },
    ]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('is put aside once it has grown to 5 MiB, while it is written and when it is opened', () => {
    writeFileSync(file, `${'x'.repeat(5 * 1024 * 1024)}\n`);
    const log = fileLog(file);
    log.info('after a restart');
    expect(linesOf(file).map(({ msg }) => msg)).toEqual(['after a restart']);
    expect(statSync(`${file}.1`).size).toBe(5 * 1024 * 1024 + 1);
    for (let time = 0; time < 60; time++) log.info('y'.repeat(100_000));
    log.info('last');
    log.close();
    expect(linesOf(file).at(-1)?.msg).toBe('last');
    expect(statSync(file).size + statSync(`${file}.1`).size).toBeLessThan(11 * 1024 * 1024);
  });

  it('begins anew where it cannot be put aside', () => {
    mkdirSync(join(`${file}.1`, 'in the way'), { recursive: true });
    writeFileSync(file, `${'x'.repeat(5 * 1024 * 1024)}\n`);
    const log = fileLog(file);
    log.info('still here');
    log.close();
    expect(linesOf(file).map(({ msg }) => msg)).toEqual(['still here']);
  });

  it('takes what comes after its end', () => {
    const log = fileLog(file);
    log.close();
    log.info('too late');
    log.close();
    expect(readFileSync(file, 'utf8')).toBe('');
  });

  it('takes a disk that is full', () => {
    const log = fileLog('/dev/full');
    log.info('lost');
    log.close();
  });

  it('is standard error where there can be no file', () => {
    const path = new URL('../../../electron/core/log.ts', import.meta.url).href;
    mkdirSync(file);
    const { stderr } = spawnSync(
      process.execPath,
      ['--input-type=module', '-e', `(await import('${path}')).fileLog('${file}').info('to the terminal')`],
      { encoding: 'utf8' },
    );
    expect(JSON.parse(stderr)).toMatchObject({ msg: 'to the terminal' });
  });
});
