/** All changes, the journal and drift, as somebody works through them. */
import { flushPromises } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PlanView } from '#shared/model/plan.ts';
import { ProblemError, problem } from '#shared/problem.ts';
import ChangesPage from '../../../../renderer/pages/changes/ChangesPage.vue';
import { fakeConsole, type Answers } from '../../../support/fake-console.ts';
import { hostView } from '../../../support/host-view.ts';
import { mountPage, type Mounted } from '../../../support/mount-page.ts';
import { draftOf, plan, planStep, runOf } from '../../../support/plan-views.ts';
import { givenScreen } from '../../../support/screen-size.ts';
import { entry } from './entries.ts';

const operator = { config: { role: 'operator' as const } };
const answers: Answers = {
  'hosts.list': () => [hostView('db-1', operator), hostView('db-2', operator)],
  'guests.changes': () => ({ revision: 1, rows: [], gone: [] }),
  'drift.list': () => [],
  'journal.page': () => ({ entries: [], total: 0 }),
};
/** Pages are loaded when they are first gone to. */
const patience = { timeout: 10_000 };
let mounted: Mounted | undefined;
afterEach(() => {
  mounted?.wrapper.unmount();
  document.body.replaceChildren();
  vi.restoreAllMocks();
});
beforeEach(givenScreen);

async function show(views: readonly PlanView[], more: Answers = {}, query: Record<string, string> = {}) {
  const fake = fakeConsole({ ...answers, 'plans.list': () => views, ...more });
  mounted = await mountPage(ChangesPage, fake, { at: { name: 'changes', query } });
  await flushPromises();
  const { wrapper, router } = mounted;
  const text = () => wrapper.text().replace(/[\u00a0\u202f]/g, ' ');
  const button = (words: string) =>
    wrapper.findAll('button').find((one) => `${one.attributes('aria-label') ?? ''}${one.text()}`.startsWith(words));
  const press = async (words: string) => {
    await (button(words) ?? expect.fail(`no button ${words}`)).trigger('click');
    await flushPromises();
  };
  const titles = () => wrapper.findAll('[aria-label="List of changes"] tbody th').map((cell) => cell.text());
  const asked = (name: string) => fake.calls.filter((call) => call.name === name).map(({ args }) => args);
  return { fake, wrapper, router, text, button, press, titles, asked };
}
/** What was handed over as a file. */
function files() {
  const saved: { name: string; blob: Blob }[] = [];
  let blob = new Blob();
  vi.spyOn(URL, 'createObjectURL').mockImplementation((of) => {
    blob = of as Blob;
    return 'blob:test';
  });
  vi.spyOn(URL, 'revokeObjectURL').mockImplementation(() => undefined);
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    saved.push({ name: this.download, blob });
  });
  return saved;
}
const three = [
  draftOf(plan('a', { letter: 'A', title: 'Compress' })),
  runOf(plan('b', { letter: 'B', title: 'Merge' }), 'kept'),
  runOf(plan('c', { letter: 'C', title: 'Balloon' }), 'watching'),
];

