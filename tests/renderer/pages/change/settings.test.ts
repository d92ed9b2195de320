/** The form of a wish: fields by range, problems beside them, the preview that follows, persistence and waves. */
import { flushPromises } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Draft } from '#shared/model/plan.ts';
import { ProblemError, problem } from '#shared/problem.ts';
import { givenScreen } from '../../../support/screen-size.ts';
import { mountWizard, thirty } from './mount-wizard.ts';
import { draft, field, form, offer, plan } from './plan-drafts.ts';

beforeEach(() => {
  localStorage.clear();
  givenScreen();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  document.body.replaceChildren();
});
const h1 = { host: 'h1' } as const;
const one = offer('w');

async function atSettings(...given: Parameters<typeof mountWizard>) {
  const page = await mountWizard(...given);
  await page.press('Choose the settings');
  const rest = async (ms = 300) => {
    await vi.advanceTimersByTimeAsync(ms);
    await flushPromises();
  };
  /** What stands beside a field, as a screen reader reads it. */
  const beside = (label: string) =>
    (page.input(label).attributes('aria-describedby') ?? '')
      .split(' ')
      .map((id) => document.getElementById(id)?.textContent?.replace(/\s+/g, ' ').trim() ?? `nothing called ${id}`);
  const values = () => (page.asked('plans.draft').at(-1) as { wish: { values: object } } | undefined)?.wish.values;
  return { ...page, rest, beside, values };
}

describe('fields', () => {
  const fields = [
    field('share', { current: '10' }),
    field('how', { range: { kind: 'choice', choices: ['lzo', 'zstd'] }, value: 'zstd' }),
    field('on', { range: { kind: 'switch' }, value: 'Y' }),
    field('who', { range: { kind: 'text', shape: 'NAME' }, value: 'a' }),
    field('deep', { advanced: true, value: '7' }),
  ];
  const answers = { 'plans.form': () => form(one, fields) };

  it('are drawn by their range, begin with what is recommended, and say why', async () => {
    const { wrapper, input, beside, values } = await atSettings('compress', { targets: [h1] }, answers);
    expect(input('Title of share').element.value).toBe('20');
    expect(beside('Title of share')[0]).toContain('Help of share.');
    expect(beside('Title of share')[0]).toContain('Now 10 percent. Recommended: 20 percent. A fifth is usual.');
    expect(input('Title of how').element.tagName).toBe('SELECT');
    expect(input('Title of on').attributes('role')).toBe('switch');
    expect(wrapper.get('details').attributes('open')).toBeUndefined();
    expect(values()).toEqual({ share: '20', how: 'zstd', on: 'Y', who: 'a', deep: '7' });
  });
  it('are sent as typed, the switch in its own spelling', async () => {
    const { input, rest, values, press } = await atSettings('compress', { targets: [h1] }, answers);
    await input('Title of share').setValue(' 35 ');
    await input('Title of how').setValue('lzo');
    await input('Title of on').setValue(false);
    await input('Title of who').setValue('$(reboot)');
    await rest();
    expect(values()).toEqual({ share: '35', how: 'lzo', on: 'N', who: '$(reboot)', deep: '7' });
    await press('Take the recommended value');
    expect(input('Title of share').element.value).toBe('20');
  });
  it('keep what was typed when another look at the targets recommends something else', async () => {
    let recommended = '20';
    const page = await atSettings(
      'compress',
      { targets: [h1] },
      {
        'plans.form': () => form(one, [field('a', { value: recommended }), field('b', { value: recommended })]),
      },
    );
    await page.input('Title of a').setValue('33');
    recommended = '40';
    await page.press('Back');
    await page.press('Back');
    await page.press('Look at host-h1');
    await page.press('Choose the settings');
    expect(page.input('Title of a').element.value).toBe('33');
    expect(page.input('Title of b').element.value).toBe('40');
  });
  it('that are wrong say so beside them, ask nothing, and get the focus', async () => {
    const { wrapper, input, beside, rest, asked, press, stepNow, text } = await atSettings(
      'compress',
      { targets: [h1] },
      answers,
    );
    const before = asked('plans.draft').length;
    await input('Title of share').setValue('20MiB');
    await rest();
    expect(asked('plans.draft').length).toBe(before);
    expect(beside('Title of share')[0]).toContain('“20MiB” is not a plain number');
    expect(input('Title of share').attributes('aria-invalid')).toBe('true');
    expect(text()).toContain('Correct the field that is marked');
    await press('Review the steps');
    expect(stepNow()).toBe('Settings');
    expect(document.activeElement).toBe(input('Title of share').element);
    expect(wrapper.findAll('[aria-invalid="true"]').length).toBe(1);
  });
  it('that the planner refuses say so beside them, unfolded if need be', async () => {
    const { wrapper, beside, text } = await atSettings(
      'compress',
      { targets: [h1] },
      {
        ...answers,
        'plans.draft': () =>
          draft(undefined, {
            fields: [
              { field: 'deep', sentence: 'This kernel takes 5 at most.' },
              { field: 'gone', sentence: 'Something of the whole.' },
            ],
          }),
      },
    );
    expect(beside('Title of deep')[0]).toBe('This kernel takes 5 at most.');
    expect(wrapper.get('details').attributes('open')).toBeDefined();
    expect(text()).toContain('Something of the whole.');
  });
});

