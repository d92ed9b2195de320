/** The journal: a chain on a real disk; what edits, deletions, reorderings and a cut end look like; what a crash leaves. */
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAppendFile } from '#core/files/append-file.ts';
import { openTextFile } from '#core/files/text-file.ts';
import { firstPrevious, linked, lineOf, verified } from '#core/plans/chain.ts';
import { openJournal } from '#core/plans/journal.ts';
import type { Journal } from '#core/plans/journal.ts';
import type { AppendFile } from '#core/ports.ts';
import type { JournalEntry } from '#shared/model/journal.ts';
import type { Notice } from '#shared/model/settings.ts';
import { ProblemError, problem, problemOf } from '#shared/problem.ts';
import { epochMs } from '#shared/units.ts';
import { silentLog } from '../../../support/scripted-link.ts';
import { TestClock } from '../../../support/test-clock.ts';

let folder = '';
let notices: Notice[] = [];
let clock: TestClock;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'));
  notices = [];
  clock = new TestClock();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const path = (): string => join(folder, 'journal.jsonl');
async function open(file: AppendFile = openAppendFile(path())): Promise<Journal> {
  return openJournal({
    file,
    anchor: await openTextFile(join(folder, 'journal.last')),
    clock,
    log: silentLog,
    who: 'ann@desk',
    notify: (notice) => void notices.push(notice),
  });
}
const entry = (title: string) => ({ plan: 'p', title, what: 'created' as const });
async function written(count: number): Promise<void> {
  const journal = await open();
  for (let n = 1; n <= count; n++) await journal.add(entry(`e${n}`));
  await journal.close();
}
const lines = (): string[] => readFileSync(path(), 'utf8').split('\n').slice(0, -1);
const rewrite = (kept: readonly string[]): void => writeFileSync(path(), kept.map((line) => `${line}\n`).join(''));
const page = async (journal: Journal) => journal.page({ limit: 500 });

