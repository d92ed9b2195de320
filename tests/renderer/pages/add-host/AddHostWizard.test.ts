import { flushPromises } from '@vue/test-utils';
import { afterEach, describe, expect, it, vi } from 'vitest';
import AddHostPage from '../../../../renderer/pages/add-host/AddHostPage.vue';
import type { KeyCheck, TestReport, TestStep } from '#shared/contract/hosts.ts';
import type { HostDraft, SecretRequest } from '#shared/model/host.ts';
import { ProblemError, problem } from '#shared/problem.ts';
import { fakeConsole, type Answers } from '../../../support/fake-console.ts';
import { mountPage } from '../../../support/mount-page.ts';

afterEach(() => document.body.replaceChildren());

const offer = { host: '10.0.0.7', keyType: 'ssh-ed25519', fingerprint: 'SHA256:abcdef' };
const known: KeyCheck = { verdict: 'known', offer, knownFrom: '/home/anna/.ssh/known_hosts, line 3' };
const steps: TestStep[] = [{ title: 'Login', outcome: 'done', detail: 'root', millis: 88 }];
const passed: TestReport = {
  steps,
  facts: {
    kernel: '6.1.0-56-amd64',
    hostname: 'host-07',
    os: 'Debian GNU/Linux 12 (bookworm)',
    pageSize: 4096,
    bootId: 'x',
    uid: 0,
    user: 'root',
    rights: 'root',
  },
  platforms: [{ id: 'mainline', title: 'Linux', presence: 'partial', because: ['zswap is off'] }],
  missing: [],
  guests: 14,
};
const needs = (request: Partial<SecretRequest>): TestReport => ({
  steps: [{ title: 'Login', outcome: 'failed', detail: 'The password is needed.' }],
  problem: problem('secret-needed', 'The password is needed.'),
  needs: {
    kind: 'secret',
    request: {
      id: 'r1',
      kind: 'password',
      forWhom: 'root@10.0.0.7',
      prompts: [{ text: 'Password of root@10.0.0.7', echo: false }],
      ...request,
    },
  },
  platforms: [],
  missing: [],
  guests: 0,
});
const refused: TestReport = {
  ...needs({}),
  problem: problem('auth-refused', 'root@10.0.0.7 was refused: the password is not accepted. It was tried once.'),
};
delete (refused as { needs?: unknown }).needs;

async function wizard(answers: Answers = {}) {
  const fake = fakeConsole({
    'hosts.list': () => [],
    'hosts.checkKey': () => known,
    'hosts.test': () => passed,
    'hosts.add': ({ draft }) => ({ ...(draft as HostDraft), id: 'new' }),
    ...answers,
  });
  const { wrapper, router } = await mountPage(AddHostPage, fake, { at: '/add-host' });
  const button = (words: string) => wrapper.findAll('button').find((one) => one.text().startsWith(words));
  const press = async (words: string) => {
    const found = button(words);
    if (found === undefined) throw new Error(`no button "${words}" in: ${wrapper.text()}`);
    if (found.attributes('type') === 'submit') await wrapper.get('form').trigger('submit');
    else await found.trigger('click');
    await flushPromises();
  };
  const field = (label: string) => {
    const found = wrapper.findAll('label').find((one) => one.text().startsWith(label));
    return wrapper.get(`[id="${found?.attributes('for') ?? ''}"]`);
  };
  const choose = async (title: string) => {
    const found = wrapper.findAll('label').find((one) => one.text().startsWith(title));
    await found?.get('input').setValue();
  };
  const toLogin = async () => {
    await field('Address').setValue('10.0.0.7');
    await press('Check the key');
    await press('Choose the login');
  };
  const step = () => wrapper.get('[aria-current="step"]').text().slice(1);
  const asked = (name: string) => fake.calls.filter((call) => call.name === name).map(({ args }) => args);
  return { wrapper, router, fake, button, press, field, choose, toLogin, step, asked };
}

async function typeSecret(page: Awaited<ReturnType<typeof wizard>>, secret: string): Promise<void> {
  await page.wrapper.get('input[type="password"]').setValue(secret);
  await page.wrapper.findAll('form')[1]?.trigger('submit');
  await flushPromises();
}

