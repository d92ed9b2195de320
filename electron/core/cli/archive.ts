/** `tmem-console export` and `import`: the whole data directory as one file, and back. Without connecting to anything. */
import { resolve } from 'node:path';
import type { Command } from './command.ts';
import { UsageError } from './command.ts';
import { dataDirOf, parsed, progressLine, tell, untilInterrupted } from './words.ts';

export const exportCommand: Command = {
  name: 'export',
  usage: 'tmem-console export --out FILE',
  summary: 'the whole data directory as one file, also while a console runs',
  options: [
    { words: '--out FILE', summary: 'a file that is not there yet, as console.tar.gz; holds no passwords and no keys' },
    { words: '--data-dir DIR', summary: "the console's directory" },
  ],
  run: (words) => {
    const { values } = parsed({
      args: [...words],
      options: { out: { type: 'string' }, 'data-dir': { type: 'string' } },
    });
    const { out } = values;
    if (out === undefined || out === '') throw new UsageError('export wants --out FILE.');
    return untilInterrupted(async (signal) => {
      const { exportDataDir } = await import('../files/archive.ts');
      const { onProgress, end } = shown();
      const path = resolve(out);
      const { files } = await exportDataDir({
        dataDir: dataDirOf(values['data-dir']),
        out: path,
        signal,
        onProgress,
      }).finally(end);
      process.stderr.write(`${files} files\n`);
      process.stdout.write(`${path}\n`);
      return 0;
    });
  },
};

export const importCommand: Command = {
  name: 'import',
  usage: 'tmem-console import FILE',
  summary: 'take an exported data directory in',
  options: [
    { words: 'FILE', summary: 'what "tmem-console export" wrote; checked as a whole before anything is put in place' },
    { words: '--data-dir DIR', summary: 'where it goes' },
    { words: '--replace', summary: 'set aside, whole, what is there already' },
  ],
  run: (words) => {
    const { values, positionals } = parsed({
      args: [...words],
      allowPositionals: true,
      options: { 'data-dir': { type: 'string' }, replace: { type: 'boolean', default: false } },
    });
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) throw new UsageError('import wants one file.');
    return untilInterrupted(async (signal) => {
      const { importDataDir } = await import('../files/archive.ts');
      const { onProgress, end } = shown();
      const dataDir = dataDirOf(values['data-dir']);
      const { files, aside } = await importDataDir({
        file: resolve(file),
        dataDir,
        replace: values.replace,
        signal,
        onProgress,
      }).finally(end);
      process.stderr.write(`${files} files\n`);
      if (aside !== undefined) tell(`What was there is kept in ${aside}.`);
      process.stdout.write(`${dataDir}\n`);
      return 0;
    });
  },
};

function shown(): { onProgress(part: number, step: string): void; end(): void } {
  const { tell: line, end } = progressLine();
  return { onProgress: (part, step) => line(`${Math.round(part * 100)} %  ${step}`), end };
}
