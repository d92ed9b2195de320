/** What survives: written down at keep, shown as drift, accepted, and written again by --replay. Under every shell. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { TestContext } from 'vitest';
import { encodeText } from '#core/platforms/change-text.ts';
import { shellsHere } from '../support/shells.ts';
import type { AgentRun, Shell } from '../support/shells.ts';
import { changeTree } from './change-tree.ts';

const b = 'guests/machine-2-b.scope/limit';

function host(shell: Shell, onTestFinished: TestContext['onTestFinished']) {
  const tree = changeTree();
  const agents: AgentRun[] = [];
  onTestFinished(async () => {
    for (const agent of agents) await agent.close();
    tree.remove();
  });
  const at = (name: string): string => encodeText(tree.path(name));
  const star = encodeText(tree.path('guests/machine-*-b.scope/limit'));
  return {
    tree,
    at,
    star,
    settings: (): string => (existsSync(tree.settings) ? readFileSync(tree.settings, 'utf8') : '(none)'),
    say: async (words: string): Promise<string> => {
      agents[0] ??= await tree.operator(shell);
      return (await agents[0].ask(`5 ${words}`)).slice(1).join('\n').replace('=end 5 ', '');
    },
    /** As the unit runs it. */
    replay: () => {
      const { status, stdout, stderr } = spawnSync(shell.argv[0], [...shell.argv.slice(1), '-s', '--', '--replay'], {
        ...(shell.argv0 === undefined ? {} : { argv0: shell.argv0 }),
        input: tree.script,
        encoding: 'utf8',
      });
      expect(stdout).toBe('');
      return { status, stderr };
    },
  };
}

type Host = ReturnType<typeof host>;

async function kept({ say }: Host, plan: string, ...steps: string[]): Promise<string> {
  await say(`begin ${plan}`);
  for (const step of steps) expect(await say(`step ${plan} ${step}`)).toBe('ok');
  await say(`arm ${plan} 60`);
  for (const n of steps.keys()) expect(await say(`write ${plan} ${n + 1}`)).toMatch(/^> .*\nok$/);
  return say(`keep ${plan}`);
}