describe('adding a host', () => {
  it('says what an empty form lacks, and asks nothing', async () => {
    const { wrapper, press, asked } = await wizard();
    await press('Check the key');
    expect(wrapper.get('[role="alert"]').text()).toContain('Which host');
    expect(asked('hosts.checkKey')).toEqual([]);
  });

  it('goes on with a known key and says where it is known from; tests, shows what is there, saves', async () => {
    const { wrapper, field, press, step, asked, router } = await wizard();
    await field('Address').setValue('10.0.0.7');
    await press('Check the key');
    expect(wrapper.text()).toContain('/home/anna/.ssh/known_hosts, line 3');
    await press('Choose the login');
    await press('Test the login');
    expect(step()).toBe('What was found');
    for (const words of ['Debian GNU/Linux 12', '6.1.0-56-amd64', 'zswap is off', 'Guests14', '88\u00a0ms'])
      expect(wrapper.text()).toContain(words);
    await field('Tags').setValue('db, prod');
    await press('Save');
    expect(asked('hosts.add')).toEqual([
      { draft: expect.objectContaining({ name: '10.0.0.7', tags: ['db', 'prod'], login: { method: 'agent' } }) },
    ]);
    await vi.waitFor(() => expect(router.currentRoute.value.params['host']).toBe('new'));
  });

  it('shows an unknown key with the way to compare it, and goes on only when it is trusted', async () => {
    let trusted = false;
    const page = await wizard({
      'hosts.checkKey': () => (trusted ? known : { verdict: 'unknown', offer }),
      'hosts.trustKey': () => {
        trusted = true;
        return null;
      },
    });
    await page.field('Address').setValue('10.0.0.7');
    await page.press('Check the key');
    expect(page.wrapper.text()).toContain('SHA256:abcdef');
    expect(page.wrapper.text()).toContain('ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub');
    expect(page.button('Choose the login')?.attributes('disabled')).toBeDefined();
    await page.press('Trust this key for 10.0.0.7');
    expect(page.asked('hosts.trustKey')).toEqual([{ host: '10.0.0.7', fingerprint: 'SHA256:abcdef' }]);
    expect(page.button('Choose the login')?.attributes('disabled')).toBeUndefined();
  });

  it.each(['changed', 'revoked'] as const)('stops at a %s key', async (verdict) => {
    const page = await wizard({
      'hosts.checkKey': () => ({
        verdict,
        offer,
        problem: problem(`host-key-${verdict}`, 'It is not the key from known_hosts, line 12.'),
      }),
      'hosts.forgetKey': () =>
        Promise.reject(new ProblemError(problem('not-found', 'The console itself holds no key of 10.0.0.7.'))),
    });
    await page.field('Address').setValue('10.0.0.7');
    await page.press('Check the key');
    expect(page.wrapper.text()).toContain('line 12');
    expect(page.wrapper.text()).toContain('SHA256:abcdef');
    expect(page.button('Trust')).toBeUndefined();
    expect(page.button('Choose the login')?.attributes('disabled')).toBeDefined();
    expect(page.button('Forget') !== undefined).toBe(verdict === 'changed');
    if (verdict === 'revoked') return;
    await page.press('Forget');
    expect(page.wrapper.text()).toContain('The console itself holds no key');
  });

  it('checks every machine on the way, and leaves what is behind a login for the test', async () => {
    const page = await wizard({
      'hosts.checkKey': ({ target, jumps }) => {
        if (jumps.length > 0) throw new ProblemError(problem('secret-needed', 'The password of ops@gate is needed.'));
        return { ...known, offer: { ...offer, host: target.address } };
      },
    });
    await page.press('Add a jump host');
    const addresses = page.wrapper
      .findAll('input[aria-describedby]')
      .filter((one) => one.attributes('type') === 'text');
    expect(addresses.length).toBeGreaterThan(1);
    await page.field('Address').setValue('10.0.0.7');
    const inputs = page.wrapper.findAll('[aria-label="Jump hosts"] input[type="text"]');
    await inputs[0]?.setValue('ops@gate:2222');
    await inputs[0]?.trigger('change');
    await page.press('Check the key');
    expect(
      page.asked('hosts.checkKey').map((args) => (args as { target: { address: string } }).target.address),
    ).toEqual(['gate', '10.0.0.7']);
    expect(page.wrapper.text()).toContain('only to be had after the login on the way');
    expect(page.button('Choose the login')?.attributes('disabled')).toBeUndefined();
  });

  it('asks whether it may be changed, says what that takes, and watches only otherwise', async () => {
    const page = await wizard();
    await page.toLogin();
    const role = page.wrapper.findAll('fieldset').find((one) => one.text().startsWith('This console may'));
    expect(role?.text()).toContain('let the host’s sudoers allow the agent with --operator');
    expect(role?.get<HTMLInputElement>('input[value="viewer"]').element.checked).toBe(true);
    await page.choose('Watch and change');
    await page.press('Test the login');
    await page.press('Save');
    expect(page.asked('hosts.test')).toMatchObject([{ draft: { role: 'operator' } }]);
    expect(page.asked('hosts.add')).toMatchObject([{ draft: { role: 'operator' } }]);
  });

  it('says beforehand that an account without root and without sudo changes nothing', async () => {
    const page = await wizard();
    await page.field('Address').setValue('anna@10.0.0.7');
    await page.field('Address').trigger('change');
    await page.press('Check the key');
    await page.press('Choose the login');
    await page.choose('Watch and change');
    expect(page.wrapper.text()).not.toContain('anna is not root');
    await page.choose('Never use sudo');
    expect(page.wrapper.text()).toContain('anna is not root and sudo is never used');
  });

  it('says why a host cannot be reached, and checks again on request', async () => {
    const page = await wizard({
      'hosts.checkKey': () => Promise.reject(new ProblemError(problem('host-unreachable', 'Nobody answers there.'))),
    });
    await page.field('Address').setValue('10.0.0.7');
    await page.press('Check the key');
    expect(page.wrapper.text()).toContain('Nobody answers there.');
    page.fake.answers['hosts.checkKey'] = () => known;
    await page.press('Check again');
    expect(page.wrapper.text()).toContain('known from');
  });
});