describe('the preview', () => {
  const saying = (words: string): Draft => draft(plan([h1], { will: [words] }));

  it('waits until typing rests, and drops answers that come late', async () => {
    const waiting: ((answer: Draft) => void)[] = [];
    const { input, rest, text, asked } = await atSettings(
      'compress',
      { targets: [h1] },
      {
        'plans.draft': () => new Promise<Draft>((resolve) => waiting.push(resolve)),
      },
    );
    expect(waiting.length).toBe(1);
    await input('Title of share').setValue('3');
    await rest(200);
    await input('Title of share').setValue('30');
    await rest(200);
    expect(waiting.length).toBe(1);
    await rest(100);
    expect(asked('plans.draft').at(-1)).toMatchObject({ wish: { values: { share: '30' } } });
    waiting[1]?.(saying('Thirty percent.'));
    await flushPromises();
    waiting[0]?.(saying('Twenty percent.'));
    await flushPromises();
    expect(text()).toContain('Thirty percent.');
    expect(text()).not.toContain('Twenty percent.');
    expect(text()).toContain('1 step on 1 host; all can be undone.');
  });
  it('drops the answer to what was typed before, even before the next question', async () => {
    const waiting: ((answer: Draft) => void)[] = [];
    const { input, text } = await atSettings(
      'compress',
      { targets: [h1] },
      {
        'plans.draft': () => new Promise<Draft>((resolve) => waiting.push(resolve)),
      },
    );
    await input('Title of share').setValue('3');
    waiting[0]?.(saying('Twenty percent.'));
    await flushPromises();
    expect(text()).not.toContain('Twenty percent.');
  });
  it('says what stands in the way, and does not go on to the review', async () => {
    const { text, press, stepNow } = await atSettings(
      'compress',
      { targets: [h1] },
      {
        'plans.draft': () =>
          draft(undefined, { findings: [{ level: 'missing', host: 'h1', sentence: 'No swap device.' }] }),
      },
    );
    expect(text()).toContain('host-h1: No swap device.');
    await press('Review the steps');
    expect(stepNow()).toBe('Settings');
    expect(document.activeElement?.getAttribute('aria-label')).toBe('What it will do');
  });
  it('says when there is nothing to do', async () => {
    const { text } = await atSettings(
      'compress',
      { targets: [h1] },
      {
        'plans.draft': () => draft(plan([h1], { steps: [] })),
      },
    );
    expect(text()).toContain('Nothing is to be done: everything is so already.');
  });
  it('keeps the form when the core refuses', async () => {
    const { wrapper, input, rest, text } = await atSettings(
      'compress',
      { targets: [h1] },
      {
        'plans.draft': () => Promise.reject(new ProblemError(problem('host-gone', 'host-h1 does not answer.'))),
      },
    );
    expect(wrapper.get('[role="alert"]').text()).toContain('host-h1 does not answer.');
    await input('Title of share').setValue('30');
    await rest();
    expect(input('Title of share').element.value).toBe('30');
    expect(text()).toContain('host-h1 does not answer.');
  });
  it('asks nothing after the wizard is left', async () => {
    const { input, wrapper, rest, asked } = await atSettings('compress', { targets: [h1] });
    await input('Title of share').setValue('30');
    const before = asked('plans.draft').length;
    wrapper.unmount();
    await rest();
    expect(asked('plans.draft').length).toBe(before);
  });
});

describe('how long and in which order', () => {
  it('says what surviving writes on the host', async () => {
    const { wrapper, rest, asked, text } = await atSettings('compress', { targets: [h1] });
    expect(text()).toContain('/etc/tmem-console/settings');
    expect(text()).toContain('tmem-console-replay');
    await wrapper.get('input[value="survives"]').setValue();
    await rest();
    expect(asked('plans.draft').at(-1)).toMatchObject({ persistence: 'survives' });
  });
  it('of one target is no question', async () => {
    const { text } = await atSettings('compress', { targets: [h1] });
    expect(text()).not.toContain('In which order');
  });
  it('of a cluster is no question either: its hosts change together', async () => {
    const cluster = offer('c', { of: 'cluster' });
    const { text, asked } = await atSettings(
      'cluster',
      { targets: [h1, { host: 'h2' }] },
      {
        'plans.offers': () => [cluster],
        'plans.form': () => form(cluster),
      },
    );
    expect(text()).not.toContain('In which order');
    expect(asked('plans.draft').at(-1)).toMatchObject({ waves: { canary: false, size: 0 } });
  });
  it('of thirty guests: one first, the others in waves, said in a sentence', async () => {
    const { input, rest, asked, text, beside, press, stepNow } = await atSettings('frontswap', { targets: thirty });
    expect(text()).toContain('The first alone, then the other 29 at once.');
    await input('Targets in each further wave').setValue('5');
    await input('Watch each wave for').setValue('60');
    await rest();
    expect(text()).toContain('The first alone, then the other 29 in 6 waves. Each is watched for 60 s');
    expect(asked('plans.draft').at(-1)).toMatchObject({
      wish: { targets: { length: 30 } },
      waves: { canary: true, size: 5, watchSeconds: 60 },
    });
    await input('Watch each wave for').setValue('2');
    expect(beside('Watch each wave for')[0]).toBe('A whole number of seconds, from 5 to 3600.');
    await press('Review the steps');
    expect(stepNow()).toBe('Settings');
    await input('Watch each wave for').setValue('30');
    await press('Review the steps');
    await press('Apply to 30 guests');
    expect(asked('plans.create')).toMatchObject([
      { wish: { targets: { length: 30 } }, waves: { canary: true, size: 5 } },
    ]);
  });
});