describe('the list of changes', () => {
  it('begins with a sentence, and has a line for each', async () => {
    const { text, wrapper } = await show(three);
    expect(text()).toContain('Change C is being watched; 1 kept, 1 draft waits.');
    const cells = wrapper.findAll('[aria-label="List of changes"] tbody tr').map((row) =>
      row
        .findAll('td, th')
        .slice(1, 5)
        .map((cell) => cell.text()),
    );
    expect(cells).toContainEqual(['B', 'Merge', 'db-1', 'Kept']);
    expect(cells).toContainEqual(['A', 'Compress', 'db-1', 'Draft']);
  });
  it('teaches where there are none', async () => {
    const { text, button } = await show([]);
    expect(text()).toContain('Nothing has been changed yet.');
    expect(text()).toContain('No changes yet');
    expect(button('Import a change')).toBeDefined();
  });
  it('is narrowed by state, which stands in the address', async () => {
    const { press, titles, router } = await show(three);
    await press('Kept 1');
    expect(titles()).toEqual(['Merge']);
    expect(router.currentRoute.value.query).toEqual({ state: 'kept' });
    await press('All 3');
    expect(titles().length).toBe(3);
  });
  it('opens where the frame points to: what is running', async () => {
    const { titles } = await show(three, {}, { state: 'running' });
    expect(titles()).toEqual(['Balloon']);
  });
  it('follows the runs without being asked', async () => {
    const { fake, text } = await show(three);
    fake.emit('plans.changed', [runOf(plan('c', { letter: 'C' }), 'undone')]);
    await flushPromises();
    expect(text()).toContain('1 kept, 1 undone, 1 draft waits.');
  });
  it('says why it could not be loaded, and loads again', async () => {
    let broken = true;
    const { text, press } = await show([], {
      'plans.list': () => {
        if (broken) throw new ProblemError(problem('file-unreadable', 'The plans cannot be read.'));
        return three;
      },
    });
    expect(text()).toContain('The plans cannot be read.');
    broken = false;
    await press('Load the changes again');
    expect(text()).toContain('Change C is being watched');
  });
  it('compares two, step by step', async () => {
    const left = plan('a', {
      letter: 'A',
      steps: [planStep(), planStep({ knob: 'k2', title: 'pool limit', from: '10', to: '20' })],
    });
    const right = plan('b', {
      letter: 'B',
      steps: [planStep(), planStep({ knob: 'k2', title: 'pool limit', from: '10', to: '30' })],
    });
    const { wrapper, press, button, text } = await show([draftOf(left), draftOf(right), three[2] ?? expect.fail()]);
    const boxes = wrapper.findAll('[aria-label="List of changes"] tbody input');
    await wrapper.find('[aria-label="Select A: Plan a"]').trigger('change');
    expect(text()).toContain('Select one more to compare');
    await wrapper.find('[aria-label="Select B: Plan b"]').trigger('change');
    await press('Compare');
    const rows = () =>
      wrapper.findAll('[aria-label="Comparison"] tbody tr').map((row) => row.findAll('td').map((cell) => cell.text()));
    expect(rows()).toContainEqual(['N → Y', 'N → Y']);
    expect(rows().flat()).toEqual(expect.arrayContaining(['10 → 20', '10 → 30']));
    await wrapper.find('[aria-label="Comparison"] input').setValue(true);
    expect(rows().length).toBe(1);
    await (boxes[0] ?? expect.fail()).trigger('change');
    await wrapper.find('[aria-label="Select C: Balloon"]').trigger('change');
    expect(button('Compare B and')).toBeUndefined();
  });
  it('removes drafts only, and says why it could not', async () => {
    const { press, asked, titles, wrapper, fake, text } = await show(three);
    expect(wrapper.findAll('[aria-label^="Remove draft"]').length).toBe(1);
    await press('Remove draft A');
    expect(text()).toContain('This test has no answer to plans.remove.');
    fake.answers['plans.remove'] = () => null;
    await press('Remove draft A');
    expect(asked('plans.remove')).toEqual([{ plan: 'a' }, { plan: 'a' }]);
    expect(titles()).not.toContain('Compress');
  });
});

describe('files', () => {
  it('a change is exported as JSON under its title', async () => {
    const saved = files();
    const { press } = await show(three, { 'plans.export': () => '{"plan":1}' });
    await press('Export B as JSON');
    expect(saved[0]?.name).toBe('change-merge.json');
    expect(await saved[0]?.blob.text()).toBe('{"plan":1}');
  });
  const pick = async (wrapper: Mounted['wrapper'], content: string) => {
    const input = wrapper.find<HTMLInputElement>('input[type="file"]');
    Object.defineProperty(input.element, 'files', { value: [new File([content], 'c.json')], configurable: true });
    await input.trigger('change');
    await flushPromises();
  };
  it('one that is imported opens as a draft', async () => {
    const { wrapper, asked, router } = await show(three, { 'plans.import': () => draftOf(plan('imported')) });
    await pick(wrapper, '{"wish":{}}');
    await vi.waitFor(() => expect(router.currentRoute.value.params['plan']).toBe('imported'), patience);
    expect(asked('plans.import')).toEqual([{ text: '{"wish":{}}' }]);
  });
  it('one that is no change is refused with the reason', async () => {
    const { wrapper, text } = await show(three, {
      'plans.import': () => {
        throw new ProblemError(problem('plan-refused', 'c.json is no change of this console.'));
      },
    });
    await pick(wrapper, 'nonsense');
    await vi.waitFor(() => expect(text()).toContain('c.json is no change of this console.'), patience);
  });
});

describe('replaying on other hosts', () => {
  it('asks for whom and in which order, and opens the new draft', async () => {
    const { press, asked, router } = await show(three, { 'plans.replay': () => draftOf(plan('again')) });
    await press('Replay B');
    const dialog = () => document.querySelector('[role="dialog"]') ?? expect.fail('no dialog');
    const draw = () =>
      [...dialog().querySelectorAll('button')].find((one) => one.textContent.trim() === 'Draw up the change') ??
      expect.fail();
    expect(dialog().textContent).toContain('Replay B: Merge');
    draw().click();
    await flushPromises();
    expect(asked('plans.replay')).toEqual([]);
    expect(dialog().textContent).toContain('Choose at least one host.');
    for (const name of ['db-1', 'db-2']) {
      dialog().querySelector<HTMLInputElement>(`[aria-label="Select ${name}"]`)?.dispatchEvent(new Event('change'));
      await flushPromises();
    }
    draw().click();
    await flushPromises();
    expect(asked('plans.replay')).toEqual([
      {
        plan: 'b',
        targets: [{ host: 'id-db-1' }, { host: 'id-db-2' }],
        waves: { canary: true, size: 0, watchSeconds: 30 },
      },
    ]);
    await vi.waitFor(() => expect(router.currentRoute.value.params['plan']).toBe('again'), patience);
  });
});

