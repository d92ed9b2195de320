/** Knobs as the agent reads and refuses them, word for word, under every shell of this machine. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { decodeText, encodeText } from '#core/platforms/change-text.ts';
import { shellsHere } from '../support/shells.ts';
import type { AgentRun, Shell } from '../support/shells.ts';
import { changeTree, kernelFile } from './change-tree.ts';
import type { ChangeTree } from './change-tree.ts';

describe.each(shellsHere)('$name', (shell: Shell) => {
  let tree: ChangeTree;
  let agent: AgentRun;
  let before = '';
  beforeAll(async () => {
    tree = changeTree();
    before = tree.whole();
    agent = await tree.operator(shell);
    await agent.ask('1 begin values');
  });
  afterAll(async () => {
    await agent.close();
    expect(tree.whole()).toBe(before);
    tree.remove();
  });

  const ask = async (words: string): Promise<string> => {
    const [begin, ...lines] = await agent.ask(`7 ${words}`);
    expect(begin).toBe('=begin 7');
    return lines.join('\n').replace('=end 7 ', '').replaceAll(tree.root, '');
  };
  const at = (name: string): string => encodeText(tree.path(name));

  test('says what it may', () => {
    expect(agent.said()).toContain('\n=fact grade operator\n=fact knobs host.number host.choice guest.limit');
    expect(agent.said()).not.toContain('made.missing');
  });

  test.each([
    ['host.number', 'number', '> 60\nok'],
    ['host.choice', 'choice', '> off\nok'],
    ['host.unread', 'unread', '> unknown\nok'],
    ['guest.limit', 'guests/machine-2-b.scope/limit', '> 1000\nok'],
    ['guest.limit', 'guests/machine-9-b.scope/limit', 'absent'],
    ['guest.limit', 'guests/machine-*.scope/limit', 'absent'],
    ['guest.limit', 'guests/limit', 'refused instance has not the shape of this knob'],
    ['host.number', 'choice', 'refused instance has not the shape of this knob'],
  ])('get %s of a file %s', async (knob, name, answer) => {
    expect(await ask(`get ${knob} ${at(name)}`)).toBe(answer);
  });

  test.each([
    ['made.word one', '> first\nok'],
    ['made.word three', 'absent'],
    ['made.none +', '> 1\nok'],
    ['made.device +057dev+057vg+057lv', '> 1\nok'],
    ['made.uuid 00000000-0000-0000-0000-0000000000aF', '> 1\nok'],
    ['made.lines x', 'failed it tells more than one line'],
    ['made.broken x', 'failed first no such thing'],
    ['made.missing x', 'failed no-such-program is not installed'],
    ['made.unheard x', 'refused knob is not on the list'],
    ['made.none x', 'refused instance has not the shape of this knob'],
    ['made.number 01', 'refused instance has not the shape of this knob'],
    ['made.number -1', 'refused instance has not the shape of this knob'],
    ['made.device +057dev+057..+057mem', 'refused instance has not the shape of this knob'],
    ['made.device +057etc+057passwd', 'refused instance has not the shape of this knob'],
    ['made.uuid 00000000-0000-0000-0000-00000000000', 'refused instance has not the shape of this knob'],
    ['made.pair one', 'refused instance has not the shape of this knob'],
    ['made.pair one+057two+057three', 'refused instance has not the shape of this knob'],
  ])('get %s', async (words, answer) => {
    expect((await ask(`get ${words}`)).trimEnd()).toBe(answer);
  });

  const hostile = ['$(reboot)', '; reboot', '`id`', 'one\nreboot', '../made/one', '-rf', '', 'o*', "one'", 'one two'];
  test.each(hostile)('%j is no instance', async (text) => {
    expect(await ask(`get made.word ${encodeText(text)}`)).toBe('refused instance has not the shape of this knob');
  });
  test.each([
    '/../number',
    '/./number',
    '//number',
    '/number/',
    '/guests/machine-/../../x.scope/limit',
    '/$(id)',
    '/number\n=end 7 ok',
    '/number;',
  ])('%j is no file of the knob', async (text) => {
    expect(await ask(`get host.number ${encodeText(tree.root + text)}`)).toBe(
      'refused instance has not the shape of this knob',
    );
  });
  test.each(['+', 'a+', 'a+1', 'a+9', 'a+400', 'a+000', '+141', '+055', '+137', '+060', 'a++'])(
    '%j is no text that was encoded',
    async (word) => {
      expect(await ask(`get made.word ${word}`)).toBe('refused instance has not the shape of this knob');
    },
  );

  const no = 'refused value has not the shape of this knob';
  test.each([
    [
      'host.number',
      'number',
      '60',
      ['-1', '+', '+055+061', '061', '5000000001', '99999999999999999999', '1e3', '0x10', '+0611+012'],
    ],
    ['host.choice', 'choice', 'off', ['offf', 'on+040off', 'ON', '+', '+052']],
    ['guest.limit', 'guests/machine-2-b.scope/limit', '1000', ['maxx', '-1', '9007199254740992', '1G', '1000+012']],
    ['host.bare', 'bare', 'old', ['-n', '+', 'a+040b', 'a+073reboot', '+044+050id+051', 'x'.repeat(65), '..+057x']],
  ])('values that %s is not set to', async (knob, name, from, values) => {
    for (const value of values)
      expect([value, await ask(`step values ${knob} ${at(name)} ${from} ${value} -`)]).toEqual([value, no]);
  });
  test('values of parts', async () => {
    tree.write('made/n/m', '1:2\n');
    for (const value of ['1', '1:2:3', ':2', '1:', '1:-2', '1:$(id)'])
      expect(await ask(`step values made.pair n+057m 1+0722 ${encodeText(value)} -`)).toBe(no);
    expect(await ask('step values made.pair n+057m 1+0722 absent -')).toBe('ok');
    expect(await ask('step values made.pair n+057m absent x+072y -')).toBe('ok');
    await ask('undo values');
    tree.removeFile('made/n');
    expect(await ask('begin values2')).toBe('ok');
  });
  test('large numbers are compared as they are, also where a shell counts in 32 bits', async () => {
    const step = (to: string) => ask(`step values2 host.number ${at('number')} 60 ${to} -`);
    expect(await step('5000000000')).toBe('ok');
    expect(await ask('undo values2')).toContain('> state undone');
    expect(await ask('begin values3')).toBe('ok');
    expect(await ask(`step values3 host.number ${at('number')} 60 4999999999 -`)).toBe('ok');
    expect(await ask(`step values3 host.number ${at('number')} 61 5 -`)).toBe('conflict 4999999999');
  });

  test.each([
    ['get made.word', 'refused get wants 2 words'],
    ['get made.word one two', 'refused get wants 2 words'],
    ['get made.word  one', 'refused get wants 2 words'],
    ['begin ../x', 'no request'],
    ['begin .x', 'refused plan has no such name'],
    ['begin -x', 'refused plan has no such name'],
    ['begin +057etc', 'refused plan has no such name'],
    [`begin ${'x'.repeat(65)}`, 'refused plan has no such name'],
    ['arm values 0', 'refused seconds are not a number from 1 to 99999'],
    ['arm values 100000', 'refused seconds are not a number from 1 to 99999'],
    ['arm values 1s', 'refused seconds are not a number from 1 to 99999'],
    ['write values x', 'refused step is not a number'],
    ['shutdown now', 'refused verb is not on the list'],
    ['status nowhere', 'absent'],
    ['forget nowhere', 'absent'],
    ['keep nowhere', 'absent'],
    ['undo nowhere', 'absent'],
    ['write nowhere 1', 'absent'],
  ])('%s', async (words, answer) => {
    if (answer !== 'no request') return expect(await ask(words)).toBe(answer);
    expect(await agent.ask(`7 ${words}\n8 ping`)).toEqual([
      '=begin 0',
      '=end 0 refused this is no request',
      '=begin 8',
      '=end 8 ok',
    ]);
  });

  test("the kernel's refusal comes with its words", async () => {
    const plan = await tree.operator(shell);
    await ask('undo values3');
    const said = async (words: string) => (await plan.ask(`3 ${words}`)).slice(1).join('\n');
    await said('begin kernel');
    const now = /> (\d+)/.exec(await said(`get kernel.number ${encodeText(kernelFile)}`))?.[1] ?? '';
    expect(await said(`step kernel kernel.number ${encodeText(kernelFile)} ${now} 5000 -`)).toBe('=end 3 ok');
    expect(await said('arm kernel 60')).toBe('=end 3 ok');
    expect(await said('write kernel 1')).toMatch(/^=end 3 failed .*Invalid argument$/);
    expect(await said('undo kernel')).toContain('> step 1 as-was');
    await plan.close();
  });

  test('any text goes there and back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }), async (text) => {
        fc.pre(!/[\0\n\uD800-\uDFFF]/u.test(text) && !text.endsWith('\n'));
        tree.write('made/one', `${text}\n`);
        const answer = await ask('get made.word one');
        expect(answer).toBe(`> ${Buffer.from(text).toString('latin1')}\nok`);
        // The settings file's own spelling is what the console decodes.
        tree.write('etc/console/settings', 'made.word one x\n');
        const now = /^> made\.word one x (\S+)$/m.exec(await ask('drift'))?.[1] ?? '';
        expect(decodeText(now)).toBe(text);
        expect(now).toBe(encodeText(text));
      }),
      { numRuns: shell.name === 'mksh' ? 8 : 25 },
    );
    tree.write('made/one', 'first\n');
    tree.removeFile('etc/console');
  });
});
