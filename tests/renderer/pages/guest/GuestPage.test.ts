import { flushPromises } from '@vue/test-utils';
import { afterEach, describe, expect, it } from 'vitest';
import GuestPage from '../../../../renderer/pages/guest/GuestPage.vue';
import { guestVerdict } from '../../../../renderer/pages/guest/guest-verdict.ts';
import type { CatalogueEntry } from '#shared/contract/samples.ts';
import type { HostView } from '#shared/model/host.ts';
import { problem } from '#shared/problem.ts';
import { epochMs } from '#shared/units.ts';
import { fakeConsole } from '../../../support/fake-console.ts';
import { gibibytes, guestRow, hostView, said, without } from '../../../support/guest-rows.ts';
import { mountPage } from '../../../support/mount-page.ts';

afterEach(() => document.body.replaceChildren());

const row = guestRow({
  key: 'libvirt:1',
  name: 'db',
  uuid: '6f1c2d3e',
  cgroup: 'machine.slice/db.scope',
  unknown: ['Balloon statistics are off.'],
});
const entry: CatalogueEntry = {
  id: 'guest.resident',
  title: 'Resident',
  unit: 'bytes',
  kind: 'level',
  instance: 'guest',
  help: 'What the host pays.',
  charted: true,
  platform: 'mainline',
};
const value = {
  metric: 'guest.resident',
  instance: row.key,
  value: gibibytes(4),
  source: '/proc/4711/smaps_rollup',
  line: 2,
  at: epochMs(Date.now()),
};

async function guestPage(host: HostView | undefined, there = true) {
  const rows = there ? [row] : [];
  const fake = fakeConsole({
    'hosts.list': () => (host === undefined ? [] : [host]),
    'guests.changes': ({ since }) => ({ revision: since + 1, rows, gone: [] }),
    'guests.get': () => (there ? { row, values: [value] } : null),
    'samples.catalogue': () => [entry],
    'samples.series': ({ keys }) =>
      (keys ?? []).map((key) => ({ ...key, at: [epochMs(1000), epochMs(2000)], values: [1, 2] })),
    'samples.watch': () => null,
    'plans.offers': ({ wizard }) =>
      wizard === 'frontswap' || wizard === 'balloon'
        ? [
            {
              wish: { id: `x.${wizard}`, wizard, title: `Help by ${wizard}`, about: 'It helps.', of: 'guest' },
              fits: wizard === 'frontswap',
              because: wizard === 'frontswap' ? 'Its control group is <b>there</b>.' : 'libvirt was not asked.',
              recommended: true,
            },
          ]
        : [],
  });
  const at = { name: 'guest', params: { host: 'h1', guest: row.key } };
  const { wrapper } = await mountPage(GuestPage, fake, { at, props: { host: 'h1', guest: row.key } });
  await flushPromises();
  return { wrapper, fake };
}