describe('secrets', () => {
  it('are asked for when they are needed, tried, and handed to the first connection', async () => {
    const page = await wizard({ 'hosts.test': ({ answers }) => (answers === undefined ? needs({}) : passed) });
    await page.toLogin();
    await page.choose('Password');
    await page.press('Test the login');
    expect(page.wrapper.get('input[type="password"]').attributes('autocomplete')).toBe('new-password');
    await typeSecret(page, 'hunter2');
    expect(page.step()).toBe('What was found');
    expect(page.asked('hosts.test')[1]).toMatchObject({ answers: ['hunter2'] });
    await page.press('Save');
    expect(page.asked('hosts.add')[0]).toMatchObject({ answers: ['hunter2'] });
  });

  it('that are wrong are tried once, and the sentence says so', async () => {
    const page = await wizard({ 'hosts.test': ({ answers }) => (answers === undefined ? needs({}) : refused) });
    await page.toLogin();
    await page.choose('Password');
    await page.press('Test the login');
    await typeSecret(page, 'wrong');
    expect(page.wrapper.text()).toContain('It was tried once.');
    expect(page.asked('hosts.test').length).toBe(2);
    // The next test begins anew: the wrong one is not sent again.
    await page.press('Test the login again');
    expect(page.asked('hosts.test')[2]).not.toHaveProperty('answers');
    expect(page.wrapper.get<HTMLInputElement>('input[type="password"]').element.value).toBe('');
  });

  it('of a key file are asked for only when it has a passphrase', async () => {
    const request = { kind: 'passphrase' as const, forWhom: '~/.ssh/id_rsa' };
    const page = await wizard({ 'hosts.test': ({ answers }) => (answers === undefined ? needs(request) : passed) });
    await page.toLogin();
    await page.choose('Key file');
    await page.press('Test the login');
    expect(page.wrapper.text()).toContain('The path of the private key');
    expect(page.asked('hosts.test')).toEqual([]);
    await page.field('Path of the private key').setValue('~/.ssh/id_rsa');
    expect(page.wrapper.find('input[type="password"]').exists()).toBe(false);
    await page.press('Test the login');
    expect(page.wrapper.text()).toContain('The key has a passphrase');
    await typeSecret(page, 'open sesame');
    expect(page.step()).toBe('What was found');
  });

  it('that are good once are not sent a second time when the host is saved', async () => {
    const request = { kind: 'keyboard-interactive' as const };
    const page = await wizard({ 'hosts.test': ({ answers }) => (answers === undefined ? needs(request) : passed) });
    await page.toLogin();
    await page.choose('Questions of the host');
    await page.press('Test the login');
    await typeSecret(page, '123456');
    await page.press('Save');
    expect(page.asked('hosts.add')[0]).not.toHaveProperty('answers');
  });

  it('are forgotten when the draft changes', async () => {
    const page = await wizard({ 'hosts.test': ({ answers }) => (answers === undefined ? needs({}) : passed) });
    await page.toLogin();
    await page.choose('Password');
    await page.press('Test the login');
    await typeSecret(page, 'hunter2');
    await page.press('Back');
    await page.choose('Never use sudo');
    await flushPromises();
    await page.press('Test the login');
    expect(page.asked('hosts.test')[2]).not.toHaveProperty('answers');
  });

  it('are nowhere but in the one question that carries them', async () => {
    const page = await wizard({ 'hosts.test': ({ answers }) => (answers === undefined ? needs({}) : refused) });
    await page.toLogin();
    await page.choose('Password');
    await page.press('Test the login');
    const input = page.wrapper.get<HTMLInputElement>('input[type="password"]');
    await input.setValue('hunter2');
    await page.wrapper.findAll('form')[1]?.trigger('submit');
    expect(input.element.value).toBe('');
    await flushPromises();
    page.wrapper.unmount();
    const elsewhere = [
      document.documentElement.outerHTML,
      page.router.currentRoute.value.fullPath,
      JSON.stringify({ ...localStorage }),
      JSON.stringify({ ...sessionStorage }),
    ].join();
    expect(elsewhere).not.toContain('hunter2');
    expect(page.fake.calls.filter(({ args }) => JSON.stringify(args).includes('hunter2')).length).toBe(1);
  });
});
