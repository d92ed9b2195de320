/** The Host page in every state of its connection, and its tabs, by role and text. */
import { flushPromises } from '@vue/test-utils';
import { afterEach, describe, expect, it } from 'vitest';
import type { GuestRow } from '#shared/model/guest-row.ts';
import type { HostView } from '#shared/model/host.ts';
import { defaultSettings } from '#shared/model/settings.ts';
import { problem, ProblemError } from '#shared/problem.ts';
import { bytes, epochMs } from '#shared/units.ts';
import HostPage from '../../../../renderer/pages/host/HostPage.vue';
import { fakeConsole, type Answers } from '../../../support/fake-console.ts';
import { GiB, hostView, noon, states } from '../../../support/host-view.ts';
import { mountPage, type Mounted } from '../../../support/mount-page.ts';

const answers: Answers = {
  'settings.get': () => defaultSettings,
  'samples.catalogue': () => [
    {
      id: 'zswap.enabled',
      title: 'enabled',
      unit: 'flag',
      kind: 'setting',
      instance: 'host',
      help: 'Off stops new stores.',
      doc: 'mm/zswap.html',
      charted: false,
      platform: 'p',
    },
    {
      id: 'zswap.stored_pages',
      title: 'Stored pages',
      unit: 'pages',
      kind: 'level',
      instance: 'host',
      help: 'Kept.',
      charted: true,
      platform: 'p',
    },
  ],
  'samples.watch': () => null,
  'samples.series': () => [
    { metric: 'signal.saved.compressed', instance: '', at: [epochMs(noon)], values: [12 * GiB] },
  ],
  'guests.changes': () => ({ revision: 1, rows: [], gone: [] }),
  'hosts.reading': () => ({
    host: 'id-db-1',
    at: epochMs(noon),
    values: [
      {
        metric: 'zswap.enabled',
        instance: '',
        value: 1,
        source: '/sys/module/zswap/parameters/enabled',
        at: epochMs(noon),
      },
      {
        metric: 'zswap.stored_pages',
        instance: '',
        value: 12345,
        source: '/sys/kernel/debug/zswap/stored_pages',
        line: 1,
        at: epochMs(noon),
      },
    ],
    pools: [],
    files: [{ source: '/proc/meminfo', text: 'MemTotal: 1 kB', at: epochMs(noon) }],
    unread: [],
    troubles: ['/proc/vmstat, line 3: not a number.'],
  }),
  'hosts.connect': () => null,
  'hosts.disconnect': () => null,
};
let mounted: Mounted | undefined;
afterEach(() => {
  mounted?.wrapper.unmount();
  document.body.replaceChildren();
});

async function show(view: HostView, more: Answers = {}, tab?: string) {
  const fake = fakeConsole({ ...answers, 'hosts.list': () => [view], ...more });
  mounted = await mountPage(HostPage, fake, { props: { host: view.config.id, ...(tab === undefined ? {} : { tab }) } });
  await flushPromises();
  const body = () => document.body.textContent?.replace(/\u00a0/g, ' ').replace(/\s+/g, ' ') ?? '';
  const press = async (words: string) => {
    const button = [...document.querySelectorAll('button')].find((one) => one.textContent?.trim() === words);
    (button ?? expect.fail(`no button "${words}"`)).click();
    await flushPromises();
  };
  const called = (name: string) => fake.calls.filter((call) => call.name === name).map(({ args }) => args);
  return { fake, body, press, called, wrapper: mounted.wrapper };
}
const signals = { 'memory.total': 128 * GiB, 'saved.compressed': 12 * GiB, 'harm.psi-some': 0 } as const;

