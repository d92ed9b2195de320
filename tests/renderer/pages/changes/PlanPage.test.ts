/** The page of one change, from the draft to what became of it. */
import { flushPromises } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HostView } from '#shared/model/host.ts';
import type { PlanView } from '#shared/model/plan.ts';
import { defaultSettings } from '#shared/model/settings.ts';
import { epochMs } from '#shared/units.ts';
import { ProblemError, problem } from '#shared/problem.ts';
import PlanPage from '../../../../renderer/pages/changes/PlanPage.vue';
import { fakeConsole, type Answers } from '../../../support/fake-console.ts';
import { hostView, noon } from '../../../support/host-view.ts';
import { mountPage, type Mounted } from '../../../support/mount-page.ts';
import { draftOf, plan, planStep, runOf } from '../../../support/plan-views.ts';
import { entry } from './entries.ts';

const operator = hostView('db-1', { config: { role: 'operator' } });
const answers: Answers = {
  'settings.get': () => defaultSettings,
  'samples.catalogue': () => [],
  'samples.series': () => [],
  'samples.watch': () => null,
  'guests.changes': () => ({ revision: 1, rows: [], gone: [] }),
  'journal.page': () => ({ entries: [], total: 0 }),
  'plans.get': () => null,
};
/** Pages are loaded when they are first gone to. */
const patience = { timeout: 10_000 };
let mounted: Mounted | undefined;
beforeEach(() => vi.useFakeTimers({ now: noon }));
afterEach(() => {
  mounted?.wrapper.unmount();
  document.body.replaceChildren();
  vi.useRealTimers();
});

async function show(views: readonly PlanView[], more: Answers = {}, hosts: readonly HostView[] = [operator]) {
  const fake = fakeConsole({ ...answers, 'hosts.list': () => hosts, 'plans.list': () => views, ...more });
  mounted = await mountPage(PlanPage, fake, { props: { plan: 'p1' }, at: { name: 'plan', params: { plan: 'p1' } } });
  await flushPromises();
  const { wrapper, router } = mounted;
  const text = () => wrapper.text().replace(/[\u00a0\u202f]/g, ' ');
  const button = (words: string) => wrapper.findAll('button').find((one) => one.text().startsWith(words));
  const press = async (words: string) => {
    await (button(words) ?? expect.fail(`no button ${words} in: ${text()}`)).trigger('click');
    await flushPromises();
  };
  const tell = async (view: PlanView) => {
    fake.emit('plans.changed', [view]);
    await flushPromises();
  };
  const section = (name: string) =>
    wrapper
      .find(`[aria-label="${name}"]`)
      .text()
      .replace(/[\u00a0\u202f]/g, ' ');
  const buttons = () => wrapper.findAll('[aria-label="State"] button').map((one) => one.text());
  return { fake, wrapper, router, text, button, press, tell, section, buttons };
}
const p1 = plan('p1', { letter: 'C', title: 'Compress swapped pages' });

