/** Putting the agent and its unit in place, with systemd replaced by a recorder and rc.local by a file. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { TestContext } from 'vitest';
import { cksum } from '#core/platforms/cksum.ts';
import { linesOf } from '#core/hosts/agent-request.ts';
import { readyAgent, shellsHere } from '../support/shells.ts';
import type { Shell } from '../support/shells.ts';
import { changeTree } from './change-tree.ts';

test.each(['', 'a', '#!/bin/sh\necho\n', 'x'.repeat(70_000)])('the sum is what cksum prints', (text) => {
  const printed = execFileSync('cksum', { input: text, encoding: 'utf8' }).trim();
  expect(`${cksum(Buffer.from(text))} ${text.length}`).toBe(printed);
});

const fresh = `#!/bin/sh\n# it's new\n\n  printf '%s\\n' "$1"\n`;

function host(shell: Shell, onTestFinished: TestContext['onTestFinished']) {
  const tree = changeTree();
  onTestFinished(() => tree.remove());
  const here = (name: string) => join(tree.system, name);
  const text = (name: string) => (existsSync(here(name)) ? readFileSync(here(name), 'utf8') : undefined);
  return {
    tree,
    here,
    text,
    copy: here('sbin/tmem-agent'),
    /** The agent as it is pushed, with programs of the test first on its path. */
    install: async (script: string, lines = linesOf(5, { verb: 'install', script })) => {
      const agent = await readyAgent(shell, tree.script.replace('PATH=/usr', `PATH=${here('bin')}:/usr`), {
        args: ['--operator'],
      });
      agent.send(lines);
      const said = await agent.until(/=end 5 .*\n$/);
      expect(await agent.ask('6 ping')).toEqual(['=begin 6', '=end 6 ok']);
      await agent.close();
      return /=end 5 (.*)\n$/.exec(said)?.[1]?.replaceAll(tree.root, '');
    },
    rc: (lines: string) => {
      writeFileSync(here('rc.local'), lines);
      chmodSync(here('rc.local'), 0o755);
    },
  };
}

describe.concurrent.each(shellsHere)('$name', (shell: Shell) => {
  test('with systemd: the copy is root’s and whole, the timer is switched on', async ({ onTestFinished }) => {
    const { here, text, copy, install } = host(shell, onTestFinished);
    mkdirSync(here('systemd'));
    mkdirSync(here('bin'));
    writeFileSync(here('bin/systemctl'), `#!/bin/sh\necho "$*" >>${here('asked')}\n`, { mode: 0o755 });
    expect(await install(fresh)).toBe('ok');
    expect(readFileSync(copy, 'utf8')).toBe(fresh);
    expect(statSync(copy).mode & 0o7777).toBe(0o755);
    expect(text('units/tmem-console-replay.service')).toContain(`ExecStart=${copy} --replay\n`);
    expect(text('units/tmem-console-replay.timer')).toContain('OnUnitInactiveSec=60s\n');
    expect(text('asked')).toBe('daemon-reload\n--now enable tmem-console-replay.timer\n');
  });

  test('without: a line in rc.local, once, in front of its exit', async ({ onTestFinished }) => {
    const { tree, text, copy, install, rc } = host(shell, onTestFinished);
    // The copy that this puts in place ends at once, so that the loop it starts leaves nothing behind but a sleep.
    rc('#!/bin/sh\necho one\nexit 0\n');
    const loop = `(while :; do ${copy} --replay; sleep 60; done) </dev/null >/dev/null 2>&1 & # tmem-console\n`;
    const ending = '#!/bin/sh\nread -r loop _ </proc/$PPID/stat && kill -9 "$loop"\n';
    expect(await install(ending)).toBe('ok');
    expect(text('rc.local')).toBe(`#!/bin/sh\necho one\n${loop}exit 0\n`);
    expect(await install(ending)).toBe('ok');
    expect(text('rc.local')).toBe(`#!/bin/sh\necho one\n${loop}exit 0\n`);
    expect(statSync(join(tree.system, 'rc.local')).mode & 0o777).toBe(0o755);
  });

  test('neither', async ({ onTestFinished }) => {
    const { install } = host(shell, onTestFinished);
    expect(await install(fresh)).toMatch(/^failed there is neither systemd nor an rc\.local/);
  });

  test.for<[what: string, lines: string]>([
    ['cut short', `5 install\n+#!/bin/sh\n=over ${cksum(Buffer.from('#!/bin/sh\nx\n'))} 12\n`],
    ['not closed', '5 install\n+#!/bin/sh\n5 ping\n'],
    ['no shell script', linesOf(5, { verb: 'install', script: 'echo\n' })],
    ['broken', linesOf(5, { verb: 'install', script: '#!/bin/sh\nif\n' })],
  ])('what arrives %s is not put in place', async ([, lines], { onTestFinished }) => {
    const { copy, install } = host(shell, onTestFinished);
    writeFileSync(copy, 'old');
    expect(await install('', lines)).toBe('failed the text of the agent did not arrive whole');
    expect(readFileSync(copy, 'utf8')).toBe('old');
    expect(existsSync(`${copy}.new`)).toBe(false);
  });

  test('the installed agent replaces nothing, and puts its unit in place for the same text', async ({
    onTestFinished,
  }) => {
    const { tree, copy, text, rc } = host(shell, onTestFinished);
    rc('#!/bin/sh\n');
    const script = tree.script.replace('/bin/sh -c "$loop"', 'true');
    writeFileSync(copy, script, { mode: 0o755 });
    const run = (lines: string): string =>
      execFileSync(shell.argv[0], [...shell.argv.slice(1), copy, '--operator', '0123456789abcdef'], {
        input: lines,
        encoding: 'utf8',
        ...(shell.argv0 === undefined ? {} : { argv0: shell.argv0 }),
      });
    expect(run(linesOf(5, { verb: 'install', script: fresh }))).toContain(
      '=end 5 refused only an administrator replaces',
    );
    expect(readFileSync(copy, 'utf8')).toBe(script);
    expect(run(linesOf(5, { verb: 'install', script }))).toContain('=end 5 ok\n');
    expect(text('rc.local')).toContain('--replay');
  });
});