describe('faces of a connection', () => {
  it('off: says what the page would show, and connects', async () => {
    const { body, press, called } = await show(hostView('db-1', { state: states.off }));
    expect(body()).toContain('Not connected');
    await press('Connect db-1');
    expect(called('hosts.connect')).toEqual([{ host: 'id-db-1' }]);
  });
  it('connecting: says the step', async () => {
    const { wrapper } = await show(hostView('db-1', { state: states.connecting }));
    expect(wrapper.find('[role="status"]').text()).toContain('logging in as root');
  });
  it('unknown key: shows the fingerprint and how to check it, trusts exactly that one', async () => {
    const { body, press, called } = await show(hostView('db-1', { state: states['unknown-key'] }), {
      'hosts.trustKey': () => null,
    });
    expect(body()).toContain('SHA256:abc');
    expect(body()).toContain('ssh-keygen -lf');
    await press('Trust this key and connect');
    expect(called('hosts.trustKey')).toEqual([{ host: '[db-1]:2222', fingerprint: 'SHA256:abc' }]);
    expect(called('hosts.connect')).toEqual([{ host: 'id-db-1' }]);
  });
  it('unknown key: does not connect when the key cannot be stored', async () => {
    const { body, press, called } = await show(hostView('db-1', { state: states['unknown-key'] }), {
      'hosts.trustKey': () => {
        throw new ProblemError(problem('file-unwritable', 'The key cannot be stored.'));
      },
    });
    await press('Trust this key and connect');
    expect(body()).toContain('The key cannot be stored.');
    expect(called('hosts.connect')).toEqual([]);
  });
  it('changed key: a hard stop that nothing overrides at once', async () => {
    const { body, press, called } = await show(hostView('db-1', { state: states['changed-key'] }), {
      'hosts.forgetKey': () => null,
    });
    expect(body()).toContain('Stopped: this host shows another key than before');
    expect(body()).toContain('known before: ssh-ed25519 SHA256:old');
    expect(body()).toContain('SHA256:new');
    expect(body()).not.toContain('Trust this key');
    await press("Forget the console's stored key");
    expect(called('hosts.forgetKey')).toEqual([]);
    await press('Forget the key of db-1');
    expect(called('hosts.forgetKey')).toEqual([{ host: 'db-1' }]);
  });
  it('needs a secret: hides it while it is typed, sends it once and forgets it', async () => {
    const { wrapper, called } = await show(hostView('db-1', { state: states['needs-secret'] }), {
      'hosts.answer': () => null,
    });
    const field = wrapper.find<HTMLInputElement>('form input');
    expect(field.attributes()).toMatchObject({ type: 'password', autocomplete: 'off' });
    await field.setValue('hunter2');
    await wrapper.find('form').trigger('submit');
    await flushPromises();
    expect(called('hosts.answer')).toEqual([{ host: 'id-db-1', request: 'r1', answers: ['hunter2'] }]);
    expect(field.element.value).toBe('');
    expect(document.body.innerHTML).not.toContain('hunter2');
  });
  it('refused: says why in our words and theirs, and waits for a person', async () => {
    const { body, called } = await show(hostView('db-1', { state: states.refused }));
    expect(body()).toContain('db-1 refused the key.');
    expect(body()).toContain('Permission denied (publickey).');
    expect(body()).toContain('never repeated by itself');
    expect(called('hosts.connect')).toEqual([]);
  });
  it('stale: keeps the last figures, faded, with their age', async () => {
    const { body, wrapper } = await show(hostView('db-1', { state: states.stale, signals }));
    expect(body()).toContain('the figures stand still');
    expect(body()).toContain('Saves 12.0 of 128 GiB');
    expect(wrapper.find('.card.stale').exists()).toBe(true);
  });
  it('waiting: counts down and tries at once when asked', async () => {
    const until = epochMs(Date.now() + 100_500);
    const { body, press, called } = await show(hostView('db-1', { state: { ...states.waiting, until } }));
    expect(body()).toMatch(/Next attempt in 1:4\d/);
    await press('Try now');
    expect(called('hosts.connect')).toEqual([{ host: 'id-db-1' }]);
  });
  it('live: is quiet, and says when it may not read everything', async () => {
    const missing = [{ path: '/sys/kernel/debug/zswap', words: 'Permission denied' }];
    const { body, wrapper } = await show(hostView('db-1', { signals, state: { ...states.live, missing } }));
    expect(wrapper.find('[role="alert"]').exists()).toBe(false);
    expect(body()).toContain('One reading needs more rights than this login has.');
  });
  it('gone from the list: says so', async () => {
    const { fake, body, wrapper } = await show(hostView('db-1', { signals }));
    fake.emit('hosts.removed', ['id-db-1']);
    await wrapper.vm.$nextTick();
    expect(body()).toContain('This host is not in the list any more');
  });
});

