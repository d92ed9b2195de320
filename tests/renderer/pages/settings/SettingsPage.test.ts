import { flushPromises } from '@vue/test-utils';
import { afterEach, describe, expect, it } from 'vitest';
import SettingsPage from '../../../../renderer/pages/settings/SettingsPage.vue';
import type { ConsoleInfo } from '#shared/model/settings.ts';
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

async function settingsPage(more: Partial<ConsoleInfo> = {}) {
  const fake = fakeConsole({
    'console.info': () => ({ ...info, ...more }),
    'console.notices': () => [{ id: 'n', level: 'warning', sentence: 'hosts.json was set aside.' }],
    'settings.get': () => ({ intervalSeconds: 5, theme: 'system', density: 'comfortable' }),
    'settings.set': ({ settings }) => settings,
  });
  const { wrapper } = await mountPage(SettingsPage, fake, { at: '/settings' });
  await flushPromises();
  const changes = () => fake.calls.filter(({ name }) => name === 'settings.set').map(({ args }) => args);
  return { wrapper, fake, changes };
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
    expect(changes().at(-1)).toEqual({ settings: { intervalSeconds: 30, theme: 'dark', density: 'compact' } });
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
