/**
 * Runs the suites: `node scripts/test.ts [suite…]`, all of them by default. Prints each suite's counts and, as the
 * last line, the sum. Exit status 1 when a test failed or a suite could not run.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { provide } from './test/requirements.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const results = join(root, '.cache', 'test-results');
const suites = ['unit', 'pages', 'ssh', 'journey', 'slow', 'desktop'] as const;

const report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  success: z.boolean(),
});

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** A suite that dies before it reports counts as one failure. */
function run(suite: string): Counts {
  const file = join(results, `${suite}.json`);
  rmSync(file, { force: true });
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const ended = spawnSync(
    process.execPath,
    [vitest, 'run', '--project', suite, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
    {
      cwd: root,
      stdio: 'inherit',
    },
  );
  try {
    const counts = report.parse(JSON.parse(readFileSync(file, 'utf8')));
    const broken = ended.status !== 0 && counts.numFailedTests === 0 ? 1 : 0;
    return {
      passed: counts.numPassedTests,
      failed: counts.numFailedTests + broken,
      skipped: counts.numPendingTests + counts.numTodoTests,
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !suites.some((suite) => suite === name));
if (unknown.length > 0) {
  console.error(`There is no suite ${unknown.join(', ')}; there are ${suites.join(', ')}.`);
  process.exit(2);
}
const chosen = wanted.length === 0 ? suites : suites.filter((suite) => wanted.includes(suite));

mkdirSync(results, { recursive: true });
provide();
if (chosen.includes('journey')) {
  const built = spawnSync(process.execPath, [join(root, 'scripts', 'build.ts'), 'pages', '--if-stale'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (built.status !== 0) process.exit(1);
}

const counted = chosen.map((suite) => ({ suite, ...run(suite) }));
console.log('');
for (const { suite, passed, failed, skipped } of counted)
  console.log(`${suite.padEnd(10)}${passed} passed, ${failed} failed, ${skipped} skipped`);
const sum = (of: (counts: Counts) => number): number => counted.reduce((total, counts) => total + of(counts), 0);
const failed = sum((counts) => counts.failed);
console.log(`\n${sum((counts) => counts.passed)} passed, ${failed} failed, ${sum((counts) => counts.skipped)} skipped`);
process.exit(failed === 0 ? 0 : 1);
