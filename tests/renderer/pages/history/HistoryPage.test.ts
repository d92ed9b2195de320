import { flushPromises } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RouteLocationRaw } from 'vue-router';
import HistoryPage from '../../../../renderer/pages/history/HistoryPage.vue';
import { historyRoute, readView } from '../../../../renderer/pages/history/history-query.ts';
import type { RequestName } from '#shared/contract/contract.ts';
import { ProblemError, problem } from '#shared/problem.ts';
import { epochMs } from '#shared/units.ts';
import type { Answers } from '../../../support/fake-console.ts';
import { mountPage, type Mounted } from '../../../support/mount-page.ts';
import { day, entity, historyConsole, recording, seriesIn } from './history-support.ts';

const now = new Date(2026, 0, 15, 12).getTime();
const hour = 3_600_000;
let mounted: Mounted | undefined;

beforeEach(() => vi.useFakeTimers({ now, toFake: ['Date', 'setTimeout', 'clearTimeout'] }));
afterEach(() => {
  mounted?.wrapper.unmount();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const compressed = (host = 'id-db-1') => ({ host, guest: '', metric: 'signal.saved.compressed', instance: '' });

async function show(at: RouteLocationRaw = { name: 'history' }, answers: Answers = {}) {
  const fake = historyConsole(now, answers);
  mounted = await mountPage(HistoryPage, fake, { at });
  const { wrapper, router } = mounted;
  await flushPromises();
  const asked = (name: RequestName) => fake.calls.filter((call) => call.name === name).map(({ args }) => args);
  const view = () => readView(router.currentRoute.value.query);
  const button = (words: string | RegExp) => {
    const all = wrapper.findAll('button');
    return (
      all.find((one) => (typeof words === 'string' ? one.text() === words : words.test(one.text()))) ?? expect.fail()
    );
  };
  const text = () => wrapper.text().replace(/\u00a0/g, ' ');
  return { wrapper, router, fake, asked, view, button, text };
}

describe('history, before anything is chosen', () => {
  it('teaches what it is for, asks for no series, and begins with what the fleet saves', async () => {
    const { text, asked, button, view } = await show();
    expect(text()).toContain('Choose what to see');
    expect(text()).toContain('Kept: readings since 2026-01-10');
    expect(asked('history.series')).toEqual([]);
    await button('Show what the fleet saves').trigger('click');
    await flushPromises();
    expect(view().series.map(({ host, metric }) => [host, metric])).toContainEqual(['', 'signal.saved.compressed']);
    expect(asked('history.fleet')).toEqual([{ hosts: [], from: now - hour, to: now, points: 1000 }]);
    expect(text()).toContain('Saved by compressing');
  });
  it('lists hosts and guests, also those that are gone, and finds them by a part of their name', async () => {
    const { wrapper } = await show();
    const list = () =>
      wrapper.findAll('[aria-label="Whose figures"] li').map((one) => one.text().replace(/\u00a0/g, ' '));
    expect(list()).toEqual(['Fleetall hosts together', 'db-1host', 'old-1host, last seen 9 d ago', '<b>shop</b>db-1']);
    await wrapper.get('input[aria-label="Host or guest"]').setValue('shop');
    expect(list()).toEqual(['Fleetall hosts together', '<b>shop</b>db-1']);
    expect(wrapper.find('b').exists()).toBe(false);
  });
  it('adds a figure by a tick, keeps it in the address, and takes it off by its chip', async () => {
    const { wrapper, button, view, asked } = await show();
    await button(/^db-1/).trigger('click');
    await flushPromises();
    const choices = wrapper.findAll('[aria-label="Figures of db-1"] .choice');
    expect(choices.map((one) => one.text())).toEqual([
      'Saved by compressing',
      'Title of zswap.stored',
      'Title of vmstat.pswpin',
      'Title of zram.used zram0',
    ]);
    await choices[3]?.get('input').setValue(true);
    await flushPromises();
    expect(view().series).toEqual([{ host: 'id-db-1', guest: '', metric: 'zram.used', instance: 'zram0' }]);
    expect(asked('history.series').at(-1)).toMatchObject({ keys: view().series });
    await wrapper.get('[aria-label="Take off Title of zram.used zram0, db-1"]').trigger('click');
    await flushPromises();
    expect(view().series).toEqual([]);
  });
});

describe('history of what was chosen', () => {
  it('shows it with its resolution, as an answer or a bookmark says', async () => {
    const { text, wrapper, asked } = await show(historyRoute({ series: [compressed()], span: { last: 86_400 } }));
    expect(asked('history.series')).toEqual([{ keys: [compressed()], from: now - day, to: now, points: 1000 }]);
    expect(text()).toContain('1 figure of db-1, the last 24 h, in means of 1 min.');
    expect(text()).toContain('The light band reaches from the lowest to the highest');
    expect(
      wrapper
        .get('table')
        .text()
        .replace(/\u00a0/g, ' '),
    ).toContain('2.00 KiB');
  });
  it('asks again when there is something new to see, and no sooner', async () => {
    const { asked } = await show(historyRoute({ series: [compressed()], span: { last: 7 * 86_400 } }));
    const pace = (7 * day) / 2000;
    await vi.advanceTimersByTimeAsync(pace - 1000);
    expect(asked('history.series').length).toBe(1);
    await vi.advanceTimersByTimeAsync(2000);
    expect(asked('history.series').length).toBe(2);
    expect(asked('history.series').at(-1)).toMatchObject({ to: now + pace });
  });
  it('does not ask again about a span that is past, nor after the page is gone', async () => {
    const past = { from: now - 2 * hour, to: now - hour };
    const { asked } = await show(historyRoute({ series: [compressed()], span: past }));
    await vi.advanceTimersByTimeAsync(day);
    expect(asked('history.series').length).toBe(1);
    const live = await show(historyRoute({ series: [compressed()] }));
    mounted?.wrapper.unmount();
    await vi.advanceTimersByTimeAsync(day);
    expect(live.asked('history.series').length).toBe(1);
  });
  it('asks for finer figures of what was zoomed to, keeps that in the address, and goes back', async () => {
    const { wrapper, router, asked, view } = await show(
      historyRoute({ series: [compressed()], span: { last: 86_400 } }),
    );
    const zoom = { from: now - 3 * hour, to: now - 2 * hour };
    await router.push(historyRoute({ ...view(), zoom }));
    await flushPromises();
    expect(asked('history.series').at(-1)).toMatchObject(zoom);
    await vi.advanceTimersByTimeAsync(hour);
    expect(asked('history.series').length).toBe(2);
    await wrapper.get('[data-box]').trigger('keydown', { key: '0' });
    await flushPromises();
    expect(view().zoom).toBeUndefined();
    expect(asked('history.series').at(-1)).toMatchObject({ to: now + hour });
  });
  it('moves by a span, back to now, and to what was typed', async () => {
    const { wrapper, view, button } = await show(historyRoute({ series: [compressed()] }));
    await wrapper.get('[aria-label="One span back"]').trigger('click');
    await flushPromises();
    expect(view().span).toEqual({ from: now - 2 * hour, to: now - hour });
    await button('Now').trigger('click');
    await flushPromises();
    expect(view().span).toEqual({ last: 3600 });
    const [from, to] = wrapper.findAll('input[type="datetime-local"]');
    await from?.setValue('2026-01-14T10:00:00');
    await to?.setValue('2026-01-13T10:00:00');
    await wrapper.get('form[aria-label="From a moment to a moment"]').trigger('submit');
    expect(wrapper.get('[role="alert"]').text()).toBe('The end has to be after the beginning.');
    expect(view().span).toEqual({ last: 3600 });
    await to?.setValue('2026-01-14T11:00:00');
    await wrapper.get('form[aria-label="From a moment to a moment"]').trigger('submit');
    await flushPromises();
    expect(view().span).toEqual({ from: now - 26 * hour, to: now - 25 * hour });
    expect(wrapper.find('[role="alert"]').exists()).toBe(false);
  });
  it('draws an earlier span on the same axis, and says so', async () => {
    const { text, wrapper, asked } = await show(historyRoute({ series: [compressed()], compare: 'day' }));
    expect(asked('history.series').at(-1)).toMatchObject({ from: now - day - hour, to: now - day });
    expect(text()).toContain('Saved by compressing, a day before');
    expect(text()).toContain('Dashed: the same a day before, from 2026-01-14 11:00 on.');
    // At the same moments of the axis.
    expect(wrapper.findAll('tbody tr').map((row) => row.findAll('td').length)).toEqual([2, 2, 2]);
  });
  it('lists a host as soon as its first reading is there', async () => {
    let recorded = false;
    const { text } = await show(undefined, {
      'history.entities': () => (recorded ? [entity('id-db-1', '', 'db-1', now)] : []),
    });
    expect(text()).toContain('No host has a history yet.');
    recorded = true;
    await vi.advanceTimersByTimeAsync(2000);
    expect(text()).not.toContain('No host has a history yet.');
    expect(text()).toContain('db-1');
  });
  it('does not promise an earlier span of which there is nothing', async () => {
    const { text } = await show(historyRoute({ series: [compressed()], compare: 'day' }), {
      'history.series': ({ keys, from, to }) => ({
        tier: 'minute',
        stepMs: 60_000,
        from: epochMs(from),
        to: epochMs(to),
        damaged: 0,
        series: from < now - day ? [] : keys.map((key) => seriesIn(key, from, to)),
      }),
    });
    expect(text()).toContain('Nothing of what is chosen was recorded a day before: there is nothing to compare with.');
    expect(text()).not.toContain('Dashed');
  });
  it('sets hosts side by side on one scale', async () => {
    const { wrapper } = await show(
      historyRoute({ series: [compressed(), { ...compressed(''), host: '' }], apart: true }),
    );
    expect(wrapper.findAll('.column h2').map((one) => one.text())).toEqual(['db-1', 'Fleet']);
    expect(wrapper.findAll('.column').map((one) => one.findAll('figure').length)).toEqual([1, 1]);
  });
  it('adds the figures that are shown of others', async () => {
    const { button, view } = await show(historyRoute({ series: [compressed('')] }));
    await button(/^db-1/).trigger('click');
    await flushPromises();
    await button('Add the figure shown of others').trigger('click');
    await flushPromises();
    expect(view().series.map(({ host }) => host)).toEqual(['', 'id-db-1']);
  });
  it('marks changes and reboots, in the table as on the chart', async () => {
    const at = (share: number) => epochMs(now - hour * share);
    const { text, wrapper } = await show(historyRoute({ series: [compressed()] }), {
      'history.events': () => [
        { at: at(0.2), kind: 'reboot', host: 'id-db-1', words: 'It was started anew.' },
        { at: at(0.6), kind: 'change', host: '', words: 'Compress, begun by ann.', plan: 'p1', letter: 'A' },
      ],
    });
    expect(text()).toContain('; 1 change and 1 reboot meanwhile.');
    expect(wrapper.findAll('.change').map((one) => one.text())).toEqual([
      'db-1: It was started anew.',
      'A: Compress, begun by ann.',
    ]);
    expect(wrapper.get('.change a').attributes('href')).toBe('/changes/p1');
  });
  it('leads to the last figures of a host that is gone', async () => {
    const { text, button, view, asked } = await show(historyRoute({ series: [compressed('id-old-1')] }));
    expect(text()).toContain('Nothing of what is chosen was recorded in this span.');
    expect(text()).toContain('It was last seen 2026-01-06 12:00.');
    await button('Go to the last figures').trigger('click');
    await flushPromises();
    expect(view().span).toEqual({ from: now - 9 * day - hour + 1000, to: now - 9 * day + 1000 });
    expect(asked('history.series').length).toBe(2);
    expect(text()).not.toContain('Nothing of what is chosen');
  });
  it('saves exactly what is shown', async () => {
    let saved = new Blob();
    URL.createObjectURL = vi.fn((blob: Blob) => ((saved = blob), 'blob:x'));
    URL.revokeObjectURL = vi.fn();
    const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined);
    const { button } = await show(
      historyRoute({ series: [{ host: 'id-db-1', guest: 'libvirt:1', metric: 'guest.resident', instance: '' }] }),
    );
    await button('Save CSV').trigger('click');
    expect(click).toHaveBeenCalledOnce();
    const name = '<b>shop</b> on db-1: Title of guest.resident (bytes)';
    expect(await saved.text()).toBe(
      [
        `time,${name},"${name}, lowest","${name}, highest"`,
        `${new Date(now - 0.75 * hour).toISOString()},1024,512,4096`,
        `${new Date(now - 0.5 * hour).toISOString()},,,`,
        `${new Date(now - 0.25 * hour).toISOString()},2048,1024,4096`,
        '',
      ].join('\r\n'),
    );
  });
});

describe('history that has trouble', () => {
  it('says when nothing is recorded, and when it is again', async () => {
    const { text, fake } = await show(undefined, {
      'history.status': () => ({ ...recording, state: 'paused', because: 'The disk is full.' }),
    });
    expect(text()).toContain('Nothing is being recorded at the moment.');
    expect(text()).toContain('The disk is full.');
    fake.emit('history.moved', recording);
    await flushPromises();
    expect(text()).not.toContain('Nothing is being recorded');
  });
  it('lists what there is once it has been opened', async () => {
    const { text, fake, asked } = await show(undefined, {
      'history.status': () => ({ ...recording, state: 'opening', progress: 0.4, tiers: [] }),
      'history.entities': () => [],
    });
    expect(text()).toContain('The history is being opened. 40 % of it is done.');
    expect(text()).toContain('No host has a history yet.');
    fake.emit('history.moved', recording);
    await flushPromises();
    expect(asked('history.entities').length).toBe(2);
  });
  it('says why it could not be read, and reads it again', async () => {
    let broken = true;
    const { text, button, fake } = await show(historyRoute({ series: [compressed()] }), {
      'history.events': () => {
        if (broken) throw new ProblemError(problem('file-unreadable', 'The history cannot be read.'));
        return [];
      },
    });
    expect(text()).toContain('The history cannot be read.');
    broken = false;
    await button('Read it again').trigger('click');
    await flushPromises();
    expect(text()).not.toContain('The history cannot be read.');
    expect(fake.listeners('history.moved')).toBe(1);
    mounted?.wrapper.unmount();
    expect(fake.listeners('history.moved')).toBe(0);
  });
  it('says that pieces were left out', async () => {
    const { text } = await show(historyRoute({ series: [compressed()] }), {
      'history.series': ({ from, to }) => ({
        tier: 'raw',
        stepMs: 5000,
        from: epochMs(from),
        to: epochMs(to),
        damaged: 2,
        series: [],
      }),
    });
    expect(text()).toContain('2 pieces of the history could not be read and are left out');
  });
});