describe('a draft', () => {
  it('shows each step as a diff, with place, reason, risk, undo and how long it lasts', async () => {
    const step = planStep({ risk: 'medium', riskWords: 'Costs CPU.', undoWords: 'pages stay compressed' });
    const { text, section } = await show([draftOf({ ...p1, steps: [step] })]);
    expect(text()).toContain('Draft: 1 step on db-1; nothing has been written.');
    const steps = section('Steps on db-1');
    for (const words of [
      'zswap enabled',
      'N→becomesY',
      '/sys/module/zswap/parameters/enabled',
      'Swapped pages are kept compressed.',
      'some risk: Costs CPU.',
      'undo writes N again: pages stay compressed',
      'until the host reboots',
    ])
      expect(steps).toContain(words);
  });
  it('is text, whatever a host called itself', async () => {
    const step = planStep({ title: '<img src=x>', to: '<script>', place: '"><b>' });
    const { wrapper, text } = await show([draftOf({ ...p1, steps: [step] })]);
    expect(text()).toContain('<img src=x>');
    expect(wrapper.find('img').exists()).toBe(false);
  });
  it('says what applying comes to, and applies', async () => {
    const { press, fake, text, tell } = await show([draftOf(p1)], { 'plans.apply': () => runOf(p1, 'arming') });
    expect(text()).toContain('Writes 1 setting on 1 host.');
    await press('Apply to db-1');
    expect(fake.calls.find(({ name }) => name === 'plans.apply')?.args).toEqual({ plan: 'p1' });
    expect(text()).toContain('Arming on db-1');
    await tell(runOf(p1, 'applying'));
    expect(text()).toContain('Applying on db-1: 1 of 1 step');
    expect(text()).toContain('writing');
  });
  it('says why it was refused and stays a draft', async () => {
    const { press, text, button } = await show([draftOf(p1)], {
      'plans.apply': () => {
        throw new ProblemError(problem('plan-busy', 'db-1 is being changed by another plan.'));
      },
    });
    await press('Apply to db-1');
    expect(text()).toContain('db-1 is being changed by another plan.');
    expect(button('Apply to db-1')).toBeDefined();
  });
  it('can be removed, and leads back to the list', async () => {
    const { press, fake, router } = await show([draftOf(p1)], { 'plans.remove': () => null });
    await press('Remove this draft');
    expect(fake.calls.find(({ name }) => name === 'plans.remove')?.args).toEqual({ plan: 'p1' });
    await vi.waitFor(() => expect(router.currentRoute.value.name).toBe('changes'), patience);
  });
  it('shows the lines that a person has to write', async () => {
    const manual = [
      {
        host: 'id-db-1',
        title: 'Boot parameter',
        because: 'The kernel reads it once.',
        lines: ['echo zswap.enabled=1 >> /etc/default/grub', 'update-grub'],
        undoLines: ['sed -i /zswap/d /etc/default/grub'],
        needs: 'reboot' as const,
      },
    ];
    const { section, buttons, text } = await show([draftOf({ ...p1, steps: [], manual })]);
    expect(section('To be done by hand')).toContain('echo zswap.enabled=1 >> /etc/default/grub\nupdate-grub');
    expect(section('To be done by hand')).toContain('takes effect with a reboot');
    expect(buttons()).toEqual(['Remove this draft']);
    expect(text()).toContain('There is nothing the console could write here.');
  });
  it('of a host that is only watched offers nothing, and says so', async () => {
    const { buttons, text } = await show([draftOf(p1)], {}, [hostView('db-1')]);
    expect(buttons()).toEqual(['How to change db-1', 'Remove this draft']);
    expect(text()).toContain('This console only watches db-1');
  });
});

