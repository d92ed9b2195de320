/** The wizard step by step: what it asks of the core, what it shows, and that nothing is written before the end. */
import { flushPromises } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProblemError, problem } from '#shared/problem.ts';
import { givenScreen } from '../../../support/screen-size.ts';
import { mountWizard, operator, thirty } from './mount-wizard.ts';
import { groupFindings } from '../../../../renderer/pages/change/findings.ts';
import { draft, field, form, offer, plan, step, view } from './plan-drafts.ts';

beforeEach(() => {
  localStorage.clear();
  givenScreen();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  document.body.replaceChildren();
});
const h1 = { host: 'h1' } as const;

describe('targets', () => {
  it('are searched, ticked and looked at', async () => {
    const { wrapper, press, asked, stepNow, text } = await mountWizard('frontswap');
    expect(stepNow()).toBe('Targets');
    expect(text()).toContain('30 guests');
    await wrapper.get('[data-filter]').setValue('vm-2');
    expect(text()).toContain('11 of 30 guests');
    await wrapper.get('[role="columnheader"] input').trigger('change');
    expect(text()).toContain('11 guests chosen');
    await press('Look at 11 guests');
    expect(stepNow()).toBe('What was found');
    expect(asked('plans.offers')).toMatchObject([{ wizard: 'frontswap', targets: { length: 11 } }]);
  });
  it('have to be two at least for a cluster, and say so', async () => {
    const { wrapper, stepNow, text, asked } = await mountWizard('cluster', { targets: [h1] });
    expect(stepNow()).toBe('Targets');
    await wrapper.get('form').trigger('submit');
    expect(wrapper.get('[role="alert"]').text()).toBe('At least 2 hosts make a cluster.');
    expect(text()).toContain('1 host chosen');
    expect(asked('plans.offers')).toEqual([]);
  });
  it('of the way in are taken over, and the list is skipped', async () => {
    const { stepNow, asked } = await mountWizard('compress', { targets: [h1] });
    expect(stepNow()).toBe('What was found');
    expect(asked('plans.offers')).toEqual([{ wizard: 'compress', targets: [h1] }]);
    expect(asked('plans.form')).toEqual([{ wish: 'w', targets: [h1] }]);
  });
  it('that are in no list, a device, are named and can be left out', async () => {
    const { wrapper, press, text } = await mountWizard('knob', { targets: [{ host: 'h1', guest: 'zram0' }] });
    await press('Back');
    expect(wrapper.get('[aria-label="Also chosen"]').text()).toBe('zram0 on host-h1');
    await wrapper.get('[aria-label="Leave out zram0"]').trigger('click');
    expect(text()).toContain('2 hosts');
  });
  it('are hosts or guests, never both', async () => {
    const { wrapper, press, asked } = await mountWizard('pool', { targets: [h1] });
    await press('Back');
    const [guests] = wrapper.findAll('.kinds input');
    await guests?.trigger('change');
    await flushPromises();
    await wrapper.get('input[aria-label="Select vm-3"]').trigger('change');
    await press('Look at vm-3');
    expect(asked('plans.offers').at(-1)).toEqual({ wizard: 'pool', targets: [{ host: 'h1', guest: 'libvirt:3' }] });
  });
});

