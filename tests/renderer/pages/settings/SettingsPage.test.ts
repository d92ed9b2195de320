import { flushPromises } from '@vue/test-utils';
import { afterEach, describe, expect, it } from 'vitest';
import SettingsPage from '../../../../renderer/pages/settings/SettingsPage.vue';
import type { HistoryStatus } from '#shared/model/history.ts';
import { defaultSettings, type ConsoleInfo } from '#shared/model/settings.ts';
import { ProblemError, problem } from '#shared/problem.ts';
import { fakeConsole } from '../../../support/fake-console.ts';
import { mountPage } from '../../../support/mount-page.ts';

afterEach(() => document.body.replaceChildren());

const info: ConsoleInfo = {
  version: '0.1.0',
  shell: 'browser',
  dataDir: '/var/lib/tmem',
  persistent: true,
  platform: 'linux',
  node: 'v24',
};

const history: HistoryStatus = {
  state: 'recording',
  file: '/var/lib/tmem/history.db',
  bytes: 130 * 1024 ** 2,
  budgetBytes: 2 * 1024 ** 3,
  tiers: [],
};

async function settingsPage(more: Partial<ConsoleInfo> = {}) {
  const fake = fakeConsole({
    'console.info': () => ({ ...info, ...more }),
    'console.notices': () => [{ id: 'n', level: 'warning', sentence: 'hosts.json was set aside.' }],
    'history.status': () => history,
    'settings.get': () => defaultSettings,
    'settings.set': ({ settings }) => settings,
  });
  const { wrapper } = await mountPage(SettingsPage, fake, { at: '/settings' });
  await flushPromises();
  const changes = () => fake.calls.filter(({ name }) => name === 'settings.set').map(({ args }) => args);
  const card = (label: string) => wrapper.get(`section[aria-label="${label}"]`);
  const fill = async (label: string, text: string) => {
    const of = wrapper.findAll('label').find((one) => one.text() === label) ?? expect.fail(label);
    await wrapper.get(`[id="${of.attributes('for') ?? ''}"]`).setValue(text);
  };
  return { wrapper, fake, changes, card, fill };
}

describe('settings', () => {
  it('tells what the console is and what is wrong with it', async () => {
    const { wrapper } = await settingsPage();
    for (const words of ['0.1.0', 'Local server with this browser', '/var/lib/tmem', 'hosts.json was set aside.'])
      expect(wrapper.text()).toContain(words);
  });

  it('changes the theme, the rows and the interval', async () => {
    const { wrapper, changes } = await settingsPage();
    await wrapper.get('input[value="dark"]').setValue();
    await wrapper.get('input[value="compact"]').setValue();
    await wrapper.get('input[type="number"]').setValue('30');
    await flushPromises();
    expect(changes().at(-1)).toEqual({
      settings: { ...defaultSettings, intervalSeconds: 30, theme: 'dark', density: 'compact' },
    });
    expect(document.documentElement.dataset['theme']).toBe('dark');
  });

  it.each(['0', '61', '1.5', ''])('takes no interval of "%s"', async (seconds) => {
    const { wrapper, changes } = await settingsPage();
    const field = wrapper.get<HTMLInputElement>('input[type="number"]');
    await field.setValue(seconds);
    await flushPromises();
    expect(changes()).toEqual([]);
    expect(field.element.value).toBe('5');
  });

  it('says when nothing is kept', async () => {
    const { wrapper } = await settingsPage({ persistent: false });
    expect(wrapper.get('[role="alert"]').text()).toContain('/var/lib/tmem cannot be written');
  });

  it('takes a change back that the core refuses, and says why', async () => {
    const { wrapper, fake } = await settingsPage();
    fake.answers['settings.set'] = () => Promise.reject(new ProblemError(problem('disk-full', 'The disk is full.')));
    await wrapper.get('input[value="dark"]').setValue();
    await flushPromises();
    expect(wrapper.text()).toContain('The disk is full.');
    expect(document.documentElement.dataset['theme']).toBeUndefined();
  });
});

describe('how long history is kept', () => {
  it('is shown with what is there now, and saved as a whole', async () => {
    const { card, fill, changes } = await settingsPage();
    expect(
      card('History')
        .text()
        .replace(/\u00a0/g, ' '),
    ).toContain('It takes 130 MiB, 6.3 % of the budget of 2.00 GiB.');
    expect(card('History').find('button[type="submit"]').exists()).toBe(false);
    await fill('Keep every reading for (days)', '7');
    await fill('Take at most this much of the disk', '4');
    expect(card('History').text()).toContain('deletes raw readings older than 7 days');
    await card('History').get('form').trigger('submit');
    await flushPromises();
    expect(changes()).toEqual([
      { settings: { ...defaultSettings, history: { ...defaultSettings.history, rawDays: 7, diskMiB: 4096 } } },
    ]);
  });
  it('saves nothing while one field is wrong, and says which', async () => {
    const { card, fill, changes } = await settingsPage();
    await fill('Keep every reading for (days)', '7');
    await fill('Keep hours for (days)', 'for ever');
    await card('History').get('form').trigger('submit');
    await flushPromises();
    expect(changes()).toEqual([]);
    expect(
      card('History')
        .findAll('[role="alert"]')
        .map((one) => one.text()),
    ).toEqual(['A whole number of days, from 1 to 36500.']);
  });
  it('goes back, keeps what was typed when it is refused, and says why', async () => {
    const { card, fill, fake, wrapper } = await settingsPage();
    fake.answers['settings.set'] = () => Promise.reject(new ProblemError(problem('disk-full', 'The disk is full.')));
    await fill('Keep every reading for (days)', '7');
    await card('History').get('form').trigger('submit');
    await flushPromises();
    expect(card('History').text()).toContain('The disk is full.');
    const field = () => card('History').get<HTMLInputElement>('input').element.value;
    expect(field()).toBe('7');
    await wrapper
      .findAll('button')
      .find((one) => one.text() === 'Leave them as they were')
      ?.trigger('click');
    expect(field()).toBe('14');
  });
  it('takes in what somebody else chose, unless something is being typed', async () => {
    const { card, fill, fake } = await settingsPage();
    const field = () => card('History').get<HTMLInputElement>('input').element.value;
    const emit = async (rawDays: number) => {
      fake.emit('settings.changed', { ...defaultSettings, history: { ...defaultSettings.history, rawDays } });
      await flushPromises();
    };
    await emit(21);
    expect(field()).toBe('21');
    await fill('Keep every reading for (days)', '3');
    await emit(28);
    expect(field()).toBe('3');
  });
});

describe('the price of RAM', () => {
  it('is kept with its currency', async () => {
    const { card, fill, changes } = await settingsPage();
    expect(card('Money').text()).toContain('No price is set');
    await fill('A GiB of RAM costs, per month', '4.50');
    await fill('Currency', 'CHF');
    await card('Money').get('form').trigger('submit');
    await flushPromises();
    expect(changes()).toEqual([
      { settings: { ...defaultSettings, money: { pricePerGiBMonth: 4.5, currency: 'CHF' } } },
    ]);
    expect(card('Money').text()).not.toContain('No price is set');
  });
});

describe('moving house', () => {
  it('shows the commands for this data directory, and that secrets stay', async () => {
    const { card } = await settingsPage({ dataDir: "/srv/it's here" });
    expect(card('Moving house').text()).toContain(`--data-dir '/srv/it'\\''s here'`);
    expect(card('Moving house').text()).toContain('are never in it');
  });
});
