/**
 * `npm run check`: format, lint, types and the fast tests, side by side; needs no Electron, network, browser or
 * server. Prints each part's time, and the output of what failed.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const tool = (...parts: string[]): string => join(root, 'node_modules', ...parts);

const parts: readonly (readonly [name: string, ...words: string[]])[] = [
  ['format', tool('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level', 'warn', '.'],
  ['lint', tool('eslint', 'bin', 'eslint.js'), '--max-warnings', '0', '.'],
  ['types', tool('vue-tsc', 'bin', 'vue-tsc.js'), '-b'],
  ['tests', tool('vitest', 'vitest.mjs'), 'run', '--project', 'unit', '--project', 'pages', '--reporter=dot'],
];

function run([name, ...words]: (typeof parts)[number]): Promise<boolean> {
  const begun = performance.now();
  return new Promise((done) => {
    const output: Buffer[] = [];
    const child = spawn(process.execPath, words, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1' },
    });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk));
    child.on('exit', (status) => {
      const text = Buffer.concat(output).toString();
      if (status !== 0 || name === 'tests') process.stdout.write(`${text.trim()}\n`);
      console.log(
        `${status === 0 ? 'ok    ' : 'FAILED'}  ${name.padEnd(8)}${((performance.now() - begun) / 1000).toFixed(1)} s`,
      );
      done(status === 0);
    });
  });
}

// The two that fill a core of their own do not run against each other.
const [format, lint, types, tests] = parts as [
  (typeof parts)[number],
  (typeof parts)[number],
  (typeof parts)[number],
  (typeof parts)[number],
];
const outcomes = await Promise.all([
  (async () => (await run(format)) && (await run(lint)))(),
  (async () => [await run(types), await run(tests)].every(Boolean))(),
]);
process.exit(outcomes.every(Boolean) ? 0 : 1);