describe.concurrent.each(shellsHere)('$name', (shell: Shell) => {
  test('keep writes down what the plan says, as whole lines; the next plan changes and drops them', async ({
    onTestFinished,
  }) => {
    const one = host(shell, onTestFinished);
    const { tree, at, star, settings } = one;
    const number = at('number');
    expect(await kept(one, 'p', `host.number ${number} 60 61 as.${number}`, 'made.word one first x -')).toBe('ok');
    expect(settings()).toBe(`host.number ${number} 61\n`);
    expect(statSync(tree.settings).mode & 0o777).toBe(0o644);
    const guest = `guest.limit ${at(b)} 1000 2000 as.${star}`;
    expect(
      await kept(
        one,
        'q',
        guest,
        `host.number ${number} 61 62 as.${number}`,
        `host.number ${number} 62 63 as.${number}`,
      ),
    ).toBe('ok');
    expect(settings()).toBe(`guest.limit ${star} 2000\nhost.number ${number} 63\n`);
    expect(await kept(one, 'r', `guest.limit ${at(b)} 2000 max drop.${star}`)).toBe('ok');
    expect(settings()).toBe(`host.number ${number} 63\n`);
  });

  test('what may not be written down is refused', async ({ onTestFinished }) => {
    const { tree, at, star, say } = host(shell, onTestFinished);
    await say('begin p');
    for (const keep of [
      'as.',
      'as',
      'no',
      `as.${at('choice')}`,
      `as.${star.replace('b', 'a-b')}`,
      `as.${star}+052`,
      `drop.${star.replace('-b', '')}`,
      'as.x+057y',
    ])
      expect([keep, await say(`step p guest.limit ${at(b)} 1000 2000 ${keep}`)]).toEqual([
        keep,
        'refused what to keep has not the shape of this knob',
      ]);
    expect(tree.planFile('p', 'steps')).toBe('');
  });

  test('a settings file that cannot be written: failed, still armed, and undone in the end', async ({
    onTestFinished,
  }) => {
    const one = host(shell, onTestFinished);
    const { tree, at, say } = one;
    const before = tree.whole();
    tree.write('etc/console', 'in the way\n');
    expect(await kept(one, 'p', `host.number ${at('number')} 60 61 as.${at('number')}`)).toMatch(/^failed .+/);
    expect(await say('status p')).toMatch(/^> state armed\n/);
    expect(await say('undo p')).toContain('> step 1 restored');
    tree.removeFile('etc/console');
    expect(tree.whole()).toBe(before);
  });

  test.for([undefined, 'made.word two other\n'])(
    'killed after the file and before the plan was kept: as before (%j)',
    async (old, { onTestFinished }) => {
      const { tree, at, say, settings } = host(shell, onTestFinished);
      if (old !== undefined) tree.write('etc/console/settings', old);
      const before = tree.whole();
      await say('begin p');
      await say(`step p host.number ${at('number')} 60 61 as.${at('number')}`);
      await say('arm p 60');
      await say('write p 1');
      // The last thing that keep does is to say so: make that impossible.
      tree.write('run/tmem-console/p/state.new/x', '');
      expect(await say('keep p')).toMatch(/^failed /);
      expect(settings()).toContain('host.number');
      tree.removeFile('run/tmem-console/p/state.new');
      expect(await say('undo p')).toContain('> step 1 restored');
      expect(tree.whole()).toBe(before);
    },
  );

  test('drift tells what is so now, and accept takes it', async ({ onTestFinished }) => {
    const { tree, at, star, say, settings } = host(shell, onTestFinished);
    const gone = encodeText(tree.path('guests/machine-*-z.scope/limit'));
    const lines = [
      `host.number ${at('number')} 50`,
      `guest.limit ${star} 2000`,
      `guest.limit ${gone} 1`,
      'made.odd x y',
    ];
    tree.write('etc/console/settings', `${lines.join('\n')}\n$(id) ; x\n`);
    tree.write('made/one', '$ x\n');
    expect(await say('drift')).toBe(
      [...['60', '1000', '-', '-'].map((now, line) => `> ${lines[line] ?? ''} ${now}`), 'ok'].join('\n'),
    );
    tree.write('etc/console/settings', `${[...lines.slice(0, 3), 'made.word one first'].join('\n')}\n`);
    expect(await say('accept')).toBe('ok');
    // What was read and cannot be written is left as it is written down.
    expect(settings()).toBe(`host.number ${at('number')} 60\nguest.limit ${star} 1000\nmade.word one first\n`);
    expect(await say('drift')).toContain('> made.word one first +044+040x\n');
  });

  test('replay: writes once what is there, digits only for the star; what somebody sets by hand stays', ({
    onTestFinished,
  }) => {
    const { tree, at, star, replay } = host(shell, onTestFinished);
    expect(replay()).toEqual({ status: 0, stderr: '' });
    tree.write(
      'etc/console/settings',
      [`host.number ${at('number')} 50`, `guest.limit ${star} 2000`, 'made.word one kept', ''].join('\n'),
    );
    expect(replay()).toEqual({ status: 0, stderr: '' });
    const now = () => [
      tree.read('number'),
      tree.read(b),
      tree.read('guests/machine-3-a-b.scope/limit'),
      tree.read('made/one'),
    ];
    expect(now()).toEqual(['50\n', '2000\n', '3000\n', 'kept\n']);
    tree.write('number', '70\n');
    tree.write(b, '5\n');
    tree.write('made/one', 'hand\n');
    expect(replay().status).toBe(0);
    expect(now()).toEqual(['70\n', '5\n', '3000\n', 'hand\n']);
    // The guest is restarted: another directory. The other is away, then back.
    tree.removeFile('guests/machine-2-b.scope');
    tree.write('guests/machine-12-b.scope/limit', 'max\n');
    tree.removeFile('made/one');
    expect(replay().status).toBe(0);
    expect(tree.read('guests/machine-12-b.scope/limit')).toBe('2000\n');
    tree.write('made/one', 'default\n');
    expect(replay().status).toBe(0);
    expect(tree.read('made/one')).toBe('kept\n');
    // The next boot.
    tree.write('run/tmem-console/.replayed', 'another boot\n');
    expect(replay().status).toBe(0);
    expect(tree.read('number')).toBe('50\n');
  });

  test('replay: what cannot be read for once is no new thing, and what somebody set by hand stays', ({
    onTestFinished,
  }) => {
    const { tree, at, replay } = host(shell, onTestFinished);
    tree.write('etc/console/settings', `host.number ${at('number')} 50\nmade.word one kept\n`);
    const now = () => [tree.read('number'), tree.read('made/one')];
    expect(replay()).toEqual({ status: 0, stderr: '' });
    expect(now()).toEqual(['50\n', 'kept\n']);
    // Both are there, and neither tells its value.
    tree.write('number', '1\n2\n');
    tree.removeFile('made/one');
    tree.write('made/one/x', '');
    const { status, stderr } = replay();
    expect(status).toBe(1);
    expect(stderr).toContain('it holds more than one line');
    expect(stderr).toMatch(/made\.word one: .*directory/);
    tree.removeFile('made/one');
    tree.write('made/one', 'hand\n');
    tree.write('number', '70\n');
    expect(replay()).toEqual({ status: 0, stderr: '' });
    expect(now()).toEqual(['70\n', 'hand\n']);
  });

  test('replay: what could not be read the first time is written when it can be', ({ onTestFinished }) => {
    const { tree, replay } = host(shell, onTestFinished);
    tree.write('etc/console/settings', 'made.word one kept\n');
    tree.removeFile('made/one');
    tree.write('made/one/x', '');
    expect(replay().status).toBe(1);
    tree.removeFile('made/one');
    tree.write('made/one', 'default\n');
    expect(replay().status).toBe(0);
    expect(tree.read('made/one')).toBe('kept\n');
  });

  test('replay: a line that cannot be carried out is said and fails, the others are carried out', ({
    onTestFinished,
  }) => {
    const { tree, at, replay } = host(shell, onTestFinished);
    tree.write(
      'etc/console/settings',
      [
        `host.number ${at('number')} -1`,
        `host.number ${at('number')}+057.. 5`,
        'made.stubborn two x',
        'rm -rf x',
        `guest.limit ${at(b)} 7`,
        '',
      ].join('\n'),
    );
    const { status, stderr } = replay();
    expect(status).toBe(1);
    expect(stderr.split('\n').map((line) => line.split(': ').at(-1))).toEqual([
      'value has not the shape of this knob',
      'instance has not the shape of this knob',
      'the tool says no',
      'knob is not on the list',
      '',
    ]);
    expect(tree.read(b)).toBe('7\n');
    expect(tree.read('number')).toBe('60\n');
  });

  test('replay waits while a plan is under way', async ({ onTestFinished }) => {
    const { tree, at, say, replay } = host(shell, onTestFinished);
    tree.write('etc/console/settings', `host.number ${at('number')} 50\n`);
    await say('begin p');
    await say(`step p host.number ${at('number')} 60 61 -`);
    await say('arm p 60');
    await say('write p 1');
    expect(replay().status).toBe(0);
    expect(tree.read('number')).toBe('61\n');
    await say('undo p');
    expect(replay().status).toBe(0);
    expect(tree.read('number')).toBe('50\n');
  });
});