describe('while it is watched', () => {
  it('counts down each second until the host undoes it, and says so aloud now and then', async () => {
    const { section, text, wrapper } = await show([runOf(p1, 'watching')]);
    expect(section('Hosts')).toContain('undoes this in 1:42 unless kept');
    await vi.advanceTimersByTimeAsync(1000);
    expect(section('Hosts')).toContain('undoes this in 1:41 unless kept');
    expect(text()).toContain('undoes this in 1:41 unless it is kept');
    const aloud = () => wrapper.find('[aria-label="Hosts"] [role="status"]').text();
    expect(aloud()).toContain('Less than 120 seconds');
    await vi.advanceTimersByTimeAsync(42_000);
    expect(aloud()).toContain('Less than 60 seconds');
  });
  it('shows the guard live: before, limit, now', async () => {
    const guard = [
      { host: 'id-db-1', signal: 'harm.psi-some' as const, before: 2, limit: 22, now: 3, breached: false },
      { host: 'id-db-1', signal: 'harm.swap-in' as const, limit: 2000, breached: false },
    ];
    const { section, tell } = await show([runOf(p1, 'watching', { guard })]);
    expect(section('Guard')).toContain('Everything is below its limit.');
    expect(section('Guard')).toContain('Some tasks wait for memory2.0 %22 %3.0 %');
    expect(section('Guard')).toContain('Pages back from swap—2000/s—');
    await tell(
      runOf(p1, 'undoing', {
        guard: guard.map((one, i) => (i === 0 ? { ...one, now: 41, breached: true } : one)),
        problem: problem('guard-tripped', 'Pressure on db-1 went over 22 %.', 'psi some 41.20'),
      }),
    );
    expect(section('Guard')).toContain('The guard tripped on db-1: the change is undone.');
    expect(section('Guard')).toContain('41 % over');
  });
  it('can be kept or undone, each with what it comes to', async () => {
    const { press, fake, buttons, text } = await show([runOf(p1, 'watching')], {
      'plans.keep': () => runOf(p1, 'keeping'),
    });
    expect(buttons()).toEqual(['Keep on db-1', 'Undo now on db-1']);
    expect(text()).toContain('The values stay until the host reboots.');
    expect(text()).toContain('The old value of 1 step is written again.');
    await press('Keep on db-1');
    expect(fake.calls.find(({ name }) => name === 'plans.keep')?.args).toEqual({ plan: 'p1' });
    expect(buttons()).toEqual([]);
    expect(text()).toContain('Keeping on db-1');
  });
  it('waits with keeping until all waves are written, and tells of the wave', async () => {
    const hosts = [
      { host: 'id-db-1', name: 'db-1' },
      { host: 'id-db-2', name: 'db-2' },
    ];
    const waved = {
      ...p1,
      hosts,
      waves: { canary: true, size: 0, watchSeconds: 30 },
      steps: [planStep(), planStep({ host: 'id-db-2', wave: 1 })],
    };
    const { buttons, text } = await show(
      [
        runOf(waved, 'watching', {
          steps: [{ state: 'done' }, { state: 'waiting' }],
          waveReadyAt: epochMs(noon + 12_000),
        }),
      ],
      {},
      [operator, hostView('db-2', { config: { role: 'operator' } })],
    );
    expect(text()).toContain('Canary: watching 12 s more, then 1 more host');
    expect(buttons()).toEqual(['Undo now on 2 hosts']);
    await vi.advanceTimersByTimeAsync(2000);
    expect(text()).toContain('Canary: watching 10 s more');
  });
  it('leaves a viewer without buttons, and says so', async () => {
    const { buttons, text } = await show([runOf(p1, 'watching')], {}, [hostView('db-1')]);
    expect(buttons()).toEqual(['How to change db-1']);
    expect(text()).toContain('This console only watches db-1');
  });
  it('goes on when the page is left', async () => {
    const { fake } = await show([runOf(p1, 'watching')]);
    mounted?.wrapper.unmount();
    await vi.advanceTimersByTimeAsync(5000);
    expect(fake.calls.some(({ name }) => name === 'plans.undo' || name === 'plans.keep')).toBe(false);
    expect(fake.listeners('samples.tick')).toBeLessThanOrEqual(1);
  });
});

