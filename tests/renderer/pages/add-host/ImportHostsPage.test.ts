import { flushPromises } from '@vue/test-utils';
import { afterEach, describe, expect, it } from 'vitest';
import ImportHostsPage from '../../../../renderer/pages/add-host/ImportHostsPage.vue';
import type { ImportableHost } from '#shared/contract/hosts.ts';
import { ProblemError, problem } from '#shared/problem.ts';
import { fakeConsole, type Answers } from '../../../support/fake-console.ts';
import { hostView } from '../../../support/guest-rows.ts';
import { mountPage } from '../../../support/mount-page.ts';

afterEach(() => document.body.replaceChildren());

const plain: ImportableHost = {
  alias: 'alpha',
  address: '10.1.0.1',
  port: 22,
  user: 'root',
  jumps: [],
  present: false,
};
const hosts: readonly ImportableHost[] = [
  plain,
  { ...plain, alias: 'beta', jumps: ['gate', 'inner'] },
  { ...plain, alias: 'here', present: true },
  { ...plain, alias: 'odd', obstacle: 'IdentityFile %i holds a token the console does not know.' },
];

async function importPage(answers: Answers = {}) {
  const fake = fakeConsole({
    'hosts.importable': () => hosts,
    'hosts.import': ({ aliases }) => aliases.map((alias) => hostView(alias).config),
    ...answers,
  });
  const { wrapper } = await mountPage(ImportHostsPage, fake, { at: '/import-hosts' });
  await flushPromises();
  const press = async (words: string) => {
    await wrapper
      .findAll('button')
      .find((one) => one.text().startsWith(words))
      ?.trigger('click');
    await flushPromises();
  };
  return { wrapper, fake, press };
}

describe('importing hosts', () => {
  it('offers what can come, and says what keeps the others', async () => {
    const { wrapper } = await importPage();
    const box = (alias: string) => wrapper.get(`input[aria-label="Import ${alias}"]`);
    expect(box('alpha').attributes('disabled')).toBeUndefined();
    expect(box('here').attributes('disabled')).toBeDefined();
    expect(box('odd').attributes('disabled')).toBeDefined();
    for (const words of ['Already in the console', 'holds a token', 'gate → inner'])
      expect(wrapper.text()).toContain(words);
  });

  it('takes the chosen ones and says how many came', async () => {
    const { wrapper, fake, press } = await importPage();
    await wrapper.get('input[aria-label="All that can be imported"]').trigger('change');
    await press('Import 2 hosts');
    expect(fake.calls).toContainEqual({ name: 'hosts.import', args: { aliases: ['alpha', 'beta'] } });
    expect(wrapper.get('[role="status"]').text()).toContain('2 hosts imported');
  });

  it('keeps the choice when the import is refused', async () => {
    const { wrapper, press } = await importPage({
      'hosts.import': () => Promise.reject(new ProblemError(problem('disk-full', 'The disk is full.'))),
    });
    await wrapper.get('input[aria-label="Import alpha"]').trigger('change');
    await press('Import 1 host');
    expect(wrapper.get('[role="alert"]').text()).toContain('The disk is full.');
    expect(wrapper.get<HTMLInputElement>('input[aria-label="Import alpha"]').element.checked).toBe(true);
  });

  it('says when there is nothing to import', async () => {
    const { wrapper } = await importPage({ 'hosts.importable': () => [] });
    expect(wrapper.text()).toContain('The file names no hosts');
  });
});