describe('the journal', () => {
  const paged: Answers = {
    'journal.page': ({ before, limit }) => ({
      entries: Array.from({ length: limit }, (_, i) => entry((before ?? 121) - 1 - i)).filter(({ n }) => n > 0),
      total: 120,
    }),
  };
  it('is newest first, page by page, and says that its chain holds', async () => {
    const { text, press, wrapper, asked } = await show(three, paged, { show: 'journal' });
    expect(text()).toContain('The chain holds over 120 entries');
    const numbers = () =>
      wrapper.findAll('[aria-label="Journal entries"] tbody tr').map((row) => Number(row.find('td').text()));
    expect([numbers()[0], numbers().length]).toEqual([120, 50]);
    await press('Show older entries');
    await press('Show older entries');
    expect([numbers()[119], numbers().length]).toEqual([1, 120]);
    expect(asked('journal.page')).toEqual([{ limit: 50 }, { limit: 50, before: 71 }, { limit: 50, before: 21 }]);
    expect(text()).not.toContain('Show older entries');
  });
  it('tells who, where, what, and what it was', async () => {
    const one = entry(7, {
      host: { id: 'id-db-1', name: '<i>db-1</i>' },
      plan: 'b',
      title: 'KSM runs',
      knob: 'ksm.run',
      before: '0',
      after: '1',
      words: 'as asked for',
    });
    const { wrapper } = await show(
      three,
      { 'journal.page': () => ({ entries: [one], total: 1 }) },
      { show: 'journal' },
    );
    const row = wrapper.find('[aria-label="Journal entries"] tbody tr');
    for (const words of [
      'ann@desk',
      '<i>db-1</i>',
      'wrote',
      'KSM runs',
      'ksm.run',
      'change B',
      '0 → 1',
      'as asked for',
    ])
      expect(row.text()).toContain(words);
    expect(row.find('i').exists()).toBe(false);
    expect(row.find('a').attributes('href')).toBe('/changes/b');
  });
  it('warns of a chain that is broken, in the place of the sentence that it holds', async () => {
    const broken = 'Entry 12 does not hold the hash of entry 11: one of them was altered.';
    const { text } = await show(
      three,
      { 'journal.page': () => ({ entries: [entry(12)], total: 1, broken }) },
      { show: 'journal' },
    );
    expect(text()).toContain('The journal’s chain is broken'.replace('’', "'"));
    expect(text()).toContain(broken);
    expect(text()).not.toContain('The chain holds');
  });
  it('is exported whole', async () => {
    const saved = files();
    const { press } = await show(three, { ...paged, 'journal.export': () => '{"n":1}\n' }, { show: 'journal' });
    await press('Export the journal');
    expect(saved[0]?.name).toBe('tmem-console-journal.jsonl');
    expect(await saved[0]?.blob.text()).toBe('{"n":1}\n');
  });
  it('teaches while it is empty', async () => {
    const { text } = await show(three, {}, { show: 'journal' });
    expect(text()).toContain('Nothing is in the journal yet');
  });
});

describe('drift', () => {
  const items = [
    {
      host: 'id-db-1',
      hostName: 'db-1',
      knob: 'zswap.enabled',
      keptAs: '',
      title: 'zswap enabled',
      wanted: 'Y',
      now: 'N',
    },
    { host: 'id-db-1', hostName: 'db-1', knob: 'mem.max', keptAs: 'domain-*', title: 'limit', wanted: '4G' },
  ];
  it('shows what is written down beside what is so now, and is in the verdict', async () => {
    const { text, wrapper } = await show(three, { 'drift.list': () => items }, { show: 'drift' });
    expect(text()).toContain('2 settings are not what is written down');
    expect(
      wrapper.findAll('[aria-label="db-1"] tbody tr').map((row) => row.findAll('td').map((cell) => cell.text())),
    ).toEqual([
      ['Y', 'N'],
      ['4G', '— (not there now)'],
    ]);
    expect(text()).toContain('1 line for what is not there any more is dropped');
  });
  it('is put back by a draft', async () => {
    const { press, router, asked } = await show(
      three,
      {
        'drift.list': () => items,
        'drift.putBack': () => draftOf(plan('back')),
      },
      { show: 'drift' },
    );
    await press('Put back…');
    expect(asked('drift.putBack')).toEqual([{ host: 'id-db-1' }]);
    await vi.waitFor(() => expect(router.currentRoute.value.params['plan']).toBe('back'), patience);
  });
  it('is accepted', async () => {
    const { press, asked, text } = await show(
      three,
      { 'drift.list': () => items, 'drift.accept': () => null },
      { show: 'drift' },
    );
    await press('Accept what is so now');
    expect(asked('drift.accept')).toEqual([{ host: 'id-db-1' }]);
    expect(text()).toContain('Nothing has drifted');
  });
  it('leaves a viewer without buttons, and says so', async () => {
    const { button, text } = await show(
      three,
      {
        'drift.list': () => items,
        'hosts.list': () => [hostView('db-1')],
      },
      { show: 'drift' },
    );
    expect(button('Put back')).toBeUndefined();
    expect(button('Accept')).toBeUndefined();
    expect(text()).toContain('The console only watches db-1');
  });
});
