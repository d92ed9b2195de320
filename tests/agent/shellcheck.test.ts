/** The agent is checked by shellcheck, alone and with a list in front. */
import { spawnSync } from 'node:child_process';
import { afterAll, describe, expect, test } from 'vitest';
import { agentBody } from '../support/agent-body.ts';
import { fakeTree } from './fake-tree.ts';

const present = spawnSync('shellcheck', ['--version']).status === 0;
const check = (script: string) => spawnSync('shellcheck', ['-s', 'sh', '-'], { input: script, encoding: 'utf8' });

describe.skipIf(!present)(`shellcheck${present ? '' : ' (skipped: the program shellcheck is not installed)'}`, () => {
  const tree = fakeTree();
  afterAll(() => tree.remove());

  test('agent.sh alone', () => {
    expect(check(agentBody).stdout).toBe('');
  });

  test('agent.sh with its list', () => {
    expect(check(tree.script).stdout).toBe('');
  });

  test('the check can fail', () => {
    expect(check(agentBody.replace('set -uf', 'cat $newline')).status).not.toBe(0);
  });
});
