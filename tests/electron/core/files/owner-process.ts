/** A program for the tests: waits for a word, tries to own a data directory, says how it went, holds it until told. */
import { once } from 'node:events';
import { openDataDir } from '#core/files/data-dir.ts';
import { problemOf } from '#shared/problem.ts';

const [path = ''] = process.argv.slice(2);
process.stdout.write('ready\n');
await once(process.stdin, 'data');
try {
  const dir = await openDataDir(path, { notify: (notice) => process.stdout.write(`notice ${notice.id}\n`) });
  process.stdout.write(`owner ${dir.persistent}\n`);
  await once(process.stdin, 'data');
  await dir.close();
  process.stdout.write('closed\n');
} catch (error) {
  process.stdout.write(`refused ${problemOf(error)?.sentence ?? String(error)}\n`);
}
process.stdin.unref();
process.exit(0);