describe('tabs', () => {
  const view = hostView('db-1', { signals });
  it('Guests: teaches where there are none', async () => {
    expect((await show(view)).body()).toContain('No guests found');
  });
  it('Guests: the largest cost first, names as text, unknown as absent', async () => {
    const said = (size: number) => ({ bytes: bytes(size * GiB), source: '/x', at: epochMs(noon) });
    const row = (key: string, name: string, more: Partial<GuestRow>): GuestRow => ({
      host: 'id-db-1',
      hostName: 'db-1',
      at: epochMs(noon),
      key,
      name,
      kind: 'libvirt',
      pays: {},
      unknown: [],
      ...more,
    });
    const rows = [
      row('a', 'silent', {}),
      row('b', 'small', { pays: { resident: said(1), onDisk: said(50) } }),
      row('c', '<i>large</i>', { pays: { resident: said(4), compressed: said(1) }, uses: said(3), pressure: 12 }),
      row('d', 'elsewhere', { host: 'other' }),
    ];
    const { wrapper } = await show(view, { 'guests.changes': () => ({ revision: 1, rows, gone: [] }) });
    const shown = wrapper
      .findAll('[aria-label="Guests"] tbody tr')
      .map((one) => [
        one.find('th').text(),
        ...one.findAll('td.figure').map((cell) => cell.text().replace(/\u00a0/g, ' ')),
      ]);
    expect(shown).toEqual([
      ['<i>large</i>', '5.00 GiB', '—', '3.00 GiB', '—', '12 %', '—'],
      ['small', '1.00 GiB', '—', '—', '—', '—', '—'],
      ['silent', '—', '—', '—', '—', '—', '—'],
    ]);
    await wrapper.find('[aria-label="Filter guests"]').setValue('LARGE');
    expect(wrapper.findAll('[aria-label="Guests"] tbody tr').length).toBe(1);
  });
  it('Pools: every value with its source on hover', async () => {
    const { body, wrapper } = await show(view, {}, 'pools');
    expect(body()).toContain('Stored pages12 345 pages'.replace(' 345', '\u202f345').replace(/\s/g, ' '));
    expect(wrapper.find('tr[title]').attributes('title')).toBe(
      'Kept.\nFrom /sys/kernel/debug/zswap/stored_pages, line 1',
    );
  });
  it('Knobs: value, meaning, file, and the kernel’s page', async () => {
    const { body } = await show(view, {}, 'knobs');
    expect(body()).toContain('enabledonOff stops new stores.');
    expect(body()).toContain('/sys/module/zswap/parameters/enabled');
    expect(body()).toContain('https://docs.kernel.org/mm/zswap.html');
  });
  it('Doctor: says why, what may not be read, and how to grant it', async () => {
    const missing = [{ path: '/sys/kernel/debug/zswap', words: 'Permission denied' }];
    const { body, press } = await show(
      {
        ...hostView('db-1', { signals, state: { ...states.live, missing } }),
        platforms: [{ id: 'p', title: 'Linux', presence: 'partial', because: ['zswap is off.'] }],
      },
      {
        'hosts.rights': () => ({
          sudoers: ['root ALL=(root) NOPASSWD: /x'],
          install: ['install x'],
          checked: [{ title: 'sudo', ok: false, detail: 'wants a password' }],
        }),
      },
      'doctor',
    );
    expect(body()).toContain('zswap is off.');
    expect(body()).toContain('/sys/kernel/debug/zswap');
    await press('How to grant this');
    expect(body()).toContain('root ALL=(root) NOPASSWD: /x');
    expect(body()).toContain('wants a password');
  });
  it('Raw: the file as it was, and what made no sense', async () => {
    const { body } = await show(view, {}, 'raw');
    expect(body()).toContain('MemTotal: 1 kB');
    expect(body()).toContain('/proc/vmstat, line 3: not a number.');
  });
});

describe('actions', () => {
  it('removes only after saying what is lost, and leaves for the fleet', async () => {
    const { body, press, called } = await show(hostView('db-1', { signals }), { 'hosts.remove': () => null });
    await press('Remove');
    expect(called('hosts.remove')).toEqual([]);
    expect(body()).toContain('Nothing changes on the host itself.');
    await press('Remove db-1');
    expect(called('hosts.remove')).toEqual([{ hosts: ['id-db-1'] }]);
  });
  it('says beside the button why an action failed', async () => {
    const { body, press } = await show(hostView('db-1', { signals }), {
      'hosts.refresh': () => {
        throw new ProblemError(problem('host-gone', 'That host is not connected.'));
      },
    });
    await press('Ask now');
    expect(body()).toContain('That host is not connected.');
  });
});