describe('the journal', () => {
  it('goes on where it ended, newest first, page by page', async () => {
    await written(3);
    const journal = await open();
    await Promise.all([journal.add(entry('e4')), journal.add({ ...entry('e5'), plan: 'q' })]);
    const first = await journal.page({ limit: 2 });
    expect(first).toMatchObject({ total: 5 });
    expect(first.broken).toBeUndefined();
    expect(first.entries.map(({ n, title }) => `${n} ${title}`)).toEqual(['5 e5', '4 e4']);
    const next = await journal.page({ limit: 2, before: 4 });
    expect(next.entries.map(({ n }) => n)).toEqual([3, 2]);
    expect((await journal.page({ limit: 9, plan: 'q' })).entries.map(({ n }) => n)).toEqual([5]);
    expect(await journal.text()).toBe(readFileSync(path(), 'utf8'));
    expect(first.entries[0]).toMatchObject({ who: 'ann@desk', at: 1_000_000 });
  });

  it('names what was edited, deleted or put elsewhere, and goes on', async () => {
    const cases: [string, (all: string[]) => string[], RegExp][] = [
      ['edit', (all) => all.map((line) => line.replace('"e2"', '"E2"')), /^Entry 2 of the journal is not what/],
      ['delete', (all) => all.filter((_, index) => index !== 1), /^Entry 2 of the journal is missing/],
      ['reorder', ([a = '', b = '', c = '', d = '']) => [a, c, b, d], /^Entry 2 of the journal is missing/],
      ['truncate', (all) => all.slice(0, 2), /^The journal ends before entry 4/],
      ['garble', (all) => all.with(2, '{}'), /^Line 3 of the journal is no entry/],
      ['empty', () => [], /^The journal ends before entry 4/],
    ];
    for (const [name, tamper, sentence] of cases) {
      rmSync(path(), { force: true });
      rmSync(join(folder, 'journal.last'), { force: true });
      await written(4);
      rewrite(tamper(lines()));
      notices = [];
      const journal = await open();
      expect(notices[0]?.sentence, name).toMatch(sentence);
      expect((await page(journal)).broken, name).toMatch(sentence);
      await journal.add(entry('after'));
      await journal.close();
      const again = await page(await open());
      // What was cut off stays missing: its numbers are never used again.
      expect(again.entries[0], name).toMatchObject({ n: 5, title: 'after' });
      expect(again.broken, name).toMatch(/^(Entry|Line)/);
    }
  });

  it('sees what is changed while the console runs', async () => {
    const journal = await open();
    for (const title of ['a', 'b', 'c']) await journal.add(entry(title));
    expect((await page(journal)).broken).toBeUndefined();
    rewrite(lines().map((line) => line.replace('"b"', '"B"')));
    expect((await page(journal)).broken).toMatch(/^Entry 2/);
  });

  it('tells a journal that was written anew with hashes that fit', async () => {
    await written(3);
    let previous = firstPrevious;
    const forged = [1, 2, 3].map((n) => {
      const made = linked(n, previous, { ...entry('forged'), at: epochMs(1), who: 'eve@desk' });
      previous = made.hash;
      return lineOf(made);
    });
    writeFileSync(path(), forged.join(''));
    expect((await page(await open())).broken).toMatch(/^Entry 3 of the journal is not the one that was written/);
  });

  it('finds every change of any byte', async () => {
    await written(5);
    const whole = readFileSync(path(), 'utf8');
    const [n, hash] = readFileSync(join(folder, 'journal.last'), 'utf8').trim().split(' ');
    const anchor = { n: Number(n), hash: hash ?? '' };
    expect(verified(whole, anchor).broken).toBeUndefined();
    fc.assert(
      fc.property(fc.nat(whole.length - 2), fc.constantFrom('x', '0', '"', ' ', '\n', ''), (at, by) => {
        const changed = whole.slice(0, at) + by + whole.slice(at + 1);
        if (changed === whole) return;
        expect(verified(changed, anchor).broken).toBeDefined();
      }),
      { numRuns: 500 },
    );
  });

  it('moves a line that a crash cut off out of the way, and says so', async () => {
    await written(2);
    appendFileSync(path(), '{"n":3,"at":1,"who":"a');
    const journal = await open();
    expect(readdirSync(folder)).toContain('journal.jsonl.torn-1');
    expect(readFileSync(join(folder, 'journal.jsonl.torn-1'), 'utf8')).toBe('{"n":3,"at":1,"who":"a');
    const { entries, broken } = await page(journal);
    expect(broken).toBeUndefined();
    expect(entries[0]).toMatchObject({ n: 3, what: 'found' });
    expect(entries[0]?.words).toMatch(/^The last line of the journal was cut off/);
    expect(notices.map(({ id }) => id)).toEqual(['journal-torn']);
  });

  it('does not count what could not be written', async () => {
    let full = false;
    const real = openAppendFile(path());
    const journal = await open({
      ...real,
      append: async (text) => {
        if (full) throw new ProblemError(problem('disk-full', 'The disk is full.'));
        await real.append(text);
      },
    });
    await journal.add(entry('a'));
    full = true;
    const refused = await journal.add(entry('b')).catch(problemOf);
    expect(refused).toMatchObject({ code: 'disk-full' });
    full = false;
    await journal.add(entry('c'));
    const { entries, broken } = await page(journal);
    expect(entries.map(({ n, title }) => `${n} ${title}`)).toEqual(['2 c', '1 a']);
    expect(broken).toBeUndefined();
  });

  it('keeps any text as it is', async () => {
    const journal = await open();
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), async (words, instance) => {
        await journal.add({ ...entry('t'), words, instance, before: '', host: { id: 'h', name: words } });
        const [last] = (await journal.page({ limit: 1 })).entries as [JournalEntry];
        expect(last).toMatchObject({ words, instance, before: '' });
      }),
      { numRuns: 50 },
    );
    expect((await page(journal)).broken).toBeUndefined();
  });
});
