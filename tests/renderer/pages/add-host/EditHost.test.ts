import { flushPromises } from '@vue/test-utils';
import { afterEach, describe, expect, it, vi } from 'vitest';
import AddHostPage from '../../../../renderer/pages/add-host/AddHostPage.vue';
import type { HostView } from '#shared/model/host.ts';
import { problem } from '#shared/problem.ts';
import { fakeConsole } from '../../../support/fake-console.ts';
import { hostView } from '../../../support/guest-rows.ts';
import { mountPage } from '../../../support/mount-page.ts';

afterEach(() => document.body.replaceChildren());

async function edit(hosts: readonly HostView[] = [hostView('h1', { config: { name: 'alpha', tags: ['db'] } })]) {
  const fake = fakeConsole({
    'hosts.list': () => hosts,
    'hosts.edit': ({ host, draft }) => ({ ...draft, id: host }),
    'hosts.test': () => ({
      steps: [],
      problem: problem('host-unreachable', 'Nobody answers there.'),
      platforms: [],
      missing: [],
      guests: 0,
    }),
  });
  const { wrapper, router } = await mountPage(AddHostPage, fake, { at: '/hosts/h1/edit', props: { host: 'h1' } });
  await flushPromises();
  const input = (label: string) => {
    const found = wrapper.findAll('label').find((one) => one.text().startsWith(label));
    return wrapper.get(`[id="${found?.attributes('for') ?? ''}"]`);
  };
  const save = async () => {
    await wrapper.get('form').trigger('submit');
    await flushPromises();
  };
  const asked = (name: string) => fake.calls.filter((call) => call.name === name).map(({ args }) => args);
  return { wrapper, router, fake, input, save, asked };
}

describe('changing a host', () => {
  it('saves at once what does not change how it is reached', async () => {
    const { input, save, asked, router } = await edit();
    await input('Name').setValue('beta');
    await input('Tags').setValue('db, web');
    await save();
    expect(asked('hosts.test')).toEqual([]);
    expect(asked('hosts.edit')).toEqual([
      { host: 'h1', draft: expect.objectContaining({ name: 'beta', tags: ['db', 'web'], address: '10.0.0.7' }) },
    ]);
    await vi.waitFor(() => expect(router.currentRoute.value.name).toBe('host'));
  });

  it('tries another way in before it is saved', async () => {
    const { wrapper, input, save, asked, fake } = await edit();
    await input('User').setValue('admin');
    await save();
    expect(asked('hosts.edit')).toEqual([]);
    expect(wrapper.text()).toContain('Nobody answers there.');
    fake.answers['hosts.test'] = () => ({ steps: [], platforms: [], missing: [], guests: 0 });
    await save();
    expect(asked('hosts.edit')).toEqual([{ host: 'h1', draft: expect.objectContaining({ user: 'admin' }) }]);
  });

  it('refuses a control group that leads elsewhere', async () => {
    const { wrapper, input, save, asked } = await edit();
    await input('Further control groups').setValue('../../etc');
    await save();
    expect(wrapper.get('[role="alert"]').text()).toContain('is not a control group');
    expect(asked('hosts.edit')).toEqual([]);
  });

  it('says when the host is not there any more', async () => {
    const { wrapper } = await edit([]);
    expect(wrapper.text()).toContain('This host is not there');
  });
});
