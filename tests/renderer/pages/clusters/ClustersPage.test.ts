import { flushPromises } from '@vue/test-utils';
import { afterEach, describe, expect, it } from 'vitest';
import type { ClusterMember } from '#shared/model/cluster-member.ts';
import { ProblemError, problem } from '#shared/problem.ts';
import ClustersPage from '../../../../renderer/pages/clusters/ClustersPage.vue';
import { fakeConsole, type Answers } from '../../../support/fake-console.ts';
import { hostView, states } from '../../../support/host-view.ts';
import { mountPage, type Mounted } from '../../../support/mount-page.ts';
import { labStatus, scenarios } from '../../lab-status.ts';
import { member } from './members.ts';

let mounted: Mounted | undefined;
afterEach(() => mounted?.wrapper.unmount());

async function show(members: readonly ClusterMember[], more: Answers = {}) {
  const fake = fakeConsole({
    'hosts.list': () => members.map(({ hostName }) => hostView(hostName)),
    'clusters.members': () => members,
    'lab.status': () => null,
    'lab.scenarios': () => scenarios,
    ...more,
  });
  mounted = await mountPage(ClustersPage, fake, { at: { name: 'clusters' } });
  await flushPromises();
  const { wrapper } = mounted;
  const text = (of = wrapper.text()) => of.replace(/\u00a0/g, ' ');
  return {
    fake,
    wrapper,
    text,
    marks: () => wrapper.findAll('svg [role="img"]').map((mark) => text(mark.attributes('aria-label') ?? '')),
    cells: (row: number) =>
      wrapper
        .findAll('tbody tr')
        [row]?.findAll('th, td')
        .map((cell) => text(cell.text())),
  };
}
const pair = (linked = true) => [
  member('app', {
    self: 0,
    nodes: 3,
    target: 1,
    away: 3,
    total: 32,
    available: 2,
    linked,
    flow: { sent: 140, fetched: 2, failed: 0 },
    more: { warnings: ['Swapped pages are on node 1 <b>alone</b>.'] },
  }),
  member('donor', { self: 1, nodes: 3, foreign: 4, total: 64, available: 30, linked: true }),
];