describe('what was found', () => {
  const offers = [
    offer('first'),
    offer('best', { recommended: true }),
    offer('never', { fits: false, because: 'The kernel is older than 3.5.' }),
  ];
  const answers = {
    'plans.offers': () => offers,
    'plans.form': ({ wish }: { wish: string }) => form(offer(wish)),
  };

  it('picks the recommended way, takes another, and keeps what does not fit out of reach', async () => {
    const { wrapper, asked } = await mountWizard('compress', { targets: [h1] }, answers);
    const radios = wrapper.findAll<HTMLInputElement>('.offers input');
    expect(radios.map(({ element }) => [element.checked, element.disabled])).toEqual([
      [false, false],
      [true, false],
      [false, true],
    ]);
    expect(wrapper.get('.offers').text()).toContain('The kernel is older than 3.5.');
    await radios[0]?.trigger('change');
    await flushPromises();
    expect(asked('plans.form').at(-1)).toEqual({ wish: 'first', targets: [h1] });
  });
  it('picks the one that was asked for; of settings it shows that one alone', async () => {
    const { wrapper } = await mountWizard('knob', { targets: [h1], wish: 'first' }, answers);
    expect(wrapper.findAll('.offer').map((one) => one.get('.title').text())).toEqual(['Do first']);
  });
  it('says why when nothing fits, and goes no further', async () => {
    const { text, button } = await mountWizard(
      'compress',
      { targets: [h1] },
      { 'plans.offers': () => [offers[2] ?? offer('x')] },
    );
    expect(text()).toContain('Nothing of this can be done for host-h1.');
    expect(text()).toContain('The kernel is older than 3.5.');
    expect(button('Choose the settings')?.attributes('disabled')).toBeDefined();
  });
  it('offers guests nothing that is done to whole hosts, and says so', async () => {
    const { wrapper, button } = await mountWizard(
      'frontswap',
      { targets: thirty.slice(0, 1) },
      { 'plans.offers': () => [offer('boot', { of: 'host', recommended: true })] },
    );
    expect(wrapper.get('.offers').text()).toContain('It is for whole hosts, and guests were chosen.');
    expect(button('Choose the settings')?.attributes('disabled')).toBeDefined();
  });
  it('says so when no platform knows the wish at all', async () => {
    const { text } = await mountWizard('cleancache', { targets: thirty.slice(0, 2) }, { 'plans.offers': () => [] });
    expect(text()).toContain('Nothing this console knows fits 2 guests');
  });
  it('says once what is so on thirty guests, missing first, with the lines that help; those that lack it can be left out', async () => {
    const best = offer('best', { of: 'guest' });
    const lacking = thirty.slice(0, 3);
    const { wrapper, press, asked, text } = await mountWizard(
      'frontswap',
      { targets: thirty },
      {
        'plans.offers': () => [best],
        'plans.form': ({ targets }) =>
          form(
            best,
            [field('f')],
            [
              ...targets.map((target) => ({ ...target, level: 'ok' as const, sentence: 'cgroup v2 is there.' })),
              ...targets
                .filter(({ guest }) => lacking.some((one) => one.guest === guest))
                .map((target) => ({
                  ...target,
                  level: 'missing' as const,
                  sentence: 'No swap device. <b>x</b>',
                  fix: 'mkswap /dev/vdb\nswapon /dev/vdb',
                })),
            ],
          ),
      },
    );
    expect(wrapper.findAll('section h3').map((one) => one.text())).toEqual(['Missing', 'In order']);
    expect(wrapper.findAll('.finding').length).toBe(2);
    expect(wrapper.get('.finding pre').text()).toBe('mkswap /dev/vdb\nswapon /dev/vdb');
    expect(wrapper.find('.finding b').exists()).toBe(false);
    await press('Go on without those 3');
    expect(asked('plans.offers').at(-1)).toMatchObject({ targets: { length: 27 } });
    expect(text()).not.toContain('Missing');
  });
  it('keeps the way back when the core refuses', async () => {
    const { wrapper, stepNow } = await mountWizard(
      'compress',
      { targets: [h1] },
      {
        'plans.offers': () => Promise.reject(new ProblemError(problem('host-gone', 'host-h1 does not answer.', 'EOF'))),
      },
    );
    expect(wrapper.get('[role="alert"]').text()).toContain('host-h1 does not answer.');
    expect(stepNow()).toBe('What was found');
  });
});