describe('afterwards', () => {
  it('a kept one shows what it did, and can be taken back by a new draft', async () => {
    const back = draftOf(plan('p2', { reverses: 'p1' }));
    const kept: PlanView = {
      ...runOf(p1, 'kept'),
      impact: {
        enough: true,
        words: 'Means of 5 min before the first step and of 5 min since the last one.',
        beforeSeconds: 300,
        afterSeconds: 300,
        lines: [
          { host: 'id-db-1', signal: 'saved.compressed', before: 0, after: 2 * 1024 ** 3 },
          { host: 'id-db-1', signal: 'harm.psi-some', before: 1, after: 3 },
        ],
      },
    };
    const { press, section, text, router } = await show([kept], { 'plans.reverse': () => back });
    expect(section('Effect')).toContain('Means of 5 min before');
    expect(section('Effect')).toContain('Saved by compressing02.00 GiB+2.00 GiB');
    expect(text()).toContain('+2.00 GiB saved');
    await press('Take back…');
    await vi.waitFor(() => expect(router.currentRoute.value.params['plan']).toBe('p2'), patience);
  });
  it('says when there is not enough data', async () => {
    const impact = {
      enough: false,
      words: 'Not enough data: db-1 was read once since the last step; it takes 5.',
      beforeSeconds: 0,
      afterSeconds: 5,
      lines: [],
    };
    const { section } = await show([{ ...runOf(p1, 'kept'), impact }]);
    expect(section('Effect')).toContain('Not enough data: db-1 was read once');
  });
  it('an undone one says why, in the other side’s words as well', async () => {
    const { text, buttons } = await show([
      runOf(p1, 'undone', { problem: problem('guard-tripped', 'Pressure on db-1 went over 22 %.', 'psi some 41.20') }),
    ]);
    expect(text()).toContain('Undone on db-1');
    expect(text()).toContain('Pressure on db-1 went over 22 %.');
    expect(text()).toContain('psi some 41.20');
    expect(buttons()).toEqual([]);
  });
  it('one that was undone only in part says which step is left, and what it reads', async () => {
    const { text, section } = await show([
      runOf({ ...p1, steps: [planStep(), planStep({ knob: 'k2', title: 'k2' })] }, 'partly-undone', {
        steps: [
          { state: 'undone', readBack: 'N' },
          { state: 'left', readBack: '7', words: 'somebody set it to 7 meanwhile' },
        ],
      }),
    ]);
    expect(text()).toContain('Undone only in part on db-1');
    expect(section('Steps on db-1')).toContain('2 steps, 1 left alone, 1 undone');
    expect(section('Steps on db-1')).toContain('left alone, reads 7');
    expect(section('Steps on db-1')).toContain('somebody set it to 7 meanwhile');
  });
  it('one of unknown outcome says that the host undoes by itself', async () => {
    const hosts = [{ host: 'id-db-1', state: 'unreachable' as const, deadlineAt: epochMs(noon + 30_000) }];
    const { text, section, buttons } = await show([runOf(p1, 'unknown', { hosts })]);
    expect(text()).toContain('What became of this on db-1 is not known');
    expect(section('Hosts')).toContain('not reached; undoes this by itself in 0:30');
    expect(buttons()).toEqual([]);
  });
});

describe('the page', () => {
  it('folds hosts where there are hundreds of steps, and opens those with trouble', async () => {
    const hosts = Array.from({ length: 30 }, (_, i) => ({ host: `h${i}`, name: `n${i}` }));
    const steps = hosts.flatMap(({ host }) => [1, 2, 3].map((k) => planStep({ host, knob: `k${k}`, title: `k${k}` })));
    const run = { steps: steps.map((_, i) => ({ state: i === 4 ? ('failed' as const) : ('done' as const) })) };
    const { wrapper } = await show([runOf({ ...p1, hosts, steps }, 'watching', run)]);
    expect(wrapper.findAll('.step').length).toBe(3);
    await wrapper.find('[aria-label="Steps on n0"] button').trigger('click');
    expect(wrapper.findAll('.step').length).toBe(6);
  });
  it('shows the steps of one host some at a time', async () => {
    const steps = Array.from({ length: 300 }, (_, i) => planStep({ knob: `k${i}` }));
    const { wrapper, press } = await show([draftOf({ ...p1, steps })]);
    expect(wrapper.findAll('.step').length).toBe(60);
    await press('Show all 300 steps');
    expect(wrapper.findAll('.step').length).toBe(300);
  });
  it('lists what the journal has of it, and more as it happens', async () => {
    let entries = [entry(4, { what: 'created' })];
    const { section, fake, tell } = await show([runOf(p1, 'applying')], {
      'journal.page': () => ({ entries, total: entries.length }),
    });
    expect(section('Journal')).toContain('drew up');
    expect(fake.calls.find(({ name }) => name === 'journal.page')?.args).toEqual({ limit: 50, plan: 'p1' });
    entries = [entry(5, { knob: 'zswap.enabled', before: 'N', after: 'Y' }), ...entries];
    await tell(runOf(p1, 'watching'));
    await vi.advanceTimersByTimeAsync(1000);
    expect(section('Journal')).toContain('N → Y');
  });
  it('asks for a plan that the store does not know yet', async () => {
    const { text } = await show([], { 'plans.get': () => draftOf(p1) });
    expect(text()).toContain('Draft: 1 step on db-1');
  });
  it('says so when there is no such change', async () => {
    const { text } = await show([]);
    expect(text()).toContain('This change is not there any more');
  });
});