describe('the Cluster page', () => {
  it('leads to the change of a cluster with the hosts that are in it', async () => {
    const { wrapper } = await show(pair());
    const link = wrapper.findAll('a').find((one) => one.text() === 'Change this cluster…');
    expect(link?.attributes('href')).toBe('/change/cluster?t=id-app&t=id-donor');
  });
  it('builds one, where there is none and where there is', async () => {
    const to = (of: Awaited<ReturnType<typeof show>>) =>
      of.wrapper
        .findAll('a')
        .find((one) => one.text() === 'Build a cluster…')
        ?.attributes('href');
    expect(to(await show(pair()))).toBe('/change/cluster');
    mounted?.wrapper.unmount();
    const two = { 'hosts.list': () => [hostView('a'), hostView('b')] };
    expect(to(await show([], two))).toBe('/change/cluster');
    mounted?.wrapper.unmount();
    expect(to(await show([]))).toBeUndefined();
  });
  it('teaches what a cluster is, and shows one in the lab', async () => {
    const { wrapper, fake, text } = await show([], { 'lab.open': () => labStatus() });
    expect(text()).toContain('No host here lends memory to another');
    const open = wrapper.findAll('button').find((one) => one.text() === 'Open the lab: Donor lost');
    await open?.trigger('click');
    await flushPromises();
    expect(fake.calls.at(-1)).toEqual({ name: 'lab.open', args: { scenario: 'donor-lost' } });
  });
  it('says each mark of the drawing to who cannot see it, and lets the keyboard reach it', async () => {
    const { wrapper, marks } = await show(pair());
    expect(marks()).toEqual([
      'app; live; 2.00 of 32.0 GiB of RAM available; borrows',
      'donor; live; 30.0 of 64.0 GiB of RAM available; lends; keeps 3.00 GiB of others; single point of failure of app',
      'n2; not watched; RAM unknown',
      'app keeps 3.00 GiB on donor; pages: 140/s out, 2.00/s back',
    ]);
    expect(wrapper.findAll('svg [role="img"]').every((mark) => mark.attributes('tabindex') === '0')).toBe(true);
    expect(wrapper.findAll('[data-node="node 1"] .single').length).toBe(1);
    expect(wrapper.findAll('.single').length).toBe(1);
  });
  it('says the same in a table, with who says it, and leads to the hosts', async () => {
    const { wrapper, cells } = await show(pair());
    expect(cells(0)).toEqual([
      'app10.1.0.1:7777',
      'borrows',
      'live',
      '32.0 GiB',
      '2.00 GiB',
      '—',
      '3.00 GiB',
      'donor',
      '140/s',
      '2.00/s',
      '0/s',
      'stands',
    ]);
    expect(cells(1)?.slice(0, 7)).toEqual([
      'donor10.1.0.2:7777',
      'lends',
      'live',
      '64.0 GiB',
      '30.0 GiB',
      '4.00 GiB',
      '—',
    ]);
    expect(cells(2)?.slice(0, 4)).toEqual(['n210.1.0.3:7777', '—', 'not watched', '—']);
    const [row] = wrapper.findAll('tbody tr');
    expect(row?.findAll('[title]').map((cell) => cell.attributes('title'))).toContain(
      'From pages sent − fetched − flushed',
    );
    expect(row?.find('a').attributes('href')).toBe('/hosts/id-app');
  });
  it('begins with the verdict, and ends with what the hosts warn of, as text', async () => {
    const { wrapper, text } = await show(pair());
    expect(text(wrapper.find('.verdict').text())).toContain('app keeps 3.00 GiB in the RAM of donor; if donor dies');
    const warnings = wrapper.find('[aria-label="Warnings of lend"]');
    expect(warnings.text()).toContain('Swapped pages are on node 1 <b>alone</b>.');
    expect(warnings.find('a').attributes('href')).toBe('/hosts/id-app/doctor');
    expect(wrapper.find('b').exists()).toBe(false);
  });
  it('marks a donor that is lost, and one that is only not heard', async () => {
    const lost = await show(pair(false));
    expect(lost.wrapper.find('[data-node="node 1"]').attributes('data-state')).toBe('lost');
    expect(lost.text(lost.wrapper.find('.verdict').text())).toContain('donor is lost: 3.00 GiB of app');
    lost.wrapper.unmount();
    const silent = await show(pair(), {
      'hosts.list': () => [hostView('app'), hostView('donor', { state: states.stale })],
    });
    expect(silent.wrapper.find('[data-node="node 1"]').attributes('data-state')).toBe('silent');
    expect(silent.text()).toContain('not heard');
    // What it said of its own link is old.
    expect(silent.cells(1)?.at(-1)).toBe('—');
  });
  it('fades what has nothing to do with the node that is pointed at', async () => {
    const { wrapper } = await show([
      ...pair(),
      member('third', { self: 2, nodes: 3, target: 0, away: 1, total: 16, available: 4 }),
    ]);
    await wrapper.find('[data-node="node 1"]').trigger('focus');
    const faded = wrapper.findAll('.flow[data-fades]').map((flow) => flow.attributes('aria-label'));
    expect(faded.length).toBe(1);
    expect(faded[0]).toContain('third keeps');
    await wrapper.find('[data-node="node 1"]').trigger('blur');
    expect(wrapper.findAll('.flow[data-fades]').length).toBe(0);
  });
  it('has a part for each of several clusters', async () => {
    const { wrapper, text } = await show([
      ...pair(),
      member('b', { self: 0, nodes: 2, cluster: 'other', subnet: '10.2.0', target: 1, away: 1 }),
    ]);
    expect(wrapper.findAll('h2').map((one) => one.text())).toEqual([
      'Cluster lend',
      'What its hosts warn of',
      'Cluster other',
    ]);
    expect(text(wrapper.find('.verdict').text())).toBe('2 clusters of 5 hosts keep 4.00 GiB for each other.');
  });
  it('follows as pages move', async () => {
    const { fake, wrapper, text } = await show(pair());
    fake.answers['clusters.members'] = () => [
      member('app', { self: 0, nodes: 3, target: 1, away: 5, linked: true }),
      ...pair().slice(1),
    ];
    fake.emit('clusters.moved', null);
    await expect.poll(() => text(wrapper.find('.verdict').text()), { timeout: 5000 }).toContain('app keeps 5.00 GiB');
  });
  it('says so when the members cannot be loaded', async () => {
    const { text } = await show([], {
      'clusters.members': () => {
        throw new ProblemError(problem('internal', 'The console made a mistake.'));
      },
    });
    expect(text()).toContain('The console made a mistake.');
    expect(text()).not.toContain('lends memory');
  });
});