describe('review', () => {
  async function atReview(...given: Parameters<typeof mountWizard>) {
    const page = await mountWizard(...given);
    await page.press('Choose the settings');
    await page.press('Review the steps');
    return page;
  }

  it('shows every step old → new, with place, reason, risk and undo, and what is done by hand', async () => {
    const made = plan([h1], {
      steps: [
        step(h1, {
          risk: 'high',
          riskWords: 'Swapping may stall.',
          undo: 'none',
          undoWords: 'A burnt number stays burnt.',
        }),
      ],
      manual: [
        {
          host: 'h1',
          title: 'Boot with zswap',
          because: 'It is off at boot.',
          lines: ['update-grub'],
          undoLines: ['update-grub # again'],
          needs: 'reboot',
        },
      ],
    });
    const { text, stepNow } = await atReview('compress', { targets: [h1] }, { 'plans.draft': () => draft(made) });
    expect(stepNow()).toBe('Review');
    for (const words of [
      '/sys/module/zswap/parameters/max_pool_percent',
      'More room for compressed pages.',
      'Swapping may stall.',
      'A burnt number stays burnt.',
      'update-grub # again',
      '1 step on 1 host; 1 cannot be undone; 1 step for an administrator by hand.',
      'each host is armed',
    ])
      expect(text()).toContain(words);
  });
  it('applies what was reviewed and leads to its page', async () => {
    const { press, asked, router } = await atReview('compress', { targets: [h1] });
    expect(asked('plans.create')).toEqual([]);
    await press('Apply to host-h1');
    expect(asked('plans.create')).toEqual([
      {
        wish: { id: 'w', targets: [h1], values: { share: '20' } },
        persistence: 'until-reboot',
        waves: { canary: false, size: 0, watchSeconds: 30 },
      },
    ]);
    expect(asked('plans.apply')).toEqual([{ plan: 'p1' }]);
    await vi.waitFor(() => expect(router.currentRoute.value.params['plan']).toBe('p1'));
  });
  it('names the host alone on which something is to be done', async () => {
    const targets = [h1, { host: 'h3' }];
    const { button } = await atReview(
      'compress',
      { targets },
      {
        'hosts.list': () => [operator('h1'), operator('h3')],
        'plans.draft': () => draft(plan(targets, { steps: [step({ host: 'h3' })] })),
      },
    );
    expect(button('Apply to host-h3')).toBeDefined();
  });
  it('keeps it as a draft without applying it', async () => {
    const { press, asked, router } = await atReview('compress', { targets: [h1] });
    await press('Keep as draft');
    expect(asked('plans.apply')).toEqual([]);
    await vi.waitFor(() => expect(router.currentRoute.value.params['plan']).toBe('p1'));
  });
  it('shows the steps again when the hosts moved meanwhile, and applies only those', async () => {
    const other = plan([h1], { id: 'p2', steps: [step(h1, { from: '15' })] });
    const page = await atReview('compress', { targets: [h1] }, { 'plans.create': () => view(other) });
    await page.press('Apply to host-h1');
    expect(page.asked('plans.apply')).toEqual([]);
    expect(page.wrapper.get('[role="alert"]').text()).toContain('read them again');
    expect(page.text()).toContain('15');
    await page.press('Apply to host-h1');
    expect(page.asked('plans.create').length).toBe(1);
    expect(page.asked('plans.apply')).toEqual([{ plan: 'p2' }]);
  });
  it('says why applying was refused, keeps the form, and does not draw it up twice', async () => {
    let busy = true;
    const page = await atReview(
      'compress',
      { targets: [h1] },
      {
        'plans.apply': () =>
          busy
            ? Promise.reject(new ProblemError(problem('plan-busy', 'Another plan is armed on host-h1.')))
            : view(plan([])),
      },
    );
    await page.press('Apply to host-h1');
    expect(page.wrapper.get('[role="alert"]').text()).toContain('Another plan is armed on host-h1.');
    expect(page.text()).toContain('kept as a draft');
    busy = false;
    await page.press('Apply to host-h1');
    expect(page.asked('plans.create').length).toBe(1);
    expect(page.asked('plans.apply').length).toBe(2);
  });
  it('takes the draft of a refused apply away when the form is changed after all', async () => {
    const page = await atReview(
      'compress',
      { targets: [h1] },
      {
        'plans.apply': () => Promise.reject(new ProblemError(problem('plan-busy', 'Busy.'))),
      },
    );
    await page.press('Apply to host-h1');
    await page.press('Back');
    expect(page.asked('plans.remove')).toEqual([{ plan: 'p1' }]);
    expect(page.stepNow()).toBe('Settings');
  });
  it('has no button to apply where a host is only watched, and the way to change that', async () => {
    const page = await atReview(
      'compress',
      { targets: [h1, { host: 'h2' }] },
      {
        'hosts.edit': ({ host, draft: sent }) => ({ ...sent, id: host }),
      },
    );
    expect(page.button('Apply')).toBeUndefined();
    expect(page.text()).toContain('This console only watches host-h2, so nothing is applied there.');
    expect(page.button('Keep as draft')).toBeDefined();
    await page.key('Enter', { ctrlKey: true });
    expect(page.asked('plans.create')).toEqual([]);
    await page.press('Let this console change host-h2…');
    const allow = [...document.querySelectorAll('button')].find((one) =>
      one.textContent?.includes('Watch and change host-h2'),
    );
    allow?.click();
    await flushPromises();
    expect(page.asked('hosts.edit')).toMatchObject([{ host: 'h2', draft: { role: 'operator', address: '10.0.0.7' } }]);
    page.fake.emit('hosts.changed', [operator('h2')]);
    await flushPromises();
    expect(page.button('Apply to 2 hosts')).toBeDefined();
  });
});

