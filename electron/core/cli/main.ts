/** The command line: picks the command, prints a problem's sentence, sets the exit status. */
import { problemOf } from '#shared/problem.ts';
import { agentCommand } from './agent.ts';
import { exportCommand, importCommand } from './archive.ts';
import { capture } from './capture.ts';
import type { Command } from './command.ts';
import { UsageError } from './command.ts';
import { history } from './history.ts';
import { inspect } from './inspect.ts';
import { report } from './report.ts';
import { start } from './start.ts';
import { version } from './program.ts';

const commands: readonly Command[] = [
  start,
  report,
  history,
  exportCommand,
  importCommand,
  inspect,
  capture,
  agentCommand,
];

function help(): string {
  const width = Math.max(...commands.map(({ usage }) => usage.length)) + 2;
  return [
    'Tmem Console: memory overcommit done in the open',
    '',
    ...commands.map(({ usage, summary }) => `  ${usage.padEnd(width)}${summary}`),
    '',
    'Options of the console:',
    ...start.options.map(({ words, summary }) => `  ${words.padEnd(width)}${summary}`),
    '',
    'tmem-console COMMAND --help tells more about one command.',
    '',
  ].join('\n');
}

function commandHelp({ usage, summary, options }: Command): string {
  return [
    usage,
    '',
    `  ${summary}`,
    '',
    ...options.map((option) => `  ${option.words.padEnd(22)}${option.summary}`),
    '',
  ].join('\n');
}

async function main(words: readonly string[]): Promise<number> {
  const [first] = words;
  const named = commands.find(({ name }) => name === first && name !== '');
  if (named !== undefined && words.includes('--help')) {
    process.stdout.write(commandHelp(named));
    return 0;
  }
  if (named !== undefined) return named.run(words.slice(1));
  if (words.includes('--help') || first === 'help') {
    process.stdout.write(help());
    return 0;
  }
  if (words.includes('--version')) {
    process.stdout.write(`${version}\n`);
    return 0;
  }
  if (first !== undefined && !first.startsWith('-')) throw new UsageError(`There is no command "${first}".`);
  return start.run(words);
}

let unwritten = false;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Whoever read the output has had enough of it, as `head` has after ten lines.
  if (error.code === 'EPIPE') return;
  process.stderr.write(`tmem-console: Standard output cannot be written.\n  ${error.message}\n`);
  unwritten = true;
  process.exitCode = 1;
});

try {
  const status = await main(process.argv.slice(2));
  process.exitCode = unwritten ? 1 : status;
} catch (error) {
  const known = problemOf(error);
  if (error instanceof UsageError) {
    process.stderr.write(`tmem-console: ${error.message} "tmem-console --help" lists the commands.\n`);
    process.exitCode = 2;
  } else if (known !== undefined) {
    process.stderr.write(`tmem-console: ${known.sentence}\n${known.words === undefined ? '' : `  ${known.words}\n`}`);
    process.exitCode = 1;
  } else {
    throw error;
  }
}