describe('a guest', () => {
  it('shows its truths with who says them, and why one is unknown', async () => {
    const { wrapper, fake } = await guestPage(hostView('h1'));
    expect(wrapper.get('.verdict').text()).toContain('The host pays 4.00 of 8.00\u00a0GiB promised');
    const truths = wrapper.get('[aria-label="The truths about this guest"]').text();
    expect(truths).toContain('/proc/4711/smaps_rollup');
    expect(truths).toContain('Balloon allows');
    expect(wrapper.text()).toContain('Balloon statistics are off.');
    expect(wrapper.text()).toContain('machine.slice/db.scope');
    expect(wrapper.get('[aria-label="Values"]').text()).toContain('/proc/4711/smaps_rollup, line 2');
    expect(fake.calls).toContainEqual({ name: 'samples.watch', args: { hosts: ['h1'] } });
    const asked = fake.calls.filter(({ name }) => name === 'samples.series').map(({ args }) => args);
    expect(asked).toContainEqual(
      expect.objectContaining({ keys: [{ metric: 'guest.resident', instance: 'libvirt:1' }] }),
    );
  });

  it('says where it can be helped, why, and leads to the wizard; and why not elsewhere', async () => {
    const { wrapper, fake } = await guestPage(hostView('h1'));
    const help = wrapper.get('[aria-label="Where it can be helped"]');
    expect(help.text()).toContain('Its control group is <b>there</b>.');
    expect(help.find('b').exists()).toBe(false);
    expect(help.findAll('a').map((one) => one.attributes('href'))).toEqual([
      '/change/frontswap?t=h1/libvirt%253A1&wish=x.frontswap',
    ]);
    expect(help.get('details').text()).toContain('libvirt was not asked.');
    expect(fake.calls.filter(({ name }) => name === 'plans.offers').map(({ args }) => args)).toEqual(
      ['frontswap', 'cleancache', 'pool', 'balloon'].map((wizard) => ({
        wizard,
        targets: [{ host: 'h1', guest: 'libvirt:1' }],
      })),
    );
  });

  it('puts a value over time when it is ticked', async () => {
    const { wrapper } = await guestPage(hostView('h1'));
    const before = wrapper.findAll('figure').length;
    await wrapper.get('input[aria-label="Show Resident over time"]').trigger('change');
    expect(wrapper.findAll('figure').length).toBe(before + 1);
  });

  it('says that it is gone, and keeps its last figures', async () => {
    const { wrapper, fake } = await guestPage(hostView('h1'));
    fake.answers['guests.changes'] = () => ({ revision: 9, rows: [], gone: [{ host: 'h1', key: row.key }] });
    fake.answers['guests.get'] = () => null;
    fake.emit('guests.moved', { revision: 9 });
    await flushPromises();
    expect(wrapper.get('[role="status"]').text()).toContain('does not list this guest any more');
    expect(wrapper.get('.verdict').text()).toContain('4.00 of 8.00');
  });

  it('says that figures are old when the host is not live', async () => {
    const { wrapper } = await guestPage({
      ...hostView('h1'),
      state: { kind: 'stale', since: epochMs(Date.now() - 60_000), problem: problem('host-gone', 'It broke off.') },
    });
    expect(wrapper.get('[role="status"]').text()).toContain('It broke off.');
  });

  it('says when it was never there', async () => {
    const { wrapper } = await guestPage(hostView('h1'), false);
    expect(wrapper.text()).toContain('This guest is not there');
    expect(wrapper.find('a[href$="/guests"]').exists()).toBe(true);
  });

  it('leaves nothing behind', async () => {
    const { wrapper, fake } = await guestPage(hostView('h1'));
    wrapper.unmount();
    await flushPromises();
    expect(fake.calls.filter(({ name }) => name === 'samples.watch').at(-1)?.args).toEqual({ hosts: [] });
  });
});

describe('the verdict', () => {
  it.each([
    [
      {},
      'The host pays 4.00 of 8.00\u00a0GiB promised; the guest itself uses 3.00\u00a0GiB; it does not wait for memory.',
    ],
    [
      { pays: {}, pressure: 12 },
      'What the host pays for this guest is not known; the guest itself uses 3.00\u00a0GiB; some of it waited for memory 12\u00a0% of the last 10\u00a0s.',
    ],
    [
      { pays: { resident: said(gibibytes(1)), compressed: said(gibibytes(1)) }, swapIn: 40, saved: gibibytes(2) },
      'The host pays 2.00 of 8.00\u00a0GiB promised; the guest itself uses 3.00\u00a0GiB; 40.0/s pages come back from swap; 2.00\u00a0GiB saved.',
    ],
  ])('%#', (more, expected) => {
    expect(guestVerdict(guestRow({ key: 'x', ...more }))).toBe(expected);
  });

  it('never makes a zero of what is not known', () => {
    const bare = without(guestRow({ key: 'x' }), 'promised', 'uses', 'pressure', 'swapIn');
    expect(guestVerdict(bare)).toBe(
      'The host pays 4.00\u00a0GiB, and nobody says what the guest was promised; what the guest itself uses is not known; whether it waits for memory is not known.',
    );
  });
});