describe('by keyboard alone', () => {
  it('goes from the list to the applied change, the focus on each heading, and back with Esc', async () => {
    const { wrapper, key, stepNow, asked, router } = await mountWizard('frontswap');
    const focused = () => document.activeElement?.textContent;
    expect(focused()).toBe('Targets');
    wrapper.get<HTMLInputElement>('[data-filter]').element.focus();
    await key('ArrowDown');
    await key('ArrowDown');
    await key(' ');
    await key('ArrowDown', {});
    await key(' ', { shiftKey: true });
    await key('Enter', { ctrlKey: true });
    expect(focused()).toBe('What was found');
    await key('Enter', { ctrlKey: true });
    expect(focused()).toBe('Settings');
    await key('Enter', { ctrlKey: true });
    expect(focused()).toBe('Review');
    await key('Escape');
    expect(stepNow()).toBe('Settings');
    await key('Enter', { ctrlKey: true });
    // A key that is held down does not go through the review.
    await key('Enter', { ctrlKey: true, repeat: true });
    expect(asked('plans.apply')).toEqual([]);
    await key('Enter', { ctrlKey: true });
    expect(asked('plans.create')).toMatchObject([{ wish: { targets: { length: 2 } } }]);
    await vi.waitFor(() => expect(router.currentRoute.value.name).toBe('plan'));
  });
});

it('says so when there is no such wizard', async () => {
  const { text } = await mountWizard('nonsense' as 'knob');
  expect(text()).toContain('There is no such wizard');
});

it('says what is so on many but for their names once, with the others behind it', () => {
  const findings = ['a', 'b', 'c'].map((host) => ({
    level: 'ok' as const,
    host,
    sentence: `zswap is on at ${host}-01.`,
  }));
  const names = ({ host }: { readonly host: string }) => ({ own: `${host}-01`, full: `${host}-01` });
  expect(groupFindings([...findings, { level: 'missing', host: 'a', sentence: 'No swap.' }], names)).toEqual([
    { level: 'missing', sentence: 'No swap.', fix: undefined, named: false, names: ['a-01'] },
    { level: 'ok', sentence: 'zswap is on at a-01.', fix: undefined, named: true, names: ['a-01', 'b-01', 'c-01'] },
  ]);
});
